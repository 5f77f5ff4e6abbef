"""The file `public.db`: made in memory, so that nothing but its own pages is ever on the disk."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from data_access.publishing.tables import public

DECIMALS = 6


def database_file(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """The bytes of a SQLite database with exactly the tables of the schema; the same tables make the same bytes."""
    with sqlite3.connect(":memory:") as connection:
        for table in public.sorted_tables:
            connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
            names = [column.name for column in table.columns]
            rows = [tuple(map(_plain, row)) for row in tables[table.name][names].itertuples(index=False, name=None)]
            marks = ", ".join("?" * len(names))
            connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)  # noqa: S608  # our own names
        connection.commit()
        connection.execute("VACUUM")
        made = connection.serialize()
    connection.close()
    return made


def _plain(value: Any) -> str | int | float | None:
    """A value as SQLite keeps it."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        # Sums of shares differ in their last digits with the order of adding up: nobody reads those.
        return None if math.isnan(value) else round(value, DECIMALS)
    return value if isinstance(value, (int, float)) else str(value)
