"""Where the next pilot could be: towns with people who organize, with a community, and far from every space."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, Row, func, literal_column, or_, select

from data_access.answers import Count, Key, Number, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import contributions, countries, events, places, spaces
from data_access.geography.nearest import NearestPoints
from data_access.program import load_program
from data_access.questions.registry import PEOPLE, question
from data_access.questions.spaces.year import held_in
from data_access.selection import INSIDE, Period, Scope, Selection

YEAR, FAR_KM, MOST = 365, 100, 20


class PilotCandidate(NamedTuple):
    city: Annotated[str, Text("City")]
    country: Annotated[str, Key("Country code")]
    country_name: Annotated[str, Text("Country")]
    score: Annotated[
        float, Number("Score", decimals=2, help="Mean of three ranks among candidates, from 0 to 1: see the columns")
    ]
    organizers: Annotated[
        int, Count("Known organizers", "people", help="Who organized two events there or more in the last 12 months")
    ]
    community: Annotated[
        int, Count("Community", "people", help="Recorded at events there in the last 12 months, who contributed lately")
    ]
    events: Annotated[int, Count("Events", "events", help="Held there in the last 12 months")]
    distance: Annotated[
        float | None,
        Number("Nearest space", "km", help="Straight to the nearest one that is open; empty: none has a place"),
    ]


@question(roles=INSIDE, counts=PEOPLE, columns=PilotCandidate)
def pilot_candidates(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Towns for the next pilot, best first: known organizers, a community, and the gap to the nearest space.

    Candidates are towns of held events of the last 12 months that are further than 100 km from every open space and
    have somebody who organized there twice. Their score is the mean of three ranks: by organizers, by people who
    contributed in the program's window of days, and by distance. At most 20.
    """
    program = load_program(connection)
    year = held_in(selection, Period(selection.as_of - timedelta(days=YEAR - 1), selection.as_of + timedelta(days=1)))
    towns = _towns(connection, year)
    if not towns:
        return table(PilotCandidate, [])
    distance = _distances(connection, selection, towns)
    organizers, community = _people(connection, year, program.window_days)
    names = {row[0]: row[1] for row in connection.execute(select(countries.c.country, countries.c.name))}
    kept = [
        town
        for town in towns
        if organizers.get(_key(town)) and (distance[_key(town)] is None or (distance[_key(town)] or 0) > FAR_KM)
    ]
    ranks = [
        _ranks({_key(town): float(organizers[_key(town)]) for town in kept}),
        _ranks({_key(town): float(community.get(_key(town), 0)) for town in kept}),
        _ranks({_key(town): distance[_key(town)] or 0.0 for town in kept}),
    ]
    found = [
        PilotCandidate(
            town.town,
            town.code,
            names.get(town.code, town.code),
            sum(rank[_key(town)] for rank in ranks) / len(ranks),
            organizers[_key(town)],
            community.get(_key(town), 0),
            town.events,
            distance[_key(town)],
        )
        for town in kept
    ]
    found.sort(key=lambda row: (-round(row.score, 9), -row.organizers, row.country, row.city))
    return table(PilotCandidate, found[:MOST])


def _town(of: FromClause) -> ColumnElement[Any]:
    return func.coalesce(places.c.city, places.c.matched_name, of.c.city)


def _at(of: FromClause) -> tuple[ColumnElement[Any], ...]:
    return (_town(of).label("town"), places.c.located_country.label("code"))


def _key(row: Row[Any]) -> tuple[str, str]:
    return row.town, row.code


def _towns(connection: Connection, year: Selection) -> list[Row[Any]]:
    statement = (
        select(
            *_at(events),
            func.count().label("events"),
            func.avg(places.c.latitude).label("latitude"),
            func.avg(places.c.longitude).label("longitude"),
        )
        .join_from(events, places, places.c.place_id == events.c.place_id)
        .where(*year.conditions(), places.c.latitude.is_not(None), _town(events).is_not(None))
        .where(places.c.located_country.is_not(None))
        .group_by("town", "code")
    )
    return list(connection.execute(statement))


def _distances(
    connection: Connection, selection: Selection, towns: list[Row[Any]]
) -> dict[tuple[str, str], float | None]:
    """Kilometres from each town to the nearest space that is open."""
    day = selection.as_of
    statement = select(spaces.c.latitude, spaces.c.longitude).where(
        spaces.c.latitude.is_not(None),
        or_(spaces.c.opened_on.is_(None), spaces.c.opened_on <= day),
        or_(spaces.c.closed_on.is_(None), spaces.c.closed_on > day),
    )
    known = connection.execute(statement).all()
    if not known:
        return dict.fromkeys(map(_key, towns))
    nearest = NearestPoints([row[0] for row in known], [row[1] for row in known])
    _, distances = nearest.nearest([town.latitude for town in towns], [town.longitude for town in towns])
    # To the metre: a database may add up coordinates in any order, and their last digits with it.
    return {_key(town): round(float(km), 3) for town, km in zip(towns, distances, strict=True)}


def _people(
    connection: Connection, year: Selection, window_days: int
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """By town: who organized there twice or more, and who was there and contributed lately."""
    at = (
        select(*_at(attendances), attendances.c.person_key, attendances.c.role)
        .join_from(attendances, places, places.c.place_id == attendances.c.place_id)
        .where(*attendances.beside(year.conditions()), _town(attendances).is_not(None))
        .cte("presences")
    )
    often = (
        select(at.c.town, at.c.code, at.c.person_key)
        .where(at.c.role == "organizer")
        .group_by(at.c.town, at.c.code, at.c.person_key)
        .having(func.count() > 1)  # nobody organizes an event twice: the role is a part of the key
        .subquery("often")
    )
    organizers = select(often.c.town, often.c.code, func.count().label("people")).group_by(often.c.town, often.c.code)
    since = year.as_of - timedelta(days=window_days)
    lately = select(contributions.c.person_key).where(
        contributions.c.contributed_on > since, contributions.c.contributed_on <= year.as_of
    )
    # The coalesced key is no column of an index: SQLite would else try each of these people at each event.
    person = func.coalesce(at.c.person_key, literal_column("''"))
    community = (
        select(at.c.town, at.c.code, func.count(at.c.person_key.distinct()).label("people"))
        .where(person.in_(lately))
        .group_by(at.c.town, at.c.code)
    )
    first, second = ({_key(row): row.people for row in connection.execute(each)} for each in (organizers, community))
    return first, second


def _ranks(values: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The part of the others that each is above, half of those that it is level with: from 0 to 1."""
    if len(values) < 2:
        return dict.fromkeys(values, 1.0)
    listed = list(values.values())
    return {
        key: (sum(other < value for other in listed) + (sum(other == value for other in listed) - 1) / 2)
        / (len(listed) - 1)
        for key, value in values.items()
    }
