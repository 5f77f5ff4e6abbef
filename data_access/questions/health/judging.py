"""One figure of an early warning, now and before, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from data_access.questions.health.thresholds import ABOVE, WARNINGS, EarlyWarning
from data_access.statistics.intervals import wilson_interval

WARNING, CLOSER, FINE, UNKNOWN = STATES = ("warning", "look closer", "fine", "not known")
WORSE, BETTER, SAME, NO_DATA = ("worse", "better", "same", "no data before")
# Differences below a thousandth are how numbers are kept, not how things are.
_SAME = 1e-3


@dataclass(frozen=True, slots=True)
class Figure:
    """What an indicator found: `now` and `before` (None: not known), with an interval where it is an estimate.

    `base`: of how many it tells; `missing`: how many could not be looked at; `threshold`: where it is none of the fixed
    ones.
    """

    code: str
    now: float | None
    before: float | None = None
    low: float | None = None
    high: float | None = None
    base: int | None = None
    missing: int | None = None
    threshold: float | None = None

    @property
    def warning(self) -> EarlyWarning:
        return WARNINGS[self.code]

    @property
    def limit(self) -> float | None:
        return self.warning.threshold if self.threshold is None else self.threshold

    @property
    def state(self) -> str:
        """A warning lies beyond its threshold; an estimate whose interval reaches back over it wants a closer look."""
        if self.now is None or self.limit is None:
            return UNKNOWN
        above = self.warning.beyond == ABOVE
        if not _beyond(self.now, self.limit, above):
            return FINE
        nearest = self.low if above else self.high
        return WARNING if nearest is None or _beyond(nearest, self.limit, above) else CLOSER

    @property
    def trend(self) -> str:
        """Whether it got worse or better since the same length of time before."""
        if self.now is None or self.before is None:
            return NO_DATA
        if abs(self.now - self.before) < _SAME:
            return SAME
        return WORSE if (self.now > self.before) == (self.warning.beyond == ABOVE) else BETTER


def _beyond(value: float, limit: float, above: bool) -> bool:
    return value > limit if above else value < limit


def first_day(connection: Connection, day: ColumnElement[Any]) -> date:
    """The first day that a column holds; the last of all days where it holds none."""
    found: date | None = connection.execute(select(func.min(day))).scalar()
    return found or date.max


@dataclass(frozen=True, slots=True)
class Spans:
    """The days that count now, (`since`, `as_of`], and as many before them, (`earlier`, `since`]."""

    as_of: date
    days: int

    @property
    def since(self) -> date:
        return self.as_of - timedelta(days=self.days)

    @property
    def earlier(self) -> date:
        return self.since - timedelta(days=self.days)


def interval(hits: int, of: int | None) -> tuple[float | None, float | None]:
    """Wilson's interval of a share; none of nothing."""
    if not of:
        return None, None
    low, high = wilson_interval(min(hits, of), of)
    return float(low), float(high)
