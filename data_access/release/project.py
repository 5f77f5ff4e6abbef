"""Writing the release's own database: facts and released answers, and no table in which a person has a row.

Beside a program in SQLite it is a file, written next to the old one and swapped in. In PostgreSQL it is a schema: the
facts are views of the columns that may be told, the answers tables, and a role of its own may read that and no more.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, func, insert, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.schema import CreateTable

from data_access.database.connecting import DatabaseError
from data_access.database.engine import EMPTY, RELEASE_READER, RELEASE_SCHEMA, Database, NoReleaseError, data_version
from data_access.database.prepared import has_prepared, is_ready
from data_access.database.read_copy import write_copy
from data_access.database.schema import events
from data_access.questions import QUESTIONS
from data_access.questions.released import released_table
from data_access.release import history
from data_access.release.facts import fact_tables, indexes_of

LARGE = 50_000
_one_at_a_time = threading.Lock()


def has_release_schema(connection: Connection) -> bool:
    """Whether the release's schema is there; a program in SQLite needs none."""
    if connection.dialect.name != "postgresql":
        return True
    there = "SELECT 1 FROM information_schema.schemata WHERE schema_name = :name"
    return connection.execute(text(there), {"name": RELEASE_SCHEMA}).first() is not None


def have_release(database: Database) -> None:
    """Write the release’s own database where it is missing, or older than the program’s data, or than its questions."""
    version = database.version()
    try:
        with database.outside() as connection:
            is_new = data_version(connection) == version and _has_every_table(connection)
    except (NoReleaseError, DatabaseError):
        is_new = version == EMPTY
    if is_new:
        return
    with database.writing() as connection:
        write_release_schema(connection)
    write_release(database)


def _has_every_table(connection: Connection) -> bool:
    """Whether it was written by a program that knew the same facts and released answers, as before an update."""
    tables = (*fact_tables(), *tables_of_answers().values())
    if is_ready(connection):
        return has_prepared(connection, {table.name: table for table in tables})
    try:
        for table in tables:
            connection.execute(select(table).limit(0))
    except (OperationalError, ProgrammingError):
        return False
    return True


def write_release(database: Database) -> None:
    """Bring the release's own database up to date with the facts and with what was released."""
    if database.release_file is None:
        return
    copy = database.release_copy
    if copy is None or not (database.read_copy is not None or _is_large(database)):
        write_release_file(database.program, database.release_file)
        if copy is not None:
            copy.unlink(missing_ok=True)
        return
    # Side by side, as each takes many seconds: the facts stand in the program as they will stand in the file.
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(write_release_file, database.program, database.release_file)
        _write_copy(database, copy, writing)


def _is_large(database: Database) -> bool:
    """Whether counting its events takes seconds in SQLite, and an instant in a columnar copy."""
    with database.program.connect() as connection:
        few = select(events.c.event_key).limit(LARGE).subquery()
        return connection.execute(select(func.count()).select_from(few)).scalar_one() >= LARGE


def _write_copy(database: Database, path: Path, writing: Future[None]) -> None:
    """The facts of the program, then, when the file is written, the answers that stand in it."""

    def file() -> AbstractContextManager[Connection]:
        writing.result()
        return database.outside()

    with database.program.connect() as program:
        write_copy(program, fact_tables(), path, rest=file, of_rest=list(tables_of_answers().values()))


def tables_of_answers() -> dict[str, Table]:
    """The table of each released question, by the question's name."""
    return {
        name: released_table(name, question.row)
        for name, question in sorted(QUESTIONS.items())
        if question.released is not None
    }


def write_release_file(program: Engine, path: Path) -> None:
    """Write the release of a program in SQLite anew; readers keep the old file until the new one is whole."""
    with _one_at_a_time:
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        try:
            engine = create_engine(f"sqlite:///{unfinished}")
            with engine.connect() as target:
                # Nobody reads it before it is whole: it needs no journal, and is flushed to the disk once, at its end.
                target.exec_driver_sql("PRAGMA main.journal_mode = OFF")
                target.exec_driver_sql("PRAGMA main.synchronous = OFF")
                target.exec_driver_sql("ATTACH DATABASE ? AS program", (str(program.url.database),))
                target.exec_driver_sql("BEGIN")
                _copy_facts(target)
                _write_answers(target)
                target.commit()
            engine.dispose()
            unfinished.chmod(0o600)
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def _copy_facts(target: Connection) -> None:
    for table in fact_tables():
        table.create(target)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        copied = f'INSERT INTO main."{table.name}" ({names}) SELECT {names} FROM program."{table.name}"'  # noqa: S608
        target.exec_driver_sql(copied)
        for name, columns in indexes_of(table):
            quoted = ", ".join(f'"{column}"' for column in columns)
            target.exec_driver_sql(f'CREATE INDEX "{name}" ON "{table.name}" ({quoted})')


def _write_answers(target: Connection) -> None:
    for name, table in tables_of_answers().items():
        table.create(target)
        rows = list(history.rows_of(target, name, QUESTIONS[name].row))
        if rows:
            target.execute(insert(table), rows)


def drop_release_schema(connection: Connection) -> None:
    """Take the release's schema away, where there is one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'DROP SCHEMA IF EXISTS "{RELEASE_SCHEMA}" CASCADE'))


# Two programs of one server share their roles; who may not make one goes without.
_MAKE_READER = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{RELEASE_READER}')
    AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
    CREATE ROLE {RELEASE_READER} NOLOGIN;
    EXECUTE format('GRANT {RELEASE_READER} TO %I', current_user);
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""  # noqa: S608  # names of our own


def write_release_schema(connection: Connection) -> None:
    """Write the release of a program in PostgreSQL anew, in the connection's transaction; else do nothing."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text(_MAKE_READER))
    drop_release_schema(connection)
    connection.execute(text(f'CREATE SCHEMA "{RELEASE_SCHEMA}"'))
    for table in fact_tables():
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        view = f'CREATE VIEW "{RELEASE_SCHEMA}"."{table.name}" AS SELECT {columns} FROM public."{table.name}"'  # noqa: S608
        connection.execute(text(view))
    for name, table in tables_of_answers().items():
        placed = table.to_metadata(type(table.metadata)(), schema=RELEASE_SCHEMA)
        connection.execute(CreateTable(placed))
        rows = list(history.rows_of(connection, name, QUESTIONS[name].row))
        if rows:
            connection.execute(insert(placed), rows)
    if connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": RELEASE_READER}).first():
        connection.execute(text(f'GRANT USAGE ON SCHEMA "{RELEASE_SCHEMA}" TO "{RELEASE_READER}"'))
        connection.execute(text(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{RELEASE_SCHEMA}" TO "{RELEASE_READER}"'))
