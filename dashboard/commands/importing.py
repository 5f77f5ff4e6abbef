"""`uplift import` and `uplift geocode`: what files say comes into the program, and where its places are."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.columns import add_column_options, agreed
from dashboard.commands.opening import day, open_database
from dashboard.commands.progress import ProgressBar
from data_access.database.engine import Database

if TYPE_CHECKING:
    from data_access.geography.places import Locator


def add_import_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    imported = commands.add_parser("import", parents=[database])
    imported.set_defaults(run=_import)
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
    imported.add_argument(
        "--no-release",
        action="store_true",
        help="more files follow: tell outside no number of people yet. The next import, or `uplift release`, does",
    )
    add_column_options(imported)
    imported.add_argument("--json", action="store_true", help="print the report as JSON")
    imported.add_argument(
        "--rejected", type=Path, help="where rejected rows are written (default: beside the database)"
    )
    imported.add_argument("--as-of", type=day, default=date.today(), help="the day from which the future counts")
    _add_geocoder_options(imported)


def add_geocode_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    geocode = commands.add_parser("geocode", parents=[database])
    geocode.set_defaults(run=_geocode)
    geocode.add_argument("--all", action="store_true", help="look up every place again")
    _add_geocoder_options(geocode)


def _add_geocoder_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--places", type=Path, metavar="CSV", help="your own corrections: city,state,country,latitude,longitude"
    )
    parser.add_argument("--nominatim", metavar="AGENT", help="also ask OpenStreetMap's Nominatim, naming yourself")


def _import(options: argparse.Namespace) -> int:
    from data_access.imports.options import ImportOptions
    from data_access.imports.refused import import_files, note_refused, noting_refusals
    from data_access.migrations.migrate import for_trial, has_program, initialise

    with closing(open_database(options)) as database, ProgressBar() as bar:
        writes = not (options.dry_run or options.guess)
        is_there = writes and has_program(database.program)
        if is_there:
            initialise(database.program)
        with noting_refusals(database, options.paths) if is_there else nullcontext():
            readings = agreed(options, database)
        if readings is None:
            if is_there and not sys.stdin.isatty():
                note_refused(database, options.paths, "", 0)  # nobody was there to be asked
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
            releases=not options.no_release,
            readings=readings,
            rejected_dir=options.rejected,
            as_of=options.as_of,
            progress=bar,
            locator=_locator(options, bar),
        )
        with for_trial(database) if options.dry_run else nullcontext(database) as used:
            report = import_files(used, options.paths, chosen)
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


def _locator(options: argparse.Namespace, bar: ProgressBar) -> Callable[[], Locator]:
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

    database = open_database(options)
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
