"""Periods a viewer can choose, as plain data: which there are, what each is called, and which one a page opens with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.words.sentences import DAYS, MONTHS, say
from data_access.selection import EARLIEST, LATEST, Period, Scope, Selection, add_months

ALL_TIME = Period(EARLIEST, LATEST)
MOST_YEARS = 40


def opening_period(as_of: date, first: date | None, last: date | None) -> Period:
    """The last four complete quarters with data.

    Complete, because an open period invites wrong comparisons; a whole year, because programs have seasons; whole
    quarters, because counts of people are shown to most roles by whole quarters only, so that all figures of the page
    cover the same days. A program whose data end earlier opens where its data end, not on an empty page.
    """
    end = Period.quarter_of(as_of).start
    if last is not None and last < end:
        end = Period.quarter_of(last).end
    if first is not None and first >= end:
        end = Period.quarter_of(as_of).end
    return Period(add_months(end, -12), end)


def choices(as_of: date, first: date | None, last: date | None) -> dict[Period, str]:
    """What the period chooser lists, in order: the opening period, quick ones, then each year and quarter with data."""
    quarter, year = Period.quarter_of(as_of), Period(date(as_of.year, 1, 1), date(as_of.year + 1, 1, 1))
    month = as_of.replace(day=1)
    listed: dict[Period, str] = {}
    for period, name in (
        (opening_period(as_of, first, last), "Last four full quarters"),
        (quarter, say("This quarter ({quarter})", quarter=quarter_name(quarter))),
        (quarter.previous(), say("Last quarter ({quarter})", quarter=quarter_name(quarter.previous()))),
        (Period(add_months(month, -12), month), "Last 12 full months"),
        (year, say("This year ({year})", year=str(as_of.year))),
        (year.previous(), say("Last year ({year})", year=str(as_of.year - 1))),
        (ALL_TIME, "All time"),
    ):
        listed.setdefault(period, name)
    newest = min(last or as_of, date(as_of.year + 2, 12, 31))
    oldest = max(first or as_of, date(newest.year - MOST_YEARS, 1, 1))
    for number in range(newest.year, oldest.year - 1, -1):
        whole = Period(date(number, 1, 1), date(number + 1, 1, 1))
        listed.setdefault(whole, str(number))
        for index in (4, 3, 2, 1):
            part = Period.quarter_of(date(number, index * 3, 1))
            if part.start <= newest and part.end > oldest:
                listed.setdefault(part, quarter_name(part))
    return listed


def quarter_name(quarter: Period) -> str:
    """`2019 Q3`."""
    return f"{quarter.start.year} Q{quarter.start.month // 3 + 1}"


def during(period: Period) -> str:
    """When something happened: `in 2019`, `in the third quarter of 2019`, `from April 2018 to March 2019`, `so far`."""
    words, months = period.in_words(), period.in_months
    if period.start <= EARLIEST and period.end >= LATEST:
        return "so far"
    if months == 3 and period == Period.quarter_of(period.start):
        return say("in the {quarter}", quarter=words)
    if months == 1 or (months == 12 and period.start.month == 1):
        return say("in {period}", period=words)
    return say("from {period}", period=words)


_BEFORE = {1: "the month before", 3: "the quarter before"}


def before_words(period: Period) -> str:
    """What the period is compared with: `the 12 months before`, `the quarter before`, `the 10 days before`."""
    months = period.in_months
    if months == 12:
        return "the year before" if period.start.month == 1 else "the 12 months before"
    if months in _BEFORE:
        return _BEFORE[months]
    if months:
        return say("the {months} before", months=MONTHS(months))
    days = (period.end - period.start).days
    return "the day before" if days == 1 else say("the {days} before", days=DAYS(days))


def trend_or_all(selection: Selection, scope: Scope, months: int) -> Selection:
    """As `trend_selection`; for who is outside all time, because that is what cohorts are released for."""
    return trend_selection(selection, months) if scope.exact else replace(selection, period=ALL_TIME)


def trend_selection(selection: Selection, least_months: int = 13) -> Selection:
    """The same question over a longer time: the period, the one before it, and at least 13 months for the season."""
    if selection.period == ALL_TIME:
        return selection
    start = min(selection.period.previous().start, add_months(selection.period.end, -least_months))
    return replace(selection, period=Period(max(start.replace(day=1), EARLIEST), selection.period.end))


def first_day(month: str) -> date:
    """The first day of `2019-03`."""
    return date.fromisoformat(f"{month}-01")


def is_open_month(start: date, as_of: date) -> bool:
    """Whether the month is not over on `as_of`."""
    return add_months(start, 1) > as_of
