"""The program's money of a fiscal year: budget against paid, committed and pending, its pace, and where that leads.

Released is what is paid, and what is made of that sum as it is told: what is approved and not paid belongs to few
members, as a rule.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Amount, Code, Count, Day, Key, Number, Share, table
from data_access.money import ledger as book
from data_access.privacy.amounts import FIGURES, rounded
from data_access.questions.budget.projection import burnt_by, projection_of, released_projection
from data_access.questions.budget.year import EACH_YEAR, OVERSEERS, ToldDay, Year, requested_year, told_days
from data_access.questions.registry import MONEY, question
from data_access.selection import Scope, Selection
from data_access.statistics.projection import Projection

NEAR = 0.9
NO_BUDGET, OVER, USED_UP, NEARLY, NOT_THIS_YEAR, THIS_YEAR, CLOSED, HIDDEN, NO_PROJECTION = (
    "no budget",
    "over",
    "used up",
    "near",
    "not at this pace",
    "at this pace",
    "year over",
    "withheld",
    "no projection",
)
NOT_THIS = "Empty: not this year"
NOT_THIS_END = "Of a 95% range. Empty: not this year, or no range yet"
RANGE = "Of a 95% range. Empty: the record is too short for one"


class BudgetSummary(NamedTuple):
    as_of: Annotated[date, Day("As of")]
    fiscal_year: Annotated[int, Key("Fiscal year", help="The calendar year in which it starts")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("Last day")]
    currency: Annotated[str, Code("Currency")]
    budget: Annotated[Decimal | None, Amount("Budget", help="Empty: none is set")]
    paid: Annotated[Decimal | None, Amount("Paid")]
    committed: Annotated[Decimal | None, Amount("Committed", help="Approved, not yet paid, in whatever year")]
    carried_over: Annotated[Decimal | None, Amount("Carried over", help="Of committed: approved in an earlier year")]
    pending: Annotated[Decimal | None, Amount("Pending", help="Waits for a decision")]
    burnt: Annotated[Decimal | None, Amount("Burnt", help="Paid + committed; released is what is paid")]
    remaining: Annotated[Decimal | None, Amount("Remaining", help="Negative: overspent")]
    burn: Annotated[float | None, Share("Burn", help="Burnt ÷ budget")]
    share_gone: Annotated[float, Share("Share of the year gone")]
    pace: Annotated[float | None, Number("Pace", decimals=2, help="Burn ÷ share of the year gone")]
    state: Annotated[
        str,
        Code(
            "State",
            help="no budget, over, used up, near (90% and more), at this pace (used up this year), not at this pace, "
            "year over, withheld, no projection",
        ),
    ]
    exhausted_on: Annotated[date | None, Day("Used up on", help=NOT_THIS)]
    exhausted_first: Annotated[date | None, Day("Used up at the earliest", help=NOT_THIS_END)]
    exhausted_last: Annotated[date | None, Day("Used up at the latest", help=NOT_THIS_END)]
    year_end: Annotated[float | None, Amount("Burnt at the year’s end", help="Projected")]
    year_end_low: Annotated[float | None, Amount("Burnt at the year’s end, at least", help=RANGE)]
    year_end_high: Annotated[float | None, Amount("Burnt at the year’s end, at most", help=RANGE)]
    ranges_held: Annotated[int | None, Count("Earlier ranges that held", "ranges", help="Made at ends of months")]
    ranges_made: Annotated[int | None, Count("Earlier ranges", "ranges", help="Those whose year is over")]
    trailing_days: Annotated[int, Count("Days that make the pace", "days")]
    unknown: Annotated[
        int | None,
        Count("Paid or committed without a rate", "requests", help="They are in no sum. Empty, released: some"),
    ]
    pending_unknown: Annotated[
        int | None, Count("Pending without a rate", "requests", help="They are in no sum. Not released")
    ]


@question(roles=OVERSEERS, counts=MONEY, columns=BudgetSummary, released=EACH_YEAR)
def budget_summary(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The program's budget against paid, committed and pending, with its pace and projected exhaustion (one row).

    Released is what is paid, to two figures, up to the last end of a quarter up to which it may be told, and the pace
    of that quarter.
    """
    year = requested_year(connection, selection)
    row: dict[str, Any] = dict.fromkeys(BudgetSummary._fields) | {
        "fiscal_year": year.fiscal.number,
        "starts_on": year.fiscal.start,
        "ends_on": year.fiscal.last_day,
        "currency": year.program.currency,
    }
    row |= _exact(connection, year) if scope.inside else _released(connection, year, scope)
    return table(BudgetSummary, [BudgetSummary(**row)])


def _exact(connection: Connection, year: Year) -> dict[str, Any]:
    total = book.program_totals(connection, year.fiscal, year.as_of)
    projection = projection_of(connection, year)
    found = _pace(year, total.ceiling, total.paid, total.paid + total.committed, projection)
    if projection is not None:
        found |= {"ranges_held": projection.held, "ranges_made": projection.made}
    return found | {
        "as_of": year.as_of,
        "budget": total.ceiling,
        "paid": total.paid,
        "committed": total.committed,
        "carried_over": total.carried_over,
        "pending": total.pending,
        "share_gone": year.fiscal.share_gone(year.as_of),
        "unknown": total.unknown,
        "pending_unknown": total.pending_unknown,
        "trailing_days": year.days,
    }


def _released(connection: Connection, year: Year, scope: Scope) -> dict[str, Any]:
    """The row as of the last day up to which the sum is told, made of what is told."""
    told = told_days(connection, year, scope)
    budget = book.program_budget(connection, year.fiscal)
    last = told[-1] if told else ToldDay(year.last, Decimal(0), None, year.days)
    shown = {
        "as_of": last.day,
        "budget": budget,
        "share_gone": year.fiscal.share_gone(last.day),
        "trailing_days": last.quarter_days,
        "unknown": None if book.program_totals(connection, year.fiscal, year.as_of).unknown else 0,
        "state": HIDDEN,
    }
    if not told:
        return shown
    year = replace(year, as_of=last.day, is_over=year.is_over and last.day == year.last)
    found = _pace(year, budget, last.paid, last.paid, released_projection(year, last))
    figures = {name: round(found[name], FIGURES) for name in ("burn", "pace") if found.get(name) is not None}
    if found.get("year_end") is not None:
        figures["year_end"] = float(rounded(Decimal(str(found["year_end"]))))
    return shown | {"paid": last.paid} | found | figures


def _pace(
    year: Year, budget: Decimal | None, paid: Decimal, burnt: Decimal, projection: Projection | None
) -> dict[str, Any]:
    """Burn, pace, state and projection of the whole program."""
    gone = year.fiscal.share_gone(year.as_of)
    found: dict[str, Any] = {"state": NO_BUDGET, "burnt": burnt}
    if projection is not None:
        low, middle, high = burnt_by(projection, year.fiscal.last_day, paid, burnt)
        found |= {"year_end_low": low, "year_end": middle, "year_end_high": high}
    if budget is None:
        return found
    remaining = budget - burnt
    burn = float(burnt / budget) if budget else None
    found |= {"remaining": remaining, "burn": burn, "pace": burn / gone if gone and burn is not None else None}
    if remaining <= 0:
        return found | {"state": OVER if remaining < 0 else USED_UP}
    if year.is_over:
        return found | {"state": CLOSED}
    nearly = burn is not None and burn >= NEAR
    if projection is None:
        return found | {"state": NEARLY if nearly else NO_PROJECTION}
    first, middle_day, last = projection.reaches(float(remaining), year.fiscal.last_day)
    found |= {"exhausted_first": first, "exhausted_on": middle_day, "exhausted_last": last}
    return found | {"state": NEARLY if nearly else THIS_YEAR if middle_day else NOT_THIS_YEAR}
