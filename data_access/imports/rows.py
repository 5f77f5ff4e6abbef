"""What every reader yields: rows of the data contract, and problems that name their place and their remedy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

from data_access.recorded import CLASHES

BATCH_ROWS = 4_000


class Record(NamedTuple):
    """One row of a contract table as text, with the place it came from.

    `values` maps contract columns to the source's text; "" or an absent column means "not given".
    `line` is 1-based: the line (CSV), row (xlsx) or first line of the component (iCalendar) in `file`.
    `rows` is how many rows of the source it stands for.
    """

    table: str
    values: dict[str, str]
    file: str
    line: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input, said so that a person can mend it.

    An "error" keeps its row out; a "hint" lets it in and is kept with the import.
    """

    file: str
    line: int | None
    table: str
    column: str | None
    value: str
    problem: str
    remedy: str
    severity: str = "error"

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        column = f", column {self.column}" if self.column else ""
        value = f": {clipped(self.value)!r}" if self.value else ""
        return f"{where}{column}{value}: {self.problem}. {self.remedy}"

    def as_dict(self) -> dict[str, str | int | None]:
        return asdict(self)


def is_clash(problem: Problem) -> bool:
    """Whether a file differs here from what people recorded in the product."""
    return problem.problem in CLASHES


def clipped(text: str, length: int = 80) -> str:
    """The text as shown in a message: one line, at most `length` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


class ImportRefused(Exception):
    """The source as a whole cannot be read; the message says what it is and the way out."""
