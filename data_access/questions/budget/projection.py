"""Where the program's money leads by the end of its fiscal year, from all that was burnt before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import BigInteger, Connection, func, select, type_coerce, union_all

from data_access.contract.kinds import MONEY_SCALE
from data_access.database.schema import ledger
from data_access.money import ledger as book
from data_access.questions.budget.year import ToldDay, Year
from data_access.selection import add_months
from data_access.statistics.projection import TRAILING_DAYS, Flows, Origin, Projection, project


def projection_of(connection: Connection, year: Year) -> Projection | None:
    """The program's projection; None when the year is over, on its last day or not begun."""
    if not year.fiscal.start <= year.as_of < year.fiscal.last_day:
        return None
    flows = _flows(connection, year)
    return project(flows, Origin(year.as_of, year.days, year.fiscal.last_day), _month_ends(year, flows.first))


def released_projection(year: Year, told: ToldDay) -> Projection | None:
    """The projection from a day up to which the sum is told: at the pace of its quarter, without a range."""
    if told.in_quarter is None or year.is_over or told.day >= year.fiscal.last_day:
        return None
    return Projection(told.day, told.quarter_days, float(told.in_quarter))


def burnt_by(
    projection: Projection, day: date, paid: Decimal, burnt: Decimal
) -> tuple[float | None, float, float | None]:
    """What will be burnt by a day: (low, middle, high). What is approved may come to nothing; what is paid stays."""
    low, middle, high = projection.by(day)

    def burnt_after(more: float) -> float:
        return round(max(float(burnt) + more, float(paid)), 2)

    if low is None or high is None:
        return None, burnt_after(middle), None
    return burnt_after(low), burnt_after(middle), burnt_after(high)


def _month_ends(year: Year, first: date) -> list[Origin]:
    """The ends of months up to the day: from each a line could have been drawn to the end of its fiscal year."""
    found, start = [], add_months(first, 1)
    while (day := start - timedelta(days=1)) <= year.as_of:
        fiscal = book.fiscal_year_of(day, year.program)
        found.append(Origin(day, min(TRAILING_DAYS, fiscal.days_gone(day)), fiscal.last_day))
        start = add_months(start, 1)
    return found


def _flows(connection: Connection, year: Year) -> Flows:
    """By how much what is burnt grew on each day, in whatever year: approvals, and payments that differ from them."""
    own, burns = ledger.c, ledger.c.state.in_(book.BURNT)
    amount = type_coerce(own.amount, BigInteger)
    begun = select(own.starts_on.label("day"), func.sum(amount).label("moved")).where(
        burns, own.starts_on <= year.as_of
    )
    ended = select(own.ends_on.label("day"), (-func.sum(amount)).label("moved")).where(burns, own.ends_on <= year.as_of)
    moves = union_all(begun.group_by(own.starts_on), ended.group_by(own.ends_on)).subquery()
    by_day = select(moves.c.day, func.sum(moves.c.moved)).group_by(moves.c.day)
    found = {day: float(moved or 0) / float(MONEY_SCALE) for day, moved in connection.execute(by_day)}
    return Flows(found, year.as_of)
