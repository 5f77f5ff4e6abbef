"""How fast each member's budget burns, who is over it or near, and where the money of the fiscal year goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

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

from data_access.database.schema import events, funding_requests, ledger, participations, people
from data_access.money import ledger as book
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.budget.parts import Telling, last_telling
from data_access.questions.budget.summary import NAMED, NEAR, OVERSEERS, Year, days_told, year_asked
from data_access.questions.contributors.populations import group_of
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.selection import Period, Role, Scope, Selection, SelectionError

# In the order of risk.
STATES = ("over", "near", "unknown", "at this pace", "not at this pace", "no ceiling")
CENT = Decimal("0.01")
MOST_ROWS = 1_000


@question(NAMED)
def budget_burn(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    page: int = 1,
    size: int = 50,
    search: str = "",
    state: str = "",
) -> pd.DataFrame:
    """One row a member: how far the ceiling of the fiscal year is burnt, those at risk first (PM and board).

    Columns: person_key, name, state (over: more than 100 %; near: 90 % and more; at this pace: used up before the year
    ends at the rate of the last 90 days; not at this pace; unknown: an amount has no rate; no ceiling), ceiling, paid,
    committed, pending, remaining (negative when over), burn ((paid + committed) ÷ ceiling), pace (burn ÷ share of the
    year gone), exhausted_on (missing: not this year), events (held this year, with the member as speaker, organizer,
    mentor or facilitator), attendees (of those events), cost_per_event, cost_per_attendee (paid ÷ those), unknown
    (amounts without a rate, left out), currency, matches (members in all, for paging).

    `page` from 1, `size` rows each (1,000 at most), `search` in names and keys, `state` keeps one state.
    """
    if page < 1 or not 1 <= size <= MOST_ROWS:
        raise SelectionError(f"Pages count from 1 and have 1 to {MOST_ROWS} rows.")
    if state and state not in STATES:
        raise SelectionError(f"{state!r} is not a state. Choose from {', '.join(STATES)}.")
    year = year_asked(connection, selection, scope)
    ranked = ranked_members(year).subquery()
    wanted = select(ranked, func.count().over().label("matches"))
    if state:
        wanted = wanted.where(ranked.c.risk == STATES.index(state))
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
    near = cast(burnt, Double) >= NEAR * cast(ceiling, Double)
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


_BURN = {
    **dict.fromkeys(("person_key", "name", "state"), TEXT),
    **dict.fromkeys(("ceiling", "paid", "committed", "pending", "remaining"), "object"),
    **dict.fromkeys(("burn", "pace"), NUMBER),
    "exhausted_on": "object",
    **dict.fromkeys(("events", "attendees"), WHOLE),
    **dict.fromkeys(("cost_per_event", "cost_per_attendee"), "object"),
    "unknown": WHOLE,
    "currency": TEXT,
    "matches": WHOLE,
}


def _burn_table(connection: Connection, year: Year, rows: Sequence[Any]) -> pd.DataFrame:
    keys = [row.person_key for row in rows]
    if not keys:
        return typed(pd.DataFrame(columns=list(_BURN), dtype=object), **_BURN)
    these = select(people.c.person_key).where(people.c.person_key.in_(keys))
    figures = connection.execute(book.member_years(year.program, year.fiscal, year.as_of, these, year.since))
    money = {row.person_key: row for row in figures}
    named = select(people.c.person_key, people.c.name).where(people.c.person_key.in_(keys))
    names = {row.person_key: row.name for row in connection.execute(named)}
    held = _events_of(connection, year, keys)
    gone = year.fiscal.share_gone(year.as_of)
    table = []
    for row in rows:
        own = money[row.person_key]
        number, attendees = held.get(row.person_key, (0, None))
        table.append(
            {
                **{name: own._mapping[name] for name in _BURN if name in own._mapping},
                "name": names.get(row.person_key) or "",
                "state": STATES[row.risk],
                "burn": row.burn,
                "pace": row.burn / gone if row.burn is not None and gone else None,
                "exhausted_on": _exhausted_on(year, own),
                "events": number,
                "attendees": attendees,
                "cost_per_event": _per(own.paid, number),
                "cost_per_attendee": _per(own.paid, attendees),
                "currency": year.program.currency,
                "matches": row.matches,
            }
        )
    return typed(pd.DataFrame(table, columns=list(_BURN), dtype=object), **_BURN)


def _per(amount: Decimal | None, number: int | None) -> Decimal | None:
    return (amount / number).quantize(CENT) if amount is not None and number else None


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
        select(participations.c.person_key, events.c.event_key, events.c.attendance)
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            participations.c.person_key.in_(keys),
            participations.c.role != "attendee",
            events.c.starts_on <= year.as_of,
            *period.conditions(),
        )
        .distinct()
        .subquery()
    )
    statement = select(took_part.c.person_key, func.count(), func.sum(took_part.c.attendance)).group_by(
        took_part.c.person_key
    )
    return {row[0]: (row[1], None if row[2] is None else int(row[2])) for row in connection.execute(statement)}


@question(OVERSEERS)
def burn_distribution(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many members are how far under their ceilings, without names: state, people, at_least, at_most, as_of.

    States as in `budget_burn`, riskiest first, "all" last. For all but the PM as of the end of the last whole quarter,
    in ranges.
    """
    if scope.role is not Role.PM:
        day = min(selection.as_of, selection.period.end - timedelta(days=1))
        quarter = Period.quarter_of(day + timedelta(days=1)).start - timedelta(days=1)
        selection = replace(selection, as_of=quarter, period=Period(quarter, quarter + timedelta(days=1)))
    year = year_asked(connection, selection, scope)
    ranked = ranked_members(year).subquery()
    counted = connection.execute(select(ranked.c.risk, func.count()).group_by(ranked.c.risk))
    found: dict[str, int] = {STATES[row[0]]: row[1] for row in counted}
    counts = [found.get(state, 0) for state in STATES]
    shown = shown_counts([*counts, sum(counts)], scope, [Sum(len(counts), tuple(range(len(counts))))])
    shown.insert(0, "state", [*STATES, "all"])
    shown["as_of"] = year.as_of
    return typed(shown, state=TEXT)


BREAKDOWNS = ("category", "region", "cohort", "scale")
ELSEWHERE = "all others"


@question(OVERSEERS)
def budget_by(connection: Connection, selection: Selection, scope: Scope, *, by: str = "category") -> pd.DataFrame:
    """Where the fiscal year's money goes, by category, member's region or cohort, or scale of the event.

    Columns: part ("" = not given), paid, committed, pending, burnt (paid + committed), share (of everything burnt),
    currency, as_of. Most first. For leadership `burnt` is what is paid, the other sums are missing, `as_of` is the last
    end of a quarter that may be told, and parts in which too few members were paid are told together ("all others").
    """
    if by not in BREAKDOWNS:
        raise SelectionError(f"Money is not broken down by {by!r}. Choose from {', '.join(BREAKDOWNS)}.")
    year = year_asked(connection, selection, scope)
    if year.least:
        telling = parts_told(connection, year, by)
        day, groups = telling.day, _groups_told(telling)
    else:
        day, groups = year.as_of, _groups(connection, year, by)
    everything = sum((group["burnt"] for group in groups), Decimal(0))
    groups.sort(key=lambda group: (group["part"] == ELSEWHERE, -group["burnt"], group["part"]))
    for group in groups:
        group["share"] = float(group["burnt"] / everything) if everything else None
        group |= {"currency": year.program.currency, "as_of": day}
    return typed(pd.DataFrame(groups, columns=list(_PARTS), dtype=object), **_PARTS)


_PARTS = {
    "part": TEXT,
    **dict.fromkeys(("paid", "committed", "pending", "burnt"), "object"),
    "share": NUMBER,
    "currency": TEXT,
    "as_of": "object",
}


def _groups(connection: Connection, year: Year, by: str) -> list[dict[str, Any]]:
    parts, link = _parts(by, year)
    statement = select(parts.label("part"), *book.sums(year.as_of)).select_from(link)
    wanted = (ledger.c.fiscal_year == year.fiscal.number, book.in_force(year.as_of))
    rows = connection.execute(statement.where(*wanted).group_by("part")).all()
    return [
        {
            "part": row.part or "",
            "paid": row.paid,
            "committed": row.committed,
            "pending": row.pending,
            "burnt": row.paid + row.committed,
        }
        for row in rows
    ]


def _groups_told(telling: Telling) -> list[dict[str, Any]]:
    told = list(telling.alone.items())
    if telling.others is not None:
        told.append((ELSEWHERE, telling.others))
    unknown = {"paid": None, "committed": None, "pending": None}
    return [{"part": name, "burnt": paid, **unknown} for name, paid in told]


def parts_told(connection: Connection, year: Year, by: str) -> Telling:
    """What leadership is told of how the money paid in the year divides."""
    # As of the year's last day, whatever the day: a member who changes cohorts must not seem to be paid.
    parts, link = _parts(by, replace(year, as_of=year.fiscal.last_day))
    return last_telling(connection, year.fiscal.number, days_told(connection, year), year.least, parts, link)


def _parts(by: str, year: Year) -> tuple[ColumnElement[Any], Any]:
    """The column to group by, and what to select it from, ledger included."""
    asked = funding_requests
    requests = ledger.join(asked, asked.c.request_key == ledger.c.request_key)
    if by == "category":
        return func.coalesce(asked.c.category, ""), requests
    if by == "scale":
        joined = requests.join(events, events.c.event_key == asked.c.event_key, isouter=True)
        return func.coalesce(events.c.scale, ""), joined
    period = Selection(Period(year.fiscal.start, year.fiscal.end), year.as_of)
    group = group_of("members", by, period).subquery("grouped")
    return func.coalesce(group.c.member_of, ""), ledger.join(
        group, group.c.person_key == ledger.c.person_key, isouter=True
    )
