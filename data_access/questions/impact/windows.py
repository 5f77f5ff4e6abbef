"""What a window's contributors and payments came to: exact inside, and released for whole quarters and years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from data_access.answers import Amount, Count, Day, Key, empty, table
from data_access.database.schema import events, funding_conversions, funding_requests
from data_access.database.sql import month_of
from data_access.privacy.small_groups import shown_count
from data_access.program import load_program
from data_access.questions.budget.year import shown_paid
from data_access.questions.contributors.activity import (
    active_contributors,
    active_name,
    can_count,
    last_day,
    new_name,
    shown_new_contributors,
)
from data_access.questions.events.counts import months_in, trend_period
from data_access.questions.registry import MONEY, PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, STAFF, Period, Scope, Selection, add_months

WINDOWS = (Windows.QUARTERS, Windows.YEARS, Windows.FISCAL, Windows.EVERYTHING)
MOST_QUARTERS = 60
WINDOW = Key("Days", help="Such as 2025-07-01..2026-07-01; the last day is not included")


class ContributorsMeasured(NamedTuple):
    window: Annotated[str, WINDOW]
    active: Annotated[int | None, Count("Active", "contributors", help="At the window’s end; empty: too few to show")]
    new: Annotated[int | None, Count("New", "contributors", help="To the program; empty: too few to show")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=ContributorsMeasured, released=Released(WINDOWS))
def contributors_measured(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Contributors active at the end of the period, and new to the program in it: one row.

    Empty when a filter has no meaning for contributions.
    """
    if not can_count(selection):
        return empty(ContributorsMeasured)
    period, day = selection.period, last_day(selection.period, selection.as_of)
    active = shown_count(active_contributors(connection, selection, load_program(connection)), scope, active_name(day))
    new = shown_new_contributors(connection, selection, scope)
    if scope.book:
        _link(scope, period)
    return table(ContributorsMeasured, [(str(period), active, new)])


def _link(scope: Scope, period: Period) -> None:
    """A window's new contributors are those of its quarters, and those of the same window without the last one."""
    quarters = list(quarters_of(period))
    if len(quarters) > 1:
        scope.book.link(new_name(period), [new_name(quarter) for quarter in quarters])
        shorter = Period(period.start, quarters[-1].start)
        scope.book.link(new_name(period), [new_name(shorter), new_name(quarters[-1])])


class PaidMeasured(NamedTuple):
    window: Annotated[str, WINDOW]
    paid: Annotated[Decimal | None, Amount("Paid", help="Empty: withheld, or without an exchange rate")]


@question(roles=STAFF, counts=MONEY, columns=PaidMeasured, released=Released(WINDOWS))
def paid_measured(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What was paid in the period, in the program's currency: one row. Payments without a rate are left out.

    Released are sums to two figures, of enough people of whom nobody has more than half.
    """
    paid = _paid_in(connection, selection) if scope.inside else shown_paid(connection, selection.period, scope)
    return table(PaidMeasured, [(str(selection.period), paid)])


class SpanSpend(NamedTuple):
    span: Annotated[str, Key("Span", help="YYYY-MM or YYYY-Qn")]
    starts_on: Annotated[date, Day("Starts on")]
    spend: Annotated[Decimal | None, Amount("Paid", help="Empty: withheld, or without an exchange rate")]


@question(
    roles=STAFF,
    counts=MONEY,
    columns=SpanSpend,
    released=Released((Windows.EVERYTHING,), narrowed_by="starts_on"),
)
def spend_by_month(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What was paid per month (inside) or quarter (released), in the program's currency."""
    if not scope.inside:
        quarters = list(quarters_of(selection.period))[-MOST_QUARTERS:]
        names = [f"{quarter.start.year}-Q{quarter.start.month // 3 + 1}" for quarter in quarters]
        told = [shown_paid(connection, quarter, scope) for quarter in quarters]
        return table(SpanSpend, zip(names, (quarter.start for quarter in quarters), told, strict=True))
    statement = (
        select(month_of(funding_requests.c.paid_on).label("month"), func.sum(funding_conversions.c.paid))
        .join_from(funding_requests, funding_conversions, SAME_REQUEST)
        .where(*paid_conditions(selection))
        .group_by("month")
    )
    paid: dict[str, Decimal | None] = {row[0]: row[1] for row in connection.execute(statement)}
    months = months_in(trend_period(connection, selection))
    return table(
        SpanSpend, [(month, date.fromisoformat(f"{month}-01"), paid.get(month, Decimal(0))) for month in months]
    )


SAME_REQUEST = funding_conversions.c.request_key == funding_requests.c.request_key


def _paid_in(connection: Connection, selection: Selection) -> Decimal | None:
    """The sum of the period's payments with a rate; None where there are payments, and none of them has one."""
    paid = func.sum(funding_conversions.c.paid)
    statement = select(paid, func.count()).join_from(funding_requests, funding_conversions, SAME_REQUEST)
    amount, number = connection.execute(statement.where(*paid_conditions(selection))).one()
    return amount if amount is not None or number else Decimal(0)


def paid_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    """Conditions on requests: paid in the period, by the day requested, for the events that the filters choose."""
    requests = funding_requests
    conditions: list[ColumnElement[bool]] = [
        requests.c.paid_amount.is_not(None),
        requests.c.paid_on >= selection.period.start,
        requests.c.paid_on < selection.period.end,
        requests.c.paid_on <= selection.as_of,
    ]
    if selection.narrowed_by:
        matching = select(events.c.event_key).where(
            *(item.condition(getattr(selection, item.name)) for item in selection.narrowed_by)
        )
        conditions.append(requests.c.event_key.in_(matching))
    return conditions


def quarters_of(period: Period) -> Iterator[Period]:
    """The calendar quarters that a period is made of; none where it is not made of whole ones."""
    if period != period.whole_quarters():
        return
    start = period.start
    while start < period.end:
        yield Period(start, add_months(start, 3))
        start = add_months(start, 3)
