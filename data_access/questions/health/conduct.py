"""Behaviour and disputes: for the program manager and the board, who decides them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, or_, select

from data_access.answers import Code, Count, Day, Flag, Key, Text, table
from data_access.database.schema import disputes, memberships
from data_access.questions.health.judging import Figure, Spans, first_day
from data_access.questions.health.thresholds import DISPUTE_DAYS, QUARTER
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

OPEN, CLOSED = "open", "closed"


def figures(connection: Connection, selection: Selection) -> Iterator[Figure]:
    """Memberships that ended for conduct, and the disputes that are open."""
    span = Spans(selection.as_of, QUARTER)
    first = first_day(connection, memberships.c.started_on)
    now = _ended(connection, span.since, span.as_of) if first <= span.as_of else None
    before = _ended(connection, span.earlier, span.since) if first <= span.since else None
    yield Figure("conduct", now, before)
    first = first_day(connection, disputes.c.opened_on)
    (now, oldest), (last, oldest_last) = (
        _open(connection, day) if first <= day else (None, None) for day in (span.as_of, span.since)
    )
    yield Figure("open_disputes", now, last)
    yield Figure("oldest_dispute", oldest, oldest_last)


def _ended(connection: Connection, since: date, day: date) -> int:
    own = memberships.c
    wanted = (own.end_reason == "conduct", own.ended_on > since, own.ended_on <= day)
    return int(connection.execute(select(func.count()).select_from(memberships).where(*wanted)).scalar_one())


def _open(connection: Connection, day: date) -> tuple[int, int]:
    """How many disputes are open on a day, and for how many days the oldest is."""
    own = disputes.c
    statement = select(func.count(), func.min(own.opened_on)).where(
        own.opened_on <= day, or_(own.closed_on.is_(None), own.closed_on > day)
    )
    number, oldest = connection.execute(statement).one()
    return number, (day - oldest).days if oldest else 0


class Dispute(NamedTuple):
    dispute_key: Annotated[str, Key("Dispute key")]
    kind: Annotated[str, Text("Kind")]
    state: Annotated[str, Code("State", help="open, closed")]
    opened_on: Annotated[date, Day("Opened on")]
    closed_on: Annotated[date | None, Day("Closed on")]
    days: Annotated[int, Count("Days open", "days", help="Up to its end, or today")]
    late: Annotated[bool, Flag("Too long", help="Open for more than 60 days, or closed after more than 60")]
    outcome: Annotated[str | None, Text("Outcome")]


@question(roles=INSIDE, counts=PEOPLE, columns=Dispute)
def disputes_list(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Disputes up to `as_of`, open ones first and the oldest of them first, then the newest that were closed.

    What was closed later is open on the day, and has no outcome yet. Filters do not apply.
    """
    own, day = disputes.c, selection.as_of
    is_over = own.closed_on <= day
    statement = select(
        own.dispute_key,
        own.kind,
        own.opened_on,
        case((is_over, own.closed_on)).label("closed_on"),
        case((or_(is_over, own.closed_on.is_(None)), own.outcome)).label("outcome"),
    ).where(own.opened_on <= day)
    found = []
    for row in connection.execute(statement):
        days = ((row.closed_on or day) - row.opened_on).days
        state = CLOSED if row.closed_on else OPEN
        about = (row.dispute_key, row.kind, state, row.opened_on, row.closed_on, days, days > DISPUTE_DAYS)
        found.append(Dispute(*about, row.outcome))
    found.sort(key=_open_and_oldest_first)
    return table(Dispute, found)


def _open_and_oldest_first(row: Dispute) -> tuple[bool, int, str]:
    day = -row.closed_on.toordinal() if row.closed_on else row.opened_on.toordinal()
    return row.state == CLOSED, day, row.dispute_key
