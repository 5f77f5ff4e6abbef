"""`uplift report`: a report for somebody, on a period, as PDF, page and slides; and whether one is still true."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands.opening import day, open_database, today
from dashboard.commands.progress import ProgressBar

if TYPE_CHECKING:
    from data_access.database.engine import Database


def add_report_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("report", parents=[database])
    parser.set_defaults(run=_run)
    parser.add_argument("--period", help="2026-Q3, 2026, 2026-03, or 2026-01-01..2026-07-01 (end not included)")
    parser.add_argument(
        "--for", dest="role", default="leadership", help="pm, board, leadership (default), partner:TEAM or public"
    )
    parser.add_argument("--out", type=Path, help="the folder: a new one, an empty one, or that of an earlier report")
    parser.add_argument("--as-of", type=day, help="the day from which past and future are judged (default: today)")
    parser.add_argument("--locale", default="en", help="how numbers and days are written: en (default), en-GB, en-IN …")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="ask for every number of a report again")


def _run(options: argparse.Namespace) -> int:
    from dashboard.report.shapes import ReportRefused

    with closing(open_database(options)) as database:
        database.version()
        if options.check:
            return _check(database, options.check)
        if options.period is None or options.out is None:
            raise ReportRefused(
                "Say for which period and where: uplift report --period 2026-Q3 --for leadership --out report/, or "
                "uplift report --check report/."
            )
        return _make(database, options)


def _make(database: Database, options: argparse.Namespace) -> int:
    from dashboard.commands.viewer import command_line_author
    from dashboard.report.compose import compose, title_of
    from dashboard.report.files import all_files, refuse_other_files, write_report
    from dashboard.words.numbers import reader
    from data_access.persons.reads import Read, record_read
    from data_access.selection import Period, Scope

    period, scope = Period.parse(options.period), Scope.parse(options.role)
    as_of = options.as_of or today()
    refuse_other_files(options.out)
    with ProgressBar() as bar, reader(options.locale):
        bar("Asking", 0, None)
        report, personal = compose(database, scope, period, as_of)
        files = all_files(report, bar)
        title = title_of(report)
    write_report(options.out, files)
    for name, rows in personal.items():
        record_read(database, Read(date.today(), command_line_author().name, str(scope.role), name, "", rows))
    numbers = sum(len(section.numbers()) for section in report.sections)
    print(f"{options.out} holds “{title}”: {', '.join(files)}.")
    print(f"{numbers} numbers of data version {report.version.import_id}, from {len(report.sources)} questions.")
    return 0


def _check(database: Database, folder: Path) -> int:
    """Say what changed since a report was made; returns the exit status: 1 when anything did."""
    from dashboard.report.checking import check_report
    from dashboard.report.compose import the_period
    from data_access.selection import Period

    found = check_report(database, folder)
    about, made_of = found.about, found.about["data_version"]["number"]
    print(f"{folder} is for {about['role']}, on {the_period(Period.parse(about['period']))}, as of {about['as_of']}.")
    print(f"It was made from data version {made_of}; now it is {found.version_now}.")
    rows = [(each.state, each.section, each.label, each.column, f"{each.was} → {each.now}") for each in found.numbers]
    heads = ("", "Section", "Number", "Column", "Then and now")
    if rows:
        widths = [max(len(line[at]) for line in (heads, *rows)) for at in range(len(heads))]
        for line in (heads, *rows):
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        print("Ask yourself:", *sorted({each.command for each in found.numbers}), sep="\n  ")
    for sections, command in found.elsewhere:
        print(f"Something changed that only sentences may tell ({sections}): {command}")
    for problem in found.altered:
        print(f"{problem}.")
    changed = sum(each.state == "changed" for each in found.numbers)
    gone = len(found.numbers) - changed
    print(f"{found.unchanged} numbers are unchanged, {changed} changed, {gone} can no longer be asked.")
    return 0 if found.is_as_it_was else 1
