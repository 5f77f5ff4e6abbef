"""Dated contributions: a table person, date, area, count, project, as counted from a project's own records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from data_access.imports.csv_rows import has_columns
from data_access.imports.files import SourceFile
from data_access.imports.readers.opening import read_rows
from data_access.imports.rows import Problem, Record

NAME = "dated contributions"
COLUMNS = {"person_key": "person", "contributed_on": "date", "quantity": "count"}

_REQUIRED = ("person", "date", "area", "count")
_COLUMNS = (*_REQUIRED, "project")


def recognises(file: SourceFile) -> bool:
    """Whether the header is that of the source (a contract table says `person_key` and `contributed_on`)."""
    return has_columns(file, _REQUIRED)


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """Contributions only: who is not known yet becomes a bare person when the rows are validated.

    Written for millions of rows: one tuple and one dictionary a row, and nothing held.
    """
    for file in files:
        name = file.name
        for row in read_rows(file, "contributions", _COLUMNS, _REQUIRED):
            if isinstance(row, Problem):
                yield row
                continue
            line, (person, date, area, count, project) = row
            values = {
                "person_key": person,
                "contributed_on": date,
                "area": area,
                "quantity": count,
                "project": project,
            }
            yield Record("contributions", values, name, line)
