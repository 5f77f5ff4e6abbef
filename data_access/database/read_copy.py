"""The DuckDB read copy: all that questions read, in one columnar file, written next to the old one and swapped in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table

from data_access.database.engine import data_version, snapshot
from data_access.database.schema import NOT_COPIED, metadata
from data_access.database.unfinished_copy import Progress, UnfinishedCopy, begin_copy

# Two threads of one process would write the same file.
_one_at_a_time = threading.Lock()


def write_read_copy(
    program: Engine,
    path: Path,
    progress: Progress | None = None,
    begun: UnfinishedCopy | None = None,
    of_change: int = 0,
) -> int:
    """Copy every table but those of `NOT_COPIED` as of one moment; returns the rows written.

    Readers keep the old file until the new one is whole. What was `begun` beside it within the change of this number
    is made whole, as long as that change is the newest; else it is left, and all is copied.
    """
    with _one_at_a_time, program.connect() as connection:
        snapshot(connection)
        if begun is not None and data_version(connection).import_id != of_change:
            begun = None
        return write_copy(connection, copied_tables(), path, progress, begun=begun)


def copied_tables() -> list[Table]:
    """All that questions read."""
    return [table for table in metadata.sorted_tables if table not in NOT_COPIED]


def write_copy(
    connection: Connection,
    tables: Sequence[Table],
    path: Path,
    progress: Progress | None = None,
    rest: Callable[[], AbstractContextManager[Connection]] | None = None,
    of_rest: Sequence[Table] = (),
    begun: UnfinishedCopy | None = None,
) -> int:
    """Copy these tables into a file that takes the place of the one of this name; returns the rows written.

    The tables `of_rest` come after them, from another connection, which is opened only then.
    """
    with begun or begin_copy(path) as copy:
        written = copy.take(connection, tables, progress)
        if rest is not None:
            with rest() as another:
                written += copy.take(another, of_rest)
        copy.prepare(progress)
        copy.put(path)
    return written
