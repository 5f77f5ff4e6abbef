"""Where members live, and who of them could go to a country's towns without events. Names and homes: inside only."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row, func, or_, select

from data_access.answers import Amount, Count, Day, Flag, Key, Number, Share, Text, table
from data_access.database.prepared import member_attendances
from data_access.database.schema import memberships, people, person_languages
from data_access.geography.language_reach import base_language, languages_of
from data_access.geography.nearest import NearestPoints
from data_access.geography.place_query import PlaceQuery
from data_access.geography.urban import UrbanPlaces, home_point, urban_places
from data_access.membership import member_on
from data_access.money.ledger import fiscal_year_of, standings
from data_access.program import Program, load_program
from data_access.questions.asked import country_asked, language_asked
from data_access.questions.event_map.reach import nearest_event_km
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

UNCOVERED_KM, LARGE_CITIES = 100, 10
# A language is a country's main one if so many of its inhabitants know it, or if it is official nationwide.
MAIN_SHARE = 0.1


class PossibleTraveller(NamedTuple):
    person_key: Annotated[str, Key("Member key")]
    name: Annotated[str | None, Text("Member")]
    home_city: Annotated[str | None, Text("Lives in")]
    home_country: Annotated[str | None, Text("Country")]
    nearest_city: Annotated[str | None, Text("Could go to")]
    distance_km: Annotated[float | None, Number("Distance", "km", help="To that town; empty: the home has no place")]
    languages: Annotated[str, Text("Languages", help="Codes; empty: none recorded")]
    language_fit: Annotated[bool | None, Flag("Speaks the language", help="Empty: not known")]
    language_share: Annotated[float | None, Share("Inhabitants who understand", help="Who know one of the languages")]
    remaining: Annotated[Decimal | None, Amount("Left under the ceiling", help="This fiscal year; empty: not known")]
    currency: Annotated[str, Text("Currency")]
    last_event_on: Annotated[date | None, Day("Last took part")]


@question(roles=INSIDE, counts=PEOPLE, columns=PossibleTraveller)
def who_could_go(
    connection: Connection, selection: Selection, scope: Scope, *, country: str = "NG", language: str = ""
) -> pd.DataFrame:
    """Active members by language fit and distance to the country's largest towns without events (PM and board only).

    The towns: of the country's ten largest without a held event within 100 km in the last 12 months, the one nearest to
    the member; of its ten largest when none is without. A member fits who speaks a main language of the country: known
    by 10 % of the inhabitants or official nationwide, after CLDR. `language_share` is that of the best-known of the
    member's languages, `remaining` the ceiling − paid − approved and unpaid, `last_event_on` no later than `as_of`.
    Missing is what is not known: a home without a place, a member without languages, a ceiling that is not set, an
    amount without a rate. Fitting languages first, then nearest first. With `language`, only that one fits, and the
    share is its own.
    """
    code, wanted = country_asked(country), language and language_asked(language)
    members = _active_members(connection, selection.as_of)
    keys = active_on(selection.as_of)
    spoken = defaultdict(set)
    for person, tag in connection.execute(select(person_languages).where(person_languages.c.person_key.in_(keys))):
        spoken[person].add(tag)
    program = load_program(connection)
    remaining = _remaining(connection, program, selection.as_of)
    last = _last_events(connection, selection.as_of)
    towns = _towns_to_go_to(connection, selection, code)
    tree = NearestPoints(towns.latitudes, towns.longitudes)
    found = []
    for member in members:
        point = _home(member)
        city, distance = None, None
        if point is not None and len(towns):
            index, km = tree.nearest(np.array([point[0]]), np.array([point[1]]))
            city, distance = str(towns.names[index[0]]), float(km[0])
        fit, share = language_fit(frozenset(spoken[member.person_key]), code, wanted)
        found.append(
            PossibleTraveller(
                person_key=member.person_key,
                name=member.name,
                home_city=member.home_city,
                home_country=member.home_country,
                nearest_city=city,
                distance_km=distance,
                languages=";".join(sorted(spoken[member.person_key])),
                language_fit=fit,
                language_share=share,
                remaining=remaining.get(member.person_key),
                currency=program.currency,
                last_event_on=last.get(member.person_key),
            )
        )
    found.sort(key=_by_fit_and_distance)
    return table(PossibleTraveller, found)


def _by_fit_and_distance(member: PossibleTraveller) -> tuple[int, float, str]:
    fit = {True: 0, None: 1, False: 2}[member.language_fit]
    return fit, float("inf") if member.distance_km is None else member.distance_km, member.person_key


class MemberHome(NamedTuple):
    latitude: Annotated[float | None, Number("Latitude", "degrees", decimals=4)]
    longitude: Annotated[float | None, Number("Longitude", "degrees", decimals=4)]
    members: Annotated[int, Count("Members", "members")]


@question(roles=INSIDE, counts=PEOPLE, columns=MemberHome)
def members_by_place(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Homes of the members active on `as_of`, most members first (PM and board only).

    Members whose home has no known place are counted in a last row without coordinates.
    """
    counted = Counter(_home(member) for member in _active_members(connection, selection.as_of))
    nowhere = counted.pop(None, 0)
    homes = [
        MemberHome(*point, number)
        for point, number in sorted(counted.items(), key=lambda item: (-item[1], item[0] or (0, 0)))
        if point is not None
    ]
    if nowhere:
        homes.append(MemberHome(None, None, nowhere))
    return table(MemberHome, homes)


def active_on(day: date) -> Any:
    """A select of the keys of the people who are members on a day, the last one included."""
    return select(memberships.c.person_key).where(member_on(day))


def members_by_country(connection: Connection, day: date) -> dict[str, int]:
    """Members active on a day by home country, where it is known. Exact: callers apply the privacy rule."""
    statement = (
        select(people.c.home_country, func.count())
        .where(people.c.home_country.is_not(None), people.c.person_key.in_(active_on(day)))
        .group_by(people.c.home_country)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _active_members(connection: Connection, day: date) -> list[Row[Any]]:
    statement = (
        select(
            people.c.person_key,
            people.c.name,
            people.c.home_city,
            people.c.home_state,
            people.c.home_country,
            people.c.home_latitude,
            people.c.home_longitude,
        )
        .where(people.c.person_key.in_(active_on(day)))
        .order_by(people.c.person_key)
    )
    return list(connection.execute(statement))


def _home(member: Row[Any]) -> tuple[float, float] | None:
    return home_point(
        PlaceQuery(
            member.home_city,
            member.home_state,
            member.home_country,
            member.home_latitude,
            member.home_longitude,
        )
    )


def _towns_to_go_to(connection: Connection, selection: Selection, code: str) -> UrbanPlaces:
    """The country's largest towns without an event near, or its largest towns when each has one."""
    everywhere = urban_places()
    own = everywhere.where(everywhere.countries == code)
    uncovered = own.where(nearest_event_km(connection, selection, own) > UNCOVERED_KM)
    towns = uncovered if len(uncovered) else own
    return towns.where(np.arange(len(towns)) < LARGE_CITIES)


def language_fit(tags: frozenset[str], code: str, wanted: str = "") -> tuple[bool | None, float | None]:
    """Whether one of the tags is a main language of the country, and the largest share of inhabitants who know one.

    (None, None) where the tags or the country's languages are not known. `wanted` names the only language that fits.
    """
    spoken_there = languages_of(code)
    if not tags or not (spoken_there or wanted):
        return None, None
    spoken = {base_language(tag) for tag in tags}
    if wanted:
        return wanted in spoken, spoken_there.get(wanted, (None, False))[0] if wanted in spoken else 0.0
    known = [spoken_there.get(base, (0.0, False)) for base in spoken]
    return any(share >= MAIN_SHARE or official for share, official in known), max(share for share, _ in known)


def _last_events(connection: Connection, day: date) -> dict[str, date]:
    held = or_(member_attendances.c.status == "held", member_attendances.c.status.is_(None))
    statement = (
        select(member_attendances.c.person_key, func.max(member_attendances.c.starts_on))
        .where(held, member_attendances.c.starts_on <= day, member_attendances.c.person_key.in_(active_on(day)))
        .group_by(member_attendances.c.person_key)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _remaining(connection: Connection, program: Program, day: date) -> dict[str, Decimal | None]:
    """What active members have left under their ceilings, in the program's currency; None or absent: not known."""
    if not program.currency:
        return {}
    found = standings(connection, program, fiscal_year_of(day, program), day, active_on(day))
    return {person: standing.remaining for person, standing in found.items()}
