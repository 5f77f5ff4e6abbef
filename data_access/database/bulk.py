"""Writing many rows fast: SQLite's executemany and PostgreSQL's COPY, past the ORM's per-row work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table

CHUNK_ROWS = 10_000
# Values that go to SQLite with one statement; older versions take no more than 999.
_VALUES = 900
# Rows from which on making indexes again is faster than keeping them.
WORTH_IT = 50_000


class BulkInserter:
    """Appends tuples to a table: values in the order of its columns, in the driver's own types (ISO text for dates)."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._copies = connection.dialect.name == "postgresql"
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(column.name) for column in table.columns)
        marks = ", ".join("?" for _ in table.columns)
        self._marks, self._together = marks, max(1, _VALUES // len(table.columns))
        name = quote(table.name)
        # Names come from our own table definitions; values are always bound.
        self._copy_sql = f"COPY {name} ({names}) FROM STDIN"
        self._insert_sql = f"INSERT INTO {name} ({names}) VALUES ({marks})"  # noqa: S608

    def __call__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        driver: Any = self._connection.connection.dbapi_connection
        if self._copies:
            with driver.cursor() as cursor, cursor.copy(self._copy_sql) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        # A statement of many rows takes half as long as many of one row.
        iterator, number = iter(rows), self._together
        many = f"{self._insert_sql}{f', ({self._marks})' * (number - 1)}"
        while len(chunk := list(islice(iterator, number))) == number:
            driver.execute(many, list(chain.from_iterable(chunk)))
        driver.executemany(self._insert_sql, chunk)

    def stream(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """The same for rows that are made as they are written."""
        iterator = iter(rows)
        while chunk := list(islice(iterator, CHUNK_ROWS)):
            self(chunk)


@contextmanager
def indexes_aside(connection: Connection, table: Table, rows: int) -> Iterator[bool]:
    """Fill a table of SQLite with many rows without its indexes, and make them again as they were.

    Yields whether the unique ones stay, as in a table that is not empty. Sorting all keys once takes a fraction of
    finding the place of each, the more so the more there are. PostgreSQL would lock out whoever reads meanwhile.
    """
    if connection.dialect.name != "sqlite" or rows < WORTH_IT:
        yield True
        return
    name = connection.dialect.identifier_preparer.quote(table.name)
    there = connection.exec_driver_sql(f"SELECT max(rowid) FROM {name}").scalar() or 0  # noqa: S608
    listed = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    indexes = connection.exec_driver_sql(listed, (table.name,)).all() if there <= rows else []
    aside = [each for each in indexes if not there or not each.sql.upper().startswith("CREATE UNIQUE")]
    for index in aside:
        connection.exec_driver_sql(f'DROP INDEX "{index.name}"')
    yield bool(there)
    for index in aside:
        connection.exec_driver_sql(index.sql)
