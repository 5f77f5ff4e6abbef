"""A columnar copy that is being made: tables come into it one after the other, until it takes its place.

An import of much begins one within its transaction, works in it what follows from the rows, asks it for the release,
and makes the read copy of it: rows leave the program database once.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
from sqlalchemy import Connection, Engine, Table

from data_access.database.columnar import limit, opened_copy
from data_access.database.copying import copy_table, make_table
from data_access.database.prepared import in_duckdb, preparations
from data_access.database.private_files import keep_private, sqlite_file, sweep

Progress = Callable[[str, int, int | None], None]


def begin_copy(path: Path) -> UnfinishedCopy:
    """What is to take the place of the file of this name."""
    return UnfinishedCopy(path.parent, f".{path.name}.", is_kept=True)


def copy_of_its_own(program: Engine) -> UnfinishedCopy:
    """A copy that is thrown away, for whoever is writing to the program database."""
    file = sqlite_file(str(program.url))
    if file is None:
        return UnfinishedCopy(Path(tempfile.gettempdir()), ".uplift.asked-")
    # One at a time writes a program in SQLite: any other was left by a process that was killed.
    return UnfinishedCopy(file.parent, f".{file.name}.asked-", abandoned_after=timedelta(0))


class UnfinishedCopy:
    """In a folder that nobody else can enter, which goes at the end. No file is made before a table comes.

    `tables` are those that it holds, by name, with the columns that it has of them. `is_kept`: it is to take a file's
    place, so it needs every column.
    """

    def __init__(
        self, beside: Path, prefix: str, *, is_kept: bool = False, abandoned_after: timedelta = timedelta(days=1)
    ) -> None:
        self.is_kept = is_kept
        self._beside, self._prefix, self._abandoned_after = beside, prefix, abandoned_after
        self._folder: Path | None = None
        self._opened: duckdb.DuckDBPyConnection | None = None
        self.tables: dict[str, Table] = {}
        self._prepared: set[str] = set()

    def __enter__(self) -> UnfinishedCopy:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    @property
    def copy(self) -> duckdb.DuckDBPyConnection:
        """The copy, to be written to."""
        if self._opened is None:
            self._opened = duckdb.connect(str(self._file))
            self._opened.execute("SET enable_progress_bar = false")  # it would be drawn into what a command prints
            limit(self._opened)
        return self._opened

    @property
    def _file(self) -> Path:
        if self._folder is None:
            # What processes that were killed have left holds persons.
            sweep(self._beside, self._prefix, self._abandoned_after)
            # In a folder that nobody else can enter: DuckDB makes its files as the umask has it.
            self._folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=self._beside))
        return self._folder / "unfinished.duckdb"

    def take(self, connection: Connection, tables: Sequence[Table], progress: Progress | None = None) -> int:
        """Copy the rows of these tables, as the connection sees them; returns how many.

        A table that is held already is left as it is.
        """
        written = 0
        self.copy.execute("SET threads = 1")  # more of them wait for the next chunk, which costs a fourth more
        for number, table in enumerate(tables):
            if table.name not in self.tables:
                if progress:
                    progress(f"Copying {table.name}", number, len(tables))
                written += copy_table(connection, self.copy, table)
                self.tables[table.name] = table
        self.copy.execute("RESET threads")
        limit(self.copy)
        return written

    def work_out(self, table: Table, rows: str) -> None:
        """Hold the table with the rows of this statement, in the order of its key."""
        place = {column.name: at for at, column in enumerate(table.columns, 1)}
        keys = ", ".join(str(place[column.name]) for column in table.primary_key)
        order = f" ORDER BY {keys}" if keys else ""
        self.drop(table)
        make_table(self.copy, table)
        self.copy.execute(f'INSERT INTO "{table.name}" {rows}{order}')
        self.tables[table.name] = table

    def drop(self, table: Table) -> None:
        """Let go of one table."""
        self.copy.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        self.tables.pop(table.name, None)

    def prepare(self, progress: Progress | None = None) -> None:
        """Hold ready the joins that can be made of the tables that it has."""
        if progress:
            progress("Preparing joins", len(self.tables), len(self.tables))
        for name, definition in preparations(self.tables):
            if name not in self._prepared:
                self.copy.execute(f'CREATE TABLE "{name}" AS {in_duckdb(definition)}')
                self._prepared.add(name)

    @contextmanager
    def reading(self) -> Iterator[Engine]:
        """Connections that ask it; nothing can be added meanwhile."""
        self.close()
        with opened_copy(self._file) as engine:
            yield engine

    def put(self, path: Path) -> None:
        """Let it take its place, on the same disk: readers keep the file before it until then."""
        self.close()
        keep_private(self._file)
        self._file.replace(path)
        self.discard()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def discard(self) -> None:
        """Let go of all that it holds."""
        self.close()
        self.tables.clear()
        self._prepared.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
