"""Events whose day is over and of which nobody has said whether they were held."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, select

from data_access.answers import Count, Day, Key, Text, fetch
from data_access.database.prepared import attendances
from data_access.database.schema import countries, events
from data_access.questions.members.standing import qualifies
from data_access.questions.registry import EVENTS, question
from data_access.selection import INSIDE, Scope, Selection

MOST_LISTED = 200
_TOLD = ("event_key", "starts_on", "title", "city", "located_country")


class UnmarkedEvent(NamedTuple):
    event_key: Annotated[str, Key("Event key")]
    starts_on: Annotated[date, Day("Date")]
    title: Annotated[str, Text("Event")]
    city: Annotated[str | None, Text("Place")]
    country: Annotated[str | None, Text("Country")]
    members: Annotated[int, Count("Waiting", "people", help="Speakers and organizers for whom it counts once held")]
    total: Annotated[int, Count("Unmarked in all", "events", help="Listed or not")]


@question(roles=INSIDE, counts=EVENTS, columns=UnmarkedEvent)
def events_unmarked(
    connection: Connection, selection: Selection, scope: Scope, *, limit: int = MOST_LISTED
) -> pd.DataFrame:
    """Events that are still marked as planned though their day is over, newest first; `limit` at most (0: all).

    Until one is marked as held it counts for nothing: not as an event, nor for anybody's floor. Whatever the period;
    filters apply.
    """
    narrowed = [item.condition(getattr(selection, item.name)) for item in selection.narrowed_by]
    return fetch(connection, unmarked(selection.as_of, narrowed, limit), UnmarkedEvent)


def unmarked(day: date, conditions: list[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The events before a day that are still marked as planned, newest first: the columns of `UnmarkedEvent`."""
    is_so = (events.c.status == "planned", events.c.starts_on < day, *conditions)
    newest = select(*(events.c[name] for name in _TOLD), func.count().over().label("total")).where(*is_so)
    newest = newest.order_by(events.c.starts_on.desc(), events.c.event_key)
    own = (newest.limit(limit) if limit > 0 else newest).cte("unmarked")
    each = (
        select(attendances.c.event_key, func.count(attendances.c.person_key.distinct()).label("people"))
        .where(attendances.c.event_key.in_(select(own.c.event_key)), qualifies(attendances.c.role))
        .group_by(attendances.c.event_key)
        .subquery("waiting")
    )
    return (
        select(
            own.c.event_key,
            own.c.starts_on,
            own.c.title,
            own.c.city,
            func.coalesce(countries.c.name, own.c.located_country).label("country"),
            func.coalesce(each.c.people, 0).label("members"),
            own.c.total,
        )
        .join_from(own, countries, countries.c.country == own.c.located_country, isouter=True)
        .join(each, each.c.event_key == own.c.event_key, isouter=True)
        .order_by(own.c.starts_on.desc(), own.c.event_key)
    )
