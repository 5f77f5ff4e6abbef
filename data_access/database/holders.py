"""Who uses a database: which processes have it open, and which of them is writing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from data_access.database.changes import PG_WRITE_LOCK
from data_access.database.private_files import sqlite_file

LOCKS, PROCESSES = Path("/proc/locks"), Path("/proc")
# Of the index of SQLite's write-ahead log, the byte that whoever writes has locked.
_WRITER = 120

_OTHERS = """
    SELECT activity.pid, activity.application_name, activity.xact_start
    FROM pg_stat_activity activity
    WHERE activity.datname = current_database() AND activity.pid <> pg_backend_pid()
"""
_WRITING = """
    AND EXISTS (
      SELECT 1 FROM pg_locks held
      WHERE held.pid = activity.pid AND held.locktype = 'advisory' AND held.granted AND held.objid = :lock
    )
"""


def writers_of(engine: Engine | None) -> str:
    """Who is writing to the database, such as “process 4711 (uplift import)”; "" if that is not known."""
    if engine is None:
        return ""
    file = sqlite_file(str(engine.url))
    if file is not None:
        return ", ".join(_process(pid) for pid in _holding(file, writing=True))
    try:
        with engine.connect() as connection:
            return ", ".join(_sessions(connection, _OTHERS + _WRITING, {"lock": PG_WRITE_LOCK}))
    except SQLAlchemyError:
        return ""


def users_of(engine: Engine) -> list[str]:
    """Every other process that has the database open: of PostgreSQL, those of Uplift."""
    file = sqlite_file(str(engine.url))
    if file is not None:
        return [_process(pid) for pid in _holding(file, writing=False) if pid != os.getpid()]
    with engine.connect() as connection:
        return _sessions(connection, _OTHERS + " AND activity.application_name LIKE 'uplift%'", {})


def _sessions(connection: Connection, asked: str, given: dict[str, int]) -> list[str]:
    found = []
    for pid, name, since in connection.execute(text(asked), given):
        started = f", since {since.astimezone(UTC):%H:%M:%S} UTC" if isinstance(since, datetime) else ""
        found.append(f"session {pid} ({name or 'unnamed'}{started})")
    return found


def _holding(file: Path, *, writing: bool) -> list[int]:
    """The processes that hold a lock on the file or on its log's index; none where the system does not tell."""
    index = Path(f"{file}-shm")
    try:
        inodes = {str(path.stat().st_ino): path for path in (file, index) if path.exists()}
        lines = LOCKS.read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        parts = line.split()
        if len(parts) != 8 or parts[5].rpartition(":")[2] not in inodes:
            continue  # also what only waits for a lock, which has an arrow more
        kind, pid, of = parts[3], int(parts[4]), inodes[parts[5].rpartition(":")[2]]
        first, last = int(parts[6]), int(parts[7]) if parts[7] != "EOF" else 1 << 62
        writes = kind == "WRITE" and (of == file or first <= _WRITER <= last)
        if (writes or not writing) and pid not in found:
            found.append(pid)
    return found


def _process(pid: int) -> str:
    """A process as its owner knows it: its number and, of its command, our own words alone (others may be secret)."""
    if pid == os.getpid():
        return "this server itself"
    try:
        words = [Path(word).name for word in (PROCESSES / str(pid) / "cmdline").read_text().split("\0") if word]
        name = (PROCESSES / str(pid) / "comm").read_text().strip()
    except OSError:
        return f"process {pid}"
    if "uplift" in words and words.index("uplift") + 1 < len(words):
        name = f"uplift {words[words.index('uplift') + 1]}"
    return f"process {pid} ({name})"
