"""The events themselves, one by one, for the list next to the map."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, select

from data_access.answers import Code, Count, Day, Key, Text, fetch
from data_access.database.schema import countries, events, places
from data_access.geography.languages import language_name
from data_access.questions.events.counts import ATTENDANCE, not_online
from data_access.questions.registry import EVENTS, question
from data_access.selection import STAFF, Scope, Selection, SelectionError

MOST_ROWS = 1_000


class ListedEvent(NamedTuple):
    event_key: Annotated[str, Key("Event key")]
    starts_on: Annotated[date, Day("Date")]
    title: Annotated[str | None, Text("Event")]
    city: Annotated[str | None, Text("Place")]
    country: Annotated[str | None, Text("Country")]
    scale: Annotated[str | None, Code("Scale")]
    language: Annotated[str | None, Text("Language")]
    attendance: Annotated[int | None, ATTENDANCE]
    url: Annotated[str | None, Text("Address")]
    total: Annotated[int, Count("Events in all", "events", help="How many match, listed or not")]


@question(roles=STAFF, counts=EVENTS, columns=ListedEvent)
def events_list(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    country: str = "",
    box: str = "",
    online: bool = False,
    limit: int = MOST_ROWS,
) -> pd.DataFrame:
    """Events of a country or of a part of the map, newest first, `limit` at most (0: all; staff only).

    `country` is an ISO code; `box` is "south,west,north,east" in degrees, of which north and east do not belong to it,
    but on the world's own edge. Online events are left out unless `online`, unlocated ones for a box.
    """
    conditions = selection.conditions() if online else [not_online(), *selection.conditions()]
    if country:
        conditions.append(events.c.located_country == country.upper())
    if box:
        conditions += _inside(box)
    place = func.coalesce(events.c.city, places.c.city)
    located = events.outerjoin(places, places.c.place_id == events.c.place_id)
    order = (events.c.starts_on.desc(), case((events.c.title.is_(None), 1), else_=0), events.c.title)
    every = select(func.count()).select_from(located).where(*conditions).scalar_subquery()
    if limit > 0:
        # Which they are comes first: all columns of all that match would be carried along to be left out.
        first = select(events.c.event_key).select_from(located).where(*conditions)
        conditions = [events.c.event_key.in_(first.order_by(*order, events.c.event_key).limit(limit))]
    statement = (
        select(
            events.c.event_key,
            events.c.starts_on,
            events.c.title,
            place.label("city"),
            func.coalesce(countries.c.name, events.c.located_country).label("country"),
            events.c.scale,
            events.c.languages.label("language"),
            selection.attendance().label("attendance"),
            events.c.url,
            every.label("total"),
        )
        .select_from(located)
        .join(countries, countries.c.country == events.c.located_country, isouter=True)
        .where(*conditions)
        .order_by(*order, events.c.event_key)
    )
    found = fetch(connection, statement, ListedEvent)
    found["language"] = [_languages(tags) for tags in found["language"]]
    return found


def _languages(tags: object) -> str | None:
    listed = [tag.strip() for tag in str(tags or "").replace(";", ",").split(",") if tag.strip()]
    return ", ".join(language_name(tag) for tag in listed) or None


def _inside(box: str) -> list[ColumnElement[bool]]:
    try:
        south, west, north, east = (float(part) for part in box.split(","))
    except ValueError:
        raise SelectionError(f"{box!r} is not a box. Write it like 47.2,5.8,55.1,15.1.") from None
    if not all(map(math.isfinite, (south, west, north, east))) or south > north or west > east:
        raise SelectionError(f"{box!r} is not a box: south and west come first.")
    latitude, longitude = places.c.latitude, places.c.longitude
    return [
        latitude >= south,
        latitude <= north if north >= 90 else latitude < north,
        longitude >= west,
        longitude <= east if east >= 180 else longitude < east,
    ]
