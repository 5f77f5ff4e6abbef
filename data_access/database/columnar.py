"""Opening columnar copies: one DuckDB a file, held, within limits of memory and threads."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class CopyLimits:
    """What DuckDB may take for one copy: memory in megabytes, beyond which it uses the disk; threads (0: all cores)."""

    memory_mb: int = 2048
    threads: int = 0


_limits = [CopyLimits()]


def limit_copies(limits: CopyLimits) -> None:
    """Make these the limits of every copy that this process opens from now on."""
    _limits[:] = [limits]


def open_copy(path: Path) -> Engine:
    """Connections that read a columnar copy; the file is opened once, by the first of them, and held.

    Another file that is swapped in under the same name is not seen: open it anew.
    """
    from duckdb_engine import ConnectionWrapper  # loaded by who reads such a copy alone

    held: list[duckdb.DuckDBPyConnection] = []
    one_at_a_time = threading.Lock()

    def connect() -> ConnectionWrapper:
        with one_at_a_time:
            if not held:
                held.append(_hold(path))
        cursor = held[0].cursor()
        cursor.execute("USE copied")
        return ConnectionWrapper(cursor)

    return create_engine("duckdb:///:memory:", creator=connect, poolclass=NullPool)


def _hold(path: Path) -> duckdb.DuckDBPyConnection:
    """A database of its own in memory, to which the file is attached: by its name, DuckDB would share one already open.

    Opening a file takes forty milliseconds, a cursor less than one.
    """
    import duckdb

    [limits] = _limits
    opened = duckdb.connect(":memory:")
    opened.execute(f"ATTACH '{_quoted(path)}' AS copied (READ_ONLY)")
    opened.execute(f"SET memory_limit = '{limits.memory_mb}MB'")
    opened.execute(f"SET temp_directory = '{_quoted(_overflow())}'")
    if limits.threads:
        opened.execute(f"SET threads = {limits.threads}")
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
