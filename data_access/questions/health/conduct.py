"""Behaviour and disputes: for the program manager and the board, who decides them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, func, or_, select

from data_access.database.schema import disputes, memberships
from data_access.questions.health.judging import Figure, Spans, first_day
from data_access.questions.health.thresholds import QUARTER
from data_access.selection import Selection


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
