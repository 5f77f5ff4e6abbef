"""The program's money of a fiscal year: budget against paid, committed and pending, its pace, and where that leads.

Sums that belong to fewer members than the program's minimum are withheld from everybody outside, and
so is what would disclose them by subtraction: for leadership `burnt`, and all that is made of it, counts what is paid
alone, for what is approved and not paid belongs to few members as a rule.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Amount, Code, Count, Day, Key, Number, Share, table
from data_access.database.schema import ledger
from data_access.money import ledger as book
from data_access.questions.budget.projection import burnt_by, projection_of
from data_access.questions.budget.year import OVERSEERS, Year, released_year
from data_access.questions.registry import MONEY, question
from data_access.selection import Scope, Selection

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
    burnt: Annotated[Decimal | None, Amount("Burnt", help="Paid + committed; for leadership what is paid")]
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
        Count("Paid or committed without a rate", "requests", help="They are in no sum. Empty, outside: some"),
    ]
    pending_unknown: Annotated[
        int | None,
        Count("Pending without a rate", "requests", help="They are in no sum. Empty: seen from outside"),
    ]


@question(roles=OVERSEERS, counts=MONEY, columns=BudgetSummary)
def budget_summary(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The program's budget against paid, committed and pending, with its pace and projected exhaustion (one row).

    For leadership `burnt` is what is paid, missing where it is of fewer members than the minimum, and what is committed
    or pending is missing.
    """
    year = released_year(connection, selection, scope)
    total = book.program_totals(connection, year.fiscal, year.as_of)
    budget, members = total.ceiling, _members(connection, year)
    # Of what is approved or requested, days are not chosen so that enough members' sums changed between them.
    shown = dict.fromkeys(book.STATES, not year.least) | {book.PAID: members[book.PAID] >= year.least}
    burnt = total.paid if year.least else total.paid + total.committed
    row: dict[str, Any] = dict.fromkeys(BudgetSummary._fields) | {
        "as_of": year.as_of,
        "fiscal_year": year.fiscal.number,
        "starts_on": year.fiscal.start,
        "ends_on": year.fiscal.last_day,
        "currency": year.program.currency,
        "budget": budget,
        "paid": total.paid if shown[book.PAID] else None,
        "committed": total.committed if shown[book.COMMITTED] else None,
        "carried_over": total.carried_over if shown[book.COMMITTED] else None,
        "pending": total.pending if shown[book.PENDING] else None,
        "share_gone": year.fiscal.share_gone(year.as_of),
        "unknown": total.unknown if scope.inside or not total.unknown else None,
        "pending_unknown": total.pending_unknown if shown[book.PENDING] else None,
        "trailing_days": year.days,
        "state": HIDDEN,
    }
    if shown[book.PAID]:
        row |= {"burnt": burnt} | _pace(connection, year, budget, total.paid, burnt)
    return table(BudgetSummary, [BudgetSummary(**row)])


def _members(connection: Connection, year: Year) -> dict[str, int]:
    """How many members the sums of each state belong to."""
    in_year = select(ledger.c.person_key, ledger.c.state).where(
        book.in_year(year.fiscal, year.as_of), ledger.c.amount > Decimal(0)
    )
    rows = in_year.distinct().subquery()
    counts = [func.count().filter(rows.c.state == state) for state in book.STATES]
    found = connection.execute(select(*counts).select_from(rows)).one()
    return dict(zip(book.STATES, found, strict=True))


def _pace(connection: Connection, year: Year, budget: Decimal | None, paid: Decimal, burnt: Decimal) -> dict[str, Any]:
    """Burn, pace, state and projection of the whole program."""
    gone = year.fiscal.share_gone(year.as_of)
    found: dict[str, Any] = {"state": NO_BUDGET}
    projection = projection_of(connection, year)
    if projection is not None:
        low, middle, high = burnt_by(projection, year.fiscal.last_day, paid, burnt)
        found |= {"year_end_low": low, "year_end": middle, "year_end_high": high}
        if not year.least:
            found |= {"ranges_held": projection.held, "ranges_made": projection.made}
    if budget is None:
        return found
    remaining = budget - burnt
    burn = float(burnt / budget) if budget else None
    found |= {"remaining": remaining, "burn": burn, "pace": burn / gone if gone and burn is not None else None}
    if remaining <= 0:
        return found | {"state": OVER if remaining < 0 else USED_UP}
    if year.fiscal.is_over(year.as_of):
        return found | {"state": CLOSED}
    nearly = burn is not None and burn >= NEAR
    if projection is None:
        return found | {"state": NEARLY if nearly else NO_PROJECTION}
    first, middle_day, last = projection.reaches(float(remaining), year.fiscal.last_day)
    found |= {"exhausted_first": first, "exhausted_on": middle_day, "exhausted_last": last}
    return found | {"state": NEARLY if nearly else THIS_YEAR if middle_day else NOT_THIS_YEAR}
