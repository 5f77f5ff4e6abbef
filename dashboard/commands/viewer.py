"""`uplift viewer`: who may look, in which role, from the command line; the first program manager is let in here."""

from __future__ import annotations

import argparse
from typing import Any

from dashboard.commands.opening import open_program
from data_access import actions
from data_access.actions import Author
from data_access.database.private_files import account
from data_access.selection import Role, Scope
from data_access.viewers import ROLE_WORDS, all_viewers


def add_viewer_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command with its three verbs."""
    parser = commands.add_parser("viewer")
    verbs = parser.add_subparsers(title="verbs", metavar="")
    added = verbs.add_parser("add", help="give an account a role, or another one", parents=[database])
    added.add_argument("email", metavar="EMAIL")
    added.add_argument("role", metavar="ROLE", help=", ".join(ROLE_WORDS))
    added.add_argument("--team", action="append", default=[], metavar="KEY", help="a partner’s team; may be repeated")
    added.set_defaults(run=_add)
    removed = verbs.add_parser("remove", help="take an account’s role away", parents=[database])
    removed.add_argument("email", metavar="EMAIL")
    removed.set_defaults(run=_remove)
    listed = verbs.add_parser("list", help="name everybody with a role", parents=[database])
    listed.set_defaults(run=_list)


def command_line_author() -> Author:
    """Whoever has the database and this machine is a program manager; the audit says it was the command line."""
    return Author(f"{account()} (command line)", Scope(Role.PM))


def _add(options: argparse.Namespace) -> int:
    database = open_program(options)
    print(f"{actions.set_viewer(database, command_line_author(), options.email, options.role, options.team)}.")
    database.close()
    return 0


def _remove(options: argparse.Namespace) -> int:
    database = open_program(options)
    print(f"{actions.remove_viewer(database, command_line_author(), options.email)}.")
    database.close()
    return 0


def _list(options: argparse.Namespace) -> int:
    database = open_program(options)
    with database.program.connect() as connection:
        found = all_viewers(connection)
    for viewer in found:
        print(f"{viewer.email:<40} {viewer.role:<12} {', '.join(viewer.teams)}".rstrip())
    if not found:
        print("Nobody has a role yet. Give the first one: uplift viewer add ada@example.org pm")
    database.close()
    return 0
