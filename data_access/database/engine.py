"""Opening databases: the program database (SQLite or PostgreSQL) and its optional DuckDB read copy."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, or_, select, text
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from data_access.database.columnar import open_copy
from data_access.database.prepared import has_prepared
from data_access.database.private_files import create_private, keep_private, sqlite_file
from data_access.database.schema import imports, metadata

log = logging.getLogger("uplift")
DEFAULT_URL = "sqlite:///uplift.db"


DEFAULT_FILE = "uplift.db"
# In PostgreSQL: the schema that everybody outside is answered from, and the role that may read that alone.
RELEASE_SCHEMA, RELEASE_READER = "release", "uplift_release"


class DatabaseError(Exception):
    """The database cannot be opened or is not ours; the message says the fix."""


class NoReleaseError(DatabaseError):
    """Nothing was released yet: there is nothing that anybody outside may see."""

    def __init__(self) -> None:
        super().__init__("Nothing was released yet. The first import makes the first release.")


def without_password(url: str | URL) -> str:
    """The URL as it may be shown: whoever reads over a shoulder, or a log, learns no password."""
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    if text.startswith("sqlite"):
        return text  # a path; nothing in it is secret
    scheme, slashes, rest = text.partition("//") if "//" in text else ("", "", text)
    # Up to the last @, because a password that was not quoted may hold one, and more.
    account, at, place = rest.rpartition("@")
    user, colon, _ = account.partition(":")
    shown = f"{scheme}{slashes}{user}{colon and ':***'}{at}{place}"
    return re.sub(r"([?&][^=&]*password=)[^&]*", r"\1***", shown, flags=re.IGNORECASE)


def make_engine(url: str) -> Engine:
    """An engine for a program database. Raises DatabaseError for what is not a supported URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as cause:
        shown = without_password(url)
        raise DatabaseError(
            f"{shown!r} is not a database URL; try {DEFAULT_URL} or postgresql://user:password@host/name."
        ) from cause
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        # The driver is ours to choose: plain postgresql:// means psycopg 3.
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    if backend == "sqlite":
        # What was written or queried, e-mail addresses too, must not reach a log inside an error's text.
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "do_connect", _create_for_its_owner)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    raise DatabaseError(f"Uplift keeps its data in SQLite or PostgreSQL, not in {backend}; try {DEFAULT_URL}.")


def _create_for_its_owner(_dialect: Any, _record: Any, arguments: Any, _named: Any) -> None:
    """SQLite would make the file as the umask has it; its log and its index take after the file."""
    name = str(arguments[0]) if arguments else ""
    if name not in ("", ":memory:") and not name.startswith("file:"):
        create_private(Path(name))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@dataclass(frozen=True, slots=True, order=True)
class DataVersion:
    """The newest change (an import, or something recorded): its number and moment. Part of every cache key.

    `imported` and `imported_at` are the newest import's (0 and "" without any): how old the data are that came by file.
    """

    import_id: int
    finished_at: str
    imported: int = 0
    imported_at: str = ""


EMPTY = DataVersion(0, "")
IMPORT = "import"  # the kind of a change that brought data; other kinds record, place or compute


def let_readers_go_on(engine: Engine) -> None:
    """Set SQLite's write-ahead log, with which nobody waits for a writer; the file keeps it, a copy of it may not.

    The file, made by an earlier version or copied, becomes its owner's alone.
    """
    if engine.dialect.name == "sqlite":
        file = sqlite_file(str(engine.url))
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")) if file else ():
            if path.exists():
                keep_private(path)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def data_version(connection: Connection) -> DataVersion:
    """The newest committed import, or `EMPTY`. Raises DatabaseError when the tables are not there."""
    columns, is_import = (imports.c.import_id, imports.c.finished_at), imports.c.kind == IMPORT
    last = select(func.max(imports.c.import_id))
    both = or_(*(imports.c.import_id == each.scalar_subquery() for each in (last, last.where(is_import))))
    try:
        rows = connection.execute(select(*columns, is_import).where(both).order_by(columns[0].desc())).all()
    except (OperationalError, ProgrammingError) as cause:
        raise DatabaseError(
            f"The database {without_password(connection.engine.url)} has no program in it yet. "
            "Run `uplift init` with the same address, then import your data."
        ) from cause
    if not rows:
        return EMPTY
    newest, imported = rows[0], rows[-1]
    of_data = (imported.import_id, imported.finished_at.isoformat()) if imported[-1] else ()
    return DataVersion(newest.import_id, newest.finished_at.isoformat(), *of_data)


def gather_statistics(connection: Connection) -> None:
    """Tell the database what its tables hold: without it, joins of large tables are planned row by row.

    All rows are looked at (three seconds at a million): plans made from samples were thirty times slower for some
    programs.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=0")
        connection.exec_driver_sql("ANALYZE")
    else:
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f'ANALYZE "{table.name}"')


def snapshot(connection: Connection) -> None:
    """From here on the connection sees one moment of the database, whatever is written meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    # The read copy is never written to: a new one takes its name, and who has the old one open keeps it.


@dataclass
class Database:
    """The program database with its read copy; one object a process, shared by its threads."""

    url: str = field(repr=False)
    read_copy: Path | None = None
    program: Engine = field(init=False)
    _copy: tuple[tuple[int, int], Engine | None] | None = field(default=None, init=False)
    _released: tuple[tuple[int, int], Engine] | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self.program = make_engine(self.url)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection to the program database inside one transaction."""
        with self.program.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with: the read copy when it is there and as new as the program database."""
        copy = self._fresh_copy()
        with (copy or self.program).connect() as connection:
            yield connection

    @contextmanager
    def outside(self) -> Iterator[Connection]:
        """A connection to the release, for whoever is outside: no table there has a row for a person.

        Raises NoReleaseError while nothing was released.
        """
        try:
            engine = self._release()
        except OSError as cause:
            raise NoReleaseError() from cause
        try:
            with engine.connect() as connection:
                yield connection
        except (OperationalError, ProgrammingError) as cause:
            if _is_empty(engine):
                raise NoReleaseError() from cause
            raise

    def version(self) -> DataVersion:
        with self.program.connect() as connection:
            return data_version(connection)

    def released_version(self) -> DataVersion:
        """The version of the facts in the release. Raises NoReleaseError while nothing was released."""
        with self.outside() as connection:
            return data_version(connection)

    @property
    def release_file(self) -> Path | None:
        """Where the release of a program in SQLite lies, beside it; None for PostgreSQL, where it is a schema."""
        path = self.program.url.database
        if self.program.dialect.name != "sqlite":
            return None
        return Path(path or DEFAULT_FILE).with_suffix(".release.db")

    @property
    def release_copy(self) -> Path | None:
        """Where a columnar copy of the release lies, if one is written: beside the read copy, else beside its file."""
        if self.read_copy is not None:
            return self.read_copy.with_suffix(".release.duckdb")
        return self.release_file and self.release_file.with_suffix(".duckdb")

    def close(self) -> None:
        """Give every connection back; SQLite then folds its write-ahead log into the database file."""
        self.program.dispose()
        for opened in (self._copy, self._released):
            if opened and opened[1]:
                opened[1].dispose()

    def reads_from_copy(self) -> bool:
        return self._fresh_copy() is not None

    def _release(self) -> Engine:
        """The release as it is now: its copy where that is as new, else its file, else its schema."""
        path = self.release_file
        if path is None:
            if self._released is None:
                self._released = ((0, 0), _open_release_schema(self.program))
            return self._released[1]
        copy = self.release_copy
        used = copy if copy is not None and _is_as_new(copy, path) else path
        stat = used.stat()
        identity = (stat.st_ino, stat.st_mtime_ns)
        with self._lock:
            if self._released is None or self._released[0] != identity:
                self._released = (identity, _open_file(path) if used == path else open_copy(used))
            return self._released[1]

    def _fresh_copy(self) -> Engine | None:
        if self.read_copy is None:
            return None
        try:
            stat = self.read_copy.stat()
            # A swapped-in copy is another file under the same name: its inode and time are the cue to reopen it.
            identity = (stat.st_ino, stat.st_mtime_ns)
            with self._lock:
                if self._copy is None or self._copy[0] != identity:
                    opened = open_copy(self.read_copy)
                    with opened.connect() as connection:
                        # One that an older version wrote lacks what questions read now.
                        self._copy = (identity, opened if has_prepared(connection) else None)
                engine = self._copy[1]
            if engine is None:
                return None
            with engine.connect() as connection:
                return engine if data_version(connection) == self.version() else None
        except (OSError, DatabaseError, SQLAlchemyError):
            return None


def _is_empty(engine: Engine) -> bool:
    """Whether nothing is there yet; what else went wrong is no lack of a release."""
    try:
        return not inspect(engine).has_table("releases")
    except SQLAlchemyError:
        return True


def _is_as_new(copy: Path, path: Path) -> bool:
    return copy.exists() and copy.stat().st_mtime_ns >= path.stat().st_mtime_ns


def _open_file(path: Path) -> Engine:
    # Swapped-in files are others: nothing may keep the old one open.
    return create_engine(f"sqlite:///file:{path.resolve()}?mode=ro&uri=true", poolclass=NullPool, hide_parameters=True)


def _open_release_schema(program: Engine) -> Engine:
    """Connections that see the release's schema alone, read-only, as its own role where there is one."""
    options = f"-csearch_path={RELEASE_SCHEMA} -cdefault_transaction_read_only=on"
    with program.connect() as connection:
        exists = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": RELEASE_READER})
        may = "SELECT pg_has_role(current_user, :role, 'MEMBER')"
        if exists.first() and connection.execute(text(may), {"role": RELEASE_READER}).scalar():
            options += f" -crole={RELEASE_READER}"
    url = program.url.update_query_dict({"options": options, "application_name": "uplift-outside"})
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)
