"""`uplift person`: everything held about a person, to read or to take along, and its erasure."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.commands.opening import finish, open_program, today
from dashboard.commands.same_persons import add_same_person_verbs
from dashboard.commands.viewer import command_line_author
from data_access import actions
from data_access.actions import ActionRefused
from data_access.database.private_files import open_private
from data_access.persons.held import PersonFile, held_about
from data_access.persons.reads import Read, record_read
from data_access.selection import Role
from data_access.wording import say


def add_person_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command with its verbs."""
    parser = commands.add_parser("person")
    verbs = parser.add_subparsers(title="verbs", metavar="")
    shown = verbs.add_parser("show", help="print everything held about a person", parents=[database])
    exported = verbs.add_parser("export", help="write it as JSON and as text, to be handed over", parents=[database])
    erased = verbs.add_parser("erase", help="erase a person; the numbers stay", parents=[database])
    expired = verbs.add_parser("expire", help="erase who is gone longer than `retention_years`", parents=[database])
    for verb, run in ((shown, _show), (exported, _export), (erased, _erase)):
        verb.add_argument("key", metavar="KEY", help="the person’s key in the table `people`")
        verb.set_defaults(run=run)
    exported.add_argument("--out", type=Path, default=Path(), help="the folder for the two files (default: this one)")
    for verb in (erased, expired):
        verb.add_argument("--yes", action="store_true", help="do not ask again: it cannot be undone")
        verb.add_argument("--rejected", type=Path, help="where rejected rows are kept, if not beside the database")
    expired.set_defaults(run=_expire)
    add_same_person_verbs(verbs, database)


def _show(options: argparse.Namespace) -> int:
    print(_held(options, "person_show").as_text(), end="")
    return 0


def _export(options: argparse.Namespace) -> int:
    held = _held(options, "person_export")
    name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in held.key).strip(".")
    options.out.mkdir(parents=True, exist_ok=True)
    for ending, content in (("json", held.as_json()), ("txt", held.as_text())):
        path = options.out / f"person-{name or 'export'}.{ending}"
        with open_private(path) as file:
            file.write(content)
        print(path)
    return 0


def _held(options: argparse.Namespace, what: str) -> PersonFile:
    with closing(open_program(options)) as database:
        with database.program.connect() as connection:
            held = held_about(connection, options.key)
        record_read(database, Read(date.today(), command_line_author().name, str(Role.PM), what, held.key, 1))
        return held


def _erase(options: argparse.Namespace) -> int:
    with closing(open_program(options)) as database:
        with database.program.connect() as connection:
            held = held_about(connection, options.key)
        rows = sum(len(found) for found in held.tables.values())
        ask = say("{n} rows are held about {key}. Type the key to erase them for good: ", n=rows, key=held.key)
        typed = options.key if options.yes else _typed(ask)
        done = actions.erase_person(
            database, command_line_author(), options.key, typed=typed, today=today(), rejected=options.rejected
        )
        finish(database, done)
    return 0


def _expire(options: argparse.Namespace) -> int:
    with closing(open_program(options)) as database:
        with database.program.connect() as connection:
            keys = actions.whose_time_is_over(connection, today())
        if not keys:
            print("Nobody is gone for longer than the retention period.")
            return 0
        ask = say(
            "{n} people are gone for longer than the retention period. Type yes to erase them for good: ", n=len(keys)
        )
        if not options.yes and _typed(ask) != "yes":
            raise ActionRefused("Nothing was changed.")
        finish(
            database, actions.expire(database, command_line_author(), keys, today=today(), rejected=options.rejected)
        )
    return 0


def _typed(ask: str) -> str:
    try:
        return input(ask)
    except EOFError:
        raise ActionRefused("Nothing was changed: without a terminal, confirm with --yes.") from None
