"""What a file without keys and known headings would become: a guess for each of its tables, and its first rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from data_access.contract.labels import Spellings
from data_access.imports.batches import Batch, Meter
from data_access.imports.csv_rows import ENDINGS
from data_access.imports.mapping.apply import mapped_batches
from data_access.imports.mapping.guess import guess, is_likely
from data_access.imports.mapping.known import Known
from data_access.imports.mapping.mapping import SheetMapping, what_is_missing
from data_access.imports.mapping.sheets import SAMPLE_ROWS, Sheet, SheetMappings, clean, likely_header, text_sheet
from data_access.imports.readers import detect
from data_access.imports.rows import Problem
from data_access.imports.sources import files_of, has_its_table, table_named
from data_access.imports.validate import TableValidator
from data_access.imports.workbooks import sheets_without_table

SHOWN_ROWS = 5


class Unmapped(NamedTuple):
    """A table that nobody has said how to read: the table, and the guess."""

    sheet: Sheet
    guess: SheetMapping


class FirstRows(NamedTuple):
    """How a table would come in: rows of each contract table under its columns, and what is wrong or missing."""

    tables: dict[str, list[dict[str, str]]]
    problems: list[Problem]
    missing: list[str]


def unmapped(paths: Sequence[Path], readings: SheetMappings, currency: str = "") -> list[Unmapped]:
    """The tables of what was handed in that no reading is for, each with a guess; `currency` is the program's.

    Beside files that are read for what they are, only likely ones are told: a sheet of notes stops no import.
    """
    found: list[Unmapped] = []
    others = 0
    files = files_of(paths)
    foreign = {
        file.name for _, taken in detect([file for file in files if file.ending != "xlsx"]).groups for file in taken
    }
    for file in files:
        if file.ending == "xlsx":
            sheets = list(_sheets_of(sheets_without_table(file, SAMPLE_ROWS)))
        elif file.ending in ENDINGS and file.name not in foreign and not has_its_table(file, table_named(file)):
            sheet = text_sheet(file)
            sheets = [sheet] if sheet else []
        else:
            sheets = []
        others += not sheets
        found += [
            Unmapped(sheet, guess(sheet, currency=currency))
            for sheet in sheets
            if not readings.header([(sheet.heading.line, list(sheet.heading.names))])
        ]
    likely = [each for each in found if is_likely(each.guess)]
    return likely or (found if not others else [])


def _sheets_of(sheets: Iterator[tuple[str, list[tuple[int, list[str]]]]]) -> Iterator[Sheet]:
    for name, rows in sheets:
        heading = likely_header(rows[:30])
        below = [row for row in rows if row[0] > heading.line]
        if len([each for each in clean(heading.names) if each]) > 1 and below:
            yield Sheet(name, heading, below)


def first_rows(sheet: Sheet, reading: SheetMapping, known: Known, as_of: date) -> FirstRows:
    """The first rows as they would come in, and every problem of the sample."""
    tables: dict[str, list[dict[str, str]]] = {}
    problems: list[Problem] = []
    validators: dict[str, TableValidator] = {}
    items = mapped_batches(sheet.name, sheet.heading, reading, iter(sheet.rows), known.copy(), Meter())
    for item in items:
        if isinstance(item, Problem):
            problems += [item] if item.problem != "unknown column" else []
            continue
        if item.table not in validators:
            validators[item.table] = TableValidator(item.table, as_of, Spellings())
        _, said = validators[item.table].validate(item, frozenset())
        problems += map(item.in_its_words, said)
        shown = tables.setdefault(item.table, [])
        shown += _rows_of(item)[: SHOWN_ROWS - len(shown)]
    return FirstRows(tables, problems, what_is_missing(reading))


def _rows_of(batch: Batch) -> list[dict[str, str]]:
    return [dict(zip(batch.columns, row, strict=True)) for row in batch.rows[:SHOWN_ROWS]]
