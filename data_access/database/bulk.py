"""Writing many rows fast: SQLite's executemany and PostgreSQL's COPY, past the ORM's per-row work."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table

CHUNK_ROWS = 10_000


class BulkInserter:
    """Appends tuples to a table: values in the order of its columns, in the driver's own types (ISO text for dates)."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._copies = connection.dialect.name == "postgresql"
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(column.name) for column in table.columns)
        marks = ", ".join("?" for _ in table.columns)
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
        else:
            driver.executemany(self._insert_sql, rows)

    def stream(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """The same for rows that are made as they are written."""
        iterator = iter(rows)
        while chunk := list(islice(iterator, CHUNK_ROWS)):
            self(chunk)
