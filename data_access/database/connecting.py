"""Connections to the program database: how they are opened, and given up once what they lead to is another file."""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError

from data_access.database.private_files import create_private, sqlite_file

log = logging.getLogger("uplift")
DEFAULT_URL = "sqlite:///uplift.db"
# For how long a connection to PostgreSQL may take to open; and after how long a network that is gone is noticed.
CONNECT_SECONDS, SILENT_SECONDS = 5, 30
# Steps of SQLite's machine between two looks at the clock: about a millisecond of work.
_STEPS = 100_000
# What SQLite says of a file that is not what it opened any more, or cannot be read: its handles are of no use.
_DEAD = {
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL),
}
_OPENED, _LIMIT = "uplift_opened", "uplift_limit"


class DatabaseError(Exception):
    """The database cannot be opened or is not ours; the message says the fix."""


def without_password(url: str | URL) -> str:
    """The URL as it may be shown: whoever reads over a shoulder, or a log, learns no password."""
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    if text.startswith("sqlite:"):
        return text  # a path; nothing in it is secret
    scheme, slashes, rest = text.partition("//") if "//" in text else ("", "", text)
    # Up to the last @, because a password that was not quoted may hold one, and more.
    account, at, place = rest.rpartition("@")
    if not at and not re.fullmatch(r"[^:]*(:\d*)?([/?].*)?", place):
        # No place is named: what stands behind the colon is more likely a password than a port.
        account, place = place, ""
    user, colon, _ = account.partition(":")
    shown = f"{scheme}{slashes}{user}{colon and ':***'}{at}{place}"
    return re.sub(r"(^|[\s?&;])([^=&\s]*password\s*=\s*)('[^']*'|[^&\s]*)", r"\1\2***", shown, flags=re.IGNORECASE)


def make_engine(url: str, statement_seconds: int = 0) -> Engine:
    """An engine for a program database. Raises DatabaseError for what is not a supported URL.

    A statement may take `statement_seconds`, where they are given, unless it runs within `unlimited`.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        shown = without_password(url)
        # Without its cause, which may hold the password.
        raise DatabaseError(
            f"{shown!r} is not a database URL; try {DEFAULT_URL} or postgresql://user:password@host/name."
        ) from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return open_postgresql(parsed, statement_seconds)
    if backend == "sqlite":
        # What was written or queried, e-mail addresses too, must not reach a log inside an error's text.
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "do_connect", _open_existing)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "checkout", _same_file)
        event.listen(engine, "handle_error", _give_up_dead)
        if statement_seconds:
            _Limit(statement_seconds).watch(engine)
        return engine
    raise DatabaseError(f"Uplift keeps its data in SQLite or PostgreSQL, not in {backend}; try {DEFAULT_URL}.")


def make_file(engine: Engine) -> None:
    """Make the empty file of an SQLite database that is not there yet, for its owner alone; else do nothing."""
    file = sqlite_file(str(engine.url))
    if file is not None:
        create_private(file)


def called() -> str:
    """What this process is called where others look for who uses the database: `uplift serve`, `uplift import`."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    is_ours = Path(sys.argv[0] or "").stem in ("uplift", "cli", "-c")
    return f"uplift {word}" if is_ours and re.fullmatch(r"[a-z-]{1,20}", word) else "uplift"


def open_postgresql(url: URL, statement_seconds: int) -> Engine:
    """An engine for a PostgreSQL database, with limits on what may hang; what the address itself says holds."""
    given = url.query.get("options", ())
    options = [given] if isinstance(given, str) else [*given]
    defaults = {
        "connect_timeout": str(CONNECT_SECONDS),
        "application_name": called(),
        "keepalives_idle": str(SILENT_SECONDS),
        "keepalives_interval": "10",
        "keepalives_count": "3",
        "tcp_user_timeout": str(SILENT_SECONDS * 1_000),
    }
    arguments = {name: value for name, value in defaults.items() if name not in url.query}
    if statement_seconds:
        arguments["options"] = " ".join([*options, f"-cstatement_timeout={statement_seconds * 1_000}"])
    # The driver is ours to choose: plain postgresql:// means psycopg 3.
    url = url.set(drivername="postgresql+psycopg")
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)


def _open_existing(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
    """SQLite would make a file that is not there: a program that was moved away would seem to be empty."""
    name = str(arguments[0]) if arguments else ""
    if name not in ("", ":memory:") and not name.startswith("file:"):
        arguments[0] = f"file:{quote(name)}?mode=rw"
        named["uri"] = True


def _prepare_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    # Reading opens the log and its index: only then are all files known that the connection leads to.
    cursor.execute("PRAGMA schema_version").fetchone()
    file = cursor.execute("PRAGMA database_list").fetchone()[2]
    cursor.close()
    record.info[_OPENED] = (file, _identity(file)) if file else None


def _identity(file: str) -> tuple[int | None, ...]:
    """Which file, and which index of its log, have this name at the moment; None for one that is not there."""

    def number(path: str) -> int | None:
        try:
            return Path(path).stat().st_ino
        except OSError:
            return None

    return number(file), number(f"{file}-shm")


def _same_file(connection: Any, record: Any, _proxy: Any) -> None:
    """Give every connection up once another file has the name: it was moved away, repaired or restored."""
    opened = record.info.get(_OPENED)
    if opened is None:
        return
    file, before = opened
    now = _identity(file)
    if now == before:
        return
    if now[0] != before[0]:
        log.warning("The database file is another one than before: it is opened anew")
    elif before[1] is None:
        record.info[_OPENED] = (file, now)  # the write-ahead log was set since
        return
    raise InvalidatePoolError


def _give_up_dead(context: Any) -> None:
    code = getattr(context.original_exception, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _DEAD:
        context.is_disconnect = True


class _Limit:
    """How long a statement may take in SQLite, which knows no such limit: looked at while it runs."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.of_thread = threading.local()

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "connect", self._connected)
        event.listen(engine, "before_cursor_execute", self._begins)

    def _connected(self, connection: Any, record: Any) -> None:
        # One connection is used by one thread at a time; each statement sets its own end.
        ends = record.info[_LIMIT] = [0.0]
        connection.set_progress_handler(lambda: int(0 < ends[0] < time.monotonic()), _STEPS)

    def _begins(self, connection: Connection, *_: Any) -> None:
        ends = connection.info.get(_LIMIT)
        if ends is not None:
            unlimited = connection.get_execution_options().get("uplift_unlimited")
            ends[0] = 0.0 if unlimited else time.monotonic() + self.seconds


def unlimited(connection: Connection) -> None:
    """From here to the end of its transaction the connection's statements may take as long as they need."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    else:
        connection.execution_options(uplift_unlimited=True)


@contextmanager
def busy_timeout(connection: Connection, seconds: float) -> Iterator[None]:
    """In SQLite: wait this long for a lock, and after it again as before."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(seconds * 1_000)}")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA busy_timeout=30000")
