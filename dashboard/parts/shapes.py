"""The shapes pages are made of, as plain values: small trends, headline numbers, chain steps, panels of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.words import numbers
from dashboard.words.sentences import Counted

Value = float | None
# Something that has a page: its kind, its key, and what it is called.
Thing = tuple[str, str | None, str]
# What the marks of a panel open.
HELD, ATTENDED, PAID, ACTIVE, NEW = "held", "attended", "paid", "active", "new"
NAMED = frozenset({PAID, ACTIVE, NEW})  # rows of persons


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small trend: its height from 0 to 1 (None = not shown), whether in the period, whether open."""

    height: float | None
    current: bool
    open: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number: its label, its value as shown, how it changed (words, direction), and a small print."""

    label: str
    value: str
    change: str = ""
    direction: int = 0
    note: str = ""
    trend: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: what it is, how much, and how it follows from the step before."""

    label: str
    value: str
    rate: str = ""
    rate_before: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as a line: from its first to its last day, what a span should come to."""

    first: date
    last: date
    value: float


@dataclass(frozen=True)
class Panel:
    """One measure over time. `open` marks spans that can still grow; `None` is a value that may not be shown.

    `opens` says what its marks open: the rows behind each span.
    """

    label: str
    unit: str
    kind: Literal["bar", "line"]
    starts: Sequence[date]
    values: Sequence[Value]
    open: Sequence[bool]
    prefix: str = ""
    aims: Sequence[Aim] = ()
    opens: str = ""

    def shown(self, value: float) -> str:
        return f"{self.prefix}{numbers.number(round(value, 1))}"

    @property
    def months(self) -> int:
        """How long each span is."""
        starts = self.starts
        if len(starts) < 2:
            return 1
        return max((starts[1].year - starts[0].year) * 12 + starts[1].month - starts[0].month, 1)

    @property
    def keys(self) -> list[str]:
        """What names the rows of each span; none for a span that holds nothing."""
        if not self.opens:
            return []
        known = zip(self.starts, self.values, strict=True)
        return [f"{self.opens}.{start.isoformat()}.{self.months}" if value else "" for start, value in known]


@dataclass(frozen=True, slots=True)
class FunnelBar:
    """One step of a funnel: how many people, how many can still take it, and what is said of both."""

    key: str
    name: str
    people: float
    open: float = 0
    said: str = ""
    open_said: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One group's share with its interval, from 0 to 1 (None: not shown), and what is said of it.

    `others` are the same share in other populations, `reference` that at large; a `muted` dot is no group of its own;
    `key` names its rows.
    """

    name: str
    share: float | None
    low: float | None
    high: float | None
    said: str = ""
    heading: str = ""
    others: tuple[float | None, ...] = ()
    reference: float | None = None
    muted: bool = False
    key: str = ""


@dataclass(frozen=True)
class Series:
    """Shares over time or over days, with their intervals (nan: none, or not shown), what is said of each, whether
    it is open, and what names its rows."""

    name: str
    x: Sequence[date] | Sequence[float]
    y: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    said: Sequence[str]
    open: Sequence[bool] = ()
    keys: Sequence[str] = ()


def with_gaps(values: Iterable[float | None]) -> list[float]:
    """Numbers of a Series; what is missing is nan, a gap in the picture."""
    return [float("nan") if value is None else value for value in values]


@dataclass(frozen=True, slots=True)
class HowTold:
    """How an entry is told: its row in the picture, what happened, and what its number counts.

    `monthly` entries are dated by their month; `coded` ones have a code for their words.
    """

    lane: str
    words: str
    counts: Counted | None = None
    monthly: bool = False
    coded: bool = False
