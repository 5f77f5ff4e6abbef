"""Money paid, as the public may know it: by years and spans of quarters that belong to enough members, as ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, select

from data_access.database.schema import funding_conversions, funding_requests
from data_access.program import Program
from data_access.selection import Period, add_months

QUARTERS, YEAR = LEVELS = ("quarters", "year")


@dataclass(frozen=True, slots=True)
class Spent:
    """What was paid in a span: at least `at_least` and less than `at_most`, in whole units of the currency."""

    level: str
    period: Period
    at_least: int
    at_most: int


ByMember = dict[str, Decimal]


def published_spending(connection: Connection, period: Period, program: Program) -> list[Spent]:
    """The period's payments by years that are over, and by quarters within every year; each of enough members.

    A year is a fiscal one where it is made of whole quarters, else a calendar one. Quarters that belong to too few
    members are put together with those that follow in the same year. What is left at a year's end is published in the
    year's sum alone. So what was published once stays as it was when later payments come.

    All ranges have one width, and no member was paid more than that in any published span. All begin at multiples
    of it: so neither quarters nor years narrow the other.
    """
    quarters = _by_quarter(connection, period)
    spans: list[tuple[Period, ByMember]] = []
    years: list[tuple[Period, ByMember]] = []
    for year in _years(period, program):
        inside = {start: paid for start, paid in sorted(quarters.items()) if year.start <= start < year.end}
        spans += _spans(inside, program.min_group_size)
        paid = _added_up(inside.values())
        if year.start >= period.start and year.end <= period.end and len(paid) >= max(program.min_group_size, 1):
            years.append((year, paid))
    step = _step([*spans, *years])
    return [*_in_ranges(QUARTERS, spans, step), *_in_ranges(YEAR, years, step)]


def _years(period: Period, program: Program) -> list[Period]:
    """Every year that has a part in the period."""
    month, day = (int(part) for part in program.fiscal_year_start.split("-"))
    if day != 1 or month not in (1, 4, 7, 10):
        month = 1
    starts = [date(year, month, 1) for year in range(period.start.year - 1, period.end.year + 1)]
    return [Period(start, add_months(start, 12)) for start in starts if start < period.end]


def _spans(quarters: dict[date, ByMember], least_members: int) -> list[tuple[Period, ByMember]]:
    """Quarters of one year, each as short a span as enough members allow."""
    spans = []
    start: date | None = None
    waiting: list[ByMember] = []
    for quarter, paid in quarters.items():
        start = start or quarter
        waiting.append(paid)
        together = _added_up(waiting)
        if len(together) >= max(least_members, 1):
            spans.append((Period(start, Period.quarter_of(quarter).end), together))
            start, waiting = None, []
    return spans


def _added_up(parts: Iterable[ByMember]) -> ByMember:
    found: ByMember = {}
    for part in parts:
        for member, amount in part.items():
            found[member] = found.get(member, Decimal(0)) + amount
    return found


def _in_ranges(level: str, spans: list[tuple[Period, ByMember]], step: int) -> list[Spent]:
    lows = [(span, int(sum(paid.values())) // step * step) for span, paid in spans]
    return [Spent(level, span, low, low + step) for span, low in lows]


def _by_quarter(connection: Connection, period: Period) -> dict[date, ByMember]:
    """Amounts above zero with a known rate, by the first day of the quarter of their payment and by member."""
    paid, requests = funding_conversions.c.paid, funding_requests.c
    statement = (
        select(requests.paid_on, requests.person_key, paid)
        .join_from(funding_requests, funding_conversions, funding_conversions.c.request_key == requests.request_key)
        .where(requests.paid_on >= period.start, requests.paid_on < period.end, paid > Decimal(0))
    )
    found: dict[date, ByMember] = {}
    for day, member, amount in connection.execute(statement):
        members = found.setdefault(Period.quarter_of(day).start, {})
        members[member] = members.get(member, Decimal(0)) + amount
    return found


def _step(spans: list[tuple[Period, ByMember]]) -> int:
    """The smallest of 1, 5, 10, 50, 100 … that no member's amount exceeds; each is a multiple of the one before.

    So two publications with different widths say no more than the finer one.
    """
    largest = max((amount for _, paid in spans for amount in paid.values()), default=Decimal(0))
    step, factor = 1, 5
    while step < largest:
        step, factor = step * factor, 7 - factor
    return step
