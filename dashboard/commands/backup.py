"""`uplift backup` and `uplift restore`: the whole program in one checked file, and back."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.commands.opening import finish
from dashboard.commands.progress import ProgressBar
from dashboard.words.sentences import say
from data_access.backups import check_backup, restore_backup, write_backup
from data_access.database.connecting import without_password
from data_access.database.engine import Database

# Of a folder, the backups that this command names and clears.
NAMED = "uplift-%Y%m%dT%H%M%S.backup.db"
_ANY = "uplift-*T*.backup.db"
WRITTEN = "{path} is whole: {rows} rows in {tables} tables, as of change {change}, schema {schema}."
RESTORED = "{database} is as it was on {moment}: {rows} rows, as of change {change}."
ASIDE = "What was there before is in {aside}. Remove it once you do not need it."


def add_backup_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("backup", parents=[database])
    parser.add_argument("--out", type=Path, metavar="FILE", help="the file, or a folder for one named by the moment")
    parser.add_argument("--keep", type=int, metavar="N", help="in that folder, remove all but the newest N")
    parser.add_argument("--check", type=Path, metavar="FILE", help="write nothing: say whether this backup is whole")
    parser.set_defaults(run=_backup)


def add_restore_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("restore", parents=[database])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    if options.check:
        path, found = options.check, check_backup(options.check)
    elif options.out is None:
        print("uplift: Say where: uplift backup --out FILE.")
        return 2
    else:
        folder = options.out if options.out.is_dir() else None
        path = folder / datetime.now(UTC).strftime(NAMED) if folder else options.out
        with closing(Database(options.database)) as database, ProgressBar() as bar:
            found = write_backup(database, path, settings_that_matter(), bar)
        for old in sorted(folder.glob(_ANY), reverse=True)[max(options.keep, 1) :] if folder and options.keep else ():
            old.unlink()
    print(
        say(
            WRITTEN,
            path=path,
            rows=found.rows,
            tables=len(found.tables),
            change=str(found.import_id),
            schema=found.schema,
        )
    )
    return 0


def _restore(options: argparse.Namespace) -> int:
    copy = os.environ.get("UPLIFT_READ_COPY")
    with closing(Database(options.database, Path(copy) if copy else None)) as database, ProgressBar() as bar:
        restored = restore_backup(database, options.file, datetime.now(UTC), bar)
        done = say(
            RESTORED,
            database=without_password(options.database),
            moment=f"{restored.manifest.made_at:%Y-%m-%d %H:%M} UTC",
            rows=restored.manifest.rows,
            change=str(restored.manifest.import_id),
        )
        finish(database, done)
    if restored.aside:
        print(say(ASIDE, aside=restored.aside))
    return 0


def settings_that_matter() -> dict[str, str]:
    """What the environment sets of Uplift, without what is secret: to be set again where a backup is brought back."""
    from dashboard.settings import TABLE

    given = {item.name: os.environ[item.name] for item in TABLE if os.environ.get(item.name)}
    shown = {name: without_password(value) if name.endswith("_URL") else value for name, value in given.items()}
    return {name: value for name, value in shown.items() if not any(word in name for word in ("SECRET", "PASSWORD"))}
