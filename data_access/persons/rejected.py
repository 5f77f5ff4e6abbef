"""Rejected rows on disk that name somebody who was erased: taken out of the files."""

from __future__ import annotations

import csv
from pathlib import Path

from data_access.database.private_files import open_private
from data_access.persons.naming import Persons

_LONGEST_CELL = 10_000_000


def without_persons(folder: Path, persons: Persons) -> int:
    """Take out the rows that name them, and files that then hold none; returns how many rows went."""
    csv.field_size_limit(_LONGEST_CELL)
    gone = 0
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        kept = [row for row in rows[1:] if not any(persons.are_named_in(cell) for cell in row)]
        if len(kept) == len(rows) - 1 or not rows:
            continue
        gone += len(rows) - 1 - len(kept)
        if not kept:
            path.unlink()
            continue
        unfinished = path.with_name(f".{path.name}")
        with open_private(unfinished) as file:
            csv.writer(file).writerows([rows[0], *kept])
        unfinished.replace(path)
    return gone
