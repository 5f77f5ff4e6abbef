"""What a snapshot is: the files of each table and their data version, in one file that is renamed last."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Float, Integer, Table
from sqlalchemy.types import TypeEngine

from data_access.database.column_types import ExactNumber, Money
from data_access.database.engine import DataVersion

CURRENT = "CURRENT.json"
PROGRAM, RELEASE = "program", "release"  # the folders of a lake: who is outside is answered from the second alone
FORMAT = 1
_TYPES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (BigInteger, "BIGINT"),
    (Integer, "INT"),
    (Boolean, "BOOLEAN"),
    (Date, "DATE"),
    (DateTime, "TIMESTAMP_NTZ"),
    (Float, "DOUBLE"),
)


class NotASnapshot(ValueError):
    """The folder holds no snapshot that can be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class TableFiles:
    """One table of a snapshot: its columns, as the engine declares them, and its files, relative to the folder."""

    columns: str
    files: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables as of one data version; `shape` is of the tables and columns, which a new schema changes."""

    version: DataVersion
    shape: str
    tables: dict[str, TableFiles]

    @property
    def files(self) -> set[str]:
        return {name for part in self.tables.values() for name in part.files}

    def write(self, folder: Path) -> None:
        """Make it the current one: renamed into place when it is whole, and on the disk before that."""
        version = [self.version.import_id, self.version.finished_at, self.version.imported, self.version.imported_at]
        tables = {
            name: {"columns": part.columns, "files": part.files, "rows": part.rows}
            for name, part in sorted(self.tables.items())
        }
        content = {"format": FORMAT, "version": version, "shape": self.shape, "tables": tables}
        unfinished = folder / f".{CURRENT}.{os.getpid()}"
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(folder / CURRENT)
        finally:
            unfinished.unlink(missing_ok=True)


def read_snapshot(folder: Path) -> Snapshot:
    """The current snapshot of a folder. Raises OSError where there is none, NotASnapshot for what is not whole."""
    try:
        found = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise NotASnapshot(f"{folder / CURRENT} is of format {found['format']}, not {FORMAT}")
        number, finished_at, imported, imported_at = found["version"]
        tables = {
            name: TableFiles(str(part["columns"]), tuple(part["files"]), int(part["rows"]))
            for name, part in found["tables"].items()
        }
        version = DataVersion(int(number), str(finished_at), int(imported), str(imported_at))
        snapshot = Snapshot(version, str(found["shape"]), tables)
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        if isinstance(cause, NotASnapshot):
            raise
        raise NotASnapshot(f"{folder / CURRENT} is not a snapshot's list of files: {cause}") from cause
    missing = sorted(name for name in snapshot.files if not (folder / name).is_file())
    if missing:
        raise NotASnapshot(f"{missing[0]} is missing from {folder}, and {len(missing) - 1} more files")
    return snapshot


def columns_of(table: Table) -> str:
    """The columns of a table as Spark declares them: `event_key STRING, starts_on DATE`."""
    return ", ".join(f"`{column.name}` {_type_of(column.type)}" for column in table.columns)


def shape_of(tables: Iterable[Table]) -> str:
    """A short text that differs when a table or column was added, dropped or is of another type."""
    text = "\n".join(sorted(f"{table.name}: {columns_of(table)}" for table in tables))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _type_of(kind: TypeEngine[Any]) -> str:
    if isinstance(kind, Money):
        return "BIGINT"
    if isinstance(kind, ExactNumber):
        return "STRING"
    return next((name for known, name in _TYPES if isinstance(kind, known)), "STRING")
