"""The DuckDB read copy: all that questions read, in one columnar file, written next to the old one and swapped in."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
from data_access.database.prepared import in_duckdb, preparations
from data_access.database.private_files import keep_private, sweep
from data_access.database.schema import NOT_COPIED, metadata

CHUNK_ROWS = 50_000
# Control characters, which no value holds: between two values, and where there is none.
_NEXT, _NOTHING = "\x1f", "\x1d"
_ARROW_TYPES = {"BIGINT": pa.int64(), "INTEGER": pa.int64(), "BOOLEAN": pa.int64(), "DOUBLE": pa.float64()}
# Two threads of one process would write the same file.
_one_at_a_time = threading.Lock()


def write_read_copy(program: Engine, path: Path, progress: Callable[[str, int, int | None], None] | None = None) -> int:
    """Copy every table but those of `NOT_COPIED` as of one moment; returns the rows written.

    Readers keep the old file until the new one is whole.
    """
    with _one_at_a_time:
        return _write(program, path, progress)


def copied_tables() -> list[Table]:
    """All that questions read."""
    return [table for table in metadata.sorted_tables if table not in NOT_COPIED]


def _write(program: Engine, path: Path, progress: Callable[[str, int, int | None], None] | None) -> int:
    with program.connect() as connection:
        snapshot(connection)
        return write_copy(connection, copied_tables(), path, progress)


def write_copy(
    connection: Connection,
    tables: Sequence[Table],
    path: Path,
    progress: Callable[[str, int, int | None], None] | None = None,
    rest: Callable[[], AbstractContextManager[Connection]] | None = None,
    of_rest: Sequence[Table] = (),
) -> int:
    """Copy these tables into a file that takes the place of the one of this name; returns the rows written.

    The tables `of_rest` come after them, from another connection, which is opened only then.
    """
    sweep(path.parent, f".{path.name}.", timedelta(days=1))
    # In a folder that nobody else can enter: DuckDB makes its files as the umask has it.
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        written = 0
        with duckdb.connect(str(unfinished)) as copy:
            copy.execute("SET enable_progress_bar = false")  # it would be drawn into what a command prints
            for number, table in enumerate(tables):
                if progress:
                    progress(f"Copying {table.name}", number, len(tables))
                written += _copy_table(connection, copy, table)
            if rest is not None:
                with rest() as another:
                    written += sum(_copy_table(another, copy, table) for table in of_rest)
            if progress:
                progress("Preparing joins", len(tables), len(tables))
            for name, definition in preparations({table.name: table for table in tables}):
                copy.execute(f'CREATE TABLE "{name}" AS {in_duckdb(definition)}')
        keep_private(unfinished)
        unfinished.replace(path)
    return written


def _copy_table(connection: Connection, copy: duckdb.DuckDBPyConnection, table: Table) -> int:
    columns = ", ".join(f'"{column.name}" {_duckdb_type(column.type)}' for column in table.columns)
    copy.execute(f'CREATE TABLE "{table.name}" ({columns})')
    casts = ", ".join(f'CAST("{column.name}" AS {_duckdb_type(column.type)})' for column in table.columns)

    def insert(chunk: pa.Table) -> int:
        copy.register("chunk", chunk)
        copy.execute(f'INSERT INTO "{table.name}" SELECT {casts} FROM chunk')  # noqa: S608  # names of our own tables
        copy.unregister("chunk")
        return int(chunk.num_rows)

    copy.begin()
    count, inserting = 0, None
    # While one chunk is inserted the next is read: both are done outside of Python.
    with ThreadPoolExecutor(1) as beside:
        for chunk in _chunks(connection, table):
            count += inserting.result() if inserting else 0
            inserting = beside.submit(insert, chunk)
        count += inserting.result() if inserting else 0
    copy.commit()
    return count


def _chunks(connection: Connection, table: Table) -> Iterator[pa.Table]:
    """The rows of a table as its database has them: no Date and Decimal objects are made only to be converted back."""
    if connection.dialect.name == "sqlite":
        yield from _chunks_of_sqlite(cast(sqlite3.Connection, connection.connection.dbapi_connection), table)
        return
    plain = [type_coerce(column, _Raw()).label(column.name) for column in table.columns]
    result = connection.execute(select(*plain), execution_options={"yield_per": CHUNK_ROWS})
    for rows in result.partitions():
        yield _of_rows(rows, table)


def _chunks_of_sqlite(driver: sqlite3.Connection, table: Table) -> Iterator[pa.Table]:
    """Whole chunks as one text each, written by SQLite and read by Arrow: values made in Python take three times that.

    A line end in a value would end a row of such a text: chunks with any go by the row.
    """
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    row = f" || '{_NEXT}' || ".join(_as_text(column) for column in table.columns)
    ends = len(table.columns) - 1
    last = driver.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table.name}"').fetchone()[0]  # noqa: S608
    for first in range(0, last + 1, CHUNK_ROWS):
        those = f'FROM "{table.name}" WHERE rowid >= {first} AND rowid < {first + CHUNK_ROWS}'
        try:
            count, text = driver.execute(f"SELECT count(*), group_concat({row}, char(10)) {those}").fetchone()
        except sqlite3.DataError:  # longer than a text may be
            count, text = -1, ""
        if count == 0:
            continue
        is_plain = "\r" not in text and not text.startswith("\ufeff")
        if is_plain and text.count("\n") == count - 1 and text.count(_NEXT) == ends * count:
            yield _of_text(text, table)
        else:
            yield _of_rows(driver.execute(f"SELECT {names} {those}").fetchall(), table)


def _as_text(column: Column[Any]) -> str:
    shown = f"printf('%!.17g', \"{column.name}\")" if isinstance(column.type, Float) else f'"{column.name}"'
    return f"CASE WHEN \"{column.name}\" IS NULL THEN '{_NOTHING}' ELSE {shown} END"


def _of_text(text: str, table: Table) -> pa.Table:
    names = table.columns.keys()
    types = {column.name: _ARROW_TYPES.get(_duckdb_type(column.type), pa.string()) for column in table.columns}
    return pyarrow.csv.read_csv(
        pa.BufferReader(text.encode()),
        pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=2**30),
        pyarrow.csv.ParseOptions(delimiter=_NEXT, quote_char=False, ignore_empty_lines=False),
        pyarrow.csv.ConvertOptions(column_types=types, null_values=[_NOTHING], strings_can_be_null=True),
    )


def _of_rows(rows: Sequence[Sequence[Any]], table: Table) -> pa.Table:
    arrays = [_array(values) for values in zip(*rows, strict=True)]
    return pa.table(dict(zip(table.columns.keys(), arrays, strict=True)))


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
