"""Spans of days, counted half-open as everywhere: what a month, a quarter and a fiscal year is, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def month_later(day: date, months: int = 1) -> date:
    """The first of the month so many months after the day's."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def quarter_start(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarters(first: date, last: date) -> Iterator[date]:
    """The first days of the calendar quarters from that of the first day to that of the last."""
    start = quarter_start(first)
    while start <= last:
        yield start
        start = month_later(start, 3)


def fiscal_year(day: date, starts: tuple[int, int]) -> int:
    """A fiscal year is called after the calendar year in which it starts."""
    return day.year if day >= date(day.year, *starts) else day.year - 1
