"""Who lives nearer to an event than the member whose request is about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Row, case, or_, select

from data_access.answers import Amount, Code, Flag, Key, Number, Text, table
from data_access.database.memory import until_import
from data_access.database.schema import events, funding_requests, memberships, people, person_languages, places
from data_access.geography.nearest import distances_km
from data_access.geography.place_query import PlaceQuery
from data_access.geography.urban import home_point
from data_access.money.ledger import fiscal_year_of, standings
from data_access.program import load_program
from data_access.questions.event_map.members import active_on, language_fit
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, SelectionError

Point = tuple[float, float]
MOST_NEARER = 10
# Somebody who lives next door is not "nearer" in any way that matters.
LEAST_SAVED_KM = 50
_HOME = ("home_city", "home_state", "home_country", "home_latitude", "home_longitude")


@dataclass(frozen=True)
class Homes:
    """Where everybody lives who is or was a member, as far as it is known."""

    person_keys: npt.NDArray[np.str_]
    latitudes: npt.NDArray[np.float64]
    longitudes: npt.NDArray[np.float64]


def member_homes(connection: Connection) -> Homes:
    """The homes of all past and present members, found once for each import."""
    return until_import(connection, _find_homes)


def _find_homes(connection: Connection) -> Homes:
    columns = (people.c[name] for name in _HOME)
    member = people.c.person_key.in_(select(memberships.c.person_key))
    rows = connection.execute(select(people.c.person_key, *columns).where(member))
    found = [(row.person_key, point) for row in rows if (point := point_of(row))]
    points = np.array([point for _, point in found], dtype=np.float64).reshape(-1, 2)
    return Homes(np.array([key for key, _ in found], dtype=np.str_), points[:, 0], points[:, 1])


def point_of(row: Row[Any]) -> Point | None:
    """The home of a row with the columns of `people`; None where it is not known."""
    if row.home_latitude is not None and row.home_longitude is not None:
        # Given coordinates need no gazetteer, which would look for their country, a hundredth of a second each.
        return row.home_latitude, row.home_longitude
    return home_point(PlaceQuery(*(getattr(row, name) for name in _HOME)))


def find_request(connection: Connection, request: str, as_of: date) -> Row[Any]:
    """The request as of a day, with its member's home and its event's place. Raises SelectionError for an unknown key.

    What was decided or paid later has not happened: its columns are empty.
    """
    own = funding_requests.c
    known = {
        **dict.fromkeys(("decision", "approved_amount", "decided_on"), own.decided_on),
        **dict.fromkeys(("paid_amount", "paid_on"), own.paid_on),
    }
    statement = (
        select(
            *(column for column in own if column.name not in known),
            *(case((or_(day.is_(None), day <= as_of), own[name])).label(name) for name, day in known.items()),
            people.c.name,
            *(people.c[name] for name in _HOME),
            events.c.title,
            events.c.starts_on,
            events.c.status,
            events.c.mode,
            events.c.scale,
            events.c.city,
            events.c.located_country,
            events.c.attendance,
            places.c.latitude,
            places.c.longitude,
        )
        .join_from(funding_requests, people, people.c.person_key == funding_requests.c.person_key)
        .join(events, events.c.event_key == funding_requests.c.event_key, isouter=True)
        .join(places, places.c.place_id == events.c.place_id, isouter=True)
        .where(own.request_key == request, own.requested_on <= as_of)
    )
    row: Any = connection.execute(statement).first()
    if row is None:
        raise SelectionError(f"There is no request {request[:60]!r}. `uplift ask request_queue` lists those that wait.")
    found: Row[Any] = row
    return found


def event_point(row: Row[Any]) -> Point | None:
    """Where the request's event takes place; None for online events and unknown places."""
    if row.latitude is None or row.longitude is None or row.mode == "online":
        return None
    return row.latitude, row.longitude


class NearerMember(NamedTuple):
    person_key: Annotated[str, Key("Member’s key")]
    name: Annotated[str | None, Text("Member")]
    home_city: Annotated[str | None, Text("Home")]
    home_country: Annotated[str | None, Text("Country")]
    distance_km: Annotated[float, Number("Distance", "km", help="Geodesic on WGS84, from home to event")]
    saved_km: Annotated[float, Number("Nearer by", "km")]
    languages: Annotated[str, Text("Languages")]
    language_fit: Annotated[bool | None, Flag("Speaks a main language there")]
    remaining: Annotated[Decimal | None, Amount("Left under the ceiling", help="Of this fiscal year; empty: not known")]
    currency: Annotated[str, Code("Currency")]


@question(roles=INSIDE, counts=PEOPLE, columns=NearerMember)
def nearer_members(connection: Connection, selection: Selection, scope: Scope, *, request: str = "") -> pd.DataFrame:
    """Members who live nearer to a request's event than the one who made it, by at least 50 km; nearest first.

    At most ten, members on `as_of`. Empty for an event online or at an unknown place, and where the home of the member
    who made the request is not known.
    """
    return table(NearerMember, nearer(connection, selection, find_request(connection, request, selection.as_of)))


def nearer(connection: Connection, selection: Selection, row: Row[Any]) -> list[NearerMember]:
    """The rows of `nearer_members`, for a request that was read already."""
    return nearest_and_number(connection, selection, row)[0]


def nearest_and_number(connection: Connection, selection: Selection, row: Row[Any]) -> tuple[list[NearerMember], int]:
    """The rows of `nearer_members`, and how many members live nearer in all."""
    there, home = event_point(row), point_of(row)
    if there is None or home is None:
        return [], 0
    from geopy.distance import geodesic  # not before a distance is asked for: geopy loads slowly

    own_km = float(geodesic(home, there).km)
    homes, as_of = member_homes(connection), selection.as_of
    active = until_import(connection, lambda found: _who_is_member(found, homes, as_of), "members", as_of)
    distances = distances_km(homes.latitudes, homes.longitudes, *there)
    near = np.flatnonzero((distances <= own_km - LEAST_SAVED_KM) & active & (homes.person_keys != row.person_key))
    first = near
    if len(near) > MOST_NEARER:
        farthest = np.partition(distances[near], MOST_NEARER - 1)[MOST_NEARER - 1]
        first = near[distances[near] <= farthest]
    nearest = sorted((float(distances[at]), str(homes.person_keys[at])) for at in first)[:MOST_NEARER]
    return _described(connection, selection, row, {key: km for km, key in nearest}, own_km), len(near)


def _who_is_member(connection: Connection, homes: Homes, day: date) -> npt.NDArray[np.bool_]:
    """Which of the homes are those of members on the day."""
    active = set(connection.execute(active_on(day)).scalars())
    return np.array([key in active for key in homes.person_keys.tolist()], dtype=np.bool_)


def _described(
    connection: Connection, selection: Selection, row: Row[Any], distances: dict[str, float], own_km: float
) -> list[NearerMember]:
    program = load_program(connection)
    known = {
        person.person_key: person
        for person in connection.execute(select(people).where(people.c.person_key.in_(distances)))
    }
    spoken = spoken_by(connection, *distances)
    money = {}
    if program.currency:
        year = fiscal_year_of(selection.as_of, program)
        money = standings(connection, program, year, selection.as_of, list(distances))
    return [
        NearerMember(
            person_key=key,
            name=known[key].name,
            home_city=known[key].home_city,
            home_country=known[key].home_country,
            distance_km=km,
            saved_km=own_km - km,
            languages=";".join(sorted(spoken[key])),
            language_fit=language_fit(spoken[key], row.located_country)[0] if row.located_country else None,
            remaining=money[key].remaining if key in money else None,
            currency=program.currency,
        )
        for key, km in distances.items()
    ]


def spoken_by(connection: Connection, *person_keys: str) -> dict[str, frozenset[str]]:
    """The languages that each of the people speaks."""
    spoken: dict[str, set[str]] = {key: set() for key in person_keys}
    for person, tag in connection.execute(select(person_languages).where(person_languages.c.person_key.in_(spoken))):
        spoken[person].add(tag)
    return {key: frozenset(tags) for key, tags in spoken.items()}
