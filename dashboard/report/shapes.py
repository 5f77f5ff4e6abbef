"""What a report is made of, as plain data: each number knows its question, and the row and column it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data_access.database.engine import DataVersion
from data_access.selection import Period


class ReportRefused(Exception):
    """No report was made, or it cannot be read; the message says why, and the way out."""


@dataclass(frozen=True, slots=True)
class ReportSource:
    """A question as it was asked: its own options, period and day, and a fingerprint of everything it answered."""

    question: str
    line: str
    options: Mapping[str, Any]
    period: Period
    as_of: date
    rows: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A number of the report: what it is called, how it is written, and where it stands in its source's answer.

    `value` is as JSON has it; `where` names the row by columns of the answer; `notes` are said beside the number.
    """

    label: str
    shown: str
    value: Any
    unit: str
    source: int
    where: Mapping[str, Any]
    column: str
    notes: tuple[str, ...] = ()


Cell = str | ReportFigure


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table: its caption, its heads, and rows whose first cell names the row; `numeric` columns hold numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NamedBar:
    """One bar: its name, how long it is (None: not shown), what is written beside it, and a mark to compare it with."""

    name: str
    value: float | None
    shown: str
    mark: float | None = None
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class BarsPicture:
    """Bars from the top; `mark_said` explains the marks. `series` names what the bars are of."""

    caption: str
    series: str
    bars: tuple[NamedBar, ...]
    mark_said: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class TimePicture:
    """Columns over time: spans with their values (None: not shown), those in the period, and those still open."""

    caption: str
    series: str
    names: tuple[str, ...]
    values: tuple[float | None, ...]
    current: tuple[bool, ...]
    open: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class LegendLine:
    """One class of the map: its words, and its colours on light and on dark."""

    label: str
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The world, each country in the colour of its class; what is not named is in the first. `borders` are drawn."""

    caption: str
    legend: tuple[LegendLine, ...]
    shades: Mapping[str, int]
    borders: bool = True


Drawn = BarsPicture | TimePicture | MapPicture


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """A picture and its text alternative, which says what the picture shows."""

    drawn: Drawn
    alt: str


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One finding: the sentence, the numbers it rests on, a picture, a table, and what is asked of the reader.

    `sources` are the numbers of all questions behind it; `counted` names the definitions it uses; `pictured` are
    numbers of the picture that no table has.
    """

    key: str
    title: str
    finding: str
    sources: tuple[int, ...]
    more: tuple[str, ...] = ()
    figures: tuple[ReportFigure, ...] = ()
    picture: ReportPicture | None = None
    tables: tuple[ReportTable, ...] = ()
    points: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    pictured: tuple[ReportFigure, ...] = ()

    def numbers(self) -> list[ReportFigure]:
        """Every number of the section, those of its tables too."""
        cells = (cell for table in self.tables for row in table.rows for cell in row)
        return [*self.figures, *self.pictured, *(cell for cell in cells if isinstance(cell, ReportFigure))]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: of which program, for whom, of which period, from which data."""

    program: str
    sample: bool
    role: str
    readers: str
    period: Period
    as_of: date
    version: DataVersion
    sections: Sequence[ReportSection]
    sources: Sequence[ReportSource]
    definitions: Sequence[tuple[str, str]]
    made_on: date
    locale: str
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def lead(self) -> str:
        """The first section's finding."""
        return self.sections[0].finding if self.sections else ""
