"""From files to batches of raw rows: contract CSVs and workbooks as they are, other formats through their readers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

import openpyxl
from defusedxml.common import DefusedXmlException

from data_access import formulas
from data_access.contract.tables import TABLES
from data_access.imports.files import SourceFile, opened_zip, safe_members
from data_access.imports.rows import ImportRefused, Problem, Record

BATCH_ROWS = 4_000
# The heading of why a row was rejected, behind its own columns.
PROBLEM = "problem"
MAX_CELL_CHARACTERS = 1_000_000
# A workbook's texts are held in memory, all of them; its sheets end at that row.
MAX_WORKBOOK_BYTES, MAX_SHEET_ROWS = 500_000_000, 1_048_576
csv.field_size_limit(MAX_CELL_CHARACTERS)


@dataclass(slots=True)
class Batch:
    """Raw rows of one table from one file: `rows[i]` holds text for each of `columns`, `lines[i]` its first line.

    `merged` counts source rows that a reader had put together with others before.
    """

    table: str
    file: str
    columns: tuple[str, ...]
    rows: list[Sequence[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    merged: int = 0


@dataclass(slots=True)
class Meter:
    """How far reading has come: rows, and characters of the current file (None where its size says nothing)."""

    file: str = ""
    rows: int = 0
    characters: int = 0
    size: int | None = None

    def start(self, file: SourceFile) -> None:
        self.file, self.characters = file.name, 0
        self.size = None if file.name.endswith((".gz", ".xlsx")) else file.size

    def counted(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self.characters += len(line)
            yield line


def csv_batches(file: SourceFile, meter: Meter) -> Iterator[Batch | Problem]:
    """Batches of a contract CSV named after its table; the header's problems come first."""
    meter.start(file)
    with file.open_text() as text:
        reader = csv.reader(meter.counted(text), strict=True)
        try:
            yield from _table_batches(file, file.stem, _numbered(reader), meter)
        except csv.Error as cause:
            if "field larger" in str(cause):
                remedy = f"A cell holds more than {MAX_CELL_CHARACTERS:,} characters; look for an unclosed quote."
            else:
                remedy = "Look for a quote that is not closed, or not doubled inside a quoted cell."
            raise ImportRefused(
                f"{file.name}, line {reader.line_num}: not readable as CSV ({cause}). {remedy}"
            ) from cause


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each row that is not blank; cells may span lines, so the reader's own count is used."""
    before = 0
    for row in reader:
        if row:
            yield before + 1, row
        before = reader.line_num


def workbook_batches(file: SourceFile, meter: Meter) -> Iterator[Batch | Problem]:
    """Batches of each sheet that is named after a table; a formula is an error of its cell, not a value."""
    meter.start(file)
    with file.open_binary() as binary:
        try:
            # A workbook is a zip: looked at as one before its parts are unpacked into memory.
            members = safe_members(file.name, opened_zip(file.name, binary))
            if sum(member.file_size for member in members) > MAX_WORKBOOK_BYTES:
                raise ImportRefused(
                    f"{file.name} unpacks to more than {MAX_WORKBOOK_BYTES // 1_000_000} MB, too much for a workbook. "
                    "Save its sheets as CSV files."
                )
            binary.seek(0)
            book = openpyxl.load_workbook(binary, read_only=True, data_only=False)
        except ImportRefused:
            raise
        except Exception as cause:  # openpyxl raises whatever its parts raise: zipfile, XML, key and value errors
            raise _unreadable(file.name, cause) from cause
        for sheet in book.worksheets:
            name = f"{file.name}:{sheet.title}"
            table = sheet.title.strip().casefold()
            if table not in TABLES:
                yield not_a_table(name, table)
                continue
            found: list[Problem] = []
            rows = _sheet_rows(sheet, name, table, found)
            for item in _table_batches(SourceFile(name, 0, file.open_raw), table, rows, meter):
                yield from found
                found.clear()
                yield item
            yield from found


def _unreadable(name: str, cause: Exception) -> ImportRefused:
    """What openpyxl says on top of the cause names a path of ours."""
    while isinstance(cause.__cause__, Exception):
        cause = cause.__cause__
    if isinstance(cause, DefusedXmlException):
        return ImportRefused(
            f"{name} declares XML entities, as only a crafted workbook does. Save its sheets as CSV files."
        )
    return ImportRefused(f"{name} is not a readable .xlsx workbook ({cause}). Save it again.")


def _rows_of(sheet: Any, name: str) -> Iterator[tuple[int, Any]]:
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


def _sheet_rows(sheet: Any, name: str, table: str, found: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in _rows_of(sheet, name):
        row = []
        for cell in cells:
            if cell.value is not None and cell.data_type == "f":
                found.append(
                    Problem(name, number, table, None, str(cell.value), "a formula", "Paste its value instead.")
                )
            row.append(_as_text(cell.value))
        while row and not row[-1]:
            row.pop()
        if row:
            yield number, row


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
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _table_batches(
    file: SourceFile, table: str, rows: Iterator[tuple[int, list[str]]], meter: Meter
) -> Iterator[Batch | Problem]:
    first = next(rows, None)
    if first is None:
        yield Problem(
            file.name, None, table, None, "", "the file is empty", "Add a header row, or leave the file out.", "hint"
        )
        return
    header = [name.strip().casefold() for name in first[1]]
    problems = list(_header_problems(file.name, table, header))
    yield from problems
    if any(problem.severity == "error" for problem in problems):
        return
    known = set(TABLES[table].column_names)
    kept = [index for index, name in enumerate(header) if name in known]
    columns = tuple(header[index] for index in kept)
    straight = kept == list(range(len(header)))
    width = len(header)
    batch = Batch(table, file.name, columns)
    was_rejected = PROBLEM in header
    for line, row in rows:
        if was_rejected:
            row = list(map(formulas.freed, row))
        if len(row) != width:
            if len(row) > width and any(value.strip() for value in row[width:]):
                yield Problem(
                    file.name,
                    line,
                    table,
                    None,
                    ",".join(row),
                    f"{len(row)} cells under {width} headings",
                    "Put cells that hold a comma in quotes.",
                )  # the row follows whole: its line is rejected, and written out as it came
            else:
                row = row[:width] + [""] * (width - len(row))
        batch.rows.append(row if straight else [row[index] for index in kept])
        batch.lines.append(line)
        if len(batch.rows) == BATCH_ROWS:
            meter.rows += BATCH_ROWS
            yield batch
            batch = Batch(table, file.name, columns)
    meter.rows += len(batch.rows)
    yield batch


def _header_problems(name: str, table: str, header: list[str]) -> Iterator[Problem]:
    expected = TABLES[table]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        remedy = "Save it with commas between the cells."
        yield Problem(name, 1, table, None, header[0], "the columns are not separated by commas", remedy)
        return
    for column in sorted({column for column in header if column and header.count(column) > 1}):
        yield Problem(name, 1, table, column, column, "the column stands twice in the header", "Keep one of them.")
    needed = [column.name for column in expected.columns if column.required]
    for column in needed:
        if column not in header:
            remedy = f"Add it; {table} needs {', '.join(needed)}."
            yield Problem(name, 1, table, column, "", "the column is missing", remedy)
    for column in header:
        if column and column not in expected.column_names:
            remedy = f"It is not read. Known are {', '.join(expected.column_names)}."
            yield Problem(name, 1, table, column, "", "unknown column", remedy, "hint")


def not_a_table(name: str, table: str) -> Problem:
    remedy = f"It is not read. Name it after its table: {', '.join(TABLES)}."
    return Problem(name, None, table, None, "", "not a table of the data contract", remedy, "hint")


def record_batches(records: Iterable[Record | Problem], meter: Meter) -> Iterator[Batch | Problem]:
    """Batches of what a reader yields, a buffer for each table; problems pass through."""
    waiting: dict[str, list[Record]] = {}
    for item in records:
        if isinstance(item, Problem):
            yield item
            continue
        buffer = waiting.setdefault(item.table, [])
        buffer.append(item)
        if len(buffer) == BATCH_ROWS:
            meter.rows += BATCH_ROWS
            yield from _from_records(buffer)
            buffer.clear()
    for buffer in waiting.values():
        meter.rows += len(buffer)
        yield from _from_records(buffer)


def _from_records(records: list[Record]) -> Iterator[Batch]:
    table = records[0].table
    given = {name for record in records for name in record.values}
    columns = tuple(name for name in TABLES[table].column_names if name in given)
    by_file: dict[str, Batch] = {}
    for _, values, file, line, rows in records:
        batch = by_file.setdefault(file, Batch(table, file, columns))
        batch.rows.append([values.get(name, "") for name in columns])
        batch.lines.append(line)
        batch.merged += rows - 1
    yield from by_file.values()


def written_out(batch: Batch, handle: IO[str], lines: dict[int, str], *, header: bool) -> int:
    """Write the batch's rows that stand in `lines` (line → problem) as they came, with the problem behind them.

    But for what a spreadsheet would run: `formulas.cell` guards it, and reading the mended file frees it again.
    """
    writer = csv.writer(handle)
    if header:
        writer.writerow([*batch.columns, PROBLEM])
    count = 0
    for row, line in zip(batch.rows, batch.lines, strict=True):
        if line in lines:
            writer.writerow(list(map(formulas.cell, [*row, lines[line]])))
            count += 1
    return count
