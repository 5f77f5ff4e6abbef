"""Opens a `public.db`, read-only, and hands out its tables: all that a public process ever reads."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Date, Float, Integer
from sqlalchemy.types import TypeEngine

from data_access.publishing.tables import FORMAT, public
from data_access.questions.frames import EXACT, NUMBER, TEXT, WHOLE, typed

TABLES: tuple[str, ...] = tuple(public.tables)
DATABASE_FILE = "public.db"


class PublicationError(Exception):
    """The file is not a publication that this program can read; the message says the way out."""


@dataclass(frozen=True)
class Publication:
    """An open publication: its facts, and its tables by name."""

    path: Path
    about: dict[str, str]

    @property
    def title(self) -> str:
        return self.about["title"]

    @property
    def min_group_size(self) -> int:
        return int(self.about["min_group_size"])

    @property
    def identity(self) -> tuple[str, str]:
        """What changes with each publication: for cache keys."""
        return self.about["published_at"], self.about["data_version"]

    def day(self, name: str) -> date:
        """A day among the facts: period_start, period_end, year_start, year_end, as_of."""
        return date.fromisoformat(self.about[name])

    def table(self, name: str) -> pd.DataFrame:
        """One of TABLES, in its order; days are dates, missing values NA. Raises KeyError for another name."""
        table = public.tables[name]
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        with _opened(self.path) as connection:
            rows = connection.execute(f'SELECT {columns} FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608
        connection.close()
        found = pd.DataFrame(rows, columns=[column.name for column in table.columns], dtype=object)
        for column in table.columns:
            if isinstance(column.type, Date):
                found[column.name] = [None if day is None else date.fromisoformat(day) for day in found[column.name]]
        return typed(found, **{column.name: _kind(column.type) for column in table.columns})


def open_publication(path: Path) -> Publication:
    """Open `public.db`, or the folder that holds it. Raises PublicationError."""
    file = path / DATABASE_FILE if path.is_dir() else path
    if not file.is_file():
        raise PublicationError(f"There is no publication at {file}. Write one with `uplift publish --out {path}`.")
    try:
        with _opened(file) as connection:
            about: dict[str, str] = dict(connection.execute("SELECT name, value FROM publication"))
        connection.close()
    except sqlite3.DatabaseError as cause:
        raise PublicationError(f"{file} is not a publication. Write one with `uplift publish`.") from cause
    if about.get("format") != str(FORMAT):
        raise PublicationError(
            f"{file} has format {about.get('format', 'unknown')}, and this program reads format {FORMAT}. "
            "Publish again with this version of Uplift."
        )
    return Publication(file, about)


def _opened(path: Path) -> Any:
    # Immutable: a publication is never changed in place, only swapped; so no lock and no journal is looked for.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _kind(type_: TypeEngine[Any]) -> str:
    if isinstance(type_, Integer):
        return WHOLE
    if isinstance(type_, Float):
        return NUMBER
    return EXACT if isinstance(type_, Date) else TEXT
