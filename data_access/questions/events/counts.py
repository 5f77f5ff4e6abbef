"""Questions about events: how many, where and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from data_access.answers import Count, Key, Number, Text, fetch, typed
from data_access.database.schema import countries, events, places
from data_access.database.sql import month_of
from data_access.questions.registry import EVENTS, question
from data_access.selection import EVERYBODY, Period, Scope, Selection, add_months

NOWHERE, ONLINE = "", "online"


class EventsTotal(NamedTuple):
    events: Annotated[int, Count("Events", "events")]


@question(roles=EVERYBODY, counts=EVENTS, columns=EventsTotal)
def events_total(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many events match, in one row."""
    return fetch(connection, select(func.count().label("events")).where(*selection.conditions()), EventsTotal)


ATTENDANCE = Count("Attendance", "visits", help="Of the events that report one; empty where none does")


class CountryEvents(NamedTuple):
    country: Annotated[str, Key("Country code", help="ISO 3166; empty: unknown; “online”")]
    name: Annotated[str, Text("Country")]
    events: Annotated[int, Count("Events", "events")]
    attendance: Annotated[int | None, ATTENDANCE]


@question(roles=EVERYBODY, counts=EVENTS, columns=CountryEvents)
def events_by_country(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events and attendance per country, most events first.

    Online events have no country and stand in a row of their own.
    """
    where = case((events.c.mode == "online", ONLINE), else_=func.coalesce(events.c.located_country, NOWHERE))
    counted = (
        select(
            # Not labelled `country`: PostgreSQL would group by the events' own column of that name.
            where.label("code"),
            func.count().label("events"),
            func.sum(selection.attendance()).label("attendance"),
        )
        .where(*selection.conditions())
        .group_by("code")
        .subquery()
    )
    name = case(
        (counted.c.code == ONLINE, "Online"),
        (counted.c.code == NOWHERE, "Unknown country"),
        else_=func.coalesce(countries.c.name, counted.c.code),
    )
    statement = (
        select(counted.c.code.label("country"), name.label("name"), counted.c.events, counted.c.attendance)
        .join_from(counted, countries, countries.c.country == counted.c.code, isouter=True)
        .order_by(counted.c.events.desc(), counted.c.code)
    )
    return fetch(connection, statement, CountryEvents)


class MonthEvents(NamedTuple):
    month: Annotated[str, Key("Month", help="YYYY-MM, by the day an event starts")]
    events: Annotated[int, Count("Events", "events")]
    attendance: Annotated[int | None, ATTENDANCE]


@question(roles=EVERYBODY, counts=EVENTS, columns=MonthEvents)
def events_by_month(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events and attendance per month of start, months without events included.

    The months run over the part of the period in which the program has events. `attendance` is 0 in a month without
    events and missing where events report none.
    """
    statement = (
        select(
            month_of(events.c.starts_on).label("month"),
            func.count().label("events"),
            func.sum(selection.attendance()).label("attendance"),
        )
        .where(*selection.conditions())
        .group_by("month")
        .order_by("month")
    )
    counted = fetch(connection, statement, MonthEvents).set_index("month")
    months = pd.Index(months_in(trend_period(connection, selection)), name="month", dtype="str")
    filled = counted.reindex(months)
    silent = filled["events"].isna()
    filled.loc[silent, ["events", "attendance"]] = 0
    return typed(MonthEvents, filled.reset_index())


class PlaceEvents(NamedTuple):
    place_id: Annotated[int, Key("Place", help="Its number in this database")]
    latitude: Annotated[float, Number("Latitude", "degrees", decimals=4)]
    longitude: Annotated[float, Number("Longitude", "degrees", decimals=4)]
    events: Annotated[int, Count("Events", "events")]
    attendance: Annotated[int | None, ATTENDANCE]


@question(roles=EVERYBODY, counts=EVENTS, columns=PlaceEvents)
def events_by_place(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events per located place, most events first.

    Online events and events whose place could not be located are left out; `data_quality` counts the latter.
    """
    # Counted before it is joined: a million events make forty thousand places. Grouped by an expression, because SQLite
    # would else walk the index on places and fetch each event by itself: four times slower.
    place = (events.c.place_id + 0).label("place")
    counted = (
        select(
            place,
            func.count().label("events"),
            func.sum(selection.attendance()).label("attendance"),
        )
        .where(not_online(), *selection.conditions())
        .group_by(place)
        .subquery()
    )
    statement = (
        select(places.c.place_id, places.c.latitude, places.c.longitude, counted.c.events, counted.c.attendance)
        .join_from(counted, places, places.c.place_id == counted.c.place)
        .where(places.c.latitude.is_not(None))
        .order_by(counted.c.events.desc(), places.c.place_id)
    )
    return fetch(connection, statement, PlaceEvents)


def not_online() -> ColumnElement[bool]:
    """The condition that an event has a place: held in person, hybrid, or not recorded."""
    return or_(events.c.mode.is_(None), events.c.mode != "online")


def trend_period(connection: Connection, selection: Selection) -> Period:
    """The part of the period in which the program has events, in whole months, and no later than `as_of`'s month."""
    first, last = connection.execute(
        select(func.min(events.c.starts_on), func.max(events.c.starts_on)).where(*selection.status_conditions())
    ).one()
    # A window inside the data is shown whole, silent months included; beyond the data there is nothing to show.
    start = selection.period.start if first is None else max(selection.period.start, first)
    end = selection.period.end if last is None else min(selection.period.end, last + timedelta(days=1))
    if "planned" not in selection.status:
        end = min(end, selection.as_of + timedelta(days=1))
    start = start.replace(day=1)
    return Period(start, max(add_months(end - timedelta(days=1), 1), add_months(start, 1)))


def months_in(period: Period) -> list[str]:
    """`["2019-01", "2019-02", …]` for a period of whole months."""
    return [f"{add_months(period.start, index):%Y-%m}" for index in range(period.in_months or 0)]
