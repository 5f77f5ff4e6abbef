"""Opening columnar copies: one DuckDB a file, held, within limits of memory and threads."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class CopyLimits:
    """What DuckDB may take for one copy: memory in megabytes, beyond which it uses the disk; threads (0: all cores)."""

    memory_mb: int = 2048
    threads: int = 0


_limits = [CopyLimits()]

registry.register("duckdb.copied", "data_access.database.copy_dialect", "CopyDialect")


def limit_copies(limits: CopyLimits) -> None:
    """Make these the limits of every copy that this process opens from now on."""
    _limits[:] = [limits]


def limit(opened: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB take no more than a copy may: what exceeds the memory goes to a folder of this process."""
    [limits] = _limits
    opened.execute(f"SET memory_limit = '{limits.memory_mb}MB'")
    opened.execute(f"SET temp_directory = '{_quoted(_overflow())}'")
    if limits.threads:
        opened.execute(f"SET threads = {limits.threads}")


def open_copy(path: Path) -> Engine:
    """Connections that read a columnar copy; the file is opened once, by the first of them, and held.

    Another file that is swapped in under the same name is not seen: open it anew.
    """
    return _engine(path, [])


@contextmanager
def opened_copy(path: Path) -> Iterator[Engine]:
    """The same for a while: at its end the file is let go, and can be written to again."""
    held: list[duckdb.DuckDBPyConnection] = []
    engine = _engine(path, held)
    try:
        yield engine
    finally:
        engine.dispose()
        for each in held:
            each.close()


def _engine(path: Path, held: list[duckdb.DuckDBPyConnection]) -> Engine:
    from duckdb_engine import ConnectionWrapper  # loaded by who reads such a copy alone

    one_at_a_time = threading.Lock()

    def connect() -> ConnectionWrapper:
        with one_at_a_time:
            if not held:
                held.append(_hold(path))
        cursor = held[0].cursor()
        cursor.execute("USE copied")
        return ConnectionWrapper(cursor)

    return create_engine("duckdb+copied:///:memory:", creator=connect, poolclass=NullPool)


def _hold(path: Path) -> duckdb.DuckDBPyConnection:
    """A database of its own in memory, to which the file is attached: by its name, DuckDB would share one already open.

    Opening a file takes forty milliseconds, a cursor less than one.
    """
    import duckdb

    opened = duckdb.connect(":memory:")
    opened.execute(f"ATTACH '{_quoted(path)}' AS copied (READ_ONLY)")
    limit(opened)
    opened.execute("SET enable_external_access = false")
    return opened


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@lru_cache(maxsize=1)
def _overflow() -> Path:
    """Where what exceeds the memory is written: a folder that nobody else can enter, gone with the process."""
    folder = Path(tempfile.mkdtemp(prefix="uplift-overflow-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
