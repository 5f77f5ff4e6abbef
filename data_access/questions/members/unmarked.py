"""Events whose day is over and of which nobody has said whether they were held."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Select, func, select

from data_access.answers import Count, Day, Key, Text, fetch
from data_access.database.schema import countries, events, participations
from data_access.questions.members.standing import QUALIFYING_ROLES
from data_access.questions.registry import EVENTS, question
from data_access.selection import INSIDE, Scope, Selection


class UnmarkedEvent(NamedTuple):
    event_key: Annotated[str, Key("Event key")]
    starts_on: Annotated[date, Day("Date")]
    title: Annotated[str, Text("Event")]
    city: Annotated[str | None, Text("Place")]
    country: Annotated[str | None, Text("Country")]
    members: Annotated[int, Count("Waiting", "people", help="Speakers and organizers for whom it counts once held")]


@question(roles=INSIDE, counts=EVENTS, columns=UnmarkedEvent)
def events_unmarked(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events that are still marked as planned though their day is over, newest first.

    Until one is marked as held it counts for nothing: not as an event, nor for anybody's floor. Whatever the period;
    filters apply.
    """
    narrowed = [item.condition(getattr(selection, item.name)) for item in selection.narrowed_by]
    return fetch(connection, unmarked(selection.as_of).where(*narrowed), UnmarkedEvent)


def unmarked(day: date) -> Select[Any]:
    """The events before a day that are still marked as planned, newest first: the columns of `UnmarkedEvent`."""
    waiting = (
        select(func.count(participations.c.person_key.distinct()))
        .where(participations.c.event_key == events.c.event_key, participations.c.role.in_(QUALIFYING_ROLES))
        .scalar_subquery()
    )
    return (
        select(
            events.c.event_key,
            events.c.starts_on,
            events.c.title,
            events.c.city,
            func.coalesce(countries.c.name, events.c.located_country).label("country"),
            waiting.label("members"),
        )
        .join_from(events, countries, countries.c.country == events.c.located_country, isouter=True)
        .where(events.c.status == "planned", events.c.starts_on < day)
        .order_by(events.c.starts_on.desc(), events.c.event_key)
    )
