"""How fast each member's budget burns, and how many members are over it or near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
)

from data_access.answers import Amount, Code, Count, Day, Key, Number, Share, Text, table, typed
from data_access.database.prepared import attendances
from data_access.database.schema import people
from data_access.money import ledger as book
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.budget.costs import cost_of_each
from data_access.questions.budget.summary import NEAR
from data_access.questions.budget.year import EACH_YEAR, OVERSEERS, Year, requested_year
from data_access.questions.registry import MONEY, PEOPLE, question
from data_access.selection import INSIDE, Period, Scope, Selection, SelectionError

# In the order of risk.
STATES = ("over", "near", "unknown", "at this pace", "not at this pace", "no ceiling")
MOST_ROWS = 1_000


class MemberBurn(NamedTuple):
    person_key: Annotated[str, Key("Member’s key")]
    name: Annotated[str, Text("Member", help="Empty: not recorded")]
    state: Annotated[
        str,
        Code(
            "State",
            help="over: more than 100%; near: 90% and more; unknown: an amount paid or committed has no rate; at this "
            "pace: used up before the year ends at the rate of the last 90 days; not at this pace; no ceiling",
        ),
    ]
    ceiling: Annotated[Decimal | None, Amount("Ceiling")]
    paid: Annotated[Decimal, Amount("Paid")]
    committed: Annotated[Decimal, Amount("Committed", help="Approved, not yet paid, in whatever year")]
    carried_over: Annotated[Decimal, Amount("Carried over", help="Of committed: approved in an earlier year")]
    pending: Annotated[Decimal, Amount("Pending", help="Waits for a decision")]
    remaining: Annotated[Decimal | None, Amount("Remaining", help="Negative: over the ceiling")]
    burn: Annotated[float | None, Share("Burnt", help="(Paid + committed) ÷ ceiling")]
    pace: Annotated[float | None, Number("Pace", decimals=2, help="Burnt ÷ share of the year gone")]
    exhausted_on: Annotated[date | None, Day("Used up on", help="Empty: not this year")]
    events: Annotated[
        int,
        Count("Events", "events", help="Held this year, the member as speaker, organizer, mentor or facilitator"),
    ]
    attendees: Annotated[int | None, Count("Attendees", "visits", help="Of those events, where it is recorded")]
    cost_per_event: Annotated[Decimal | None, Amount("Paid for an event")]
    cost_per_attendee: Annotated[Decimal | None, Amount("Paid for an attendee")]
    unknown: Annotated[int, Count("Paid or committed without a rate", "requests", help="They are in no sum")]
    pending_unknown: Annotated[int, Count("Pending without a rate", "requests", help="They are in no sum")]
    currency: Annotated[str, Code("Currency")]
    matches: Annotated[int, Count("Members in all", "members", help="How many match, on this page or not")]


@question(roles=INSIDE, counts=MONEY, columns=MemberBurn)
def budget_burn(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    page: int = 1,
    size: int = 50,
    search: str = "",
    state: str = "",
    at_least: int = 0,
) -> pd.DataFrame:
    """One row a member: how far the ceiling of the fiscal year is burnt, those at risk first (PM and board).

    `page` from 1, `size` rows each (1,000 at most), `search` in names and keys, `state` keeps one state, `at_least` who
    burnt so many per cent of their ceiling (or anything of one of zero).
    """
    if page < 1 or not 1 <= size <= MOST_ROWS:
        raise SelectionError(f"Pages count from 1 and have 1 to {MOST_ROWS} rows.")
    if state and state not in STATES:
        raise SelectionError(f"{state!r} is not a state. Choose from {', '.join(STATES)}.")
    year = requested_year(connection, selection)
    ranked = ranked_members(year).subquery()
    wanted = select(ranked, func.count().over().label("matches"))
    if state:
        wanted = wanted.where(ranked.c.risk == STATES.index(state))
    if at_least > 0:
        wanted = wanted.where(or_(ranked.c.burn >= at_least / 100, ranked.c.risk == STATES.index("over")))
    if search:
        found = select(people.c.person_key).where(
            or_(
                func.lower(people.c.name).contains(search.lower(), autoescape=True),
                func.lower(people.c.person_key).contains(search.lower(), autoescape=True),
            )
        )
        wanted = wanted.where(ranked.c.person_key.in_(found))
    order = (ranked.c.risk, ranked.c.burn.desc().nulls_last(), ranked.c.burnt.desc(), ranked.c.person_key)
    rows = connection.execute(wanted.order_by(*order).limit(size).offset((page - 1) * size)).all()
    return _burn_table(connection, year, rows)


def ranked_members(year: Year) -> Select[Any]:
    """Every member's place in the order of risk, in SQL: person_key, risk (the number of the state), burn, burnt."""
    members = book.member_years(year.program, year.fiscal, year.as_of, since=year.since).subquery("years")
    # As plain whole numbers of the database: ratios of amounts have no unit.
    ceiling, burnt, change = (_raw(members.c[name]) for name in ("ceiling", "burnt", "change"))
    left_days = (year.fiscal.last_day - year.last).days
    soon = and_(change > 0, (ceiling - burnt) * year.days <= change * left_days)
    near = and_(cast(burnt, Double) >= NEAR * cast(ceiling, Double), ceiling > 0)
    conditions = {
        "over": burnt > ceiling,
        "near": near,
        "unknown": members.c.unknown > 0,
        "at this pace": soon,
        "no ceiling": ceiling.is_(None),
    }
    orders: list[tuple[Any, Any]] = [
        (when, literal_column(str(STATES.index(state)))) for state, when in conditions.items()
    ]
    burn = case((ceiling > 0, cast(burnt, Double) / cast(ceiling, Double)), else_=null())
    return select(
        members.c.person_key,
        case(*orders, else_=literal_column(str(STATES.index("not at this pace")))).label("risk"),
        burn.label("burn"),
        burnt.label("burnt"),
    )


def _raw(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(amount, BigInteger)


def _burn_table(connection: Connection, year: Year, rows: Sequence[Any]) -> pd.DataFrame:
    keys = [row.person_key for row in rows]
    if not keys:
        return table(MemberBurn, ())
    these = select(people.c.person_key).where(people.c.person_key.in_(keys))
    figures = connection.execute(book.member_years(year.program, year.fiscal, year.as_of, these, year.since))
    money = {row.person_key: row for row in figures}
    named = select(people.c.person_key, people.c.name).where(people.c.person_key.in_(keys))
    names = {row.person_key: row.name for row in connection.execute(named)}
    held = _events_of(connection, year, keys)
    gone = year.fiscal.share_gone(year.as_of)
    found = []
    for row in rows:
        own = money[row.person_key]
        number, attendees = held.get(row.person_key, (0, None))
        found.append(
            MemberBurn(
                person_key=row.person_key,
                name=names.get(row.person_key) or "",
                state=STATES[row.risk],
                ceiling=own.ceiling,
                paid=own.paid,
                committed=own.committed,
                carried_over=own.carried_over,
                pending=own.pending,
                remaining=own.remaining,
                burn=row.burn,
                pace=row.burn / gone if row.burn is not None and gone else None,
                exhausted_on=_exhausted_on(year, own),
                events=number,
                attendees=attendees,
                cost_per_event=None if own.unknown else cost_of_each(own.paid, number),
                cost_per_attendee=None if own.unknown else cost_of_each(own.paid, attendees),
                unknown=own.unknown,
                pending_unknown=own.pending_unknown,
                currency=year.program.currency,
                matches=row.matches,
            )
        )
    return table(MemberBurn, found)


def _exhausted_on(year: Year, row: Any) -> date | None:
    """The day on which the ceiling is reached at the pace of the trailing days; None: not this year, or already."""
    if row.remaining is None or row.remaining <= 0 or row.change <= 0:
        return None
    rate = row.change / year.days
    ahead = ceil(row.remaining / rate)
    day = year.last + timedelta(days=ahead) if ahead <= year.fiscal.days else None
    return day if day is not None and day <= year.fiscal.last_day else None


def _events_of(connection: Connection, year: Year, keys: Sequence[str]) -> dict[str, tuple[int, int | None]]:
    """Events each person held in the year up to now, and who attended them where that is known."""
    period = Selection(Period(year.fiscal.start, year.fiscal.end), year.as_of)
    took_part = (
        select(attendances.c.person_key, attendances.c.event_key, attendances.c.attendance)
        .where(
            attendances.c.person_key.in_(keys),
            attendances.c.role != "attendee",
            attendances.c.starts_on <= year.as_of,
            *attendances.beside(period.conditions()),
        )
        .distinct()
        .subquery()
    )
    statement = select(took_part.c.person_key, func.count(), func.sum(took_part.c.attendance)).group_by(
        took_part.c.person_key
    )
    return {row[0]: (row[1], None if row[2] is None else int(row[2])) for row in connection.execute(statement)}


class CeilingState(NamedTuple):
    state: Annotated[str, Code("Ceiling", help="As in budget_burn, riskiest first; “all” last")]
    people: Annotated[
        int | None, Count("Members", "members", help="The middle of the range; empty: fewer than the minimum")
    ]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]
    as_of: Annotated[date, Day("As of")]


@question(roles=OVERSEERS, counts=PEOPLE, columns=CeilingState, released=EACH_YEAR)
def burn_distribution(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many members are how far under their ceilings, without names; released in ranges."""
    year = requested_year(connection, selection)
    ranked = ranked_members(year).subquery()
    counted = connection.execute(select(ranked.c.risk, func.count()).group_by(ranked.c.risk))
    found: dict[str, int] = {STATES[row[0]]: row[1] for row in counted}
    counts = [found.get(state, 0) for state in STATES]
    shown = shown_counts([*counts, sum(counts)], scope, [Sum(len(counts), tuple(range(len(counts))))])
    return typed(CeilingState, shown.assign(state=[*STATES, "all"], as_of=year.as_of))
