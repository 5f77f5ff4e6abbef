"""Tables as CSV files that no spreadsheet will run as a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pandas as pd

from data_access.formulas import cell


def to_csv(table: pd.DataFrame, headings: Sequence[str] = ()) -> bytes:
    """The rows under these headings (default: the columns' names), in UTF-8; spreadsheets need its byte-order mark.

    Text that could be a formula gets a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([cell(heading) for heading in headings or map(str, table.columns)])
    for row in table.itertuples(index=False, name=None):
        writer.writerow(["" if missing(value) else cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def missing(value: object) -> bool:
    """Whether a cell of an answer has no value, in any of the ways that pandas has for it."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
