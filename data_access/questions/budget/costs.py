"""What an outcome costs: money paid in a fiscal year ÷ what was reached in it, travel separately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, select

from data_access.answers import Amount, Code, Count, table
from data_access.database.schema import events, funding_requests, ledger
from data_access.money import ledger as book
from data_access.privacy.amounts import rounded
from data_access.privacy.small_groups import shown_amount
from data_access.questions.budget.breakdown import payments_of_each
from data_access.questions.budget.year import EACH_YEAR, OVERSEERS, Year, paid_name, requested_year, shown_paid
from data_access.questions.contributors.activity import new_name, shown_new_contributors, shown_new_core
from data_access.questions.registry import MONEY, question
from data_access.selection import EARLIEST, Period, Scope, Selection, add_months

EVENT, ATTENDEE, CONTRIBUTOR, CORE, COUNTRY, LANGUAGE = OUTCOMES = (
    "event",
    "attendee",
    "new contributor",
    "new core contributor",
    "new country",
    "new language",
)
TRAVEL = "travel"
CENT, FINEST = Decimal("0.01"), Decimal("0.0001")


@dataclass(frozen=True)
class _Paid:
    """What was paid, and how much of it for travel; None where it is withheld."""

    everything: Decimal | None
    travel: Decimal | None


class OutcomeCost(NamedTuple):
    outcome: Annotated[
        str,
        Code(
            "Outcome",
            help="event: held; attendee: of held events whose attendance is known; new contributor: first "
            "contribution in the year; new core contributor: reached core in the year, coming from casual; new "
            "country, new language: of the first held event ever there or in it",
        ),
    ]
    count: Annotated[
        int | None,
        Count(
            "Reached", "outcomes", help="Released: the middle of a range of people. Empty: withheld, or not recorded"
        ),
    ]  # type: ignore[assignment]  # tuples have a method of this name
    cost: Annotated[Decimal | None, Amount("Paid for each")]
    cost_without_travel: Annotated[Decimal | None, Amount("Without travel", help="For each")]
    cost_of_travel: Annotated[Decimal | None, Amount("Travel", help="For each")]
    paid: Annotated[Decimal | None, Amount("Paid", help="In the year, for whatever it was")]
    currency: Annotated[str, Code("Currency")]


@question(roles=OVERSEERS, counts=MONEY, columns=OutcomeCost, released=EACH_YEAR)
def cost_per_outcome(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What the fiscal year's outcomes cost: paid ÷ outcomes, with travel separately; one row an outcome.

    All money paid in the year up to `as_of` is set against each outcome by itself: the rows do not add up. Missing
    where nothing was reached or paid, or where it is withheld.

    Released are sums of what is paid, to two figures, and people as the middle of their range; they are missing where
    the fiscal year is not made of whole quarters.
    """
    year = requested_year(connection, selection)
    paid = _paid(connection, year, scope)
    elsewhere = None if paid.everything is None or paid.travel is None else paid.everything - paid.travel
    return table(
        OutcomeCost,
        [
            OutcomeCost(
                outcome,
                count,
                cost=_each(paid.everything, count, scope),
                cost_without_travel=_each(elsewhere, count, scope),
                cost_of_travel=_each(paid.travel, count, scope),
                paid=paid.everything,
                currency=year.program.currency,
            )
            for outcome, count in _reached(connection, year, scope).items()
        ],
    )


def cost_of_each(amount: Decimal | None, number: int | None) -> Decimal | None:
    """The amount divided, to the cent, or in full where that would make nothing of something; None: not known."""
    if amount is None or not number:
        return None
    rounded = (amount / number).quantize(CENT)
    return rounded if rounded or not amount else (amount / number).quantize(FINEST, ROUND_UP)


def _each(amount: Decimal | None, number: int | None, scope: Scope) -> Decimal | None:
    """A quotient is told to as many figures as the sum that it is made of."""
    cost = cost_of_each(amount, number)
    return cost if cost is None or scope.inside else rounded(cost)


def _paid(connection: Connection, year: Year, scope: Scope) -> _Paid:
    """What was paid in the year, in all and for travel."""
    if scope.inside:
        is_travel = funding_requests.c.category == TRAVEL
        row = connection.execute(
            select(
                book.as_money(func.sum(ledger.c.amount)).label("everything"),
                book.as_money(func.sum(ledger.c.amount).filter(is_travel)).label("travel"),
            )
            .join_from(ledger, funding_requests, funding_requests.c.request_key == ledger.c.request_key)
            .where(
                ledger.c.fiscal_year == year.fiscal.number,
                ledger.c.state == book.PAID,
                book.in_force(year.as_of),
                ledger.c.amount > Decimal(0),
            )
        ).one()
        return _Paid(row.everything, None if row.everything is None else row.travel or Decimal(0))
    travel = payments_of_each(connection, year, "category").get(TRAVEL, ())
    return _Paid(
        shown_paid(connection, year.gone, scope),
        shown_amount(travel, scope, paid_name(year.gone, "category", TRAVEL)),
    )


def _reached(connection: Connection, year: Year, scope: Scope) -> dict[str, int | None]:
    """How often each outcome was reached in the year up to the day."""
    period = Period(year.fiscal.start, year.fiscal.end)
    held = [*Selection(period, year.as_of).conditions(), events.c.starts_on <= year.as_of]
    number, attended = connection.execute(select(func.count(), func.sum(events.c.attendance)).where(*held)).one()
    ever = [
        *Selection(Period(EARLIEST, year.fiscal.end), year.as_of).conditions(),
        events.c.starts_on <= year.as_of,
    ]
    first = func.min(events.c.starts_on) >= year.fiscal.start
    countries: Select[Any] = (
        select(events.c.located_country)
        .where(*ever, events.c.located_country.is_not(None))
        .group_by(events.c.located_country)
        .having(first)
    )
    return {
        EVENT: number,
        ATTENDEE: None if attended is None else int(attended),
        **_people(connection, year, scope),
        COUNTRY: _number_of(connection, countries),
        LANGUAGE: sum(day >= year.fiscal.start for day in _first_days(connection, ever).values()),
    }


def _first_days(connection: Connection, ever: Sequence[ColumnElement[bool]]) -> dict[str, date]:
    """The first day of each language among the events: by their lists of languages, which are few."""
    listed, found = events.c.languages, dict[str, date]()
    each = select(listed, func.min(events.c.starts_on)).where(listed.is_not(None), *ever).group_by(listed)
    for languages, day in connection.execute(each):
        for language in languages.split(";"):
            found[language] = min(day, found.get(language, day))
    return found


def _people(connection: Connection, year: Year, scope: Scope) -> dict[str, int | None]:
    if scope.inside:
        selection = Selection(Period(year.fiscal.start, year.fiscal.end), year.as_of)
    elif year.gone == year.gone.whole_quarters():
        selection = Selection(year.gone, year.last)
        _add_up(year.gone, scope)
    else:
        return {CONTRIBUTOR: None, CORE: None}
    return {
        CONTRIBUTOR: shown_new_contributors(connection, selection, scope),
        CORE: shown_new_core(connection, selection, scope),
    }


def _add_up(period: Period, scope: Scope) -> None:
    """New contributors of the year are those of its quarters."""
    starts = [add_months(period.start, at) for at in range(0, period.in_months or 0, 3)]
    scope.book.link(new_name(period), [new_name(Period.quarter_of(start)) for start in starts])


def _number_of(connection: Connection, rows: Select[Any]) -> int:
    return connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
