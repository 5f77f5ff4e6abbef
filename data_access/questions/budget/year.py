"""The fiscal year that a question about money is about, and what was paid in it, as a release may tell it.

The fiscal year is the one that holds the selection's last day (or `as_of`, when that is earlier); filters do not apply:
a budget is the whole program's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, literal, select

from data_access.database.schema import ledger
from data_access.money import ledger as book
from data_access.money.ledger import FiscalYear
from data_access.privacy.small_groups import Name, Payment, shown_amount
from data_access.program import Program, load_program
from data_access.questions.released import Released, Windows
from data_access.selection import INSIDE, Period, Role, Scope, Selection
from data_access.statistics.projection import TRAILING_DAYS

OVERSEERS = INSIDE | {Role.LEADERSHIP}
EACH_YEAR = Released((Windows.FISCAL,))


@dataclass(frozen=True)
class Year:
    """What every question about money needs: program, fiscal year, the day, and whether the year is over by then."""

    program: Program
    fiscal: FiscalYear
    as_of: date
    is_over: bool

    @property
    def since(self) -> date:
        """The day after which spending makes the pace: 90 days ago, or the day before the year began."""
        return self.last - timedelta(days=self.days)

    @property
    def days(self) -> int:
        return max(min(TRAILING_DAYS, self.fiscal.days_gone(self.as_of)), 1)

    @property
    def last(self) -> date:
        """The last day of the year that is over."""
        return min(self.as_of, self.fiscal.last_day)

    def up_to(self, day: date) -> Period:
        """The days of the year up to this one, and with it."""
        return Period(self.fiscal.start, day + timedelta(days=1))

    @property
    def gone(self) -> Period:
        """The days of the year that are over."""
        return self.up_to(self.last)


def requested_year(connection: Connection, selection: Selection) -> Year:
    """The fiscal year of the selection's last day, as of its day."""
    program = load_program(connection)
    day = min(selection.period.end - timedelta(days=1), selection.as_of)
    fiscal = book.fiscal_year_of(day, program)
    return Year(program, fiscal, selection.as_of, fiscal.is_over(selection.over_by))


def paid_name(period: Period, *part: str) -> Name:
    """How the release names what was paid in a period, in all, or in a part: ("category", "travel")."""
    return ("paid", str(period), *part)


def payments_by_part(
    connection: Connection, period: Period, part: ColumnElement[Any] | None = None, link: Any = ledger
) -> Mapping[str, Sequence[Payment]]:
    """What was paid in the period, payment by payment; `link` is what the column is selected from, ledger included."""
    named = literal("") if part is None else part
    found: defaultdict[str, list[Payment]] = defaultdict(list)
    for name, *payment in connection.execute(
        select(named.label("part"), ledger.c.request_key, ledger.c.person_key, ledger.c.amount)
        .select_from(link)
        .where(
            ledger.c.state == book.PAID,
            ledger.c.starts_on >= period.start,
            ledger.c.starts_on < period.end,
            ledger.c.amount.is_not(None),
        )
    ):
        found[name or ""].append(Payment(*payment))
    return found


def shown_paid(connection: Connection, period: Period, scope: Scope) -> Decimal | None:
    """What was paid in the period as the scope may see it; None: by too few people, or mostly by one."""
    return shown_amount(payments_by_part(connection, period).get("", ()), scope, paid_name(period))


@dataclass(frozen=True, slots=True)
class ToldDay:
    """The end of a quarter: what was paid in the year up to it, and in its quarter (None: that may not be told)."""

    day: date
    paid: Decimal
    in_quarter: Decimal | None
    quarter_days: int


def told_days(connection: Connection, year: Year, scope: Scope) -> list[ToldDay]:
    """The ends of the year’s quarters that are over and up to which the sum may be told, oldest first."""
    found, last = [], year.last
    while last >= year.fiscal.start:
        start = max(Period.quarter_of(last).start, year.fiscal.start)
        quarter = Period(start, last + timedelta(days=1))
        in_quarter = shown_paid(connection, quarter, scope)
        paid = shown_paid(connection, year.up_to(last), scope)
        if paid is not None:
            found.append(ToldDay(last, paid, in_quarter, (quarter.end - start).days))
        last = start - timedelta(days=1)
    return found[::-1]
