"""Where spending leads at its present pace: a line with a range, from what was spent in the days before.

Model: amounts arrive like a compound Poisson process. With S spent in the last T days in parts a₁, a₂, …, the next t
days bring S·t/T, and the difference from that has variance Σa²·(t/T)·(1 + t/T): that of the future, and that of the
estimate. The range is 95 % (normal approximation, never below what is spent already). Source: Ross, Stochastic
Processes, 2nd ed., §2.5 for mean and variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

TRAILING_DAYS = 90
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Projection:
    """Spending after a day, from `spent` in the `days` up to it, in parts whose squares add up to `squares`."""

    as_of: date
    days: int
    spent: float
    squares: float

    def by(self, day: date) -> tuple[float, float, float]:
        """What will have been spent between `as_of` and the day: (low, middle, high)."""
        share = max((day - self.as_of).days, 0) / self.days
        middle = self.spent * share
        spread = Z * sqrt(self.squares * share * (1 + share))
        return max(middle - spread, 0.0), max(middle, 0.0), max(middle + spread, 0.0)

    def reaches(self, amount: float, last: date) -> tuple[date | None, date | None, date | None]:
        """The days on which so much more is spent: (earliest, probable, latest); None: not up to the day `last`."""
        found: list[date | None] = [None, None, None]
        for ahead in range(1, (last - self.as_of).days + 1):
            day = self.as_of + timedelta(days=ahead)
            low, middle, high = self.by(day)
            for at, reached in enumerate((high, middle, low)):
                if found[at] is None and reached >= amount:
                    found[at] = day
        return found[0], found[1], found[2]
