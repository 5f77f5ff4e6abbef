"""The `uplift` command: make a database, import, undo, sync, ask, release, publish, let viewers in, and serve."""

from __future__ import annotations

import argparse
import json
import logging
import os
import secrets
import sys
import traceback
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path

from dashboard.commands.ask import add_ask_command
from dashboard.commands.columns import add_column_options, agreed, write_template
from dashboard.commands.imports import add_imports_command
from dashboard.commands.mcp import add_mcp_command
from dashboard.commands.person import add_person_command
from dashboard.commands.progress import ProgressBar
from dashboard.commands.publish import REFUSALS, add_publish_command
from dashboard.commands.release import ReleaseRefused, add_release_command, release
from dashboard.commands.start import add_start_command
from dashboard.commands.sync import add_sync_commands
from dashboard.commands.token import add_token_command
from dashboard.commands.viewer import add_viewer_command
from dashboard.door.logs import redacted
from data_access.actions import ActionRefused
from data_access.database.engine import DEFAULT_URL, EMPTY, Database, DatabaseError, without_password
from data_access.database.private_files import open_private
from data_access.imports.rows import ImportRefused
from data_access.persons.held import UnknownPerson
from data_access.selection import NotAllowed, SelectionError, parse_day

LOG = logging.getLogger("uplift")


class UsageError(Exception):
    """A command cannot do what was asked; the message says the way out."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 nothing imported, 2 a sentence on stderr says why."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    # Imported here: settings are the shell's, and `uplift --help` must not wait for them.
    from dashboard.settings import SettingsError
    from data_access.geography.overrides import OverridesRefused

    expected = (
        *(UsageError, ImportRefused, DatabaseError, SelectionError, NotAllowed, SettingsError),
        *(OverridesRefused, ActionRefused, UnknownPerson, ReleaseRefused),
    )
    try:
        return int(options.run(options))
    except (*expected, *REFUSALS) as problem:
        print(f"uplift: {problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nuplift: stopped; nothing was half-written.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
    except Exception:
        if os.environ.get("UPLIFT_DEV") == "yes":
            raise  # a developer wants the traceback here; settings may be what is broken
        reference = secrets.token_hex(4)
        path = _log_file()
        open_private(path, "a").close()
        logging.basicConfig(filename=path)
        LOG.error("reference %s\n%s", reference, redacted(traceback.format_exc()))  # noqa: TRY400  # it is redacted
        print(
            f"uplift: something went wrong that should not have (reference {reference}). Nothing was half-written. "
            f"The details are in {path}; please report them.",
            file=sys.stderr,
        )
    return 2


def _log_file() -> Path:
    import platformdirs

    folder = Path(os.environ.get("UPLIFT_CACHE_DIR") or platformdirs.user_cache_dir("uplift"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "uplift.log"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="uplift", description="Analytics and maps for community programs.")
    commands = parser.add_subparsers(title="commands", metavar="")
    database = argparse.ArgumentParser(add_help=False)
    database.add_argument(
        "--database",
        default=os.environ.get("UPLIFT_DATABASE_URL") or DEFAULT_URL,
        help=f"the program database's URL (default: UPLIFT_DATABASE_URL, else {DEFAULT_URL})",
    )

    def command(name: str, run: Callable[[argparse.Namespace], int], line: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=line, description=line, parents=[database])
        made.set_defaults(run=run)
        return made

    command("init", _init, "create the program database, or bring an older one up to date")

    imported = command("import", _import, "import files, folders or zips; all of it or, on any error, nothing")
    imported.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    imported.add_argument("--format", help="the source's format; recognised from its content if not given")
    imported.add_argument("--skip-bad-rows", action="store_true", help="import the good rows, keep the others aside")
    imported.add_argument("--dry-run", action="store_true", help="check everything and write nothing")
    imported.add_argument(
        "--overwrite-recorded",
        action="store_true",
        help="take the file's value where people recorded another in the product; without it theirs is kept",
    )
    imported.add_argument("--mend-text", action="store_true", help="mend text such as CafÃ© (Café)")
    imported.add_argument("--over-sample", action="store_true", help="add the files to the sample program, unasked")
    imported.add_argument("--sample", action="store_true", help="mark the database as one that holds a sample program")
    add_column_options(imported)
    imported.add_argument("--json", action="store_true", help="print the report as JSON")
    imported.add_argument(
        "--rejected", type=Path, help="where rejected rows are written (default: beside the database)"
    )
    imported.add_argument("--as-of", type=_day, default=date.today(), help="the day from which the future counts")
    _add_geocoder_options(imported)

    geocode = command("geocode", _geocode, "look up again the places that were not found")
    geocode.add_argument("--all", action="store_true", help="look up every place again")
    _add_geocoder_options(geocode)

    template = commands.add_parser("template", help="write an empty workbook to fill in and import")
    template.set_defaults(run=write_template)
    template.add_argument("--out", type=Path, required=True, help="the workbook, such as program.xlsx")

    sample = commands.add_parser("sample", help="write the bundle of a believable sample program")
    sample.set_defaults(run=_sample)
    sample.add_argument("--out", type=Path, required=True, help="the folder for its CSV files")
    for name, default in (("events", 3_000), ("contributions", 60_000), ("people", 2_000), ("seed", 1)):
        sample.add_argument(f"--{name}", type=int, default=default, help="(default: %(default)s)")
    sample.add_argument("--as-of", type=_day, help="the day on which the program's story ends (default: a fixed day)")

    add_imports_command(commands, database)
    add_start_command(commands, database)
    add_ask_command(commands, database)
    add_release_command(commands, database)
    add_publish_command(commands, database)
    add_viewer_command(commands, database)
    add_token_command(commands, database)
    add_mcp_command(commands, database)
    add_person_command(commands, database)
    add_sync_commands(commands, database)

    copy = command("read-copy", _read_copy, "write the DuckDB read copy that questions are then answered from")
    copy.add_argument("path", nargs="?", type=Path, default=_read_copy_path(), help="(default: UPLIFT_READ_COPY)")

    served = command("serve", _serve, "serve the dashboard")
    served.add_argument("--address", help="the address to bind to (default: 127.0.0.1)")
    served.add_argument(
        "--audience", choices=("staff", "public"), help="staff (default), or public: the publication alone"
    )
    served.add_argument("--publication", type=Path, help="the folder `uplift publish` wrote (default: public)")
    served.add_argument("--port", type=int, help="(default: PORT, else 8501)")
    return parser


def _add_geocoder_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--places", type=Path, metavar="CSV", help="your own corrections: city,state,country,latitude,longitude"
    )
    parser.add_argument("--nominatim", metavar="AGENT", help="also ask OpenStreetMap's Nominatim, naming yourself")


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except SelectionError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _read_copy_path() -> Path | None:
    path = os.environ.get("UPLIFT_READ_COPY")
    return Path(path) if path else None


def _init(options: argparse.Namespace) -> int:
    from data_access.migrations.migrate import initialise

    with closing(Database(options.database)) as database:
        before, now = initialise(database.program)
        print(f"{without_password(options.database)} is ready (schema {now}{'' if before else ', new'}).")
        if before not in (None, now) and database.version() != EMPTY:
            # Outside, what an older version showed is no more; the release is what is shown.
            with ProgressBar() as bar:
                print("\n".join(release(database, date.today(), bar)))
    return 0


def _import(options: argparse.Namespace) -> int:
    from data_access.imports.options import ImportOptions
    from data_access.imports.pipeline import run_import
    from data_access.migrations.migrate import for_trial, has_program, initialise

    with closing(Database(options.database, _read_copy_path())) as database, ProgressBar() as bar:
        writes = not (options.dry_run or options.guess)
        if writes and has_program(database.program):
            initialise(database.program)
        readings = agreed(options, database)
        if readings is None:
            return 0 if options.guess else 1
        if writes:
            initialise(database.program)
        chosen = ImportOptions(
            format=options.format,
            skip_bad_rows=options.skip_bad_rows,
            dry_run=options.dry_run,
            overwrite_recorded=options.overwrite_recorded,
            mend_text=options.mend_text,
            sample=options.sample,
            over_sample=options.over_sample or _may_join_sample(options, database),
            readings=readings,
            rejected_dir=options.rejected,
            as_of=options.as_of,
            progress=bar,
            locator=_locator(options, bar),
        )
        with for_trial(database) if options.dry_run else nullcontext(database) as used:
            report = run_import(used, options.paths, chosen)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if options.json else report.in_words())
    return 0 if report.committed or (options.dry_run and not (report.errors or report.nothing_taken)) else 1


def _may_join_sample(options: argparse.Namespace, database: Database) -> bool:
    """Ask whoever sits at a terminal whether their files may join the sample program, if the database holds it."""
    from data_access.program import is_sample

    if options.sample or options.dry_run or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    with database.program.connect() as connection:
        if not is_sample(connection):
            return False
    print("This database holds the sample program. Add your files to it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _locator(options: argparse.Namespace, bar: ProgressBar):  # type: ignore[no-untyped-def]  # Callable[[], Locator], imported late
    """The chain of geocoders to ask: the operator's own corrections, the gazetteer, then Nominatim if named."""
    from data_access.geography.gazetteer import open_gazetteer
    from data_access.geography.geocoder import GazetteerGeocoder
    from data_access.geography.nominatim import nominatim
    from data_access.geography.overrides import read_overrides
    from data_access.geography.places import Locator

    overrides = [read_overrides(options.places)] if options.places else []

    def build() -> Locator:
        gazetteer = open_gazetteer(
            progress=lambda done, total, what: bar(f"Building the place index: {what}", done, total)
        )
        online = [nominatim(options.nominatim)] if options.nominatim else []
        return Locator([*overrides, GazetteerGeocoder(gazetteer), *online])

    return build


def _geocode(options: argparse.Namespace) -> int:
    from data_access.database.changes import record_change
    from data_access.imports.places import retry_misses
    from data_access.imports.refreshing import refresh_read_copy

    database = Database(options.database, _read_copy_path())
    with ProgressBar() as bar:
        build = _locator(options, bar)
        with database.writing() as connection:
            tried, gained = retry_misses(connection, build, bar, everything=options.all)
            if tried:
                record_change(connection, "geocode", f"{gained} of {tried} places now located")
        if tried:
            refresh_read_copy(database, lambda problem: print(f"uplift: {problem}", file=sys.stderr), bar)
    database.close()
    print(f"{tried:,} places looked up, {gained:,} of them now located." if tried else "Every place is located.")
    return 0


def _sample(options: argparse.Namespace) -> int:
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


def _read_copy(options: argparse.Namespace) -> int:
    from data_access.database.read_copy import write_read_copy

    if options.path is None:
        raise UsageError("Say where: uplift read-copy program.duckdb, or set UPLIFT_READ_COPY.")
    database = Database(options.database)
    database.version()
    with ProgressBar() as bar:
        rows = write_read_copy(database.program, options.path, bar)
    print(f"{options.path} holds {rows:,} rows. Set UPLIFT_READ_COPY={options.path} to read from it.")
    return 0


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
    if options.port:
        overrides["PORT"] = str(options.port)
    serve(Settings.from_environment({**os.environ, **overrides}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
