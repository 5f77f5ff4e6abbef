"""What each member and the program have paid, committed and pending in a fiscal year: the one arithmetic of ceilings.

The derived table `ledger` holds, for each request, the states it went through: pending from the day of the request,
committed (approved, not yet paid) from the decision, paid from the payment. Each state lasts from `starts_on` until the
day before `ends_on`, so a request counts at most once on any day, as it was known then.

Money belongs to the fiscal year in which it is paid. What is committed or pending on a day, however old, counts against
the year that runs on that day and no other (`in_year`); what was committed before it began is `carried_over` into it.

Amounts are in the program's currency, each at the rate of its state's first day; an amount without a known rate is
NULL, left out of sums and counted as `unknown` (paid or committed) or `pending_unknown`. Burn is (paid + committed) ÷
ceiling; exactly 100 % is not over it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Label,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)

from data_access.database.column_types import Money
from data_access.database.schema import budget_conversions, ledger, memberships
from data_access.database.sql import month_day_of, year_of
from data_access.membership import member_within
from data_access.program import Program

PENDING, COMMITTED, PAID = STATES = ("pending", "committed", "paid")
PROGRAM = ""  # the person of the program's own budget
BURNT = (COMMITTED, PAID)
NOTHING = Decimal(0)
# As of this day the ledger holds what is recorded, whatever its dates.
EVERYTHING = date.max


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A fiscal year, named by the calendar year in which it starts; the half-open span of days [start, end)."""

    number: int
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def days_gone(self, as_of: date) -> int:
        """Days of the year that are over at the end of `as_of`, from 0 to all."""
        return min(max((as_of - self.start).days + 1, 0), self.days)

    def share_gone(self, as_of: date) -> float:
        """The share of the year that is over at the end of `as_of`, from 0 to 1."""
        return self.days_gone(as_of) / self.days

    def days_left(self, as_of: date) -> int:
        """Days of the year from `as_of` on, that day included; 0 once it is over."""
        return min(max((self.end - as_of).days, 0), self.days)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def is_over(self, as_of: date) -> bool:
        """Whether the year is over: on its last day it is open, with one day left."""
        return as_of >= self.end

    def runs_on(self, as_of: date) -> bool:
        """Whether the day lies in the year; `EVERYTHING` lies in every year that is asked about."""
        return as_of == EVERYTHING or self.start <= as_of < self.end

    @property
    def quarters(self) -> list[tuple[date, date]]:
        """The year's four quarters [start, end); each begins on the year's day of the month, or a month's last."""
        return list(pairwise([self.start, *(_months_later(self.start, months) for months in (3, 6, 9)), self.end]))


def fiscal_year(number: int, program: Program) -> FiscalYear:
    """The fiscal year that starts in the calendar year `number`; one of 29 February starts on 1 March in others."""
    return FiscalYear(number, _first_day(number, program), _first_day(number + 1, program))


def fiscal_year_of(day: date, program: Program) -> FiscalYear:
    """The fiscal year that holds the day."""
    number = day.year if day >= _first_day(day.year, program) else day.year - 1
    return fiscal_year(number, program)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _first_day(year: int, program: Program) -> date:
    month, day = (int(part) for part in program.fiscal_year_start.split("-"))
    try:
        return date(year, month, day)
    except ValueError:  # 29 February in a year without one
        return date(year, 3, 1)


def fiscal_year_in_sql(day: ColumnElement[Any], program: Program) -> ColumnElement[int]:
    """The number of the fiscal year that holds a date column: the same as `fiscal_year_of`, in SQL."""
    # Month and day compare as text, so that 1 March already lies after the 29th of February that a year does not have.
    first = literal_column(f"'{program.fiscal_year_start}'", String)
    return year_of(day) - case((month_day_of(day) < first, 1), else_=0)


def in_force(as_of: date) -> ColumnElement[bool]:
    """The states that hold on a day; on `date.max` those that nothing recorded has ended."""
    return and_(ledger.c.starts_on <= as_of, or_(ledger.c.ends_on.is_(None), ledger.c.ends_on > as_of))


def in_year(year: FiscalYear, as_of: date, since: date | None = None) -> ColumnElement[bool]:
    """The states that count against a fiscal year on a day, or on the earlier day `since`.

    What was paid in it; and what is committed or pending, from whatever year, while the year runs.
    """
    paid = _paid_in(year, as_of)
    if not year.runs_on(as_of):
        return paid
    waits = (ledger.c.state.in_((PENDING, COMMITTED)), ledger.c.starts_on <= min(as_of, year.last_day))
    endless, first = ledger.c.ends_on.is_(None), as_of if since is None else min(since, as_of)
    # One alternative for each index: an OR within an OR would make SQLite read the states of all years.
    return or_(paid, and_(*waits, endless), and_(*waits, ledger.c.ends_on > first))


def _paid_in(year: FiscalYear, as_of: date) -> ColumnElement[bool]:
    return and_(ledger.c.state == PAID, ledger.c.fiscal_year == year.number, ledger.c.starts_on <= as_of)


def sums(as_of: date) -> list[ColumnElement[Any]]:
    """Columns over a group of ledger rows: paid, committed, pending."""
    return [total(as_of, state).label(state) for state in (PAID, COMMITTED, PENDING)]


def unknown_in(as_of: date, *states: str) -> ColumnElement[int]:
    """How many amounts, over a group of ledger rows, are in one of the states on a day, without a known rate."""
    return func.count().filter(ledger.c.amount.is_(None), ledger.c.state.in_(states), in_force(as_of))


def total(as_of: date, *states: str) -> ColumnElement[Any]:
    """The sum, over a group of ledger rows, of what is in one of the states on a day; 0 where there is nothing."""
    return _sum_where(ledger.c.state.in_(states), in_force(as_of))


def carried_over(year: FiscalYear, as_of: date) -> ColumnElement[Any]:
    """The sum, over a group of ledger rows, of what is committed on a day and was so before the year began."""
    return _sum_where(ledger.c.state == COMMITTED, ledger.c.starts_on < year.start, in_force(as_of))


def _sum_where(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return as_money(func.coalesce(func.sum(ledger.c.amount).filter(*conditions), literal_column("0")))


def burnt_since(year: FiscalYear, since: date, as_of: date, by: str, states: tuple[str, ...] = BURNT) -> Select[Any]:
    """By how much what is in some states grew between two days: `by` (a column of the ledger), change.

    Only groups whose sum changed are listed; an approval that was paid counts with the difference.
    """
    key = ledger.c[by]
    moved = or_(ledger.c.starts_on > since, ledger.c.ends_on > since)
    change = total(as_of, *states) - total(since, *states)
    counted = _paid_in(year, as_of) if states == (PAID,) else in_year(year, as_of, since)
    wanted = (counted, ledger.c.state.in_(states), moved)
    return (
        select(key, as_money(change).label("change")).where(*wanted).group_by(key).having(change != literal_column("0"))
    )


def member_years(
    program: Program, year: FiscalYear, as_of: date, people: Select[Any] | None = None, since: date | None = None
) -> Select[Any]:
    """One row a member: person_key, ceiling, paid, committed, carried_over (of what is committed), pending, and more.

    `people` selects the keys wanted; otherwise all who were members in the year up to `as_of`, or have money in it.
    The ceiling is the member's own of that year, or else the program's; NULL where none is set or its rate is unknown.
    `unknown` counts amounts paid or committed without a rate, `pending_unknown` those that are pending; `burnt` is the
    known part of paid + committed; `remaining` (negative when over) is NULL where the ceiling or an `unknown` amount is
    not known. `change` is by how much `burnt` grew after the day `since` (0 without one).
    """
    parts = union_all(*_rows_of_members(year, as_of, people, since)).subquery("parts")
    sums_of = {name: func.sum(parts.c[name]) for name in _SUMS}
    has_own = func.max(parts.c.has_own) == literal_column("1")
    ceiling = case((has_own, func.max(parts.c.own)), else_=_program_ceiling(program))
    paid, committed, unknown = sums_of[PAID], sums_of[COMMITTED], sums_of["unknown"]
    remaining = case((unknown > literal_column("0"), null()), else_=ceiling - paid - committed)
    return (
        select(
            parts.c.person_key,
            as_money(ceiling).label("ceiling"),
            as_money(paid).label("paid"),
            as_money(committed).label("committed"),
            as_money(sums_of["carried_over"]).label("carried_over"),
            as_money(sums_of[PENDING]).label("pending"),
            unknown.label("unknown"),
            sums_of["pending_unknown"].label("pending_unknown"),
            as_money(paid + committed).label("burnt"),
            as_money(remaining).label("remaining"),
            as_money(sums_of["change"]).label("change"),
        )
        .group_by(parts.c.person_key)
        .having(func.max(parts.c.listed) == literal_column("1"))
    )


_SUMS = (*STATES, "carried_over", "unknown", "pending_unknown", "change")


def _rows_of_members(
    year: FiscalYear, as_of: date, people: Select[Any] | None, since: date | None
) -> list[Select[Any]]:
    """Rows to be added up by person: money of the year, own ceilings, and everybody who is to have a row."""
    nothing: list[Label[Any]] = [literal_column("0").label(name) for name in _SUMS]
    no_own = [cast(null(), BigInteger).label("own"), literal_column("0").label("has_own")]
    listed: Label[Any] = literal_column("1").label("listed")
    not_listed: Label[Any] = literal_column("0").label("listed")
    change = literal_column("0") if since is None else total(as_of, *BURNT) - total(since, *BURNT)
    money = (
        select(
            ledger.c.person_key,
            *(total(as_of, state).label(state) for state in STATES),
            carried_over(year, as_of).label("carried_over"),
            unknown_in(as_of, *BURNT).label("unknown"),
            unknown_in(as_of, PENDING).label("pending_unknown"),
            change.label("change"),
            *no_own,
            listed if people is None else not_listed,
        )
        .where(in_year(year, as_of, since))
        .group_by(ledger.c.person_key)
        .having(func.count().filter(in_force(as_of)) > literal_column("0"))
    )
    own = select(
        budget_conversions.c.person_key,
        *nothing,
        type_coerce(budget_conversions.c.amount, BigInteger).label("own"),
        literal_column("1").label("has_own"),
        not_listed,
    ).where(budget_conversions.c.fiscal_year == year.number, budget_conversions.c.person_key != literal_column("''"))
    if people is None:
        belongs = member_within(year.start, year.end, as_of)
        who = select(memberships.c.person_key, *nothing, *no_own, listed).where(belongs)
    else:
        wanted = people.subquery("wanted")
        key = wanted.c[0].label("person_key")
        who = select(key, *nothing, *no_own, listed)
        money = money.where(ledger.c.person_key.in_(select(key)))
        own = own.where(budget_conversions.c.person_key.in_(select(key)))
    return [money, own, who]


def _program_ceiling(program: Program) -> ColumnElement[Any]:
    if program.member_ceiling is None:
        return null()
    # Written into the statement: an untyped parameter next to whole numbers would not be one to every engine.
    return literal_column(str(Money().process_bind_param(program.member_ceiling, None)), Money)  # type: ignore[arg-type]  # unused


def as_money(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """An expression over amounts that answers with exact decimals."""
    return type_coerce(amount, Money)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one member has in a fiscal year, in the program's currency."""

    person_key: str
    ceiling: Decimal | None
    paid: Decimal = NOTHING
    committed: Decimal = NOTHING
    pending: Decimal = NOTHING
    unknown: int = 0
    carried_over: Decimal = NOTHING
    pending_unknown: int = 0

    @property
    def remaining(self) -> Decimal | None:
        """What is left under the ceiling, negative when over; None where the ceiling or an amount is not known."""
        if self.ceiling is None or self.unknown:
            return None
        return self.ceiling - self.paid - self.committed

    def fits(self, amount: Decimal) -> bool | None:
        """Whether the amount may still be approved: exactly 100 % is not over. None where that is not known."""
        if self.ceiling is not None and self.paid + self.committed + amount > self.ceiling:
            return False
        return None if self.remaining is None else True


def standings(
    connection: Connection, program: Program, year: FiscalYear, as_of: date, person_keys: Sequence[str] | Select[Any]
) -> dict[str, Standing]:
    """The standing of each of the people, members or not, in the fiscal year as of a day."""
    if isinstance(person_keys, Select):
        people = person_keys
    else:
        keys = [select(literal(key, String).label("person_key")) for key in dict.fromkeys(person_keys)]
        if not keys:
            return {}
        people = keys[0] if len(keys) == 1 else select(union(*keys).subquery().c.person_key)
    rows = connection.execute(member_years(program, year, as_of, people))
    return {row.person_key: Standing(*(getattr(row, each.name) for each in fields(Standing))) for row in rows}


def program_budget(connection: Connection, year: FiscalYear) -> Decimal | None:
    """The program's budget of the fiscal year in its currency; None where none is set or its rate is unknown."""
    own = budget_conversions.c
    wanted = select(own.amount).where(own.fiscal_year == year.number, own.person_key == PROGRAM)
    found: Decimal | None = connection.execute(wanted).scalar()
    return found


def program_totals(connection: Connection, year: FiscalYear, as_of: date) -> Standing:
    """The whole program's standing in the fiscal year as of a day: its budget as the ceiling."""
    # The days are looked at once: each sum with its own look took twice as long over a large program.
    totals = [func.sum(ledger.c.amount).filter(ledger.c.state == state) for state in STATES]
    unknown = (unknown_in(as_of, *states) for states in (BURNT, (PENDING,)))
    columns = (*map(as_money, totals), carried_over(year, as_of), *unknown)
    found = connection.execute(select(*columns).where(in_year(year, as_of))).one()
    pending, committed, paid, carried, left_out, waiting = found
    paid, committed, pending = (amount or NOTHING for amount in (paid, committed, pending))
    return Standing(PROGRAM, program_budget(connection, year), paid, committed, pending, left_out, carried, waiting)
