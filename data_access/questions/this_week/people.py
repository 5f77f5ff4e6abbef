"""Who is at risk of the floor or below it for long, and the past events that would count for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, case, false, func, or_, select

from data_access.database.schema import events, people
from data_access.program import load_program
from data_access.questions.members.missed import runs_of
from data_access.questions.members.standing import AT_RISK as IS_AT_RISK
from data_access.questions.members.unmarked import unmarked
from data_access.questions.this_week.items import (
    ASKED_FOR,
    AT_RISK,
    FLOOR_DAYS,
    MARKED_WITHIN,
    MISSED,
    MISSES,
    UNMARKED,
    DueItem,
    days_left,
    item,
)
from data_access.selection import Period, Selection

# Two misses are looked for in so many quarters, one in grace among them.
HISTORY = 3


def members(connection: Connection, selection: Selection, each: int) -> Iterator[DueItem]:
    """In the second half of a quarter who is at risk, with what is missing; and always who missed two in a row.

    Somebody who missed two in a row is told of once, as that. Members alone, whatever the filters.
    """
    as_of = selection.as_of
    runs = runs_of(connection, Selection(as_of=as_of), None, history=HISTORY)
    if runs is None:
        return
    quarter = Period.quarter_of(as_of)
    last = quarter.end - timedelta(days=1)
    floor = load_program(connection).floor_events_per_quarter
    at_risk = runs.c.state == IS_AT_RISK if days_left(last, as_of) < FLOOR_DAYS else false()
    missed = runs.c.missed >= MISSES
    kind = case((missed, MISSED), else_=AT_RISK).label("kind")
    # The nearest to the floor first: the fewest events save them.
    near = func.coalesce(runs.c.held + runs.c.scheduled, 0)
    place = func.row_number().over(partition_by=kind, order_by=(near.desc(), runs.c.missed.desc(), runs.c.person_key))
    in_all = func.count().over(partition_by=kind).label("in_all")
    found = select(runs, kind, near.label("near"), place.label("place"), in_all).where(or_(missed, at_risk)).subquery()
    statement: Any = (
        select(found, people.c.name)
        .join_from(found, people, people.c.person_key == found.c.person_key)
        .where(found.c.place <= each)
        .order_by(found.c.kind, found.c.place)
    )
    for row in connection.execute(statement).all():
        yield item(
            row.kind,
            row.person_key,
            person=row.person_key,
            name=row.name,
            due_on=last,
            days=days_left(last, as_of),
            done=float(row.near),
            needed=float(floor),
            more=row.missed if row.kind == MISSED else row.unconfirmed,
            state=row.state,
            in_all=row.in_all,
        )


def unmarked_events(connection: Connection, selection: Selection, each: int) -> Iterator[DueItem]:
    """Events of the last 90 days of which nobody has said what became of them."""
    as_of = selection.as_of
    lately = events.c.starts_on >= as_of - timedelta(days=ASKED_FOR)
    for row in connection.execute(unmarked(as_of, [lately], each)).all():
        due_on = row.starts_on + timedelta(days=MARKED_WITHIN)
        yield item(
            UNMARKED,
            row.event_key,
            event_key=row.event_key,
            title=row.title,
            due_on=due_on,
            days=days_left(due_on, as_of),
            age=(as_of - row.starts_on).days,
            more=row.members,
            in_all=row.total,
        )
