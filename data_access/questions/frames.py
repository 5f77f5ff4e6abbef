"""From a statement to an answer: a small DataFrame whose columns keep the database's exact types."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, Executable

WHOLE, NUMBER, TEXT, EXACT = "Int64", "Float64", "str", "object"


def frame(connection: Connection, statement: Executable, **types: str) -> pd.DataFrame:
    """Run the statement; `types` names the dtype of columns that pandas would otherwise guess (counts with gaps)."""
    result = connection.execute(statement)
    table = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
    return typed(table, **types)


def typed(table: pd.DataFrame, **types: str) -> pd.DataFrame:
    """The table with the named dtypes; the other columns stay as they are."""
    wanted: dict[Any, Any] = {name: kind for name, kind in types.items() if kind != EXACT}
    return table.astype(wanted)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a small answer, each by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
