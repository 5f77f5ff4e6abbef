"""`uplift import` of tables that nobody has said how to read: the guess, the first rows, and the question whether it is
right. And `uplift template`: an empty workbook to fill in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.words.sentences import say
from data_access.database.engine import Database

if TYPE_CHECKING:
    from data_access.imports.mapping.mapping import SheetMapping
    from data_access.imports.unmapped import FirstRows, Unmapped

WIDTH = 100
ROWS_ARE = "{sheet}: each row is read as one of {table}. Nothing has been written."
NOT_READ = "(not read)"
ONLY = "  Of {heading}, only rows with {cells} are read."
HOW_ON = """\
Is that right? Then: uplift import {files} --yes
Else: uplift import {files} --guess > mapping.toml, change the file, and: uplift import {files} --map mapping.toml
It is remembered for the next table with these headings."""
MISSING = "Missing: {what}."
ASK = "Import it so? [y/N] "


def add_column_options(parser: argparse.ArgumentParser) -> None:
    """The options that say how tables with columns of their own are read."""
    parser.add_argument("--map", type=Path, metavar="TOML", help="which column is which, as --guess writes it")
    parser.add_argument(
        "--guess", action="store_true", help="print the guess which column is which, as TOML; no import"
    )
    parser.add_argument("--yes", action="store_true", help="take the guess without being asked")


def add_template_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    template = commands.add_parser("template")
    template.set_defaults(run=_write_template)
    template.add_argument("--out", type=Path, required=True, help="the workbook, such as program.xlsx")


def agreed(options: argparse.Namespace, database: Database) -> list[SheetMapping] | None:
    """How the tables that no reader knows are to be read; None where nobody has agreed yet, and nothing is imported."""
    from data_access.imports.mapping.known import Known, load_known
    from data_access.imports.mapping.mapping import read_toml, written
    from data_access.imports.mapping.remembered import load_readings
    from data_access.imports.mapping.sheets import SheetMappings
    from data_access.imports.rows import ImportRefused
    from data_access.imports.unmapped import first_rows, unmapped
    from data_access.migrations.migrate import for_trial
    from data_access.program import load_program

    chosen: list[SheetMapping] = []
    if options.map:
        try:
            chosen = read_toml(options.map.read_text(encoding="utf-8-sig"), options.map.name)
        except (OSError, UnicodeDecodeError) as problem:
            raise ImportRefused(
                say("{file} cannot be read: {problem}.", file=options.map, problem=problem)
            ) from problem
    if options.format:
        return chosen
    with for_trial(database) as used, used.program.connect() as connection:
        old = [] if options.guess else load_readings(connection)
        currency = load_program(connection).currency or ""
        found = unmapped(options.paths, SheetMappings([*old, *chosen]), currency)
        # Everybody's name is looked up only where rows may be shown.
        known = load_known(connection) if found else Known()
    if options.guess:
        if not found:
            raise ImportRefused("Every table of these files is read for what it is: there is nothing to guess.")
        print(written([each.guess for each in found]), end="")
        return None
    if not found or options.dry_run or options.yes:
        return [*chosen, *(each.guess for each in found)]
    for each in found:
        shown = first_rows(each.sheet, each.guess, known, options.as_of)
        print("\n".join(_in_words(each, shown)), file=sys.stderr if options.json else sys.stdout)
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not options.json
    if asks and input(ASK).strip().casefold() in ("y", "yes"):
        return [*chosen, *(each.guess for each in found)]
    files = " ".join(f'"{path}"' if " " in str(path) else str(path) for path in options.paths)
    print(say(HOW_ON, files=files), file=sys.stderr if options.json else sys.stdout)
    return None


def _in_words(each: Unmapped, shown: FirstRows) -> Iterator[str]:
    """The guess, the first rows as they would come in, and what is doubtful."""
    yield say(ROWS_ARE, sheet=each.sheet.name, table=each.guess.rows_are)
    width = max(len(name) for name in each.guess.columns)
    for heading, target in each.guess.columns.items():
        yield f"  {heading:{min(width, 40)}}  {target or NOT_READ}"
    for target, value in each.guess.always.items():
        yield f"  {value:{min(width, 40)}}  {target}"
    for heading, cells in each.guess.only.items():
        yield say(ONLY, heading=heading, cells=cells.replace(";", ", ") or "a blank cell")
    for table, rows in shown.tables.items():
        yield ""
        yield from _table(table, rows)
    yield ""
    yield from (say("  {problem}", problem=problem) for problem in shown.problems[:8])
    yield from (say(MISSING, what=what) for what in shown.missing)


def _table(name: str, rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """A few rows under their columns, cut to the width of a terminal."""
    columns = [
        column for column in dict.fromkeys(key for row in rows for key in row) if any(r.get(column) for r in rows)
    ]
    widths = {c: min(22, max(len(c), *(len(row.get(c, "")) for row in rows))) for c in columns}
    yield name
    for row in ({c: c for c in columns}, *rows):
        line = "  ".join(f"{' '.join(row.get(c, '').split())[: widths[c]]:{widths[c]}}" for c in columns)
        yield f"  {line}"[:WIDTH].rstrip()


def _write_template(options: argparse.Namespace) -> int:
    """Write the empty workbook."""
    from data_access.imports.template import template

    options.out.write_bytes(template())
    print(say("{file} is ready to be filled in. Next: uplift import {file}", file=options.out))
    return 0
