"""`uplift release`: make the release that is due, for everybody outside, or say which is the newest; list them all."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from dashboard.commands.opening import day, open_database, today
from dashboard.commands.progress import ProgressBar
from dashboard.words.sentences import Counted, say
from data_access.database.engine import Database
from data_access.selection import Period

_START_OVER = (
    "forget every release and make the newest anew, as after a first import that lacked half the data; whoever saw the "
    "old one can compare, so never do it to correct a few rows"
)


class ReleaseRefused(Exception):
    """No release can be made; the message says why, and the way out."""


def add_release_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("release", parents=[database])
    parser.set_defaults(run=_run)
    parser.add_argument("--list", action="store_true", help="name every release, the newest first")
    parser.add_argument("--start-over", action="store_true", help=_START_OVER)
    parser.add_argument("--as-of", type=day, default=today(), help="the day by which quarters are over")


def _run(options: argparse.Namespace) -> int:
    database = open_database(options)
    if options.list:
        said = listed(database)
    else:
        with ProgressBar() as bar:
            said = release(database, options.as_of, bar, start_over=options.start_over)
    database.close()
    print("\n".join(said))
    return 0


def release(database: Database, as_of: date, progress: Any = None, *, start_over: bool = False) -> list[str]:
    """Make the release that is due on a day, if one is, and write the release's own database anew; what to say of it.

    With `start_over` all earlier releases are forgotten first.

    Raises ReleaseRefused before the first import and where answers contradict each other; DatabaseError for what is no
    program database, ImportRefused while an import is writing.
    """
    import duckdb

    from data_access.database.engine import EMPTY
    from data_access.imports.one_writer import lock_out_others
    from data_access.privacy.book import NamesDisagree
    from data_access.release import history
    from data_access.release.make import due_on, make_release
    from data_access.release.project import write_release, write_release_schema

    version = database.version()
    if version == EMPTY:
        # An empty release of the quarter would stand in the way of the first import's.
        raise ReleaseRefused(
            "Nothing was imported yet, so there is nothing to release: uplift import PATH makes the first."
        )
    with database.program.connect() as connection:
        lock_out_others(connection)
        if start_over:
            history.forget(connection)
        due = due_on(connection, as_of)
        if due is not None:
            try:
                make_release(connection, due, version.import_id, progress)
            except NamesDisagree as cause:
                raise ReleaseRefused(
                    f"No release was made: {cause}. What was released before stays. Please report this."
                ) from cause
            except (OSError, duckdb.Error) as cause:
                raise ReleaseRefused(
                    f"No release was made ({cause}). What was released before stays. Make room on the disk or in "
                    "UPLIFT_COPY_LIMITS and try again."
                ) from cause
        write_release_schema(connection)
        newest = history.all_releases(connection)[0]
        tells = history.told_anything(connection)
        connection.commit()
    try:
        write_release(database)
    except (OSError, duckdb.Error) as cause:
        raise ReleaseRefused(
            f"The release could not be written ({cause}). Make room and try again; until then the older one is shown."
        ) from cause
    if not tells:
        return [_TOO_FEW]
    following = Period.quarter_of(newest.released_on).end
    template = _STANDS if due is None else _MADE if not newest.withheld else _MADE_IN_PART
    return [
        say(template, quarter=newest.quarter.in_words(), answers=_ANSWERS(newest.withheld)),
        say("The next is due on {day}: the first import from then on makes it, or this command.", day=following),
    ]


_TOO_FEW = (
    "Too few people are known for anything about them to be told: outside, events and teams are shown and no more. The "
    "first import that brings enough makes a release of them."
)
_MADE = "The release for the {quarter} is made: everybody outside is answered from it."
_MADE_IN_PART = (
    "The release for the {quarter} is made: everybody outside is answered from it. {answers} left out, which no ranges "
    "could have protected."
)
_STANDS = "None is due. The newest is the release for the {quarter}; its database was written anew."
_ANSWERS = Counted("{n} answer is", "{n} answers are")


def listed(database: Database) -> list[str]:
    """A line for each release, the newest first."""
    from data_access.release.history import all_releases

    database.version()
    with database.program.connect() as connection:
        found = all_releases(connection)
    return [
        say(
            "Release {number}, for the {quarter}: made on {day} by import {imported}; answers left out: {n}.",
            number=each.number,
            quarter=each.quarter.in_words(),
            day=each.made_at.date(),
            imported=each.of_import,
            n=each.withheld,
        )
        for each in found
    ] or ["Nothing was released yet. The first import after the end of a quarter makes a release, or `uplift release`."]
