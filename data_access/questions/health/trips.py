"""Long trips to tiny events: which ones were paid for, and what they brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Row, Select, func, or_, select

from data_access.answers import Amount, Count, Day, Key, Number, Text, table
from data_access.database.schema import events, funding_requests, ledger, people, places
from data_access.geography.nearest import distances_km
from data_access.money.ledger import BURNT, as_money, in_force
from data_access.program import load_program
from data_access.questions.health.judging import Figure, Spans, first_day, interval
from data_access.questions.health.thresholds import FAR_KM, TINY, YEAR
from data_access.questions.registry import MONEY, question
from data_access.questions.requests.nearer import point_of
from data_access.selection import INSIDE, Scope, Selection

_HOME = ("home_city", "home_state", "home_country", "home_latitude", "home_longitude")


class LongTrip(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Traveller")]
    event_key: Annotated[str, Key("Event key")]
    title: Annotated[str, Text("Event")]
    starts_on: Annotated[date, Day("First day")]
    home: Annotated[str | None, Text("From")]
    place: Annotated[str | None, Text("To")]
    distance_km: Annotated[float, Number("Distance", "km", help="Straight, from home to event, one way")]
    attendance: Annotated[int, Count("Attendance", "people")]
    travel: Annotated[Decimal | None, Amount("Travel", help="Paid, or else approved; empty: no rate is known")]
    per_attendee: Annotated[Decimal | None, Amount("Travel an attendee", help="Empty: nobody came, or no rate")]
    currency: Annotated[str, Text("Currency")]


def figures(connection: Connection, selection: Selection) -> Iterator[Figure]:
    """Which part of the long trips went to tiny events."""
    span = Spans(selection.as_of, YEAR)
    both = _trips(connection, span.as_of, span.earlier, span.as_of)
    now = [(row, km) for row, km in both if row.starts_on > span.since]
    before = [(row, km) for row, km in both if row.starts_on <= span.since]
    hits, far = _tiny(now), _known(now)
    hits_before, far_before = _tiny(before), _known(before)
    low, high = interval(len(hits), len(far))
    is_empty = first_day(connection, funding_requests.c.requested_on) > span.as_of
    share = None if is_empty else len(hits) / len(far) if far else 0.0
    share_before = len(hits_before) / len(far_before) if far_before else None
    missing = sum(km is None or row.attendance is None for row, km in now)
    yield Figure("long_trips", share, share_before, low, high, base=len(far), missing=missing)


def _known(trips: Sequence[tuple[Row[Any], float | None]]) -> list[tuple[Row[Any], float]]:
    """The long ones among trips whose distance and attendance are known."""
    return [(row, km) for row, km in trips if km is not None and km > FAR_KM and row.attendance is not None]


def _tiny(trips: Sequence[tuple[Row[Any], float | None]]) -> list[tuple[Row[Any], float]]:
    return [(row, km) for row, km in _known(trips) if row.attendance <= TINY]


def _trips(connection: Connection, as_of: date, since: date, day: date) -> list[tuple[Row[Any], float | None]]:
    """Trips to events held in the days whose travel is paid or approved, each with its distance (None: not known)."""
    own, asked = people.c, funding_requests.c
    paid: Select[Any] = (
        select(
            asked.person_key,
            asked.event_key,
            as_money(func.sum(ledger.c.amount)).label("travel"),
            func.count().filter(ledger.c.amount.is_(None)).label("unknown"),
        )
        .join_from(ledger, funding_requests, asked.request_key == ledger.c.request_key)
        .where(ledger.c.state.in_(BURNT), in_force(as_of), asked.category == "travel")
        .group_by(asked.person_key, asked.event_key)
    )
    trips = paid.subquery("trips")
    statement = (
        select(
            own.person_key,
            own.name,
            *(own[name] for name in _HOME),
            events.c.event_key,
            events.c.title,
            events.c.starts_on,
            events.c.city,
            events.c.attendance,
            places.c.latitude,
            places.c.longitude,
            trips.c.travel,
            trips.c.unknown,
        )
        .join_from(trips, events, events.c.event_key == trips.c.event_key)
        .join(people, own.person_key == trips.c.person_key)
        .join(places, places.c.place_id == events.c.place_id, isouter=True)
        .where(or_(events.c.status == "held", events.c.status.is_(None)))
        .where(or_(events.c.mode.is_(None), events.c.mode != "online"))
        .where(events.c.starts_on > since, events.c.starts_on <= day)
    )
    found: list[Row[Any]] = list(connection.execute(statement))
    points = [(point_of(row), (row.latitude, row.longitude)) for row in found]
    ways = [(*home, *there) if home and None not in there else None for home, there in points]
    known = [way for way in ways if way is not None]
    distances = iter(distances_km(*zip(*known, strict=True)) if known else ())
    return [(row, None if way is None else float(next(distances))) for row, way in zip(found, ways, strict=True)]


@question(roles=INSIDE, counts=MONEY, columns=LongTrip)
def long_trips(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Trips of more than 3,000 km to events of 15 people or fewer, in the last 365 days, with what each brought.

    A trip is a person's travel to an event that was held in person, paid or approved by `as_of`. Trips whose home or
    town has no known place, and events that report no attendance, are not told. Dearest for an attendee first. Filters
    do not apply.
    """
    span, currency = Spans(selection.as_of, YEAR), load_program(connection).currency
    found = []
    for row, km in _tiny(_trips(connection, span.as_of, span.since, span.as_of)):
        travel = None if row.unknown else round(Decimal(row.travel), 2)
        each = round(travel / row.attendance, 2) if travel is not None and row.attendance else None
        about = (row.person_key, row.name, row.event_key, row.title, row.starts_on, row.home_city, row.city)
        found.append(LongTrip(*about, km, row.attendance, travel, each, currency))
    found.sort(key=lambda row: (row.per_attendee is not None, -(row.per_attendee or 0), row.event_key, row.person_key))
    return table(LongTrip, found)
