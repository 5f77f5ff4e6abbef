"""What organizers need: open by kind and age, how soon needs are met, and which circle could help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from data_access.answers import Code, Count, Day, Key, Share, Text, table
from data_access.database.schema import events, organizer_needs, people
from data_access.database.sql import day_number
from data_access.questions.organizers.circles import circle_of_city
from data_access.questions.organizers.helpers import circle_sizes, helpers_of
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection
from data_access.statistics.intervals import wilson_interval

SOON_DAYS, YEAR_DAYS = 30, 365
MOST_LISTED = 100
OPEN, MET = "open", "met"
_own = organizer_needs.c


class OrganizerNeeds(NamedTuple):
    kind: Annotated[str, Code("Need")]
    open: Annotated[int, Count("Open", "needs")]
    overdue: Annotated[int, Count("Open over 30 days", "needs")]
    oldest: Annotated[int | None, Count("Oldest open", "days", help="Empty: none is open")]
    raised: Annotated[int, Count("Raised", "needs", help="In the 365 days that ended 30 days ago")]
    met_soon: Annotated[int, Count("Met within 30 days", "needs", help="Of those raised then")]
    share: Annotated[float | None, Share("Met within 30 days, share")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval (Wilson)")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval (Wilson)")]


@question(roles=INSIDE, counts=PEOPLE, columns=OrganizerNeeds)
def organizers_needs(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Needs of organizers by kind: how many are open, since when, and how many were met within 30 days.

    Judged are needs raised in the 365 days that ended 30 days before `as_of`. Most open first. No filter applies.
    """
    day = selection.as_of
    until = day - timedelta(days=SOON_DAYS)
    is_open = _is_open(day)
    judged = and_(_own.raised_on <= until, _own.raised_on > until - timedelta(days=YEAR_DAYS))
    took = day_number(_own.met_on) - day_number(_own.raised_on)
    statement = (
        select(
            _own.kind,
            func.sum(case((is_open, 1), else_=0)).label("open"),
            func.sum(case((and_(is_open, _own.raised_on < until), 1), else_=0)).label("overdue"),
            func.min(case((is_open, _own.raised_on))).label("oldest_on"),
            func.sum(case((judged, 1), else_=0)).label("raised"),
            func.sum(case((and_(judged, took <= SOON_DAYS), 1), else_=0)).label("met_soon"),
        )
        .where(_own.raised_on <= day)
        .group_by(_own.kind)
    )
    rows = connection.execute(statement).all()
    low, high = wilson_interval([int(row.met_soon) for row in rows], [int(row.raised) for row in rows])
    found = []
    for number, row in enumerate(rows):
        raised, met = int(row.raised), int(row.met_soon)
        judged_by = (met / raised, float(low[number]), float(high[number])) if raised else (None, None, None)
        oldest = None if row.oldest_on is None else (day - row.oldest_on).days
        found.append(OrganizerNeeds(row.kind, int(row.open), int(row.overdue), oldest, raised, met, *judged_by))
    found.sort(key=lambda row: (-row.open, row.kind))
    return table(OrganizerNeeds, found)


class ListedNeed(NamedTuple):
    need_key: Annotated[str, Key("Need key")]
    kind: Annotated[str, Code("Need")]
    note: Annotated[str, Text("In words")]
    event_key: Annotated[str | None, Key("Event key")]
    event: Annotated[str | None, Text("Event")]
    place: Annotated[str | None, Text("Place", help="Of the need, else of its event")]
    person_key: Annotated[str | None, Key("Person key")]
    person: Annotated[str | None, Text("Person")]
    raised_on: Annotated[date, Day("Raised on")]
    days: Annotated[int, Count("Open for", "days", help="To the day on which it was met, if it was")]
    met_on: Annotated[date | None, Day("Met on")]
    state: Annotated[str, Code("State", help="Open or met")]
    could_help: Annotated[
        str | None, Text("Could help", help="The established circle with most reasons, the nearest; of open needs")
    ]
    total: Annotated[int, Count("Needs in all", "needs", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=ListedNeed)
def needs_list(connection: Connection, selection: Selection, scope: Scope, *, limit: int = MOST_LISTED) -> pd.DataFrame:
    """Needs of organizers one by one, open ones first and the oldest of them, and which circle could help; `limit`
    at most. No filter applies.
    """
    day = selection.as_of
    is_open = _is_open(day)
    spelled = circle_of_city(connection, day)
    in_order = (
        case((is_open, 0), else_=1),
        case((is_open, day_number(_own.raised_on)), else_=-day_number(_own.met_on)),
        _own.need_key,
    )
    # Events and people are looked up for those alone that are listed.
    listed = (
        select(
            organizer_needs,
            case((is_open, 1), else_=0).label("is_open"),
            func.row_number().over(order_by=in_order).label("number"),
            func.count().over().label("total"),
        )
        .where(_own.raised_on <= day)
        .order_by(*in_order)
        .limit(limit)
        .subquery("listed")
    )
    statement = (
        select(listed, events.c.title, people.c.name, func.coalesce(listed.c.city, events.c.city).label("place"))
        .select_from(listed)
        .join(events, events.c.event_key == listed.c.event_key, isouter=True)
        .join(people, people.c.person_key == listed.c.person_key, isouter=True)
        .order_by(listed.c.number)
    )
    rows = connection.execute(statement).all()
    circles = {row.place: spelled.of.get(row.place, row.place) for row in rows if row.place}
    waiting = {circles[row.place] for row in rows if row.is_open and row.place}
    sizes = circle_sizes(connection, day, spelled) if waiting else {}
    offers = helpers_of(connection, day, sizes, sorted(waiting), spelled)
    return table(ListedNeed, [_listed(row, day, offers.get(circles.get(row.place, ""), [])) for row in rows])


def _listed(row: Any, day: date, offers: list[Any]) -> ListedNeed:
    met_on = None if row.is_open else row.met_on
    return ListedNeed(
        row.need_key,
        row.kind,
        row.note,
        row.event_key,
        row.title,
        row.place,
        row.person_key,
        row.name or row.person_key,
        row.raised_on,
        ((met_on or day) - row.raised_on).days,
        met_on,
        OPEN if row.is_open else MET,
        offers[0].helper if offers and row.is_open else None,
        row.total,
    )


def _is_open(day: date) -> ColumnElement[bool]:
    return or_(_own.met_on.is_(None), _own.met_on > day)
