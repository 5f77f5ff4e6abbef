"""What all readers share: peeking at a file, walking through a CSV row by row, and clean text and keys."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from operator import itemgetter

from data_access.imports.csv_rows import BrokenRow, broken, column_id, encoding_hint, layout, rows_below
from data_access.imports.encodings import of_bytes
from data_access.imports.files import DAMAGED, SourceFile, damaged
from data_access.imports.rows import ImportRefused, Problem, clipped

HEAD_BYTES = 64 * 1024
MAX_WHOLE_FILE_BYTES = 100_000_000

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")  # what no database stores: NUL and halves of surrogate pairs


def head(file: SourceFile) -> str:
    """The first characters, leniently decoded; "" for a file too damaged to say what it is."""
    try:
        with file.open_binary() as binary:
            data = binary.read(HEAD_BYTES)
    except (*DAMAGED, ImportRefused):
        return ""
    return data.decode(of_bytes(data).encoding, errors="replace")


def whole(file: SourceFile) -> bytes:
    """The whole content, for formats that cannot be read in pieces."""
    try:
        with file.open_binary() as binary:
            data = binary.read(MAX_WHOLE_FILE_BYTES + 1)
    except DAMAGED as cause:
        raise damaged(file, cause) from cause
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
    found = layout(file, columns)
    names = found.ids()
    lacking = [name for name in required if column_id(name) not in names]
    if not names or lacking:
        yield _no_table(file, table, lacking or list(required))
        return
    yield from encoding_hint(file, table)
    # One empty cell is put behind each row; a column that the file lacks points at it.
    width = len(names)
    wanted = [column_id(name) for name in columns]
    pick = itemgetter(*(names.index(name) if name in names else width for name in wanted))
    for row in rows_below(file, found):
        if isinstance(row, BrokenRow):
            yield broken(file, table, row)
            continue
        line, cells = row
        if len(cells) < width:
            yield _cut_short(file, line, table, len(cells), width)
            continue
        cells[width:] = ("",)
        yield line, tuple(map(str.strip, pick(cells)))


def _no_table(file: SourceFile, table: str, lacking: list[str]) -> Problem:
    says = f"no line at the top of the file names the columns {', '.join(lacking)}"
    return Problem(file.name, 1, table, None, "", says, "Export the file again with its header row")


def _cut_short(file: SourceFile, line: int, table: str, found: int, wanted: int) -> Problem:
    says = f"the row has {found:,} cells where the header names {wanted:,}"
    return Problem(file.name, line, table, None, "", says, "Give empty cells at its end their comma")


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
