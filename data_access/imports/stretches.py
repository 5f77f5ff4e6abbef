"""Large tables in text, read by stretches: thousands of plain rows at once, as columns; whatever is not plain by rows.

A stretch is plain where nobody could read it otherwise: each row has its cells, each quote stands at the begin or the
end of a cell, no row is blank. Its columns are then what the rows would give, cell by cell.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data_access.imports.csv_rows import MAX_CELL_CHARACTERS, Layout, Row, Rows, lines_of, text_of
from data_access.imports.files import SourceFile
from data_access.imports.rows import BATCH_ROWS

STRETCH_CHARACTERS = 1 << 22
Positions: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Marks: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
_QUOTE, _LINE_FEED, _RETURN, _SPACE, _DELETE = 0x22, 0x0A, 0x0D, 0x20, 0x7F


@dataclass(frozen=True, slots=True)
class Stretch:
    """Plain rows, column by column: texts as they stand, and the line of each row.

    `printable` says that all of it is printable ASCII.
    """

    columns: Sequence[pa.Array]
    lines: Positions
    printable: bool

    def __len__(self) -> int:
        return len(self.lines)

    def part(self, start: int, end: int) -> Stretch:
        """Some of the rows."""
        columns = [column.slice(start, end - start) for column in self.columns]
        return Stretch(columns, self.lines[start:end], self.printable)

    def rows(self) -> list[Sequence[str]]:
        """The cells, row by row."""
        return list(zip(*(column.to_pylist() for column in self.columns), strict=True))


def rows_and_stretches(file: SourceFile, found: Layout, whole: Sequence[bool]) -> Iterator[Row | Stretch]:
    """As `rows_below`, with stretches in the place of plain rows: each of whole batches, but for the file's last one.

    A stretch comes where the number of rows before it, since the begin or the last one, makes whole batches too.
    `whole` names, by its place, each column in which nearly every value is new: the others come with each text once.
    """
    with text_of(file) as text:
        ahead = _Ahead(text)
        taken = until = 0
        while True:
            rows = Rows(lines_of(ahead, file.name, taken), found, taken)
            for count, row in enumerate(rows, 1):
                yield row
                if count % BATCH_ROWS == 0 and rows.between and rows.taken >= until:
                    break
            else:
                return
            taken = rows.taken
            while piece := ahead.whole_lines():
                plain = _plain(piece, found, whole, taken, last=ahead.at_end)
                if plain is None:
                    until = taken + piece.count("\n")
                    ahead.back(piece)
                    break
                stretch, length = plain
                yield stretch
                taken += piece.count("\n", 0, length)
                ahead.back(piece[length:])


class _Ahead:
    """A text that is read by pieces of whole lines, and line by line; what was read too far is given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._held = ""
        self._lines: io.StringIO | None = None
        self.at_end = False

    def whole_lines(self) -> str:
        """The next lines, as many as a stretch may have; "" at the end."""
        more = self._text.read(STRETCH_CHARACTERS)
        self.at_end = not more
        held = self._take() + more
        cut = len(held) if self.at_end else held.rfind("\n") + 1
        self._held = held[cut:]
        return held[:cut]

    def back(self, text: str) -> None:
        """Give back what stands before what follows."""
        self._held = text + self._take()

    def _take(self) -> str:
        held, self._held = self._held if self._lines is None else self._lines.read(), ""
        self._lines = None
        return held

    def readline(self, limit: int = -1, /) -> str:
        if self._lines is None:
            self._lines = io.StringIO(self._held, newline="")
        line = self._lines.readline(limit)
        if line.endswith("\n") or len(line) == limit:
            return line
        after = self._lines.read()
        if line.endswith("\r") and after:
            self._lines = io.StringIO(after, newline="")
            return line
        more = self._text.read(STRETCH_CHARACTERS)
        self._lines = io.StringIO(line + after + more, newline="")
        return self.readline(limit) if more else self._lines.readline(limit)


def _plain(piece: str, found: Layout, whole: Sequence[bool], above: int, *, last: bool) -> tuple[Stretch, int] | None:
    """The plain rows that the piece begins with, and how many characters they take; None where some are not plain."""
    try:
        data = (piece if piece.endswith("\n") or not last else f"{piece}\n").encode()
    except UnicodeEncodeError:
        return None
    if not data.endswith(b"\n") or b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        return None
    codes = np.frombuffer(data, np.uint8)
    row_ends, ends_of_lines = _row_ends(codes, ord(found.delimiter))
    # The last piece may end within a row, whose quote nobody closes.
    to_the_end = last and len(row_ends) > 0 and row_ends[-1] + 1 == len(data)
    number = len(row_ends) if to_the_end else len(row_ends) // BATCH_ROWS * BATCH_ROWS
    if not number:
        return None
    row_ends, lines = row_ends[:number], np.concatenate(([0], ends_of_lines[: number - 1] + 1)) + above + 1
    starts, end = np.concatenate(([0], row_ends[:-1] + 1)), int(row_ends[-1]) + 1
    first = codes[starts]
    if ((first == _LINE_FEED) | (first == _RETURN)).any() or (row_ends - starts).max() > MAX_CELL_CHARACTERS:
        return None
    columns = _columns(data[:end], found, whole)
    if columns is None or len(columns[0]) != number:
        return None
    marks = np.count_nonzero((codes[:end] < _SPACE) | (codes[:end] == _DELETE))
    expected = number + data.count(b"\r", 0, end) + (data.count(b"\t", 0, end) if found.delimiter == "\t" else 0)
    stretch = Stretch(columns, lines, printable=piece.isascii() and marks == expected)
    if _has_blank_row(stretch):
        return None
    return stretch, len(piece) if end == len(data) else len(data[:end].decode())


def _row_ends(codes: np.ndarray[tuple[int], np.dtype[np.uint8]], delimiter: int) -> tuple[Positions, Positions]:
    """Where rows end, and each end's place among the ends of lines; none where quotes are not where they must be."""
    quotes, ends = np.flatnonzero(codes == _QUOTE), np.flatnonzero(codes == _LINE_FEED)
    if not len(quotes):
        return ends, np.arange(len(ends))
    opening, closing = quotes[::2], quotes[1::2]
    # A quote within a quoted cell is written twice: it closes the cell, and opens it again. Before the first character
    # numpy finds the last one, which is a line's end.
    opens = np.isin(codes[opening - 1], (delimiter, _LINE_FEED, _QUOTE))
    closes = np.isin(codes[closing + 1], (delimiter, _LINE_FEED, _RETURN, _QUOTE))
    if not (opens.all() and closes.all()):
        return ends[:0], ends[:0]
    outside = np.searchsorted(quotes, ends) % 2 == 0
    return ends[outside], np.flatnonzero(outside)


def _columns(data: bytes, found: Layout, whole: Sequence[bool]) -> list[pa.Array] | None:
    """The columns of the rows; None where some row has cells too few or too many."""
    names = [str(index) for index in range(len(found.names))]
    once, each = pa.dictionary(pa.int32(), pa.string()), pa.string()
    types = {name: each if is_whole else once for name, is_whole in zip(names, whole, strict=True)}
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            pa_csv.ParseOptions(
                delimiter=found.delimiter, double_quote=True, newlines_in_values=True, ignore_empty_lines=False
            ),
            pa_csv.ConvertOptions(check_utf8=False, column_types=types, null_values=[], strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return [column.unify_dictionaries().combine_chunks() for column in table.columns]


def _has_blank_row(stretch: Stretch) -> bool:
    """Whether some row has no cell that says anything: it is no row, whatever its width."""
    rows = np.ones(len(stretch), bool)
    for column in stretch.columns:
        rows &= _blank(column, stretch.printable)
        if not rows.any():
            return False
    return True


def _blank(column: pa.Array, printable: bool) -> Marks:
    """For each row whether the cell is blank."""
    if isinstance(column, pa.DictionaryArray):
        texts = np.array([not text.strip() for text in column.dictionary.to_pylist()], bool)
        return cast(Marks, texts[column.indices.to_numpy()])
    if printable:
        return cast(Marks, pc.binary_length(pc.ascii_trim(column, " ")).to_numpy() == 0)
    return np.fromiter((not text.strip() for text in column.to_pylist()), bool, len(column))
