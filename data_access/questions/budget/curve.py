"""The curve of a fiscal year: money burnt at the end of each month, and where that leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Amount, Code, Day, table
from data_access.money import ledger as book
from data_access.money.ledger import FiscalYear
from data_access.privacy.amounts import rounded
from data_access.questions.budget.projection import burnt_by, projection_of, released_projection
from data_access.questions.budget.year import EACH_YEAR, OVERSEERS, ToldDay, Year, requested_year, told_days
from data_access.questions.registry import MONEY, question
from data_access.selection import Scope, Selection, add_months

CENT = Decimal("0.01")
KNOWN, PROJECTED = "known", "projected"


class BurnDay(NamedTuple):
    day: Annotated[date, Day("Day", help="The day before the year, ends of months, today, then ends of months to come")]
    paid: Annotated[Decimal | None, Amount("Paid", help="Since the year began")]
    committed: Annotated[Decimal | None, Amount("Committed", help="Approved, not yet paid on that day")]
    burnt: Annotated[Decimal, Amount("Burnt", help="Paid + committed; released is what is paid")]
    plan: Annotated[Decimal | None, Amount("Even pace", help="Budget × share of the year gone; empty: no budget")]
    kind: Annotated[str, Code("Known or projected")]
    low: Annotated[float | None, Amount("Burnt, at least", help="Of a 95% range, where one is projected")]
    high: Annotated[float | None, Amount("Burnt, at most", help="Of a 95% range, where one is projected")]
    currency: Annotated[str, Code("Currency")]


@question(roles=OVERSEERS, counts=MONEY, columns=BurnDay, released=EACH_YEAR)
def burn_curve(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Money burnt in the fiscal year at the end of each month, as it was known then, against the budget's even pace.

    It begins with what is carried over into the year. A year that is over ends with what was paid in it: what was still
    committed is carried over into the next.
    Released is what is paid, to two figures, at the ends of quarters up to which it may be told.
    """
    year = requested_year(connection, selection)
    budget = book.program_budget(connection, year.fiscal)
    told = [] if scope.inside else told_days(connection, year, scope)
    sums = _known(connection, year) if scope.inside else _released(year, told)
    if not sums:
        return table(BurnDay, ())

    def plan(day: date) -> Decimal | None:
        gone = (day - year.fiscal.start).days + 1
        if budget is None:
            return None
        even = (budget * gone / year.fiscal.days).quantize(CENT)
        return even if scope.inside or day >= year.fiscal.last_day else rounded(even)

    currency = year.program.currency
    rows = [
        BurnDay(day, paid, committed, paid + (committed or 0), plan(day), KNOWN, None, None, currency)
        for day, paid, committed in sums
    ]
    projection = projection_of(connection, year) if scope.inside else released_projection(year, told[-1])
    if projection is not None:
        paid, burnt = rows[-1].paid or Decimal(0), rows[-1].burnt
        for day in (end for end in _month_ends(year.fiscal) if end > projection.as_of):
            low, middle, high = burnt_by(projection, day, paid, burnt)
            ahead = Decimal(str(middle)) if scope.inside else rounded(Decimal(str(middle)))
            rows.append(BurnDay(day, None, None, ahead, plan(day), PROJECTED, low, high, currency))
    return table(BurnDay, rows)


def _month_ends(fiscal: FiscalYear) -> list[date]:
    ends, first = [], add_months(fiscal.start, 1)
    while first < fiscal.end:
        ends.append(first - timedelta(days=1))
        first = add_months(first, 1)
    return [*ends, fiscal.last_day]


_Sums = tuple[date, Decimal, Decimal | None]


def _known(connection: Connection, year: Year) -> list[_Sums]:
    """Paid and committed up to now, one row a day; empty when the year has not begun."""
    if year.as_of < year.fiscal.start:
        return []
    start = year.fiscal.start - timedelta(days=1)
    days = sorted({start, *(end for end in _month_ends(year.fiscal) if end < year.last), year.last})
    sums = [
        column
        for at, day in enumerate(days)
        for column in (
            book.total(day, book.PAID).label(f"paid_{at}"),
            book.total(day, book.COMMITTED).label(f"committed_{at}"),
        )
    ]
    found = connection.execute(select(*sums).where(book.in_year(year.fiscal, year.last, start))).one()
    rows: list[_Sums] = [(day, found[2 * at], found[2 * at + 1]) for at, day in enumerate(days)]
    if year.is_over:
        rows[-1] = (year.last, rows[-1][1], Decimal(0))
    return rows


def _released(year: Year, told: Sequence[ToldDay]) -> list[_Sums]:
    before = year.fiscal.start - timedelta(days=1)
    return [(before, Decimal(0), None), *((each.day, each.paid, None) for each in told)] if told else []
