"""Copying tables of the program database, as they are, into a columnar file: by the chunk, past Python's values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    Float,
    Integer,
    String,
    Table,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from data_access.database.column_types import ExactNumber, Money

CHUNK_ROWS = 50_000
_ARROW_TYPES = {"BIGINT": pa.int64(), "INTEGER": pa.int64(), "BOOLEAN": pa.int64(), "DOUBLE": pa.float64()}


def make_table(copy: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make the empty table in the copy."""
    columns = ", ".join(f'"{column.name}" {duckdb_type(column.type)}' for column in table.columns)
    copy.execute(f'CREATE TABLE "{table.name}" ({columns})')


def copy_table(connection: Connection, copy: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Make the table in the copy and fill it with the rows that the connection sees; returns how many."""
    make_table(copy, table)
    casts = ", ".join(f'CAST("{column.name}" AS {duckdb_type(column.type)})' for column in table.columns)

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

    A row is a list in JSON, which is a line of CSV as long as nothing in it is escaped: chunks with any such value
    (a quotation mark, a line end) go by the row.
    """
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    # The brackets belong to two columns more, which are not read.
    row = f"json_array(0, {', '.join(map(_exactly, table.columns))}, 0)"
    last = driver.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table.name}"').fetchone()[0]  # noqa: S608
    for first in range(0, last + 1, CHUNK_ROWS):
        those = f'FROM "{table.name}" WHERE rowid >= {first} AND rowid < {first + CHUNK_ROWS}'
        try:
            # As bytes: a text would be decoded only to be encoded again.
            whole = f"CAST(group_concat({row}, char(10)) AS BLOB)"
            count, text = driver.execute(f"SELECT count(*), {whole} {those}").fetchone()
        except sqlite3.DataError:  # longer than a text may be
            count, text = -1, b"\\"
        if count == 0:
            continue
        if b"\\" in text:
            yield _of_rows(driver.execute(f"SELECT {names} {those}").fetchall(), table)
        else:
            yield _of_text(text, table)


def _exactly(column: Column[Any]) -> str:
    """The value as JSON has it; of a number with a fraction, all digits."""
    if not isinstance(column.type, Float):
        return f'"{column.name}"'
    return f'CASE WHEN "{column.name}" IS NOT NULL THEN printf(\'%!.17g\', "{column.name}") END'


def _of_text(text: bytes, table: Table) -> pa.Table:
    names = table.columns.keys()
    types = {column.name: _ARROW_TYPES.get(duckdb_type(column.type), pa.string()) for column in table.columns}
    return pyarrow.csv.read_csv(
        pa.BufferReader(text),
        pyarrow.csv.ReadOptions(use_threads=False, column_names=["[", *names, "]"], block_size=2**30),
        pyarrow.csv.ParseOptions(ignore_empty_lines=False),
        pyarrow.csv.ConvertOptions(
            column_types=types,
            include_columns=names,
            null_values=["null"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
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


def duckdb_type(kind: TypeEngine[Any]) -> str:
    """The type of a column in DuckDB."""
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
