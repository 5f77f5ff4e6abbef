"""From files to batches of raw rows: contract CSVs as they are, other formats through their readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from data_access import formulas
from data_access.contract.tables import TABLES, Kind
from data_access.imports.csv_rows import (
    DELIMITERS,
    BrokenRow,
    Layout,
    Row,
    column_id,
    encoding_hint,
    layout,
    rows_below,
)
from data_access.imports.files import SourceFile
from data_access.imports.rows import BATCH_ROWS, Problem, Record, clipped
from data_access.imports.stretches import Stretch, rows_and_stretches

# From this size on a file's plain rows are read by stretches; smaller ones are not worth it.
LARGE_BYTES = 8_000_000
# The heading of why a row was rejected, behind its own columns.
PROBLEM = "problem"
NOT_A_TABLE = "not a table of the data contract"


@dataclass(slots=True)
class Batch:
    """Raw rows of one table from one file: `rows[i]` holds text for each of `columns`, `lines[i]` its first line.

    `merged` counts source rows that a reader had put together with others before. `names` are the source's own names
    of columns where they differ; `letters` those of a sheet's columns. `blank_keeps`: a blank cell says nothing about
    a row that is known, as in people's own lists; else it is no value.
    """

    table: str
    file: str
    columns: tuple[str, ...]
    rows: list[Sequence[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    merged: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    blank_keeps: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def in_its_words(self, problem: Problem) -> Problem:
        """The problem with its column called what the source calls it, in a sheet with the cell."""
        column = problem.column
        if column is None or column not in self.columns:
            return problem
        said = self.names.get(column, column)
        letter = self.letters.get(column)
        return replace(problem, column=f"{said} ({letter}{problem.line})" if letter and problem.line else said)


@dataclass(slots=True, kw_only=True)
class Block(Batch):
    """Plain rows of one file as columns, in place of `rows` and `lines`: whole batches, but for the file's last one."""

    stretch: Stretch

    def __len__(self) -> int:
        return len(self.stretch)

    def batch(self, start: int) -> Batch:
        """The batch of rows that begins with this one."""
        part = self.stretch.part(start, min(start + BATCH_ROWS, len(self)))
        return Batch(self.table, self.file, self.columns, part.rows(), part.lines.tolist(), names=self.names)


def in_batches(item: Batch) -> Iterator[Batch]:
    """The same rows without columns in their place."""
    if isinstance(item, Block):
        yield from (item.batch(start) for start in range(0, len(item), BATCH_ROWS))
    else:
        yield item


@dataclass(slots=True)
class Meter:
    """How far reading has come."""

    file: str = ""
    rows: int = 0


def csv_batches(file: SourceFile, table: str, meter: Meter, *, blocks: bool = False) -> Iterator[Batch | Problem]:
    """Batches of a contract CSV that holds the table; the header's problems come first.

    With `blocks` most of a large file comes as blocks.
    """
    meter.file = file.name
    found = layout(file, TABLES[table].column_names)
    yield from encoding_hint(file, table)
    rows: Iterator[Row | Stretch] = rows_below(file, found)
    if blocks and file.size >= LARGE_BYTES and _by_columns(found):
        rows = rows_and_stretches(file, found, _nearly_all_new(table, found))
    yield from table_batches(file.name, table, Heading(found.line, found.names), rows, meter)


def _by_columns(found: Layout) -> bool:
    """Whether cells mean the same whatever row they stand in: each has its heading, and none was rejected before."""
    return all(found.names) and PROBLEM not in found.ids() and found.delimiter in DELIMITERS


def _nearly_all_new(table: str, found: Layout) -> list[bool]:
    """Of each column, whether most of its texts come once in a stretch, as keys and what nobody reads may."""
    repeating = {column_id(column.name) for column in TABLES[table].columns if column.kind is not Kind.KEY}
    return [name not in repeating for name in found.ids()]


class Heading(NamedTuple):
    """A table's header: its line, the names that stand there, and the sheet's letters of their columns."""

    line: int
    names: tuple[str, ...]
    letters: tuple[str, ...] = ()


class TakenOver(NamedTuple):
    """Who reads a sheet that is none of the contract's tables: what its rows are, its header, its batches."""

    table: str
    heading: Heading
    batches: Callable[[Heading, Iterator[Row]], Iterator[Batch | Problem]]


def table_batches(
    file: str, table: str, heading: Heading, rows: Iterator[Row | Stretch], meter: Meter
) -> Iterator[Batch | Problem]:
    """Batches of the rows below a header. A broken row is kept out, with its text in the place of its first cell."""
    if not heading.names:
        yield nothing_in(file, table, "the file is empty", "Add a header row, or leave the file out.")
        return
    columns_by_id = {column_id(name): name for name in TABLES[table].column_names}
    header = [columns_by_id.get(column_id(name), "") for name in heading.names]
    problems = list(_header_problems(file, table, heading, header))
    yield from problems
    if any(problem.severity == "error" for problem in problems):
        return
    kept = [index for index, name in enumerate(header) if name]
    columns = tuple(header[index] for index in kept)
    names = {header[index]: heading.names[index] for index in kept if heading.names[index] != header[index]}
    letters = {header[index]: heading.letters[index] for index in kept} if heading.letters else {}
    straight = kept == list(range(len(header)))
    width, nameless, seen = len(header), [i for i, name in enumerate(heading.names) if not name], 0
    was_rejected = PROBLEM in map(column_id, heading.names)
    batch = Batch(table, file, columns, names=names, letters=letters)
    for item in rows:
        if isinstance(item, Stretch):
            # A whole number of batches was before it, and `batch` is empty.
            meter.rows += len(item)
            seen += len(item)
            part = replace(item, columns=[item.columns[index] for index in kept])
            yield Block(table, file, columns, names=names, letters=letters, stretch=part)
            continue
        if isinstance(item, BrokenRow):
            # The row follows: its line is rejected, and written out as it came.
            yield Problem(file, item.line, table, None, clipped(item.text, 500), item.says, f"{item.do}.")
            line, row = item.line, [item.text, *[""] * (len(columns) - 1)]
        else:
            line, row = item
            if was_rejected:
                row = list(map(formulas.freed, row))
            if len(row) != width:
                row = row[:width] + [""] * (width - len(row))
            if nameless and any(row[index].strip() for index in nameless):
                remedy = "It is not read. Give the column its name in the header."
                said = next(row[index] for index in nameless if row[index].strip())
                yield Problem(file, line, table, None, clipped(said), "a cell under no heading", remedy, "hint")
                nameless = []
            if not straight:
                row = [row[index] for index in kept]
        batch.rows.append(row)
        batch.lines.append(line)
        if len(batch.rows) == BATCH_ROWS:
            meter.rows += BATCH_ROWS
            seen += BATCH_ROWS
            yield batch
            batch = Batch(table, file, columns, names=names, letters=letters)
    meter.rows += len(batch.rows)
    if not seen and not batch.rows:
        yield nothing_in(file, table, "no row stands below the header", "Add rows, or leave the file out.")
    yield batch


def nothing_in(file: str, table: str, says: str, do: str) -> Problem:
    return Problem(file, None, table, None, "", says, do, "hint")


def _header_problems(name: str, table: str, heading: Heading, header: list[str]) -> Iterator[Problem]:
    expected, line = TABLES[table], heading.line
    for column in sorted({column for column in header if column and header.count(column) > 1}):
        yield Problem(name, line, table, column, column, "the column stands twice in the header", "Keep one of them.")
    needed = [column.name for column in expected.columns if column.required]
    for column in needed:
        if column not in header:
            remedy = f"Add it; {table} needs {', '.join(needed)}."
            yield Problem(name, line, table, column, "", "the column is missing", remedy)
    for written, column in zip(heading.names, header, strict=True):
        if written and not column:
            remedy = f"It is not read. Known are {', '.join(expected.column_names)}."
            yield Problem(name, line, table, written, "", "unknown column", remedy, "hint")


def not_a_table(name: str, table: str) -> Problem:
    remedy = f"It is not read. Name it after its table ({', '.join(TABLES)}), or give it that table's column names."
    return Problem(name, None, table, None, "", NOT_A_TABLE, remedy, "hint")


def record_batches(
    records: Iterable[Record | Problem], meter: Meter, names: Mapping[str, str]
) -> Iterator[Batch | Problem]:
    """Batches of what a reader yields, a buffer for each table; problems pass through.

    `names` are the source's own names of the contract's columns.
    """
    waiting: dict[str, list[Record]] = {}
    for item in records:
        if isinstance(item, Problem):
            yield item
            continue
        buffer = waiting.setdefault(item.table, [])
        buffer.append(item)
        if len(buffer) == BATCH_ROWS:
            meter.rows += BATCH_ROWS
            yield from _from_records(buffer, names)
            buffer.clear()
    for buffer in filter(None, waiting.values()):
        meter.rows += len(buffer)
        yield from _from_records(buffer, names)


def _from_records(records: list[Record], names: Mapping[str, str]) -> Iterator[Batch]:
    table = records[0].table
    given = {name for record in records for name in record.values}
    columns = tuple(name for name in TABLES[table].column_names if name in given)
    by_file: dict[str, Batch] = {}
    for _, values, file, line, rows in records:
        batch = by_file.setdefault(file, Batch(table, file, columns, names=names))
        batch.rows.append([values.get(name, "") for name in columns])
        batch.lines.append(line)
        batch.merged += rows - 1
    yield from by_file.values()
