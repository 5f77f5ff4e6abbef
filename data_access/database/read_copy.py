"""The DuckDB read copy: all that questions read, in one columnar file, written next to the old one and swapped in."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    String,
    Table,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from data_access.database.column_types import ExactNumber, Money
from data_access.database.engine import snapshot
from data_access.database.private_files import keep_private, sweep
from data_access.database.schema import NOT_COPIED, metadata

CHUNK_ROWS = 50_000
# Two threads of one process would write the same file.
_one_at_a_time = threading.Lock()


def write_read_copy(program: Engine, path: Path, progress: Callable[[str, int, int | None], None] | None = None) -> int:
    """Copy every table but those of `NOT_COPIED` as of one moment; returns the rows written.

    Readers keep the old file until the new one is whole.
    """
    with _one_at_a_time:
        return _write(program, path, progress)


def _write(program: Engine, path: Path, progress: Callable[[str, int, int | None], None] | None) -> int:
    tables = [table for table in metadata.sorted_tables if table not in NOT_COPIED]
    with program.connect() as connection:
        snapshot(connection)
        return write_copy(connection, tables, path, progress)


def write_copy(
    connection: Connection,
    tables: Sequence[Table],
    path: Path,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> int:
    """Copy these tables into a file that takes the place of the one of this name; returns the rows written."""
    sweep(path.parent, f".{path.name}.", timedelta(days=1))
    # In a folder that nobody else can enter: DuckDB makes its files as the umask has it.
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        written = 0
        with duckdb.connect(str(unfinished)) as copy:
            for number, table in enumerate(tables):
                if progress:
                    progress(f"Copying {table.name}", number, len(tables))
                written += _copy_table(connection, copy, table)
        keep_private(unfinished)
        unfinished.replace(path)
    return written


def _copy_table(connection: Connection, copy: duckdb.DuckDBPyConnection, table: Table) -> int:
    columns = ", ".join(f'"{column.name}" {_duckdb_type(column.type)}' for column in table.columns)
    copy.execute(f'CREATE TABLE "{table.name}" ({columns})')
    casts = ", ".join(f'CAST("{column.name}" AS {_duckdb_type(column.type)})' for column in table.columns)
    count = 0
    for rows in _chunks(connection, table):
        arrays = [_array(values) for values in zip(*rows, strict=True)]
        chunk = pa.table(dict(zip(table.columns.keys(), arrays, strict=True)))
        copy.register("chunk", chunk)
        copy.execute(f'INSERT INTO "{table.name}" SELECT {casts} FROM chunk')  # noqa: S608  # names of our own tables
        copy.unregister("chunk")
        count += len(rows)
    return count


def _chunks(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    # Untyped, values come as the driver has them: no Date and Decimal objects are made only to be converted back.
    if connection.dialect.name == "sqlite":
        # From the driver itself, rows come in half the time.
        cursor = connection.connection.cursor()
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        cursor.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608  # names of our own tables
        while rows := cursor.fetchmany(CHUNK_ROWS):
            yield rows
        cursor.close()
        return
    plain = [type_coerce(column, _Raw()).label(column.name) for column in table.columns]
    result = connection.execute(select(*plain), execution_options={"yield_per": CHUNK_ROWS})
    yield from result.partitions()


class _Raw(String):
    """A type without any conversion of results."""

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


def _array(values: tuple[Any, ...]) -> pa.Array:
    return pa.nulls(len(values)) if all(value is None for value in values) else pa.array(values)


def _duckdb_type(kind: TypeEngine[Any]) -> str:
    if isinstance(kind, Money):
        return "BIGINT"
    if isinstance(kind, ExactNumber):
        return "VARCHAR"
    for known, name in (
        (BigInteger, "BIGINT"),
        (Integer, "INTEGER"),
        (Boolean, "BOOLEAN"),
        (Date, "DATE"),
        (DateTime, "TIMESTAMP"),
        (Float, "DOUBLE"),
    ):
        if isinstance(kind, known):
            return name
    return "VARCHAR"
