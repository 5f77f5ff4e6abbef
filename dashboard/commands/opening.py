"""What commands share: the program database that one names, opened; days; and what follows once it was changed."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data_access.database.engine import Database


class UsageError(Exception):
    """A command cannot do what was asked; the message says the way out."""


def day(text: str) -> date:
    """An option's day. Raises ArgumentTypeError."""
    from data_access.selection import SelectionError, parse_day

    try:
        return parse_day(text)
    except SelectionError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def today() -> date:
    """The day as of which the program is seen: UPLIFT_AS_OF, else today. Raises SelectionError."""
    from data_access.selection import parse_day

    given = os.environ.get("UPLIFT_AS_OF", "").strip()
    return parse_day(given) if given else date.today()


def read_copy_path() -> Path | None:
    """Where the read copy is, if there is one: UPLIFT_READ_COPY."""
    path = os.environ.get("UPLIFT_READ_COPY")
    return Path(path) if path else None


def open_database(options: argparse.Namespace) -> Database:
    """The database that the options name, with its read copy and its lake. Raises UsageError."""
    from dashboard.settings.lakes import LakeError, open_lake, place_of
    from data_access.database.engine import Database

    try:
        return Database(options.database, read_copy_path(), lake=open_lake(place_of(os.environ)))
    except LakeError as cause:
        raise UsageError(str(cause)) from cause


def open_program(options: argparse.Namespace) -> Database:
    """The database that the options name, at the newest schema."""
    from data_access.migrations.migrate import initialise

    database = open_database(options)
    initialise(database.program)
    return database


def finish(database: Database, done: str) -> None:
    """Bring the read copy and the release up to date, and say what was done."""
    from data_access.imports.refreshing import refresh_read_copy  # it loads the readers of every format

    refresh_read_copy(database, lambda problem: print(f"uplift: {problem}", file=sys.stderr), None)
    print(done)
