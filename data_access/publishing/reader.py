"""Opens a `public.db`, read-only, and hands out its tables: all that a public process ever reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
from sqlalchemy import Date

from data_access import answers
from data_access.publishing.rows import ROWS
from data_access.publishing.tables import FORMAT, READABLE, public
from data_access.selection import Period

TABLES: tuple[str, ...] = tuple(public.tables)
DATABASE_FILE = "public.db"


class PublicationError(Exception):
    """The file is not a publication that this program can read; the message says the way out."""


@dataclass(frozen=True)
class Publication:
    """An open publication: where it is (or its bytes), its facts, and its tables by name."""

    source: Path | bytes
    about: dict[str, str]

    @property
    def title(self) -> str:
        return self.about["title"]

    @property
    def currency(self) -> str:
        return self.about["currency"]

    @property
    def data_version(self) -> str:
        return self.about["data_version"]

    @property
    def published_at(self) -> datetime:
        return datetime.fromisoformat(self.about["published_at"])

    @property
    def data_as_of(self) -> datetime | None:
        """When the last import was finished; None for a program without any."""
        return datetime.fromisoformat(self.about["data_as_of"]) if self.about["data_as_of"] else None

    @property
    def min_group_size(self) -> int:
        return int(self.about["min_group_size"])

    @property
    def released_for(self) -> Period | None:
        """The last quarter of the release that this publication is of; None where it was made before there were any."""
        return None if self.about["format"] == "1" else Period.quarter_of(self.day("period_end") - timedelta(days=1))

    @property
    def begins_a_history(self) -> bool:
        """Whether what was published here before was protected in another way."""
        return bool(self.about.get("new_history"))

    @property
    def identity(self) -> tuple[str, str]:
        """What changes with each publication: for cache keys."""
        return self.about["published_at"], self.data_version

    def day(self, name: str) -> date:
        """A day among the facts: period_start, period_end, year_start, year_end, as_of."""
        return date.fromisoformat(self.about[name])

    def table(self, name: str) -> pd.DataFrame:
        """One of TABLES, in its order; days are dates, missing values NA. Raises KeyError for another name."""
        table = public.tables[name]
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        with closing(_opened(self.source)) as connection:
            rows = connection.execute(f'SELECT {columns} FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608
        found = pd.DataFrame(rows, columns=[column.name for column in table.columns], dtype=object)
        for column in table.columns:
            if isinstance(column.type, Date):
                found[column.name] = [None if day is None else date.fromisoformat(day) for day in found[column.name]]
        return answers.typed(ROWS[name], found)


def open_publication(source: Path | bytes) -> Publication:
    """Open `public.db`, the folder that holds it, or the bytes of one. Raises PublicationError."""
    name = "The publication"
    if isinstance(source, Path):
        folder, source = source, source / DATABASE_FILE if source.is_dir() else source
        name = str(source)
        if not source.is_file():
            raise PublicationError(f"There is no publication at {name}. Write one: uplift publish --out {folder}")
    try:
        with closing(_opened(source)) as connection:
            about: dict[str, str] = dict(connection.execute("SELECT name, value FROM publication"))
    except sqlite3.DatabaseError as cause:
        raise PublicationError(f"{name} is not a publication. Write one with `uplift publish`.") from cause
    if about.get("format") not in {str(readable) for readable in READABLE}:
        raise PublicationError(
            f"{name} has format {about.get('format', 'unknown')}, and this program reads formats up to {FORMAT}. "
            "Publish again with this version of Uplift."
        )
    return Publication(source, about)


def _opened(source: Path | bytes) -> sqlite3.Connection:
    if isinstance(source, bytes):
        connection = sqlite3.connect(":memory:")
        connection.deserialize(source)
        return connection
    # Immutable: a publication is never changed in place, only swapped; so no lock and no journal is looked for.
    return sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
