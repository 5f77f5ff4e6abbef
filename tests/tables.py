"""Reads single values of an answer: of what type one is, only the column knows, and so each comes as Any."""

from __future__ import annotations

from typing import Any

import pandas as pd


def value(table: pd.DataFrame, row: object, column: str) -> Any:
    """What stands in a column of the row with this index."""
    located: Any = table.loc
    return located[row, column]


def values(table: pd.DataFrame, row: object, *columns: str) -> list[Any]:
    """What stands in several columns of the row with this index."""
    return [value(table, row, column) for column in columns]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of an answer, each by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
