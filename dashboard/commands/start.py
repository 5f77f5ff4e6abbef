"""`uplift start`: begin a program of one's own, empty, from the command line."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import date
from typing import Any

from dashboard.commands.viewer import command_line_author
from data_access.actions import NewProgram, start_program
from data_access.database.engine import Database
from data_access.imports.refreshing import refresh_read_copy
from data_access.migrations.migrate import initialise


def add_start_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("start", parents=[database])
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("currency", metavar="CURRENCY", help="three letters, such as EUR")
    parser.add_argument("--fiscal-year", default="", metavar="MM-DD", help="its first day (default: 01-01)")
    parser.add_argument("--floor", default="", metavar="N", help="events per quarter of a member (default: 3)")
    parser.add_argument("--ceiling", default="", metavar="AMOUNT", help="of a member and fiscal year (default: none)")
    parser.add_argument("--replace-sample", action="store_true", help="the sample program goes; its file is kept aside")
    parser.set_defaults(run=_start)


def _start(options: argparse.Namespace) -> int:
    wanted = NewProgram(options.name, options.currency, options.fiscal_year, options.floor, options.ceiling)
    with closing(Database(options.database)) as database:
        initialise(database.program)
        said = start_program(
            database, command_line_author(), wanted, today=date.today(), replace=options.replace_sample
        )
        refresh_read_copy(database, lambda problem: print(f"uplift: {problem}", file=sys.stderr), None)
    print(said)
    return 0
