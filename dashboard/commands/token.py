"""`uplift token`: tokens with which other programs ask questions over HTTP."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Any

from dashboard.commands.opening import open_program
from dashboard.commands.viewer import command_line_author
from data_access import actions
from data_access.access_tokens import all_tokens
from data_access.selection import parse_day
from data_access.viewers import ROLE_WORDS

DAYS = 90


def add_token_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command with its three verbs."""
    parser = commands.add_parser("token")
    verbs = parser.add_subparsers(title="verbs", metavar="")
    made = verbs.add_parser("make", help="make a token and print it, once", parents=[database])
    made.add_argument("name", metavar="NAME", help="what it is for, such as website")
    made.add_argument("role", metavar="ROLE", help=", ".join(ROLE_WORDS))
    made.add_argument("--team", action="append", default=[], metavar="KEY", help="a partner’s team; may be repeated")
    made.add_argument(
        "--ends", metavar="DAY", help=f"the first day on which it opens nothing (default: in {DAYS} days)"
    )
    made.set_defaults(run=_make)
    ended = verbs.add_parser("end", help="end a token at once", parents=[database])
    ended.add_argument("name", metavar="NAME")
    ended.set_defaults(run=_end)
    listed = verbs.add_parser("list", help="name the tokens that were made", parents=[database])
    listed.set_defaults(run=_list)


def _make(options: argparse.Namespace) -> int:
    today = date.today()
    ends_on = parse_day(options.ends) if options.ends else today + timedelta(days=DAYS)
    database = open_program(options)
    made = actions.make_token(database, command_line_author(), options.name, options.role, options.team, ends_on, today)
    print(made)
    database.close()
    return 0


def _end(options: argparse.Namespace) -> int:
    database = open_program(options)
    actions.end_token(database, command_line_author(), options.name)
    print(f"The token “{options.name}” opens nothing any more.")
    database.close()
    return 0


def _list(options: argparse.Namespace) -> int:
    database = open_program(options)
    with database.program.connect() as connection:
        found = all_tokens(connection)
    for token in found:
        over = " (over)" if token.ends_on <= date.today() else ""
        print(f"{token.name:<30} {token.role:<12} until {token.ends_on}{over}  {', '.join(token.teams)}".rstrip())
    if not found:
        print("There is no token yet. Make one: uplift token make website leadership")
    database.close()
    return 0
