"""The program database that a command names, opened; and what follows once it was changed."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from data_access.database.engine import Database
from data_access.migrations.migrate import initialise


def finish(database: Database, done: str) -> None:
    """Bring the read copy and the release up to date, and say what was done."""
    from data_access.imports.refreshing import refresh_read_copy  # it loads the readers of every format

    refresh_read_copy(database, lambda problem: print(f"uplift: {problem}", file=sys.stderr), None)
    print(done)


def open_program(options: argparse.Namespace) -> Database:
    """The database that the options name, at the newest schema."""
    copy = os.environ.get("UPLIFT_READ_COPY")
    database = Database(options.database, Path(copy) if copy else None)
    initialise(database.program)
    return database
