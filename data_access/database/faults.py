"""What is wrong with a database, in words with the remedy: one classifier for commands, pages, API and /readyz."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.database.connecting import DatabaseError, without_password
from data_access.database.holders import writers_of
from data_access.database.private_files import account, sqlite_file

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
# Below it, a write that failed without saying why failed for want of room.
LEAST_BYTES = 1_000_000


class Fault(StrEnum):
    """Kinds of what can be wrong with a database, by what has to be done about it."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NO_RIGHT = "no right"
    READ_ONLY = "read-only"
    DISK_FULL = "disk full"
    CORRUPT = "corrupt"
    NO_DATABASE = "no database"
    NO_PROGRAM = "no program"
    SCHEMA_OLDER = "schema older"
    SCHEMA_NEWER = "schema newer"
    LOCKED = "locked"
    TOO_LONG = "too long"
    TOO_MANY = "too many connections"


# What is gone without anybody's doing, sooner or later: whoever waits need not be told to begin anew.
PASSING = frozenset({Fault.UNREACHABLE, Fault.LOCKED, Fault.TOO_MANY, Fault.TOO_LONG, Fault.DISK_FULL})

# What whoever is not the operator may know: neither where the database is, nor whose account opens it.
OUTSIDE = {
    Fault.UNREACHABLE: "The program’s database does not answer.",
    Fault.REFUSED: "The program’s database does not let Uplift in.",
    Fault.NO_RIGHT: "Uplift lacks a right to the program’s database.",
    Fault.READ_ONLY: "The program’s database can be read, and nothing can be recorded.",
    Fault.DISK_FULL: "The disk of the program’s database is full.",
    Fault.CORRUPT: "The program’s database is damaged; it has to be brought back from a backup.",
    Fault.NO_DATABASE: "There is no database where the program should be.",
    Fault.NO_PROGRAM: "The database has no program in it.",
    Fault.SCHEMA_OLDER: "The program’s database is of an older version of Uplift.",
    Fault.SCHEMA_NEWER: "The program’s database is of a newer version of Uplift.",
    Fault.LOCKED: "Somebody else is writing to the program’s database; try again in a moment.",
    Fault.TOO_LONG: "The answer took too long and was stopped; ask for a shorter period, or for less.",
    Fault.TOO_MANY: "The program’s database is busy; try again in a moment.",
}


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
        if isinstance(each, DatabaseFault):
            return each
        if isinstance(each, PoolTimeout):
            return _fault(Fault.TOO_MANY, engine, "every connection is in use")
        if isinstance(each, sqlite3.Error):
            return _of_sqlite(each, engine)
        if type(each).__module__.startswith("psycopg"):
            return _of_postgresql(each, engine)
        if isinstance(each, OSError):
            return _of_file(each, engine)
    return None


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
        is_full = file is not None and _free_bytes(file) < LEAST_BYTES
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


def newest_schema() -> str:
    """The schema that this version of Uplift has: that of its newest migration."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py"))


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
        return _fault(Fault.SCHEMA_OLDER if found < newest else Fault.SCHEMA_NEWER, engine, found)
    return None


# ---- in words -------------------------------------------------------------------------------------------------------


def _fault(kind: Fault, engine: Engine | None, cause: str, path: str = "") -> DatabaseFault:
    url: URL | None = engine.url if engine else None
    file = sqlite_file(str(url)) if url is not None else None
    shown = url.set(drivername="postgresql") if url is not None and file is None else url
    where = path or (str(file) if file else without_password(shown) if shown is not None else "of the program")
    return DatabaseFault(kind, _words(kind, where, cause, file, url, engine))


def _words(kind: Fault, where: str, cause: str, file: Path | None, url: URL | None, engine: Engine | None) -> str:
    match kind:
        case Fault.UNREACHABLE:
            return (
                f"The database {where} does not answer ({cause}). Check that it runs, and the host and port in "
                "UPLIFT_DATABASE_URL. Uplift goes on by itself as soon as it answers."
            )
        case Fault.REFUSED:
            return (
                f"The database {where} does not let Uplift in ({cause}). Check user and password in "
                "UPLIFT_DATABASE_URL, and the server’s pg_hba.conf."
            )
        case Fault.NO_RIGHT if url is None or file is not None or Path(where).exists():
            return (
                f"The account {account()} may not open or write {where} ({cause}). Give it the file and its folder, "
                f"as with: chown {account()} {where}"
            )
        case Fault.NO_RIGHT:
            return (
                f"The account of Uplift lacks a right in the database {where} ({cause}). Make it the owner of the "
                "tables: REASSIGN OWNED BY … TO …"
            )
        case Fault.READ_ONLY:
            return (
                f"The database {where} can be read and not written ({cause}). Check the rights of the file and its "
                "folder, whether their disk is mounted read-only, has a quota or a limit on files (ulimit -f) and, in "
                "PostgreSQL, whether this is a standby."
            )
        case Fault.DISK_FULL:
            free = f"; {_free_bytes(Path(where)):,} bytes are free" if Path(where).exists() else ""
            return (
                f"There is no room left for {where} ({cause}{free}). Nothing was half-written. Make room on the disk, "
                "then do it again; nothing needs to be started anew."
            )
        case Fault.CORRUPT:
            return (
                f"The database {where} is damaged ({cause}). Keep it aside, and bring the newest backup back: "
                "`uplift restore FILE`. A running server opens it by itself."
            )
        case Fault.NO_DATABASE:
            return (
                f"There is no database at {where}. Run `uplift init` with the same address to make an empty one, or "
                "`uplift restore FILE` to bring a backup back."
                if file is not None
                else f"There is no database at {where} ({cause}). Create it (createdb {url.database if url else ''}), "
                "then run `uplift init`, or `uplift restore FILE` to bring a backup back."
            )
        case Fault.NO_PROGRAM:
            return (
                f"The database {where} has no program in it yet. "
                "Run `uplift init` with the same address, then import your data."
            )
        case Fault.SCHEMA_OLDER:
            return (
                f"The database {where} has the schema {cause} of an older version; this one needs {newest_schema()}. "
                "Run `uplift backup --out FILE`, then `uplift init`; it keeps every row."
            )
        case Fault.SCHEMA_NEWER:
            return (
                f"The database {where} has the schema {cause} of a newer version; this one knows {newest_schema()}. "
                "Start the newer version of Uplift, or bring back a backup from before its `uplift init`."
            )
        case Fault.LOCKED:
            return (
                f"{writers_of(engine) or 'Somebody else'} is writing to the database {where}. Nothing was changed; "
                "try again when it is done."
            )
        case Fault.TOO_LONG:
            return (
                f"An answer of {where} took too long and was stopped. Ask for a shorter period or fewer places, or "
                "write a read copy: `uplift read-copy program.duckdb`."
            )
        case Fault.TOO_MANY:
            return (
                f"The database {where} takes no more connections ({cause}). Try again in a moment; raise its "
                "max_connections if it happens often."
            )


def _free_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path if path.exists() else path.parent).free
    except OSError:
        return 0
