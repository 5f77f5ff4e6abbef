"""The program's calendar: five years up to a date, with growth, seasons and weekly rhythm.

Days are numbered from the program's first day (0), which keeps a date in two bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sample_data.draws import Array, Floats, stream

PLANNED_DAYS = 95
_ISO_MARGIN = 120

_MONTHS = (0.80, 0.95, 1.15, 1.28, 1.18, 1.00, 0.78, 0.48, 1.05, 1.42, 1.15, 0.72)
_WEEKDAYS = (0.60, 1.10, 1.25, 1.30, 0.80, 1.60, 0.50)  # Thursday evenings and Saturdays
_WORK_MONTHS = (0.98, 1.00, 1.05, 1.06, 1.04, 0.98, 0.90, 0.80, 1.00, 1.18, 1.05, 0.86)
_WORK_WEEKDAYS = (1.05, 1.10, 1.10, 1.05, 0.95, 0.90, 0.85)


def add_months(day: date, months: int) -> date:
    """The first of the month that many months away."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Timeline:
    """Day 0 is `start`; `today` is the last day of which anything is known; planned events reach to `end`."""

    start: date
    as_of: date
    today: int
    end: int
    iso: npt.NDArray[np.object_]
    quarter: Array
    event_clock: Floats
    work_clock: Floats

    @property
    def quarters(self) -> int:
        return int(self.quarter[-1]) + 1

    def date(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def text(self, day: int) -> str:
        """A day as ISO text; days before the program are allowed."""
        return self.date(day).isoformat()

    def month(self, months: int, day_of_month: int = 1) -> int:
        """The number of a day so many months after the program's first month."""
        return (add_months(self.start, months) - self.start).days + day_of_month - 1

    def month_of(self, day: int) -> int:
        """Months between the program's first month and the day's month."""
        then = self.date(day)
        return (then.year - self.start.year) * 12 + then.month - self.start.month

    def quarter_bounds(self, quarter: int) -> tuple[int, int]:
        """First day and the day after the last of a calendar quarter, numbered as in `quarter`."""
        first = quarter * 3 - (self.start.month - 1) % 3
        return self.month(first), self.month(first + 3)


def make_timeline(as_of: date, seed: int) -> Timeline:
    """The calendar for a program that ends at `as_of` and began sixty calendar months before the next one."""
    start = add_months(as_of, -59)
    today = (as_of - start).days
    end = today + PLANNED_DAYS
    dates = [start + timedelta(days=n) for n in range(end + 1)]
    months = np.array([d.month - 1 for d in dates])
    weekdays = np.array([d.weekday() for d in dates])
    holidays = np.array([(d.month, d.day) >= (12, 20) or (d.month, d.day) <= (1, 3) for d in dates])
    numbers = np.arange(end + 1)
    rng = stream(seed, "calendar")
    weekly = rng.uniform(0.72, 1.32, end // 7 + 1)[numbers // 7]
    campaign = np.array([d.month == 10 and 8 <= d.day <= 21 for d in dates])  # the yearly contribution weeks
    growth = 0.5 + 0.8 * numbers / today - 0.25 * np.exp(-(((numbers - 950) / 160.0) ** 2))
    announced = np.where(numbers > today, 0.8 * np.exp(-(numbers - today) / 45.0), 1.0)
    event_weights = np.take(_MONTHS, months) * np.take(_WEEKDAYS, weekdays) * weekly * growth * announced
    event_weights *= np.where(holidays, 0.18, 1.0) * np.where(campaign, 1.5, 1.0)
    work_weights = np.take(_WORK_MONTHS, months) * np.take(_WORK_WEEKDAYS, weekdays) * (0.8 + 0.2 * weekly)
    work_weights *= np.where(holidays, 0.55, 1.0) * np.where(campaign, 1.35, 1.0)
    first = start.year * 4 + (start.month - 1) // 3
    return Timeline(
        start=start,
        as_of=as_of,
        today=today,
        end=end,
        iso=np.array([(start + timedelta(days=n)).isoformat() for n in range(end + _ISO_MARGIN)], dtype=object),
        quarter=np.array([d.year * 4 + (d.month - 1) // 3 - first for d in dates], dtype=np.int16),
        event_clock=np.concatenate([[0.0], np.cumsum(event_weights)]),
        work_clock=np.concatenate([[0.0], np.cumsum(work_weights)]),
    )


def days_on_clock(clock: Floats, position: Floats) -> Array:
    """The days on which a seasonal clock shows the given positions (0 to the clock's last value)."""
    days = np.searchsorted(clock, position, side="right") - 1
    return np.asarray(np.clip(days, 0, len(clock) - 2))
