"""Reading a backup: whether it is whole, and what it holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from data_access.backups.manifest import BackupRefused, Manifest, read_manifest
from data_access.backups.rows import columns_of, contents_of
from data_access.database.faults import known_schemas, newest_schema


def check_backup(path: Path) -> Manifest:
    """What a backup holds, after all of it was read. Raises BackupRefused for one that is missing or not whole."""
    if not path.is_file():
        raise BackupRefused(f"There is no file {path}.")
    found = check_file(path)
    if found.schema not in known_schemas():
        raise BackupRefused(
            f"{path} has the schema {found.schema} of a newer version; this one knows {newest_schema()}. "
            "Bring it back with the newer version of Uplift."
        )
    return found


def check_file(path: Path) -> Manifest:
    """The same for a file that is there. It is not changed."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            said = read_manifest(connection, path)
            [whole] = connection.execute("PRAGMA integrity_check(1)").fetchone()
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as cause:
        raise BackupRefused(f"{path} is damaged, or no backup ({cause}). Take an older one.") from cause
    if whole != "ok" or loose is not None:
        raise BackupRefused(f"{path} is damaged ({whole if whole != 'ok' else loose}). Take an older one.")
    engine = create_engine(f"sqlite:///{address.replace('file://', 'file:')}&uri=true", poolclass=NullPool)
    with engine.connect() as read:
        held = contents_of(read, columns_of(read))
    for name, expected in said.tables.items():
        if held.get(name) != expected:
            raise BackupRefused(f"{path} is damaged: its table {name} is not as it was written. Take an older one.")
    return said
