"""`uplift lake`: what the lake holds and whether its engine answers; `uplift lake write` writes it anew."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Any

import duckdb

from dashboard.commands.opening import UsageError, open_database
from dashboard.commands.progress import ProgressBar
from data_access.database.engine import Database, LakeSource
from data_access.database.lake.manifest import PROGRAM, NotASnapshot, read_snapshot
from data_access.release.lake import write_lake


def add_lake_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("lake", parents=[database])
    parser.set_defaults(run=_show)
    kinds = parser.add_subparsers(metavar="")
    kinds.add_parser("write", parents=[database], help="write the snapshot anew").set_defaults(run=_write)
    kinds.add_parser("show", parents=[database], help="what it holds, and who answers").set_defaults(run=_show)


def _lake_of(database: Database) -> LakeSource:
    if database.lake is None:
        raise UsageError("There is no lake: set UPLIFT_LAKE_PATH to the folder for its files.")
    return database.lake


def _write(options: argparse.Namespace) -> int:
    with closing(open_database(options)) as database:
        lake = _lake_of(database)
        database.version()
        try:
            with ProgressBar() as bar:
                written = write_lake(database, lake.path, bar)
        except (OSError, duckdb.Error) as cause:
            raise UsageError(f"The lake could not be written ({cause}). What it held before stays.") from cause
    rows = sum(part.rows for part in written.tables.values())
    print(f"{lake.path} holds {rows:,} rows in {len(written.files)} files.")
    return 0


def _show(options: argparse.Namespace) -> int:
    with closing(open_database(options)) as database:
        lake = _lake_of(database)
        try:
            held = read_snapshot(lake.path / PROGRAM)
        except (OSError, NotASnapshot) as cause:
            raise UsageError(f"The lake holds no snapshot ({cause}). Run `uplift lake write`.") from cause
        rows = sum(part.rows for part in held.tables.values())
        print(f"{lake.path} holds {rows:,} rows in {len(held.files)} files, of import {held.version.import_id}.")
        why = lake.why_not(database.version())
    print(why or "Its engine answers, and questions are asked of it.")
    return 1 if why else 0
