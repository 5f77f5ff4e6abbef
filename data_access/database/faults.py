"""What is wrong with a database, in words with the remedy: one classifier for commands, pages, API and /readyz."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.database.connecting import DatabaseError, make_engine, without_password
from data_access.database.fault_words import OUTSIDE, Fault, fault_words_of, free_bytes
from data_access.database.holders import writers_of
from data_access.database.private_files import sqlite_file

_REVISION = re.compile(r'^(revision|down_revision)\b[^=\n]*= "(\w+)"', re.MULTILINE)
VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
# Below it, a write that failed without saying why failed for want of room.
LEAST_BYTES = 1_000_000


class DatabaseFault(DatabaseError):
    """Something is wrong with the database: `fault` says what, the message why and what to do.

    `outside` is the message for whoever is not the operator.
    """

    def __init__(self, fault: Fault, says: str) -> None:
        super().__init__(says)
        self.fault = fault

    @property
    def outside(self) -> str:
        return OUTSIDE[self.fault]


def explain(cause: BaseException, engine: Engine | None = None) -> DatabaseFault | None:
    """The fault behind an error of a database or of a disk, with the engine's address in its words; None for others."""
    for each in _chain(cause):
        if isinstance(each, DatabaseError):
            return each if isinstance(each, DatabaseFault) else None
        if isinstance(each, PoolTimeout):
            return _fault(Fault.TOO_MANY, engine, "every connection is in use")
        if isinstance(each, sqlite3.Error):
            return _of_sqlite(each, engine)
        if type(each).__module__.startswith("psycopg"):
            return _of_postgresql(each, engine)
        if isinstance(each, OSError):
            return _of_file(each, engine)
    return None


def explain_at(cause: BaseException, url: str) -> DatabaseFault | None:
    """The same for a command that names its database, or none."""
    return explain(cause, make_engine(url) if url else None)


@contextmanager
def in_words(engine: Engine) -> Iterator[None]:
    """What goes wrong with the database in here, explained: raises a DatabaseFault for it."""
    try:
        yield
    except SQLAlchemyError as cause:
        fault = explain(cause, engine)
        if fault is None:
            raise
        raise fault from cause


# What DuckDB says of a file that it cannot read, or cannot read with the memory that it may have. A wrong checksum is
# no kind of its own, but an error without a kind; what is wrong with a question has one.
_COPY_FAILS = {
    *("Error", "IOException", "SerializationException", "InternalException"),
    *("FatalException", "OutOfMemoryException"),
}


def is_of_copy(cause: BaseException) -> bool:
    """Whether a columnar copy could not be read: the program has all that stands in it."""
    return any(
        type(each).__name__ in _COPY_FAILS and type(each).__module__.lstrip("_").startswith("duckdb")
        for each in _chain(cause)
    )


def _chain(cause: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = cause
    while seen is not None:
        yield seen
        seen = (seen.orig if isinstance(seen, DBAPIError) else None) or seen.__cause__ or seen.__context__


# ---- by engine ------------------------------------------------------------------------------------------------------

_SQLITE = {
    sqlite3.SQLITE_CORRUPT: Fault.CORRUPT,
    sqlite3.SQLITE_NOTADB: Fault.CORRUPT,
    sqlite3.SQLITE_FULL: Fault.DISK_FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.NO_RIGHT,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Fault.LOCKED,
    sqlite3.SQLITE_INTERRUPT: Fault.TOO_LONG,
}
_UNREADABLE = {sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_READ}


def _of_sqlite(cause: sqlite3.Error, engine: Engine | None) -> DatabaseFault | None:
    code = getattr(cause, "sqlite_errorcode", None)
    file = sqlite_file(str(engine.url)) if engine else None
    if code is None:
        return None
    if code == sqlite3.SQLITE_ERROR:
        is_about_schema = re.search(r"no such (table|column)|has no column", str(cause))
        return schema_fault(engine) if engine and is_about_schema else None
    kind = _SQLITE.get(code & 0xFF)
    if code & 0xFF == sqlite3.SQLITE_CANTOPEN:
        kind = Fault.NO_RIGHT if file is None or file.exists() else Fault.NO_DATABASE
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        is_full = file is not None and free_bytes(file) < LEAST_BYTES
        kind = Fault.CORRUPT if code in _UNREADABLE else Fault.DISK_FULL if is_full else Fault.READ_ONLY
    return None if kind is None else _fault(kind, engine, str(cause))


_STATES = {
    "53100": Fault.DISK_FULL,
    "53300": Fault.TOO_MANY,
    "25006": Fault.READ_ONLY,
    "42501": Fault.NO_RIGHT,
    "55P03": Fault.LOCKED,
    "57014": Fault.TOO_LONG,
    "3D000": Fault.NO_DATABASE,
}
_CLASSES = {"08": Fault.UNREACHABLE, "28": Fault.REFUSED, "57": Fault.UNREACHABLE, "XX": Fault.CORRUPT}
# What a server says that lets nobody in: libpq hands on its words alone.
_SAID = (
    (
        r"password|authentication failed|pg_hba|not permitted to log|role .* not exist",
        "28000",
    ),
    (r"database .* does not exist", "3D000"),
    (r"too many (clients|connections)|connection slots", "53300"),
)


def _of_postgresql(cause: BaseException, engine: Engine | None) -> DatabaseFault | None:
    state = getattr(cause, "sqlstate", None)
    words = str(cause).strip()
    if state is None:
        if type(cause).__name__ not in ("OperationalError", "ConnectionTimeout", "InterfaceError"):
            return None
        state = next((found for said, found in _SAID if re.search(said, words)), "08000")
    if state in ("42P01", "42703"):
        return schema_fault(engine) if engine else None
    kind = _STATES.get(state) or _CLASSES.get(state[:2])
    return None if kind is None else _fault(kind, engine, words.splitlines()[0] if words else "")


def _of_file(cause: OSError, engine: Engine | None) -> DatabaseFault | None:
    kinds = {
        errno.ENOSPC: Fault.DISK_FULL,
        errno.EDQUOT: Fault.DISK_FULL,
        errno.EFBIG: Fault.DISK_FULL,
        errno.EROFS: Fault.READ_ONLY,
        errno.EACCES: Fault.NO_RIGHT,
        errno.EPERM: Fault.NO_RIGHT,
    }
    kind = kinds.get(cause.errno or 0)
    return None if kind is None else _fault(kind, engine, cause.strerror or "", str(cause.filename or ""))


# ---- the schema -----------------------------------------------------------------------------------------------------


@cache
def known_schemas() -> tuple[str, ...]:
    """Every schema that this version of Uplift knows, the newest last: what its migrations lead to, one by one."""
    after = {}
    for path in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py"):
        names = dict(_REVISION.findall(path.read_text(encoding="utf-8")))
        after[names.get("down_revision")] = names["revision"]
    found: list[str] = []
    while (following := after.get(found[-1] if found else None)) is not None:
        found.append(following)
    return tuple(found)


def newest_schema() -> str:
    """The schema that this version of Uplift has: that of its newest migration."""
    return known_schemas()[-1]


def schema_of(connection: Connection) -> str | None:
    """The schema of a database; None where there is no program."""
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as cause:
        code, state = getattr(cause.orig, "sqlite_errorcode", None), getattr(cause.orig, "sqlstate", None)
        if code != sqlite3.SQLITE_ERROR and state != "42P01":
            raise
        connection.rollback()
        return None


def schema_fault(engine: Engine) -> DatabaseFault | None:
    """What keeps this version of Uplift from working with the database; None if nothing does."""
    try:
        with engine.connect() as connection:
            found, newest = schema_of(connection), newest_schema()
    except SQLAlchemyError as cause:
        return explain(cause, engine)
    if found is None:
        return _fault(Fault.NO_PROGRAM, engine, "")
    if found != newest:
        return _fault(Fault.SCHEMA_OLDER if found in known_schemas() else Fault.SCHEMA_NEWER, engine, found)
    return None


# ---- in words -------------------------------------------------------------------------------------------------------


def _fault(kind: Fault, engine: Engine | None, cause: str, path: str = "") -> DatabaseFault:
    url: URL | None = engine.url if engine else None
    file = sqlite_file(str(url)) if url is not None else None
    shown = url.set(drivername="postgresql") if url is not None and file is None else url
    where = path or (str(file) if file else without_password(shown) if shown is not None else "of the program")
    return DatabaseFault(
        kind,
        fault_words_of(
            kind, where, cause, file, url, newest_schema(), writers_of(engine) if kind is Fault.LOCKED else ""
        ),
    )
