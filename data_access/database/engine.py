"""Opening databases: the program database (SQLite or PostgreSQL) and its optional DuckDB read copy."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, func, inspect, or_, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from data_access.database.columnar import open_copy
from data_access.database.connecting import DatabaseError, make_engine, make_file, open_postgresql, unlimited
from data_access.database.faults import in_words, is_of_copy
from data_access.database.prepared import has_prepared
from data_access.database.private_files import keep_private, sqlite_file
from data_access.database.schema import imports, metadata

log = logging.getLogger("uplift")
DEFAULT_FILE = "uplift.db"
# In PostgreSQL: the schema that everybody outside is answered from, and the role that may read that alone.
RELEASE_SCHEMA, RELEASE_READER = "release", "uplift_release"


class NoReleaseError(DatabaseError):
    """Nothing was released yet: there is nothing that anybody outside may see."""

    def __init__(self) -> None:
        super().__init__("Nothing was released yet. The first import makes the first release.")


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

    The file is made if it is not there. One that was made by an earlier version or copied, becomes its owner's alone.
    """
    if engine.dialect.name == "sqlite":
        make_file(engine)
        file = sqlite_file(str(engine.url))
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")) if file else ():
            if path.exists():
                keep_private(path)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def data_version(connection: Connection) -> DataVersion:
    """The newest committed import, or `EMPTY`. Raises a DatabaseFault when the tables are not there."""
    columns, is_import = (imports.c.import_id, imports.c.finished_at), imports.c.kind == IMPORT
    last = select(func.max(imports.c.import_id))
    both = or_(*(imports.c.import_id == each.scalar_subquery() for each in (last, last.where(is_import))))
    with in_words(connection.engine):
        rows = connection.execute(select(*columns, is_import).where(both).order_by(columns[0].desc())).all()
    if not rows:
        return EMPTY
    newest, imported = rows[0], rows[-1]
    of_data = (imported.import_id, imported.finished_at.isoformat()) if imported[-1] else ()
    return DataVersion(newest.import_id, newest.finished_at.isoformat(), *of_data)


def gather_statistics(connection: Connection, written: Mapping[str, int] | None = None) -> None:
    """Tell the database what its tables hold: without it, joins of large tables are planned row by row.

    All rows are looked at (three seconds at a million): plans made from samples were thirty times slower for some
    programs. `written` says how many rows of which tables were written since: tables that are for nine tenths what
    they were keep what is known of them.
    """
    if connection.dialect.name != "sqlite":
        tables = [table.name for table in metadata.sorted_tables]
    else:
        connection.exec_driver_sql("PRAGMA analysis_limit=0")
        tables = [""] if written is None else list(_grown(connection, written))
    for name in tables:
        connection.exec_driver_sql(f'ANALYZE "{name}"' if name else "ANALYZE")


def _grown(connection: Connection, written: Mapping[str, int]) -> Iterator[str]:
    """Tables of SQLite that hold by a tenth other rows than when they were last looked at; "" for all."""
    if not inspect(connection).has_table("sqlite_stat1"):
        yield ""
        return
    known: dict[str, int] = {}
    told = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all()
    for name, _, stat in told:
        known[name] = max(known.get(name, 0), int(stat.split()[0]))
    told_of = {index for _, index, _ in told}
    indexes = connection.exec_driver_sql("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'").all()
    unknown = {name for name, index in indexes if index not in told_of}
    for table in metadata.sorted_tables:
        rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
        before = known.get(table.name, 0)
        changed = max(abs(rows - before), written.get(table.name, 0))
        if 10 * changed > before or (rows and table.name in unknown):
            yield table.name


def snapshot(connection: Connection) -> None:
    """From here on the connection sees one moment of the database, whatever is written meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    unlimited(connection)
    # The read copy is never written to: a new one takes its name, and who has the old one open keeps it.


class CopyUnreadable(DatabaseError):
    """A columnar copy is damaged and was left aside; what it was asked for can be asked again at once."""

    def __init__(self) -> None:
        super().__init__("The read copy could not be read and is left aside. Ask again; `uplift read-copy` mends it.")


class LakeSource(Protocol):
    """Snapshots that an engine past one machine reads: `data_access.database.lake`.

    A connection answers from the next best source once the engine fails; None: it has nothing of that version.
    """

    path: Path

    def program(self, version: DataVersion, next_best: Callable[[], Connection]) -> Connection | None: ...
    def release(self, version: DataVersion, next_best: Callable[[], Connection]) -> Connection | None: ...
    def why_not(self, version: DataVersion) -> str: ...
    def close(self) -> None: ...


@dataclass
class Database:
    """The program database with its read copy and its lake; one object a process, shared by its threads."""

    url: str = field(repr=False)
    read_copy: Path | None = None
    statement_seconds: int = 0  # how long a question may take; 0 for as long as it needs
    lake: LakeSource | None = field(default=None, kw_only=True)
    program: Engine = field(init=False)
    _copy: tuple[tuple[int, int], Engine | None] | None = field(default=None, init=False)
    _released: tuple[tuple[int, int], Engine] | None = field(default=None, init=False)
    _aside: set[tuple[int, int]] = field(default_factory=set, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self.program = make_engine(self.url, self.statement_seconds)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection to the program database inside one transaction."""
        with self.program.begin() as connection:
            unlimited(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with: the lake, else the read copy, where it is as new as the program database.

        Raises CopyUnreadable where the copy turns out to be damaged.
        """
        with ExitStack() as opened:

            def here() -> Connection:
                copy = self._fresh_copy()
                opened.enter_context(self._putting_aside(self._copy if copy else None))
                return opened.enter_context((copy or self.program).connect())

            lake = self.lake.program(self.version(), here) if self.lake else None
            yield opened.enter_context(lake) if lake else here()

    @contextmanager
    def outside(self) -> Iterator[Connection]:
        """A connection to the release, for whoever is outside: no table there has a row for a person.

        Raises NoReleaseError while nothing was released, CopyUnreadable where its copy turns out to be damaged.
        """
        with self.outside_here() as connection, ExitStack() as opened:
            lake = self.lake.release(data_version(connection), lambda: connection) if self.lake else None
            yield opened.enter_context(lake) if lake else connection

    @contextmanager
    def outside_here(self) -> Iterator[Connection]:
        """The release on this machine."""
        try:
            engine = self._release()
        except OSError as cause:
            raise NoReleaseError() from cause
        try:
            with self._putting_aside(self._released), engine.connect() as connection:
                yield connection
        except (OperationalError, ProgrammingError) as cause:
            if _is_empty(engine):
                raise NoReleaseError() from cause
            raise

    @contextmanager
    def _putting_aside(self, opened: tuple[tuple[int, int], Engine | None] | None) -> Iterator[None]:
        try:
            yield
        except Exception as cause:
            if opened is None or not is_of_copy(cause):
                raise
            log.warning("A read copy is damaged and left aside, for slower answers; `uplift read-copy` mends it")
            self._aside.add(opened[0])
            raise CopyUnreadable() from cause

    def version(self) -> DataVersion:
        """The newest change. Raises a DatabaseFault where something is wrong with the database."""
        with in_words(self.program), self.program.connect() as connection:
            return data_version(connection)

    def released_version(self) -> DataVersion:
        """The version of the facts in the release. Raises NoReleaseError while nothing was released."""
        with self.outside_here() as connection:
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
        """Give every connection back, and fold SQLite's write-ahead log into the file: it is whole then, alone."""
        if self.program.dialect.name == "sqlite":
            # Whoever still has the file open would else keep the log apart.
            with contextlib.suppress(SQLAlchemyError), self.program.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=2000")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.program.dispose()
        for opened in (self._copy, self._released):
            if opened and opened[1]:
                opened[1].dispose()
        if self.lake:
            self.lake.close()

    def reads_from_copy(self) -> bool:
        return self._fresh_copy() is not None

    def _release(self) -> Engine:
        """The release as it is now: its copy where that is as new, else its file, else its schema."""
        path = self.release_file
        if path is None:
            if self._released is None:
                self._released = ((0, 0), _open_release_schema(self.program, self.statement_seconds))
            return self._released[1]
        copy = self.release_copy
        used = copy if copy is not None and _is_as_new(copy, path) and _identity(copy) not in self._aside else path
        identity = _identity(used)
        with self._lock:
            if self._released is None or self._released[0] != identity:
                self._released = (identity, _open_file(path) if used == path else open_copy(used))
            return self._released[1]

    def _fresh_copy(self) -> Engine | None:
        if self.read_copy is None:
            return None
        try:
            identity = _identity(self.read_copy)
            if identity in self._aside:
                return None
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


def _identity(file: Path) -> tuple[int, int]:
    """A swapped-in file is another one under the same name: its inode and time are the cue to open it anew."""
    stat = file.stat()
    return stat.st_ino, stat.st_mtime_ns


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


def _open_release_schema(program: Engine, statement_seconds: int) -> Engine:
    """Connections that see the release's schema alone, read-only, as its own role where there is one."""
    options = f"-csearch_path={RELEASE_SCHEMA} -cdefault_transaction_read_only=on"
    with program.connect() as connection:
        exists = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": RELEASE_READER})
        may = "SELECT pg_has_role(current_user, :role, 'MEMBER')"
        if exists.first() and connection.execute(text(may), {"role": RELEASE_READER}).scalar():
            options += f" -crole={RELEASE_READER}"
    url = program.url.update_query_dict({"options": options, "application_name": "uplift-outside"})
    return open_postgresql(url, statement_seconds)
