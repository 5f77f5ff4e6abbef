"""Where spending leads at its present pace: a line, and the range that its own record demands.

With S spent in the last T days, the next t days bring S·t/T. Money moves in batches, a day at a time: with v the mean
square of what moved on a day, over the last 180 days, that differs by √(v·t·(1 + t/T)) where days are alike and
independent (a compound Poisson process: Ross, Stochastic Processes, 2nd ed., §2.5). They are neither, so the range is
not taken from the normal distribution but from the record: the same line is drawn from each earlier end of a month to
each later one, and the range is as many times that unit wide as holds 95 % of them (split conformal prediction:
Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, §4.2; a time series is not exchangeable, which is
why `held` of `made` earlier ranges are counted, each made from what was known on its day).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import ceil, isfinite, sqrt

TRAILING_DAYS = 90
VARIANCE_DAYS = 180
LEVEL = 0.95
# A range is made of the errors of so many ends of months at least, the newest ones; and of so many errors.
FEWEST_ORIGINS, MOST_ORIGINS, FEWEST_ERRORS = 12, 18, 19
# The normal distribution's: a record that is good by luck makes no range narrower than this.
NARROWEST = 1.959963984540054
# Errors of lines up to so many times as long as the one at hand count, and of a month at least.
_LONGER, _MONTH = 2, 31


class Flows:
    """What was spent on each day from `first` on (what is taken back is negative), summed up."""

    def __init__(self, by_day: dict[date, float], last: date) -> None:
        self.first = min(by_day, default=last)
        amounts = [by_day.get(self.first + timedelta(days=at), 0.0) for at in range((last - self.first).days + 1)]
        self._sums = list(accumulate(amounts, initial=0.0))
        self._squares = list(accumulate((amount * amount for amount in amounts), initial=0.0))

    def spent(self, after: date, last: date) -> float:
        """What was spent after one day, up to another and with it."""
        return self._sums[self._at(last)] - self._sums[self._at(after)]

    def variance(self, day: date) -> float:
        """The mean square of a day's amount, over the days up to this one."""
        days = min(VARIANCE_DAYS, self.days_to(day))
        if days < 1:
            return 0.0
        return (self._squares[self._at(day)] - self._squares[self._at(day - timedelta(days=days))]) / days

    def days_to(self, day: date) -> int:
        return (day - self.first).days + 1

    def _at(self, day: date) -> int:
        return min(max(self.days_to(day), 0), len(self._sums) - 1)


@dataclass(frozen=True, slots=True)
class Origin:
    """A day from which a line is drawn: from what was spent in the `days` up to it, to the `end` of its year."""

    day: date
    days: int
    end: date


@dataclass(frozen=True, slots=True)
class Projection:
    """Spending after a day, from `spent` in the `days` up to it; `width` units wide, None where there is no range yet.

    `held` of the `made` ranges of earlier ends of months held what was then spent by the end of their year.
    """

    as_of: date
    days: int
    spent: float
    variance: float = 0.0
    width: float | None = None
    held: int = 0
    made: int = 0

    def by(self, day: date) -> tuple[float | None, float, float | None]:
        """What will have been spent between `as_of` and the day: (low, middle, high); ends are None without a range."""
        ahead = max((day - self.as_of).days, 0)
        middle = self.spent * ahead / self.days
        if self.width is None:
            return None, middle, None
        spread = self.width * _unit(self.variance, ahead, self.days)
        return middle - spread, middle, middle + spread

    def reaches(self, amount: float, last: date) -> tuple[date | None, date | None, date | None]:
        """The days on which so much more is spent: (earliest, probable, latest); None: not up to the day `last`."""
        found: list[date | None] = [None, None, None]
        for ahead in range(1, (last - self.as_of).days + 1):
            day = self.as_of + timedelta(days=ahead)
            low, middle, high = self.by(day)
            for at, reached in enumerate((high, middle, low)):
                if found[at] is None and reached is not None and reached >= amount:
                    found[at] = day
        return found[0], found[1], found[2]


def project(flows: Flows, now: Origin, earlier: Sequence[Origin]) -> Projection:
    """The projection from a day, with the range that the record of the `earlier` ends of months demands."""
    errors = _errors(flows, earlier)
    width = _width(errors, earlier, now)
    held = made = 0
    for number, origin in enumerate(earlier):
        over = origin.day < origin.end <= now.day
        then = _width(errors, earlier[: number + 1], origin) if over else None
        if then is not None:
            made += 1
            held += _error(flows, origin, origin.end) <= then
    spent = flows.spent(now.day - timedelta(days=now.days), now.day)
    variance = flows.variance(now.day)
    return Projection(now.day, now.days, spent, variance, width if variance else None, held, made)


def _unit(variance: float, ahead: int, days: int) -> float:
    return sqrt(variance * ahead * (1 + ahead / days))


def _error(flows: Flows, origin: Origin, day: date) -> float:
    """By how many units what was spent by a day differs from the line drawn from the origin; infinite without one."""
    ahead = (day - origin.day).days
    middle = flows.spent(origin.day - timedelta(days=origin.days), origin.day) * ahead / origin.days
    unit = _unit(flows.variance(origin.day), ahead, origin.days)
    return abs(flows.spent(origin.day, day) - middle) / unit if unit else float("inf")


# By origin and later day: those that a line was drawn to.
_Errors = dict[date, dict[date, float]]


def _errors(flows: Flows, origins: Sequence[Origin]) -> _Errors:
    """The error of each line from one end of a month to a later one, less than a year and a half away."""
    old_enough = [origin for origin in origins if flows.days_to(origin.day) >= TRAILING_DAYS]
    return {
        origin.day: {later.day: _error(flows, origin, later.day) for later in old_enough[at + 1 : at + 19]}
        for at, origin in enumerate(old_enough)
    }


def _width(errors: _Errors, origins: Sequence[Origin], now: Origin) -> float | None:
    """How many units wide a range from a day to its year's end must be, from what was known on that day."""
    days = [origin.day for origin in origins if origin.day <= now.day]
    longest = timedelta(days=_LONGER * max((now.end - now.day).days, _MONTH))
    found = [
        error
        for origin in days[-MOST_ORIGINS - 1 :]
        for later, error in errors.get(origin, {}).items()
        if later <= now.day and later - origin <= longest and isfinite(error)
    ]
    known = sum(isfinite(errors.get(day, {}).get(later, float("inf"))) for day, later in pairwise(days))
    if known < FEWEST_ORIGINS or len(found) < FEWEST_ERRORS:
        return None
    found.sort()
    return max(found[min(ceil((len(found) + 1) * LEVEL), len(found)) - 1], NARROWEST)
