"""What a backup says of itself, in a table of its own: when and of what it was made, and what must be in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data_access.database.connecting import DatabaseError

TABLE = "uplift_backup"
FORMAT = 1


class BackupRefused(DatabaseError):
    """A backup that cannot be written, is not whole, or cannot be brought back now; the message says the way out."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Of one table: how many rows it has, and the sum of their digests, which is the same in whatever order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`version` is Uplift's, `schema` the database's, `import_id` the newest change; `settings` holds no secret."""

    made_at: datetime
    version: str
    engine: str
    schema: str
    import_id: int
    tables: Mapping[str, Contents]
    settings: Mapping[str, str]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())

    def write(self, connection: sqlite3.Connection) -> None:
        """Keep it in the backup."""
        kept = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "version": self.version,
            "engine": self.engine,
            "schema": self.schema,
            "import_id": self.import_id,
            "tables": {name: [each.rows, each.digest] for name, each in self.tables.items()},
            "settings": dict(self.settings),
        }
        connection.execute(f"CREATE TABLE {TABLE} (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in kept.items()]
        connection.executemany(f"INSERT INTO {TABLE} VALUES (?, ?)", rows)  # noqa: S608  # a name of our own
        connection.commit()


def read_manifest(connection: sqlite3.Connection, path: Path) -> Manifest:
    """What the backup says of itself. Raises BackupRefused for a file that is no backup, or of a later form."""
    there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if connection.execute(there, (TABLE,)).fetchone() is None:
        raise BackupRefused(f"{path} is not a backup that `uplift backup` wrote. Nothing was changed.")
    kept = {name: json.loads(value) for name, value in connection.execute(f"SELECT name, value FROM {TABLE}")}  # noqa: S608
    if kept.get("format") != FORMAT:
        raise BackupRefused(f"{path} was written by a newer Uplift ({kept.get('version')}). Bring it back with that.")
    return Manifest(
        datetime.fromisoformat(kept["made_at"]),
        kept["version"],
        kept["engine"],
        kept["schema"],
        kept["import_id"],
        {name: Contents(rows, digest) for name, (rows, digest) in kept["tables"].items()},
        kept["settings"],
    )
