"""`uplift imports`: the newest imports, and undoing them, from the command line."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import Any

from dashboard.commands.opening import open_database
from dashboard.commands.viewer import command_line_author
from data_access.actions import newest_imports, undo_import
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.imports.refreshing import refresh_read_copy
from data_access.questions.data.refused_imports import RefusedImport, refused_imports
from data_access.questions.registry import question_of
from data_access.selection import Role, Scope, Selection
from data_access.wording import counted, moment_in_words

MOST_REFUSED = 5
UNREADABLE = "could not be read, or held no row"


def add_imports_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command with its two verbs."""
    parser = commands.add_parser("imports")
    verbs = parser.add_subparsers(title="verbs", metavar="")
    listed = verbs.add_parser("list", help="name the newest imports, and which can be undone", parents=[database])
    listed.set_defaults(run=_list)
    undone = verbs.add_parser("undo", help="undo an import; the newest one first", parents=[database])
    undone.add_argument("number", metavar="ID", type=int)
    undone.set_defaults(run=_undo)


def _list(options: argparse.Namespace) -> int:
    with closing(Database(options.database)) as database:
        database.version()
        with database.program.connect() as connection:
            found = newest_imports(connection)
            refused = rows(RefusedImport, question_of(refused_imports).ask(connection, Selection(), Scope(Role.PM)))
    for each in found:
        print(f"{each.import_id:>6}  {moment_in_words(each.finished_at)}  {each.source}")
        print(f"        {each.problem or 'can be undone'}")
    if not found:
        print("Nothing has been imported yet.")
    for no in refused[:MOST_REFUSED]:
        said = counted(no.errors, "{n} error", "{n} errors") if no.errors else UNREADABLE
        print(f"refused {moment_in_words(no.refused_at)}  {no.source}\n        {said}")
    return 0


def _undo(options: argparse.Namespace) -> int:
    with closing(open_database(options)) as database:
        database.version()
        print(undo_import(database, command_line_author(), options.number))
        refresh_read_copy(database, lambda problem: print(f"uplift: {problem}", file=sys.stderr), None)
    return 0
