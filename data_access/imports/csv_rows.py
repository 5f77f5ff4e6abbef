"""The one reader of tables in text: whatever parts the cells, wherever the header stands, a broken row is one row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple, Protocol, TextIO

from data_access.imports.encodings import NAMES
from data_access.imports.files import DAMAGED, SourceFile, damaged, encoding_of
from data_access.imports.rows import ImportRefused, Problem, clipped

ENDINGS = ("csv", "tsv", "tab", "txt")
DELIMITERS = ",;\t|"
HEADER_WITHIN = 30  # lines: above a header stand titles and dates, not pages
MAX_LINE_CHARACTERS = 10_000_000
MAX_CELL_CHARACTERS = 1_000_000
csv.field_size_limit(MAX_CELL_CHARACTERS)


class Layout(NamedTuple):
    """How a table in text is laid out: what parts its cells, the line of its header, and the header's names there."""

    delimiter: str
    line: int
    names: tuple[str, ...]

    def ids(self) -> list[str]:
        return [column_id(name) for name in self.names]


class BrokenRow(NamedTuple):
    """A row that cannot be taken apart, or has cells too many: its first line, its text, what is wrong, the way out."""

    line: int
    text: str
    says: str
    do: str


Row = tuple[int, list[str]] | BrokenRow


def column_id(name: str) -> str:
    """What the spellings of a column's name have in common: "Event Key", "event-key", "eventKey" → "eventkey"."""
    return "".join(filter(str.isalnum, name)).casefold()


def layout(file: SourceFile, columns: Collection[str]) -> Layout:
    """The layout under which the file's first lines name most of the `columns`; its first row where none does."""
    return _layout(file, frozenset(map(column_id, columns)))


@lru_cache(maxsize=1_000)
def _layout(file: SourceFile, wanted: frozenset[str]) -> Layout:
    best, most = Layout(",", 0, ()), 0
    for delimiter, rows in first_rows(file):
        for line, cells in rows:
            found = len(wanted.intersection(map(column_id, cells)))
            first = not best.names
            if found > most or first:
                best, most = Layout(delimiter, line, tuple(cell.strip() for cell in cells)), found
    return best


def has_columns(file: SourceFile, columns: Collection[str]) -> bool:
    """Whether the file is a table in text whose header has all the `columns`."""
    if file.ending not in ENDINGS:
        return False
    try:
        return {column_id(name) for name in columns} <= set(layout(file, columns).ids())
    except ImportRefused:
        return False


@lru_cache(maxsize=200)
def first_rows(file: SourceFile) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """The first rows that are not blank, with their lines, under each delimiter, the likeliest first."""
    with text_of(file) as text:
        lines = list(islice(lines_of(text, file.name), HEADER_WITHIN))
    told = _told(lines)
    likely = sorted(told or DELIMITERS, key=lambda mark: -len(lines[0].split(mark)) if lines else 0)
    return [(mark, list(_first_rows(lines, mark, skip=bool(told)))) for mark in likely]


def _told(lines: list[str]) -> str:
    """The delimiter that a first line `sep=;` tells Excel."""
    first = lines[0].strip().strip('"') if lines else ""
    return first[4:5] if first[:4].casefold() == "sep=" and len(first) == 5 else ""


def _first_rows(lines: list[str], delimiter: str, *, skip: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (skip and before == 0):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error:
        return


def rows_below(file: SourceFile, found: Layout) -> Iterator[Row]:
    """The rows below the header that are not blank: their first line, and their cells as they stand, as many as are.

    A row that cannot be taken apart is a BrokenRow, and reading goes on with the line behind its first.
    """
    with text_of(file) as text:
        yield from Rows(lines_of(text, file.name), found)


class Rows:
    """The rows of a text's lines, of which the first follows on `above` others."""

    def __init__(self, lines: Iterator[str], found: Layout, above: int = 0) -> None:
        self.found = found
        self.taken = above  # lines of the file up to the end of the row that was given out last
        self._lines = lines
        self._again: deque[str] = deque()
        self._read: list[str] = []

    @property
    def between(self) -> bool:
        """Whether what follows the row that was given out last is what the lines go on with."""
        return not self._again

    def __iter__(self) -> Iterator[Row]:
        found, width, above = self.found, len(self.found.names), self.taken
        read, again = self._read, self._again
        reader = self._reader()
        while True:
            line = above + reader.line_num + 1
            read.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as cause:
                broken_row = _cannot_be_read(line, above + reader.line_num, read[0], cause)
                # A quote that is not closed swallows what follows: all of that is read again, each line by itself.
                again.extendleft(reversed(read[1:]))
                self.taken = above = line
                reader = self._reader()
                if line >= found.line:
                    yield broken_row
                continue
            if line <= found.line or not cells:
                continue
            if len(cells) != width or not cells[0].strip():
                if not any(map(str.strip, cells)):
                    continue
                if len(cells) > width and any(map(str.strip, cells[width:])):
                    self.taken = above + reader.line_num
                    yield _too_wide(line, cells, found)
                    continue
            self.taken = above + reader.line_num
            yield line, cells

    def _reader(self) -> Any:  # the csv module's, whose type has no name
        return csv.reader(self._kept(), delimiter=self.found.delimiter, strict=True)

    def _kept(self) -> Iterator[str]:
        """First the lines to be read again, then the others; what a row takes is kept in `_read`."""
        again, keep = self._again, self._read.append
        while again:
            line = again.popleft()
            keep(line)
            yield line
        for line in self._lines:
            keep(line)
            yield line


@contextmanager
def text_of(file: SourceFile) -> Iterator[TextIO]:
    """The file's text in the encoding that it has."""
    try:
        with file.open_text() as text:
            yield text
    except DAMAGED as cause:
        raise damaged(file, cause) from cause


class HasLines(Protocol):
    """What gives lines one after the other, as a text file does."""

    def readline(self, limit: int = -1, /) -> str: ...


def lines_of(text: HasLines, name: str, above: int = 0) -> Iterator[str]:
    """The lines, refused where they show that this is no text; no line is longer than memory allows.

    `above` lines of the file are read already.
    """
    for number, line in enumerate(iter(partial(text.readline, MAX_LINE_CHARACTERS), ""), above + 1):
        if "\0" in line:
            raise ImportRefused(
                f"{name}, line {number}, holds a NUL byte, which no text file has: it is damaged or not a CSV file. "
                "Export it again as “CSV UTF-8”."
            )
        if len(line) == MAX_LINE_CHARACTERS:
            raise ImportRefused(
                f"{name}, line {number}, is longer than {MAX_LINE_CHARACTERS:,} characters: this is not a table. "
                "Export it again as “CSV UTF-8”."
            )
        yield line


def _cannot_be_read(first: int, last: int, text: str, cause: csv.Error) -> BrokenRow:
    if "field larger" in str(cause):
        return BrokenRow(
            first,
            text,
            f"a cell holds more than {MAX_CELL_CHARACTERS:,} characters",
            "Look for a quote that is opened and not closed",
        )
    return BrokenRow(
        first,
        text,
        f"line {first} cannot be read as a row ({cause})",
        "Look for a quote that is opened and not closed; a quote inside a quoted cell is written twice",
    )


def _too_wide(line: int, cells: Sequence[str], found: Layout) -> BrokenRow:
    says = f"the row has {len(cells):,} cells where the header names {len(found.names):,}"
    if any(cell.strip()[:1] in "“”„«" for cell in cells if cell.strip()):
        do = f'Only straight quotes (") hold a cell with a {_mark(found)} together; “ and ” are part of the text'
    else:
        do = f"Put cells that hold a {_mark(found)} in quotes"
    return BrokenRow(line, found.delimiter.join(cells), says, do)


def _mark(found: Layout) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(found.delimiter, found.delimiter)


def broken(file: SourceFile, table: str, row: BrokenRow) -> Problem:
    """The row's problem; it keeps nothing else out."""
    return Problem(file.name, row.line, table, None, clipped(row.text, 500), row.says, row.do)


def encoding_hint(file: SourceFile, table: str) -> Iterator[Problem]:
    """How the file was read if it is not UTF-8, with a piece of it to see whether that is right."""
    guess = encoding_of(file)
    if guess.certain:
        return
    line, piece = 1, ""
    with text_of(file) as text:
        for number, each in enumerate(text, 1):
            if not each.isascii():
                line, piece = number, each
                break
    kind = NAMES[guess.encoding]
    says = (
        f"not all of the file is {kind}; the rest was read as {NAMES['cp1252']}"
        if guess.encoding == "utf-8-sig"
        else f"the file is not UTF-8 and was read as {kind}"
    )
    do = "If its letters are wrong, save the file as “CSV UTF-8” and import it again"
    yield Problem(file.name, line, table, None, clipped(piece), says, do, "hint")
