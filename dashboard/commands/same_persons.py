"""`uplift person same|merge|split`: who is probably one person, and saying so."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

from dashboard.commands.opening import finish, open_program
from dashboard.commands.viewer import command_line_author
from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.persons.likeness import STRENGTHS, by_strength, probably_same
from data_access.persons.reads import Read, record_read
from data_access.selection import Role
from data_access.wording import say

MOST_PRINTED = 50


def add_same_person_verbs(verbs: Any, database: argparse.ArgumentParser) -> None:
    """Register the verbs below `uplift person`."""
    same = verbs.add_parser("same", help="list who is probably one person, with the evidence", parents=[database])
    same.add_argument("--all", action="store_true", help=f"print more than the surest {MOST_PRINTED}")
    same.set_defaults(run=_same)
    merged = verbs.add_parser("merge", help="make one person of two keys", parents=[database])
    merged.add_argument("key", metavar="KEY", help="the key that goes")
    merged.add_argument("into", metavar="INTO", help="the key of the person that stays")
    merged.set_defaults(run=_merge)
    split = verbs.add_parser("split", help="make two persons of one again", parents=[database])
    split.add_argument("key", metavar="KEY", help="the key that was merged")
    split.set_defaults(run=_split)
    different = verbs.add_parser("different", help="keep in mind that two are not the same", parents=[database])
    different.add_argument("key", metavar="KEY", help="the key of one")
    different.add_argument("other", metavar="OTHER", help="the key of the other")
    different.set_defaults(run=_different)


def _same(options: argparse.Namespace) -> int:
    with closing(open_program(options)) as database:
        with database.program.connect() as connection:
            found = probably_same(connection)
        if found:
            about = Read(
                date.today(), command_line_author().name, str(Role.PM), "probable_same_persons", "", len(found)
            )
            record_read(database, about)
    counts = by_strength(found)
    for pair in found if options.all else found[:MOST_PRINTED]:
        print(f"{pair.strength}: {pair.merged} → {pair.kept}: {pair.evidence}")
        if pair.against:
            print(f"  against it: {pair.against}")
    told = ", ".join(say("{n} {strength}", n=counts[each], strength=each) for each in STRENGTHS)
    print(say("{n} pairs: {told}. Merge one with `uplift person merge KEY INTO`.", n=len(found), told=told))
    return 0


def _merge(options: argparse.Namespace) -> int:
    return _write(options, lambda database, by: actions.merge_people(database, by, options.key, options.into))


def _split(options: argparse.Namespace) -> int:
    return _write(options, lambda database, by: actions.split_person(database, by, options.key))


def _different(options: argparse.Namespace) -> int:
    return _write(options, lambda database, by: actions.say_different(database, by, options.key, options.other))


def _write(options: argparse.Namespace, change: Callable[[Database, Author], str]) -> int:
    with closing(open_program(options)) as database:
        finish(database, change(database, command_line_author()))
    return 0
