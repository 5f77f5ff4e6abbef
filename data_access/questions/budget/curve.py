"""The curve of a fiscal year: money burnt at the end of each month, and where that leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Amount, Code, Day, table
from data_access.money import ledger as book
from data_access.money.ledger import FiscalYear
from data_access.questions.budget.projection import burnt_by, projection_of
from data_access.questions.budget.year import OVERSEERS, Year, members_with_changes, released_days, released_year
from data_access.questions.registry import MONEY, question
from data_access.selection import Scope, Selection, add_months

CENT = Decimal("0.01")
KNOWN, PROJECTED = "known", "projected"


class BurnDay(NamedTuple):
    day: Annotated[date, Day("Day", help="The day before the year, ends of months, today, then ends of months to come")]
    paid: Annotated[Decimal | None, Amount("Paid", help="Since the year began")]
    committed: Annotated[Decimal | None, Amount("Committed", help="Approved, not yet paid on that day")]
    burnt: Annotated[Decimal, Amount("Burnt", help="Paid + committed; for leadership what is paid")]
    plan: Annotated[Decimal | None, Amount("Even pace", help="Budget × share of the year gone; empty: no budget")]
    kind: Annotated[str, Code("Known or projected")]
    low: Annotated[float | None, Amount("Burnt, at least", help="Of a 95% range, where one is projected")]
    high: Annotated[float | None, Amount("Burnt, at most", help="Of a 95% range, where one is projected")]
    currency: Annotated[str, Code("Currency")]


@question(roles=OVERSEERS, counts=MONEY, columns=BurnDay)
def burn_curve(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Money burnt in the fiscal year at the end of each month, as it was known then, against the budget's even pace.

    It begins with what is carried over into the year. A year that is over ends with what was paid in it: what was still
    committed is carried over into the next.
    For leadership `burnt` is what is paid, and only days are listed between which enough members were paid.
    """
    year = released_year(connection, selection, scope)
    budget = book.program_budget(connection, year.fiscal)
    sums = _known(connection, year)
    if not sums:
        return table(BurnDay, ())

    def plan(day: date) -> Decimal | None:
        gone = (day - year.fiscal.start).days + 1
        return None if budget is None else (budget * gone / year.fiscal.days).quantize(CENT)

    currency = year.program.currency
    rows = [
        BurnDay(day, paid, committed, paid + (committed or 0), plan(day), KNOWN, None, None, currency)
        for day, paid, committed in sums
    ]
    projection = projection_of(connection, year)
    if projection is not None:
        paid, burnt = rows[-1].paid or Decimal(0), rows[-1].burnt
        for day in (end for end in _month_ends(year.fiscal) if end > year.last):
            low, middle, high = burnt_by(projection, day, paid, burnt)
            rows.append(BurnDay(day, None, None, Decimal(str(middle)), plan(day), PROJECTED, low, high, currency))
    return table(BurnDay, rows)


def _month_ends(fiscal: FiscalYear) -> list[date]:
    ends, first = [], add_months(fiscal.start, 1)
    while first < fiscal.end:
        ends.append(first - timedelta(days=1))
        first = add_months(first, 1)
    return [*ends, fiscal.last_day]


_Sums = tuple[date, Decimal, Decimal | None]


def _known(connection: Connection, year: Year) -> list[_Sums]:
    """Paid and committed up to now, one row a day; empty when nothing may be released or the year has not begun."""
    if year.as_of < year.fiscal.start:
        return []
    start = year.fiscal.start - timedelta(days=1)
    # The day itself is released: the quarter that ends on it is over on the next.
    ends = released_days(connection, replace(year, as_of=year.as_of + timedelta(days=1))) if year.least else []
    days = sorted({start, *(end for end in _month_ends(year.fiscal) if end < year.last), *ends, year.last})
    sums = [
        column
        for at, day in enumerate(days)
        for column in (
            book.total(day, book.PAID).label(f"paid_{at}"),
            book.total(day, book.COMMITTED).label(f"committed_{at}"),
        )
    ]
    found = connection.execute(select(*sums).where(book.in_year(year.fiscal, year.last, start))).one()
    rows = [(day, found[2 * at], found[2 * at + 1]) for at, day in enumerate(days)]
    if year.fiscal.is_over(year.as_of):
        rows[-1] = (year.last, rows[-1][1], Decimal(0))
    return rows if not year.least else _released(connection, year, ends, rows)


def _released(connection: Connection, year: Year, ends: list[date], rows: list[_Sums]) -> list[_Sums]:
    """What was paid, on days between which the money of enough members moved.

    The days are found within each span that is always released, and from nothing else, so that every day of asking
    finds the same.
    """
    released = [rows[0]]
    for end in ends[1:]:
        start = len(released)
        inside = [row for row in rows if released[-1][0] < row[0] <= end]
        for row in inside[:-1]:
            if members_with_changes(connection, year, released[-1][0], row[0]) >= year.least:
                released.append(row)
        while len(released) > start and members_with_changes(connection, year, released[-1][0], end) < year.least:
            released.pop()
        released.append(inside[-1])
    return [(day, paid, None) for day, paid, _ in released] if len(released) > 1 else []
