"""Working out for everybody at once, in a columnar copy, what follows from many contributions; and writing it back.

SQLite takes minutes for the windows over ten million rows that DuckDB takes seconds for. Most of what is left is the
writing: in the order of the key, and with each other index made anew at the end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Date, Select, Table, delete, func, select

from data_access.database.bulk import BulkInserter
from data_access.database.schema import areas, contributions, contributor_spans, people

if TYPE_CHECKING:
    from data_access.database.unfinished_copy import UnfinishedCopy

log = logging.getLogger("uplift")
# From how many contributions on, and for which part of the people at least, it is faster: of a million it takes two
# thirds of the time by itself, and less where the copy is asked or kept afterwards.
MANY_ROWS = 200_000
SHARE = 1 / 2
CHUNK_ROWS = 10_000
# PostgreSQL sorts and writes many rows at once by itself; what it would gain was not measured.
ENGINES = frozenset({"sqlite"})


def are_many(connection: Connection, keys: Select[Any] | None) -> bool:
    """Whether it is faster at once than for the people that `keys` selects (None: for all)."""
    if connection.dialect.name not in ENGINES:
        return False
    some = select(contributions.c.quantity).limit(MANY_ROWS).subquery()
    if connection.execute(select(func.count()).select_from(some)).scalar_one() < MANY_ROWS:
        return False
    if keys is None:
        return True
    touched, everybody = (
        connection.execute(select(func.count()).select_from(these)).scalar_one()
        for these in (keys.subquery(), contributor_spans)
    )
    return bool(touched >= SHARE * everybody)


def done_at_once(
    connection: Connection,
    copy: UnfinishedCopy | None,
    work: Callable[[UnfinishedCopy], None],
    tables: Sequence[Table],
) -> bool:
    """Let `work` make these tables in the copy (None: in one that is thrown away), then write them back.

    The copy holds contributions, people and areas, as the connection sees them. False where there is no room for one,
    or it fails otherwise: then nothing is worked out, and the database has to do it itself.
    """
    import duckdb  # loaded by who works with much alone

    from data_access.database.unfinished_copy import copy_of_its_own

    try:
        with nullcontext(copy) if copy is not None else copy_of_its_own(connection.engine) as used:
            used.take(connection, (areas, people, contributions))
            work(used)
            for table in tables:
                _write_back(used.copy, connection, table)
    except (OSError, duckdb.Error) as cause:
        log.warning("What follows from contributions is worked out in the database, which takes longer: %s", cause)
        if copy is not None:
            copy.discard()
        return False
    return True


def _write_back(copy: Any, connection: Connection, table: Table) -> None:
    """Make the rows of the table in the program database those of the copy."""
    connection.execute(delete(table))
    # PostgreSQL would lock everybody out who reads the table.
    indexes = sorted(table.indexes, key=lambda each: str(each.name)) if connection.dialect.name == "sqlite" else []
    for index in indexes:
        index.drop(connection, checkfirst=True)
    try:
        insert = BulkInserter(connection, table)
        columns = ", ".join(map(_as_stored, table.columns))
        found = copy.sql(f'SELECT {columns} FROM "{table.name}"')  # noqa: S608  # names of our own tables
        for batch in found.to_arrow_reader(CHUNK_ROWS):
            insert(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    finally:
        for index in indexes:
            index.create(connection)


def _as_stored(column: Column[Any]) -> str:
    return f'CAST("{column.name}" AS VARCHAR)' if isinstance(column.type, Date) else f'"{column.name}"'
