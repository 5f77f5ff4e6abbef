"""Bringing a backup back: into SQLite or PostgreSQL, whichever it was made of; what was there is kept aside."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from data_access.backups.manifest import TABLE, BackupRefused, Manifest
from data_access.backups.read import check_backup
from data_access.backups.rows import columns_of, contents_of, put_rows, rows_of
from data_access.database.engine import Database
from data_access.database.faults import in_words
from data_access.database.holders import users_of
from data_access.database.one_writer import take_write_lock
from data_access.database.private_files import create_private, keep_private, sqlite_file
from data_access.migrations.migrate import initialise, upgrade_to
from data_access.release.project import drop_release_schema, write_release_schema

Progress = Callable[[str, int, int | None], None]
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and where what was there before is: a file, or a schema of PostgreSQL; "" if nothing."""

    manifest: Manifest
    aside: str


def restore_backup(database: Database, path: Path, now: datetime, progress: Progress | None = None) -> Restored:
    """Put the backup in the place of the program, at the newest schema. The release and the read copy are not written.

    Raises BackupRefused for a backup that is not whole and while others use the database; then nothing was changed.
    """
    found = check_backup(path)
    file = sqlite_file(database.url)
    _refuse_while_used(database, file)
    with in_words(database.program):
        if file is not None:
            aside = _into_sqlite(database, file, path, now)
        else:
            aside = _into_postgresql(database, path, found, now, progress)
    return Restored(found, aside)


def _refuse_while_used(database: Database, file: Path | None) -> None:
    database.program.dispose()  # what this process has open itself
    if file is not None and not file.exists():
        return
    used = users_of(database.program)
    if not used and file is not None and not _is_free(file):
        used = ["another process"]
    if used:
        names = ", ".join(used)
        raise BackupRefused(f"The database is in use by {names}. Stop that first. Nothing was changed.")


def _is_free(file: Path) -> bool:
    """Whether nobody else has the file open: its log can be folded into it for good only then."""
    try:
        with closing(sqlite3.connect(file, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as cause:
        return cause.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
    except sqlite3.DatabaseError:
        pass  # a damaged file is in nobody's use
    return True


def _into_sqlite(database: Database, file: Path, backup: Path, now: datetime) -> str:
    prepared = file.with_name(f".{file.name}.restoring")
    for left in prepared.parent.glob(f"{prepared.name}*"):
        left.unlink()
    create_private(prepared)
    shutil.copyfile(backup, prepared)
    with closing(sqlite3.connect(prepared)) as connection:
        connection.execute(f"DROP TABLE {TABLE}")
        connection.commit()
    made = Database(f"sqlite:///{prepared}")
    initialise(made.program)
    made.close()
    with prepared.open("rb") as written:
        os.fsync(written.fileno())
    aside = ""
    if file.exists():
        name = f"{file.stem}.before-restore-{now:%Y%m%dT%H%M%S}"
        names = [f"{name}{more}.db" for more in ("", *(f"-{n}" for n in range(2, 100)))]
        aside = next(str(path) for each in names if not (path := file.with_name(each)).exists())
        for ending in ("-wal", "-shm"):  # beside a damaged file alone
            if (log := Path(f"{file}{ending}")).exists():
                log.rename(f"{aside}{ending}")
        file.rename(aside)
    prepared.rename(file)
    keep_private(file)
    return aside


def _into_postgresql(
    database: Database, backup: Path, found: Manifest, now: datetime, progress: Progress | None
) -> str:
    """In one transaction: the schema of before gets another name, and a new one takes its place."""
    source = create_engine(URL.create("sqlite", database=str(backup)), poolclass=NullPool, hide_parameters=True)
    with source.connect() as rows, database.program.connect() as connection:
        take_write_lock(connection, PATIENCE)
        drop_release_schema(connection)
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
        aside = ""
        if inspect(connection).get_table_names():
            aside = f"uplift_before_{now:%Y%m%dt%H%M%S}"
            connection.exec_driver_sql(f'ALTER SCHEMA "{schema}" RENAME TO "{aside}"')
            connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
        upgrade_to(connection, found.schema)
        _copy_rows(rows, connection, found, progress)
        connection.commit()
    initialise(database.program)
    with database.writing() as connection:
        write_release_schema(connection)
    return aside


_REFERENCES = """
    SELECT conrelid::regclass::text AS name, conname, pg_get_constraintdef(oid) AS words
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


def _copy_rows(source: Connection, target: Connection, found: Manifest, progress: Progress | None) -> None:
    references = target.execute(text(_REFERENCES)).all()
    for table, name, _ in references:  # rows refer to rows that come later
        target.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    tables, theirs = columns_of(target), columns_of(source)
    for number, (name, columns) in enumerate(tables.items()):
        if progress:
            progress(f"Bringing back {name}", number, len(tables))
        put_rows(target, name, columns, rows_of(source, name, {each: theirs[name][each] for each in columns}))
        for column in columns:
            _continue_numbers(target, name, column)
    for table, name, words in references:
        target.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {words}')
    held = contents_of(target, tables)
    wrong = sorted(name for name, each in held.items() if each != found.tables.get(name))
    if wrong:
        names = ", ".join(wrong)
        raise BackupRefused(f"The backup’s {names} could not be brought back as they are. Nothing was changed.")


def _continue_numbers(target: Connection, table: str, column: str) -> None:
    """The next row gets the number after the highest."""
    asked = text("SELECT pg_get_serial_sequence(:name, :column)")
    sequence = target.execute(asked, {"name": f'"{table}"', "column": column}).scalar()
    if sequence:
        highest = f'SELECT setval(\'{sequence}\', max("{column}")) FROM "{table}" HAVING max("{column}") IS NOT NULL'  # noqa: S608
        target.exec_driver_sql(highest)
