"""Every row of a database in one form for both engines, that of SQLite's file; and their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, DateTime, LargeBinary, MetaData, Table, inspect
from sqlalchemy.types import TypeEngine

from data_access.backups.manifest import TABLE, Contents
from data_access.database.bulk import BulkInserter

# What is not the program's: what a backup says of itself, the schema's number, which is kept by itself.
NOT_KEPT = {TABLE, "alembic_version"}
CHUNK_ROWS = 10_000
_MOMENT = len("2026-01-01 00:00:00.000000")
Columns = dict[str, TypeEngine[Any]]


def columns_of(connection: Connection) -> dict[str, Columns]:
    """By table, the columns with their types, as the database itself has them."""
    looked = inspect(connection)
    names = sorted(name for name in looked.get_table_names() if name not in NOT_KEPT)
    return {name: {each["name"]: each["type"] for each in looked.get_columns(name)} for name in names}


def rows_of(connection: Connection, table: str, columns: Columns) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, with days, moments and flags as SQLite's file has them."""
    names = ", ".join(f'"{name}"' for name in columns)
    asked = f'SELECT {names} FROM "{table}"'  # noqa: S608  # names that the database's catalogue has
    result = connection.execution_options(yield_per=CHUNK_ROWS).exec_driver_sql(asked)
    converted = [(at, as_kept) for at, kind in enumerate(columns.values()) if (as_kept := _converter(kind))]
    for rows in result.partitions():
        for row in rows:
            yield _converted(row, converted) if converted else tuple(row)


def put_rows(connection: Connection, table: str, columns: Columns, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows in that form into an empty table, but for what a migration has put there, which goes."""
    if connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first() is not None:  # noqa: S608
        connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608
    BulkInserter(connection, Table(table, MetaData(), *(Column(name) for name in columns))).stream(rows)


def contents(rows: Iterable[Sequence[Any]]) -> Contents:
    """How many rows there are, and their digest."""
    counted = RowCounter()
    for _ in counted(rows):
        pass
    return counted.contents


class RowCounter:
    """Hands rows on and takes note of them."""

    def __init__(self) -> None:
        self.rows, self.total = 0, 0

    def __call__(self, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
        for row in rows:
            kept = tuple(row)
            self.rows += 1
            self.total += int.from_bytes(hashlib.blake2b(repr(kept).encode(), digest_size=8).digest(), "big")
            yield kept

    @property
    def contents(self) -> Contents:
        return Contents(self.rows, f"{self.total % (1 << 64):016x}")


def contents_of(connection: Connection, tables: dict[str, Columns]) -> dict[str, Contents]:
    """What every table holds."""
    return {name: contents(rows_of(connection, name, columns)) for name, columns in tables.items()}


def _converted(row: Sequence[Any], converted: Sequence[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for at, as_kept in converted:
        if values[at] is not None:
            values[at] = as_kept(values[at])
    return tuple(values)


def _converter(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    for known, converter in ((DateTime, _moment), (Date, _day), (Boolean, int), (LargeBinary, bytes)):
        if isinstance(kind, known):
            return converter
    return None


def _day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _moment(value: datetime | str) -> str:
    if isinstance(value, str) and len(value) == _MOMENT:
        return value
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.isoformat(sep=" ", timespec="microseconds")
