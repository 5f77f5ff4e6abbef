"""The day of the first event that each person organized."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, or_, select, union

from data_access.database.schema import events, organizer_starts, participations


def refresh_organizers(connection: Connection, touched: Select[Any] | None) -> None:
    """First organized event that was held, of the people whose keys are selected (None: of everybody)."""
    firsts = (
        select(participations.c.person_key, func.min(events.c.starts_on))
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(participations.c.role == "organizer", or_(events.c.status == "held", events.c.status.is_(None)))
        .group_by(participations.c.person_key)
    )
    gone = delete(organizer_starts)
    nobody_yet = connection.execute(select(organizer_starts.c.person_key).limit(1)).first() is None
    if touched is not None and not nobody_yet:
        gone = gone.where(organizer_starts.c.person_key.in_(touched))
        firsts = firsts.where(participations.c.person_key.in_(touched))
    connection.execute(gone)
    connection.execute(insert(organizer_starts).from_select(organizer_starts.columns.keys(), firsts))


def whose_organizing_changed(staged_events: Table | None, staged_participations: Table | None) -> Select[Any]:
    """The keys of people who are recorded at events that changed, or whose own participation did. Needs one of both."""
    parts: list[Select[Any]] = []
    if staged_participations is not None:
        parts.append(select(staged_participations.c.person_key))
    if staged_events is not None:
        own = participations.c
        at_events = own.event_key.in_(select(staged_events.c.event_key))
        parts.append(select(own.person_key).where(own.role == "organizer", at_events))
    return select(union(*parts).subquery().c.person_key)
