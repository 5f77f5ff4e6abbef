"""The `uplift` command: make a database, import, undo, sync, ask, report, release, publish, let viewers in, and serve.

What a command needs is imported when it is named: whoever asks for help waits for nothing.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import traceback
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

LOG = logging.getLogger("uplift")
# name: where its options are made (a function of this file, of a module of `dashboard.commands`, or of the room that is
# named), what it does
COMMANDS = {
    "init": ("_add_init", "create the program database, or bring an older one up to date"),
    "import": ("importing.add_import_command", "import files, folders or zips; all of it or, on any error, nothing"),
    "geocode": ("importing.add_geocode_command", "look up again the places that were not found"),
    "template": ("columns.add_template_command", "write an empty workbook to fill in and import"),
    "sample": ("_add_sample", "write the bundle of a believable sample program"),
    "backup": (
        "backup.add_backup_command",
        "write the whole program into one file and check it, while others go on working",
    ),
    "restore": (
        "backup.add_restore_command",
        "put a backup in the place of the program, of SQLite or PostgreSQL; what was there is kept aside",
    ),
    "doctor": (
        "doctor.add_doctor_command",
        "look whether everything is in order: database, disk, release, sign-in …; each with its remedy",
    ),
    "imports": (
        "imports.add_imports_command",
        "list the newest imports, or undo one: what it added goes, what it changed is again what it was",
    ),
    "start": (
        "start.add_start_command",
        "begin a program of your own: an empty one, in an empty database or in the place of the sample",
    ),
    "ask": ("ask.add_ask_command", "answer a question from the program database"),
    "release": (
        "release.add_release_command",
        "make the quarterly release that is due, from which everybody outside is answered; or list them",
    ),
    "publish": (
        "publish.add_publish_command",
        "write the public database and the static site, or check one that was written",
    ),
    "report": (
        "report.add_report_command",
        "write a report as PDF, page and slides, or check what changed since one was made",
    ),
    "viewer": ("viewer.add_viewer_command", "say who may sign in, as what: add, remove, list"),
    "token": ("token.add_token_command", "let another program ask questions over HTTP: make, end, list"),
    "mcp": (
        "mcp.add_mcp_command",
        "offer the questions to an agent (Model Context Protocol, on standard input and output)",
    ),
    "person": (
        "person.add_person_command",
        "everything held about a person: show, export, erase; expire, by the retention period; same, merge, split",
    ),
    "sync": ("sync.add_sync_command", "ask the live sources for what is new, and import it"),
    "source": ("sync.add_source_command", "name the live sources: add, remove, list"),
    "digest": ("digests.command.add_digest_command", "send the messages that are due, or show what would go to whom"),
    "subscribe": ("digests.command.add_subscribe_command", "have somebody told by e-mail, webhook or feed"),
    "unsubscribe": ("digests.command.add_unsubscribe_command", "end a subscription"),
    "subscriptions": (
        "digests.command.add_subscriptions_command",
        "list who is told of what, and what became of the last message",
    ),
    "read-copy": ("_add_read_copy", "write the DuckDB read copy that questions are then answered from"),
    "lake": ("lake.add_lake_command", "past one machine: what the lake holds and who answers; write it anew"),
    "serve": ("_add_serve", "serve the dashboard"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 nothing imported, 2 a sentence on stderr says why."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = command_parser(arguments[:1])
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    from data_access.database.faults import explain_at
    from data_access.database.one_writer import tell_waiting

    tell_waiting(lambda words: print(f"uplift: {words}", file=sys.stderr, flush=True))
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("\nuplift: stopped; nothing was half-written.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
    except Exception as problem:
        if isinstance(problem, _in_words()):
            print(f"uplift: {problem}", file=sys.stderr)
        elif fault := explain_at(problem, getattr(options, "database", "")):
            print(f"uplift: {fault}", file=sys.stderr)
        elif os.environ.get("UPLIFT_DEV") == "yes":
            raise  # a developer wants the traceback here; settings may be what is broken
        else:
            _log_and_say_where()
    return 2


def _in_words() -> tuple[type[Exception], ...]:
    """What is ours to explain: its message is a sentence that says the way out."""
    from dashboard.commands.opening import UsageError
    from dashboard.commands.publish import REFUSALS
    from dashboard.commands.release import ReleaseRefused
    from dashboard.report.shapes import ReportRefused
    from dashboard.settings import SettingsError
    from data_access.actions import ActionRefused
    from data_access.database.connecting import DatabaseError
    from data_access.geography.overrides import OverridesRefused
    from data_access.imports.rows import ImportRefused
    from data_access.persons.held import UnknownPerson
    from data_access.selection import NotAllowed, SelectionError

    return (
        *(UsageError, ImportRefused, DatabaseError, SelectionError, NotAllowed, SettingsError),
        *(OverridesRefused, ActionRefused, UnknownPerson, ReleaseRefused, ReportRefused, *REFUSALS),
    )


def _log_and_say_where() -> None:
    from dashboard.door.logs import redacted
    from data_access.database.private_files import open_private

    reference = secrets.token_hex(4)
    path = _log_file()
    open_private(path, "a").close()
    logging.basicConfig(filename=path)
    LOG.error("reference %s\n%s", reference, redacted(traceback.format_exc()))
    print(
        f"uplift: something went wrong that should not have (reference {reference}). Nothing was half-written. "
        f"The details are in {path}; please report them.",
        file=sys.stderr,
    )


def _log_file() -> Path:
    from data_access.geography.cache_folder import cache_folder

    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "uplift.log"


class _Described:
    """Commands to be added to a parser, each with its line of `COMMANDS`."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parsers = parser.add_subparsers(title="commands", metavar="")

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        _, line = COMMANDS[name]
        return self._parsers.add_parser(name, help=line, description=line, **options)


def command_parser(named: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The parser of all commands; only the named ones know their options."""
    parser = argparse.ArgumentParser(prog="uplift", description="Analytics and maps for community programs.")
    commands = _Described(parser)
    database = _database_option() if set(named) & COMMANDS.keys() else None
    for name, (place, _) in COMMANDS.items():
        if name not in named:
            commands.add_parser(name)
            continue
        module, _, function = place.rpartition(".")
        room = module if "." in module else f"commands.{module}"
        made = getattr(import_module(f"dashboard.{room}"), function) if module else globals()[function]
        made(commands, database)
    return parser


def _database_option() -> argparse.ArgumentParser:
    from data_access.database.connecting import DEFAULT_URL

    database = argparse.ArgumentParser(add_help=False)
    database.add_argument(
        "--database",
        default=os.environ.get("UPLIFT_DATABASE_URL") or DEFAULT_URL,
        help=f"the program database's URL (default: UPLIFT_DATABASE_URL, else {DEFAULT_URL})",
    )
    return database


def _add_init(commands: _Described, database: argparse.ArgumentParser) -> None:
    commands.add_parser("init", parents=[database]).set_defaults(run=_init)


def _init(options: argparse.Namespace) -> int:
    from dashboard.commands.progress import ProgressBar
    from dashboard.commands.release import release
    from data_access.database.connecting import without_password
    from data_access.database.engine import EMPTY, Database
    from data_access.migrations.migrate import initialise

    with closing(Database(options.database)) as database:
        before, now = initialise(database.program)
        print(f"{without_password(options.database)} is ready (schema {now}{'' if before else ', new'}).")
        if before not in (None, now) and database.version() != EMPTY:
            # Outside, what an older version showed is no more; the release is what is shown.
            with ProgressBar() as bar:
                print("\n".join(release(database, date.today(), bar)))
    return 0


def _add_sample(commands: _Described, database: argparse.ArgumentParser) -> None:
    from dashboard.commands.opening import day

    sample = commands.add_parser("sample")
    sample.set_defaults(run=_sample)
    sample.add_argument("--out", type=Path, required=True, help="the folder for its CSV files")
    for name, default in (("events", 3_000), ("contributions", 60_000), ("people", 2_000), ("seed", 1)):
        sample.add_argument(f"--{name}", type=int, default=default, help="(default: %(default)s)")
    sample.add_argument("--as-of", type=day, help="the day on which the program's story ends (default: a fixed day)")


def _sample(options: argparse.Namespace) -> int:
    from dashboard.commands.opening import UsageError
    from dashboard.commands.progress import ProgressBar
    from sample_data.generator import AS_OF, write_program

    with ProgressBar() as bar:
        try:
            written = write_program(
                options.out,
                events=options.events,
                contributions=options.contributions,
                people=options.people,
                seed=options.seed,
                as_of=options.as_of or AS_OF,
                progress=bar,
            )
        except ValueError as problem:
            raise UsageError(str(problem)) from problem
    rows = sum(written.values())
    print(f"{rows:,} rows in {len(written)} tables are in {options.out}. Next: uplift import {options.out}")
    return 0


def _add_read_copy(commands: _Described, database: argparse.ArgumentParser) -> None:
    from dashboard.commands.opening import read_copy_path

    copy = commands.add_parser("read-copy", parents=[database])
    copy.set_defaults(run=_read_copy)
    copy.add_argument("path", nargs="?", type=Path, default=read_copy_path(), help="(default: UPLIFT_READ_COPY)")


def _read_copy(options: argparse.Namespace) -> int:
    from dashboard.commands.opening import UsageError
    from dashboard.commands.progress import ProgressBar
    from data_access.database.engine import Database
    from data_access.database.read_copy import write_read_copy

    if options.path is None:
        raise UsageError("Say where: uplift read-copy program.duckdb, or set UPLIFT_READ_COPY.")
    with closing(Database(options.database)) as database:
        database.version()
        with ProgressBar() as bar:
            rows = write_read_copy(database.program, options.path, bar)
    print(f"{options.path} holds {rows:,} rows. Set UPLIFT_READ_COPY={options.path} to read from it.")
    return 0


def _add_serve(commands: _Described, database: argparse.ArgumentParser) -> None:
    served = commands.add_parser("serve", parents=[database])
    served.set_defaults(run=_serve)
    served.add_argument("--address", help="the address to bind to (default: 127.0.0.1)")
    served.add_argument(
        "--audience", choices=("staff", "public"), help="staff (default), or public: the publication alone"
    )
    served.add_argument("--publication", type=Path, help="the folder `uplift publish` wrote (default: public)")
    served.add_argument("--with-schedule", action="store_true", help="also send what is due, every few minutes")
    served.add_argument("--port", type=int, help="(default: PORT, else 8501)")


def _serve(options: argparse.Namespace) -> int:
    from dashboard.server import serve
    from dashboard.settings import Settings

    overrides = {"UPLIFT_DATABASE_URL": options.database}
    if options.address:
        overrides["UPLIFT_ADDRESS"] = options.address
    if options.audience:
        overrides["UPLIFT_AUDIENCE"] = options.audience
    if options.publication:
        overrides["UPLIFT_PUBLICATION"] = str(options.publication)
    if options.with_schedule:
        overrides["UPLIFT_WITH_SCHEDULE"] = "yes"
    if options.port:
        overrides["PORT"] = str(options.port)
    serve(Settings.from_environment({**os.environ, **overrides}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
