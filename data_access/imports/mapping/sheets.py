"""The tables of files that no reader knows: where the header stands, and a sample of the rows below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from data_access.imports.batches import Heading
from data_access.imports.csv_rows import BrokenRow, Layout, column_id, first_rows, rows_below
from data_access.imports.files import SourceFile
from data_access.imports.mapping.headings import heard, known_headings
from data_access.imports.mapping.mapping import SheetMapping, shape_of, told_apart

SAMPLE_ROWS = 300
Rows = Sequence[tuple[int, list[str]]]


class Sheet(NamedTuple):
    """One table: the name that messages give it, its header, and its first rows."""

    name: str
    heading: Heading
    rows: Rows

    @property
    def names(self) -> tuple[str, ...]:
        return told_apart(self.heading.names)

    @property
    def shape(self) -> str:
        return shape_of(self.names)

    def column(self, index: int) -> list[str]:
        """The cells of a column in the sample that are filled."""
        return [cells[index].strip() for _, cells in self.rows if index < len(cells) and cells[index].strip()]


class SheetMappings:
    """SheetMappings by the shape of the tables that they are for."""

    def __init__(self, readings: Iterable[SheetMapping] = ()) -> None:
        self.by_shape = {reading.shape: reading for reading in readings}

    def __bool__(self) -> bool:
        return bool(self.by_shape)

    def of(self, names: Sequence[str]) -> SheetMapping | None:
        return self.by_shape.get(shape_of(told_apart(names)))

    def header(self, rows: Iterable[tuple[int, list[str]]]) -> tuple[Heading, SheetMapping] | None:
        """The row whose headings some reading is for, and that reading."""
        if not self.by_shape:
            return None
        for line, cells in rows:
            names = clean(cells)
            if reading := self.of(names):
                return Heading(line, names), reading
        return None

    def layout(self, file: SourceFile) -> tuple[Layout, SheetMapping] | None:
        """The same for a table in text, under the delimiter that shows it."""
        for delimiter, rows in first_rows(file) if self.by_shape else ():
            if (reading := self.of(SHORTLOG)) and is_shortlog(delimiter, rows):
                return Layout(delimiter, 0, SHORTLOG), reading
            if found := self.header(rows):
                return Layout(delimiter, found[0].line, found[0].names), found[1]
        return None


# What `git shortlog -sne` prints has no header: a count, a tab, and "Name <mail>".
SHORTLOG = ("commits", "author")


def is_shortlog(delimiter: str, rows: Rows) -> bool:
    """Whether the first rows are what git prints of its authors."""
    begins = bool(rows) and rows[0][1][0].strip().isdecimal()
    return begins and delimiter == "\t" and all(len(cells) == 2 for _, cells in rows)


def clean(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in cells)


def likely_header(rows: Iterable[tuple[int, list[str]]]) -> Heading:
    """The row that names most of what tables are about; where none does, the first with more than one cell."""
    best, most = Heading(0, ()), 0.0
    for line, cells in rows:
        names = clean(cells)
        filled = [name for name in names if name]
        said = 1.0 * sum(column_id(name) in known_headings() for name in filled)
        said += sum(0.5 for name in filled if column_id(name) not in known_headings() and heard(name))
        worth = said if said >= 2 or len(filled) < 2 else max(said, 0.1)
        if len(filled) >= 2 and (worth > most or not best.names):
            best, most = Heading(line, names), worth
    return best


def text_sheet(file: SourceFile) -> Sheet | None:
    """The table of a file in text; None where its first lines hold none."""
    best: Layout | None = None
    most = -1.0
    for delimiter, rows in first_rows(file):
        heading = likely_header(rows)
        if is_shortlog(delimiter, rows):
            best = Layout(delimiter, 0, SHORTLOG)
            break
        said = sum(bool(heard(name)) for name in heading.names if name) + len(heading.names) / 1_000
        if heading.names and said > most:
            best, most = Layout(delimiter, heading.line, heading.names), said
    if best is None:
        return None
    rows = [row for row in islice(rows_below(file, best), SAMPLE_ROWS) if not isinstance(row, BrokenRow)]
    return Sheet(file.name, Heading(best.line, best.names), rows) if rows else None
