"""The fiscal year that a question about money is about, and the days of it whose sums leadership may see.

The fiscal year is the one that holds the selection's last day (or `as_of`, when that is earlier); filters do not apply:
a budget is the whole program's. Leadership sees sums as of ends of quarters between which enough members were paid,
whatever day it asks for: from the sums of one day and of the next, somebody could read who was paid in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from data_access.money import ledger as book
from data_access.money.ledger import FiscalYear
from data_access.program import Program, load_program
from data_access.selection import INSIDE, Role, Scope, Selection
from data_access.statistics.projection import TRAILING_DAYS

OVERSEERS = INSIDE | {Role.LEADERSHIP}


@dataclass(frozen=True)
class Year:
    """What every question about money needs: program, fiscal year, day, and how many members a sum must belong to."""

    program: Program
    fiscal: FiscalYear
    as_of: date
    least: int

    @property
    def burning(self) -> tuple[str, ...]:
        """The states that count as burnt. What is approved but not paid belongs to few members, as a rule."""
        return (book.PAID,) if self.least else book.BURNT

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


def requested_year(connection: Connection, selection: Selection, scope: Scope) -> Year:
    """The fiscal year of the selection's last day, as of its day."""
    program = load_program(connection)
    day = min(selection.period.end - timedelta(days=1), selection.as_of)
    least = 0 if scope.inside else max(scope.min_group_size, 1)
    return Year(program, book.fiscal_year_of(day, program), selection.as_of, least)


def released_year(connection: Connection, selection: Selection, scope: Scope) -> Year:
    """The same; for leadership as of the last day whose sums are released to it."""
    year = requested_year(connection, selection, scope)
    return replace(year, as_of=released_days(connection, year)[-1]) if year.least else year


def released_days(connection: Connection, year: Year) -> list[date]:
    """The day before the year, and the ends of its quarters that are over and may be released.

    A later day of asking adds to them and takes none away, so that all who ask see sums of the same spans.
    """
    days = [year.fiscal.start - timedelta(days=1)]
    for end in (after - timedelta(days=1) for _, after in year.fiscal.quarters if after <= year.as_of):
        moved = members_with_changes(connection, year, days[-1], end)
        if not moved or moved >= year.least:
            days.append(end)
    return days


def members_with_changes(connection: Connection, year: Year, since: date, until: date) -> int:
    """How many members' burnt money changed between two days."""
    moved = book.burnt_since(year.fiscal, since, until, "person_key", year.burning).subquery()
    return connection.execute(select(func.count()).select_from(moved)).scalar_one()
