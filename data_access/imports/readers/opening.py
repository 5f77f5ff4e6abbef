"""What all readers share: peeking at a file, walking through a CSV row by row, and clean text and keys."""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from typing import TextIO

from data_access.imports.files import SourceFile
from data_access.imports.rows import ImportRefused, Problem, clipped

HEAD_BYTES = 64 * 1024
MAX_WHOLE_FILE_BYTES = 100_000_000
MAX_LINE_CHARACTERS = 10_000_000

_DAMAGED = (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error)
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")  # what no database stores: NUL and halves of surrogate pairs


def head(file: SourceFile) -> str:
    """The first characters, leniently decoded; "" for a file too damaged to say what it is."""
    try:
        with file.open_binary() as binary:
            data = binary.read(HEAD_BYTES)
    except (*_DAMAGED, ImportRefused):
        return ""
    # A UTF-16 file is recognised all the same: its reader then refuses it with the way out.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, errors="replace")


def header(file: SourceFile) -> frozenset[str]:
    """The column names of a CSV file; empty for any other file."""
    if file.ending != "csv":
        return frozenset()
    first_line = head(file).splitlines()[:1]
    try:
        return frozenset(name.strip().casefold() for row in csv.reader(first_line) for name in row)
    except csv.Error:
        return frozenset()


def whole(file: SourceFile) -> bytes:
    """The whole content, for formats that cannot be read in pieces."""
    try:
        with file.open_binary() as binary:
            data = binary.read(MAX_WHOLE_FILE_BYTES + 1)
    except _DAMAGED as cause:
        raise _damaged(file, cause) from cause
    if len(data) > MAX_WHOLE_FILE_BYTES:
        raise ImportRefused(
            f"{file.name} is larger than {MAX_WHOLE_FILE_BYTES / 1e6:.0f} MB, the most that can be read of its kind. "
            "Split it into parts and import them one after another."
        )
    return data


def read_rows(
    file: SourceFile, table: str, columns: Sequence[str], required: Sequence[str] = ()
) -> Iterator[tuple[int, tuple[str, ...]] | Problem]:
    """The rows of a CSV file: the line on which each starts, and its cells in the order of `columns`, stripped.

    A column that the file lacks reads as "", unless it is `required`: then nothing is read. A row that is cut short,
    too long or wrongly quoted becomes a Problem, and reading goes on behind it.
    """
    with _text_of(file) as text:
        rows = csv.reader(_lines(text, file.name), strict=True)
        try:
            names = [name.strip().casefold() for name in next(rows, [])]
        except csv.Error as cause:
            yield _broken(file, 1, 1, table, cause)
            return
        lacking = [name for name in required if name not in names]
        if not names or lacking:
            yield _no_table(file, table, lacking or list(required))
            return
        width = len(names)
        # One empty cell is put behind each row; a column that the file lacks points at it.
        pick = itemgetter(*(names.index(name) if name in names else width for name in columns))
        while True:
            line = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as cause:
                yield _broken(file, line, rows.line_num, table, cause)
                continue
            if len(cells) != width:
                if any(cells):
                    yield _wrong_width(file, line, table, len(cells), width)
                continue
            if not cells[0] and not any(cells):
                continue
            cells.append("")
            yield line, tuple(map(str.strip, pick(cells)))


@contextmanager
def _text_of(file: SourceFile) -> Iterator[TextIO]:
    try:
        with file.open_text() as text:
            yield text
    except _DAMAGED as cause:
        raise _damaged(file, cause) from cause


def _lines(text: TextIO, name: str) -> Iterator[str]:
    """The lines, refused where they show that this is no text; no line is longer than memory allows."""
    for number, line in enumerate(iter(partial(text.readline, MAX_LINE_CHARACTERS), ""), 1):
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


def _damaged(file: SourceFile, cause: BaseException) -> ImportRefused:
    return ImportRefused(f"{file.name} is damaged ({cause}). Copy or download it again.")


def _no_table(file: SourceFile, table: str, lacking: list[str]) -> Problem:
    return Problem(
        file.name,
        1,
        table,
        None,
        "",
        f"the first line does not name the columns {', '.join(lacking)}",
        "Export the file again with its header row",
    )


def _broken(file: SourceFile, first: int, last: int, table: str, cause: csv.Error) -> Problem:
    lines = f"line {first}" if last <= first else f"lines {first} to {last}"
    return Problem(
        file.name,
        first,
        table,
        None,
        "",
        f"{lines} cannot be read as a row ({cause})",
        "Look for a quote that is opened and not closed; a quote inside a quoted cell is written twice",
    )


def _wrong_width(file: SourceFile, line: int, table: str, found: int, wanted: int) -> Problem:
    return Problem(
        file.name,
        line,
        table,
        None,
        "",
        f"the row has {found:,} cells where the header names {wanted:,}",
        "Quote cells that hold a comma, and give empty cells their comma",
    )


def hint(
    file: SourceFile, line: int | None, table: str, column: str | None, value: str, *, says: str, do: str
) -> Problem:
    """Something that a person should know and that keeps nothing out."""
    return Problem(file.name, line, table, column, clipped(value), says, do, "hint")


def error(
    file: SourceFile, line: int | None, table: str, column: str | None, value: str, *, says: str, do: str
) -> Problem:
    """Something that keeps its row out."""
    return Problem(file.name, line, table, column, clipped(value), says, do)


def filled(**values: str) -> dict[str, str]:
    """The values that are given."""
    return {name: value for name, value in values.items() if value}


def one_line(text: str) -> str:
    """The text in composed Unicode form, its white space collapsed, without what no database stores."""
    return " ".join(_NOT_TEXT.sub("\ufffd", unicodedata.normalize("NFC", text)).split())


def folded(text: str) -> str:
    """The text as compared: composed, white space collapsed, case folded."""
    return one_line(text).casefold()


def digest(*parts: str) -> str:
    """Twelve characters that stand for the parts, the same on every machine and in every run."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=6).hexdigest()


def slug(text: str, length: int = 40) -> str:
    """The readable front part of a key: plain letters, digits and dashes; "" where the text has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:length].rstrip("-")


def as_list(values: Sequence[str]) -> str:
    """A contract list; a `;` inside a value would split it, so it becomes a comma."""
    return ";".join(dict.fromkeys(value.replace(";", ",") for value in values if value))
