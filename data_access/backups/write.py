"""Writing a backup: all rows as of one moment, while others go on writing; checked before it takes its name."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from data_access.backups.manifest import BackupRefused, Contents, Manifest
from data_access.backups.read import check_file
from data_access.backups.rows import RowCounter, columns_of, contents_of, put_rows, rows_of
from data_access.database.engine import Database, data_version, snapshot
from data_access.database.fault_words import Fault
from data_access.database.faults import in_words, known_schemas, schema_fault, schema_of
from data_access.database.private_files import create_private, sqlite_file
from data_access.migrations.migrate import upgrade_to

Progress = Callable[[str, int, int | None], None]


def write_backup(
    database: Database, path: Path, settings: Mapping[str, str], progress: Progress | None = None
) -> Manifest:
    """Write the program into one file, which takes its name once it is whole and checked; returns what is in it.

    Raises BackupRefused, and a DatabaseFault for what is wrong with the database or the disk.
    """
    if not path.parent.is_dir():
        raise BackupRefused(f"There is no folder {path.parent}. Make it, or name another file.")
    own = sqlite_file(database.url)
    if path.is_dir() or (own is not None and own.exists() and path.exists() and path.samefile(own)):
        raise BackupRefused(f"{path} is not a place for a backup. Name a file of its own.")
    fault = schema_fault(database.program)
    if fault is not None and fault.fault is not Fault.SCHEMA_OLDER:
        raise fault
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    create_private(unfinished)
    try:
        with in_words(database.program):
            made = _write(database, unfinished, settings, progress)
        _check(unfinished, made)
        unfinished.replace(path)
    finally:
        for left in unfinished.parent.glob(f"{unfinished.name}*"):
            left.unlink(missing_ok=True)
    return made


def _write(database: Database, target: Path, settings: Mapping[str, str], progress: Progress | None) -> Manifest:
    with database.program.connect() as connection:
        snapshot(connection)
        schema, newest = schema_of(connection) or "", data_version(connection).import_id
        if connection.dialect.name == "sqlite":
            held = contents_of(connection, columns_of(connection))
            if progress:
                progress("Copying the file", 0, None)
            with closing(sqlite3.connect(target)) as copy:
                cast(sqlite3.Connection, connection.connection.dbapi_connection).backup(copy)
        else:
            held = _copy_rows(connection, target, schema, progress)
        engine = connection.dialect.name
    made = Manifest(datetime.now(UTC), version("uplift"), engine, schema, newest, held, settings)
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        made.write(copy)
    with target.open("rb") as written:
        os.fsync(written.fileno())
    return made


def _copy_rows(source: Connection, target: Path, schema: str, progress: Progress | None) -> dict[str, Contents]:
    """All rows of a program in PostgreSQL, in tables that our own migrations make."""
    if schema not in known_schemas():
        raise BackupRefused(f"The database has the schema {schema} of a newer version. Back it up with that.")
    engine = create_engine(URL.create("sqlite", database=str(target)), poolclass=NullPool, hide_parameters=True)
    held = {}
    with engine.begin() as copy:
        upgrade_to(copy, schema)
        tables, theirs = columns_of(copy), columns_of(source)
        for number, (name, columns) in enumerate(tables.items()):
            if progress:
                progress(f"Copying {name}", number, len(tables))
            counted = RowCounter()
            rows = rows_of(source, name, {each: theirs[name][each] for each in columns})
            put_rows(copy, name, columns, counted(rows))
            held[name] = counted.contents
    engine.dispose()
    return held


def _check(path: Path, made: Manifest) -> None:
    """What was written is read again: the file's own structure, and every row."""
    found = check_file(path)
    if found != made:
        raise BackupRefused("What was written is not what was read; the disk may be failing. No backup was made.")
