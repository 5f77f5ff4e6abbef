"""Workbooks (.xlsx): each sheet that holds a table, by its name or by its columns."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.cell import get_column_letter, range_boundaries

from data_access.contract.tables import TABLES
from data_access.imports.batches import Batch, Heading, Meter, TakenOver, not_a_table, table_batches
from data_access.imports.csv_rows import HEADER_WITHIN, column_id
from data_access.imports.files import SourceFile, opened_zip, safe_members
from data_access.imports.rows import ImportRefused, Problem
from data_access.imports.table_names import fits, table_of
from data_access.imports.workbook_beginnings import beginnings

# A workbook's texts are held in memory, all of them; its sheets end at that row.
MAX_WORKBOOK_BYTES, MAX_SHEET_ROWS = 500_000_000, 1_048_576
# How the title row of each sheet of our template begins: a table that was left empty there is none.
TEMPLATE_MARK = "Uplift template"
_CHUNK, _LONGEST_TAG = 1 << 20, 1_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*?\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d{1,7})\"")


class MergedDown(NamedTuple):
    """A merged cell that reaches over several rows: its column (from 0), its first and its last row."""

    column: int
    first: int
    last: int


class Beside(NamedTuple):
    """What a sheet holds beside its plain cells: merged ones, hidden rows, and whether there are formulas."""

    merged: list[MergedDown]
    hidden: list[int]
    has_formulas: bool


class Formula(NamedTuple):
    """A cell that holds a formula; whether the workbook stores what it last came to."""

    row: int
    letter: str
    text: str
    stored: bool


FirstRows = Sequence[tuple[int, list[str]]]
Otherwise = Callable[[str, FirstRows], TakenOver | None]


def _by_nobody(name: str, first: FirstRows) -> None:
    return None


def _whole(binary: BinaryIO) -> Any:
    return openpyxl.load_workbook(binary, read_only=True, data_only=False)


def workbook_batches(file: SourceFile, meter: Meter, otherwise: Otherwise = _by_nobody) -> Iterator[Batch | Problem]:
    """Batches of each sheet that is a table; of a formula the stored result is taken, with a hint.

    A sheet that is no table of the contract is read as `otherwise` says, given its name and first rows.
    """
    meter.file = file.name
    for name, archive, binary, sheet in _sheets(file):
        results: Iterator[Any] = iter(())
        try:
            beside = _beside_the_cells(archive, sheet)
            if beside.has_formulas:
                # Results stand in the same cells as their formulas, but are read only instead of them.
                results = openpyxl.load_workbook(binary, read_only=True, data_only=True)[sheet.title].iter_rows()
        except Exception as cause:  # whatever zipfile raises for a torn member
            raise _unreadable(name, cause) from cause
        yield from _sheet_batches(name, sheet, beside, results, meter, otherwise)


def sheets_without_table(file: SourceFile, most: int) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """The first rows of each visible sheet without the header of a contract's table, under its name in messages."""
    for name, _, _, sheet in _sheets(file, beginnings):
        first = list(islice(_rows(sheet, name, (), iter(()), []), most))
        table = table_of(sheet.title, lambda table, rows=first[:HEADER_WITHIN]: _heading(rows, table).names)  # type: ignore[misc]  # the default binds the loop's value
        known = table is not None and fits(table, _heading(first[:HEADER_WITHIN], table).names)
        if first and not known and sheet.sheet_state == "visible":
            yield name, first


def _sheets(
    file: SourceFile, opened: Callable[[BinaryIO], Any] = _whole
) -> Iterator[tuple[str, zipfile.ZipFile, BinaryIO, Any]]:
    """Each sheet with its name in messages, and the workbook as an archive and as a stream."""
    with file.open_binary() as binary:
        try:
            # A workbook is a zip: looked at as one before its parts are unpacked into memory.
            archive = opened_zip(file.name, binary)
            if sum(member.file_size for member in safe_members(file.name, archive)) > MAX_WORKBOOK_BYTES:
                raise ImportRefused(
                    f"{file.name} unpacks to more than {MAX_WORKBOOK_BYTES // 1_000_000} MB, too much for a workbook. "
                    "Save its sheets as CSV files."
                )
            binary.seek(0)
            book = opened(binary)
        except ImportRefused:
            raise
        except Exception as cause:  # openpyxl raises whatever its parts raise: zipfile, XML, key and value errors
            raise _unreadable(file.name, cause) from cause
        for sheet in book.worksheets:
            yield f"{file.name}, sheet {sheet.title}", archive, binary, sheet


def _unreadable(name: str, cause: Exception) -> ImportRefused:
    """What openpyxl says on top of the cause names a path of ours."""
    while isinstance(cause.__cause__, Exception):
        cause = cause.__cause__
    if isinstance(cause, DefusedXmlException):
        return ImportRefused(
            f"{name} declares XML entities, as only a crafted workbook does. Save its sheets as CSV files."
        )
    return ImportRefused(f"{name} is not a readable .xlsx workbook ({cause}). Save it again.")


def _numbered(sheet: Any, name: str) -> Iterator[tuple[int, Any]]:
    """Its rows with their numbers; openpyxl reads them only now, and a sheet may claim any number for a row."""
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number > MAX_SHEET_ROWS:
                raise ImportRefused(
                    f"{name} has a row beyond {MAX_SHEET_ROWS:,}, where every sheet ends. Save it again."
                )
            yield number, cells
    except ImportRefused:
        raise
    except Exception as cause:
        raise _unreadable(name, cause) from cause


def _sheet_batches(
    name: str, sheet: Any, beside: Beside, results: Iterator[Any], meter: Meter, otherwise: Otherwise
) -> Iterator[Batch | Problem]:
    formulas: list[Formula] = []
    rows = _rows(sheet, name, beside.merged, results, formulas)
    first = list(islice(rows, HEADER_WITHIN))
    table = table_of(sheet.title, lambda table: _heading(first, table).names)
    heading = _heading(first, table) if table is not None else Heading(0, ())
    taken_over = None if table is not None and fits(table, heading.names) else otherwise(name, first)
    if taken_over:
        table, heading = taken_over.table, taken_over.heading
        heading = heading._replace(letters=_letters(len(heading.names)))
    elif table is None:
        if first:
            yield not_a_table(name, sheet.title.strip().casefold())
        return
    if sheet.sheet_state != "visible":
        remedy = "It is read all the same. Remove the sheet if it is not meant."
        yield Problem(name, None, table, None, "", "the sheet is hidden", remedy, "hint")
    if len(first) == sum(row[0] <= heading.line for row in first) and first[0][1][0].startswith(TEMPLATE_MARK):
        return
    below = (row for row in chain(first, rows) if row[0] > heading.line)
    taken: dict[str, list[int]] = {}
    batches = taken_over.batches(heading, below) if taken_over else table_batches(name, table, heading, below, meter)
    for item in batches:
        yield from _refused(formulas, name, table, heading, taken)
        yield item
    yield from _refused(formulas, name, table, heading, taken)
    for cell, lines in taken.items():
        says, remedy = f"formulas ({len(lines):,}): their stored results were taken", "Paste values if they may be old."
        yield Problem(name, lines[0], table, cell, "", says, remedy, "hint")
    if said := [row for row in beside.hidden if row > heading.line]:
        listed = ", ".join(map(str, said[:5])) + ("…" if len(said) > 5 else "")
        remedy = "What they hold is read all the same. Remove them if they are not meant."
        yield Problem(name, said[0], table, None, listed, "hidden rows", remedy, "hint")


def _heading(rows: Sequence[tuple[int, list[str]]], table: str) -> Heading:
    """The row among the first that names most of the table's columns; the first where none does."""
    known = {column_id(name) for name in TABLES[table].column_names}
    if not rows:
        return Heading(0, ())
    line, cells = max(rows, key=lambda row: len(known.intersection(map(column_id, row[1]))))
    return Heading(line, tuple(" ".join(cell.split()) for cell in cells), _letters(len(cells)))


def _letters(columns: int) -> tuple[str, ...]:
    return tuple(get_column_letter(index) for index in range(1, columns + 1))


def _refused(
    formulas: list[Formula], name: str, table: str, heading: Heading, taken: dict[str, list[int]]
) -> Iterator[Problem]:
    """The formulas without a result; those with one are noted in `taken`, by their column."""
    named = dict(zip(heading.letters, heading.names, strict=True))
    for row, letter, text, stored in formulas:
        if row > heading.line and stored:
            taken.setdefault(f"{named.get(letter, '')} ({letter})".strip(), []).append(row)
        elif row > heading.line:
            cell = f"{named.get(letter, '')} ({letter}{row})".strip()
            yield Problem(name, row, table, cell, text, "a formula without a result", "Paste its value instead.")
    formulas.clear()


def _rows(
    sheet: Any, name: str, merged: Sequence[MergedDown], results: Iterator[Any], formulas: list[Formula]
) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with their numbers; a merged cell gives its value to each of its rows."""
    values: dict[MergedDown, str] = {}
    coming = sorted(merged, key=lambda each: -each.first)
    for number, cells in _numbered(sheet, name):
        row = []
        came_to = next(results, ())
        for index, cell in enumerate(cells, start=1):
            value = cell.value
            if value is not None and cell.data_type == "f":
                result = came_to[index - 1].value if index <= len(came_to) else None
                formulas.append(Formula(number, get_column_letter(index), str(value), result is not None))
                value = value if result is None else result
            row.append(_as_text(value))
        while coming and coming[-1].first <= number:
            each = coming.pop()
            values[each] = row[each.column] if each.first == number and each.column < len(row) else ""
        while row and not row[-1].strip():
            row.pop()
        if not row:
            continue
        for each in [each for each in values if each.last < number]:
            del values[each]
        for each, value in values.items():
            if value:
                row += [""] * (each.column + 1 - len(row))
                row[each.column] = value
        yield number, row


def _beside_the_cells(archive: zipfile.ZipFile, sheet: Any) -> Beside:
    """What a sheet's XML says beside its cells, which openpyxl does not tell while it reads row by row."""
    merged: set[MergedDown] = set()
    hidden: set[int] = set()
    has_formulas = False
    with archive.open(sheet._worksheet_path) as xml:
        rest = b""
        while chunk := xml.read(_CHUNK):
            text = rest + chunk
            for found in _MERGED.finditer(text):
                left, top, _, bottom = range_boundaries(found.group(1).decode("ascii"))
                if bottom > top:
                    merged.add(MergedDown(left - 1, top, bottom))
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            hidden.update(int(found.group(1)) for found in _HIDDEN.finditer(text))
            rest = text[-_LONGEST_TAG:]
    return Beside(list(merged), sorted(hidden), has_formulas)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # Workbooks show 15 digits; what lies behind is the binary number's. A number is no text with thousands: its
        # three decimals are told apart from "1.500" by a fourth.
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        return f"{text}0" if text[-4:-3] == "." else text
    return str(value)
