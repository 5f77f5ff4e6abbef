"""How many people of the world's towns live near an event, and which large towns are far from any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Code, Count, Key, Number, Share, Text, table
from data_access.database.schema import events, places
from data_access.geography.nearest import NearestPoints
from data_access.geography.urban import UrbanPlaces, urban_places
from data_access.questions.events.counts import not_online
from data_access.questions.registry import EVENTS, question
from data_access.questions.territories import Territory, anywhere, territories
from data_access.selection import EVERYBODY, Period, Scope, Selection, SelectionError

WORLD, REGION, COUNTRY = "world", "region", "country"
MOST_KM = 20_100


@dataclass(frozen=True, slots=True)
class _Reach:
    """Inhabitants of urban places, those reached, and the numbers of places."""

    population: int
    reached: int
    places: int
    places_reached: int

    def __add__(self, other: _Reach) -> _Reach:
        return _Reach(
            self.population + other.population,
            self.reached + other.reached,
            self.places + other.places,
            self.places_reached + other.places_reached,
        )


class UrbanReach(NamedTuple):
    level: Annotated[str, Code("Level", help="world, region or country")]
    country: Annotated[str, Key("Country code", help="ISO 3166; empty for the world and regions")]
    name: Annotated[str, Text("Name")]
    region: Annotated[str, Text("Region")]
    urban_population: Annotated[int, Count("Townspeople", "inhabitants", help="Of places of 15,000 and more")]
    reached: Annotated[int, Count("Within reach", "inhabitants")]
    share: Annotated[float | None, Share("Share within reach")]
    places: Annotated[int, Count("Towns", "towns")]
    places_reached: Annotated[int, Count("Towns within reach", "towns")]


@question(roles=EVERYBODY, counts=EVENTS, columns=UrbanReach)
def urban_reach(connection: Connection, selection: Selection, scope: Scope, *, radius_km: float = 100) -> pd.DataFrame:
    """Share of urban inhabitants within `radius_km` of a held event of the last 12 months: world, regions, countries.

    The 12 months end with the period or on `as_of`, whichever is earlier. Urban: places of 15,000 inhabitants and
    more. Events beyond a border reach across it: filters by country and region choose the towns, the other filters
    the events. Online and unlocated events reach nobody. Where the gazetteer's towns overlap (a city and its
    districts), their inhabitants are scaled down to the country's. Most people not reached first.
    """
    towns = urban_places()
    near = nearest_event_km(connection, selection, towns) <= _checked(radius_km)
    everywhere = territories(connection, selection)
    by_country = {territory.code: _Reach(0, 0, 0, 0) for territory in everywhere}
    by_region = {territory.region: _Reach(0, 0, 0, 0) for territory in everywhere}
    total = _Reach(0, 0, 0, 0)
    for territory, reach in _reaches(everywhere, towns, near):
        by_country[territory.code] = reach
        by_region[territory.region] += reach
        total += reach
    narrowed = bool(selection.country or selection.region)
    named = [
        (WORLD, "", "All countries asked for" if narrowed else "World", "", total),
        *((REGION, "", name, name, reach) for name, reach in sorted(by_region.items(), key=_unreached)),
        *(
            (COUNTRY, item.code, item.name, item.region, by_country[item.code])
            for item in sorted(everywhere, key=lambda item: _unreached((item.code, by_country[item.code])))
        ),
    ]
    return table(UrbanReach, [_row(*row) for row in named])


def _row(level: str, code: str, name: str, region: str, reach: _Reach) -> UrbanReach:
    return UrbanReach(
        level=level,
        country=code,
        name=name,
        region=region,
        urban_population=reach.population,
        reached=reach.reached,
        share=reach.reached / reach.population if reach.population else None,
        places=reach.places,
        places_reached=reach.places_reached,
    )


class UncoveredTown(NamedTuple):
    city: Annotated[str, Text("Town")]
    country: Annotated[str, Key("Country code", help="ISO 3166")]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    population: Annotated[int, Count("Inhabitants", "inhabitants")]
    distance_km: Annotated[
        float | None,
        Number("Nearest event", "km", help="Of those asked for, in the last 12 months; empty: there is none anywhere"),
    ]
    latitude: Annotated[float, Number("Latitude", "degrees", decimals=4)]
    longitude: Annotated[float, Number("Longitude", "degrees", decimals=4)]


@question(roles=EVERYBODY, counts=EVENTS, columns=UncoveredTown)
def uncovered_cities(
    connection: Connection, selection: Selection, scope: Scope, *, radius_km: float = 100, limit: int = 50
) -> pd.DataFrame:
    """The largest towns without a held event within `radius_km` in the last 12 months, largest first.

    Which events and towns: as in `urban_reach`.
    """
    towns = urban_places()
    distances = nearest_event_km(connection, selection, towns)
    known = {territory.code: territory for territory in territories(connection, selection)}
    far = (distances > _checked(radius_km)) & np.isin(towns.countries, list(known))
    uncovered = []
    for index in np.flatnonzero(far)[: max(int(limit), 0)]:
        territory = known[str(towns.countries[index])]
        distance = float(distances[index])
        uncovered.append(
            UncoveredTown(
                city=str(towns.names[index]),
                country=territory.code,
                name=territory.name,
                region=territory.region,
                population=int(towns.populations[index]),
                distance_km=distance if np.isfinite(distance) else None,
                latitude=float(towns.latitudes[index]),
                longitude=float(towns.longitudes[index]),
            )
        )
    return table(UncoveredTown, uncovered)


def nearest_event_km(connection: Connection, selection: Selection, towns: UrbanPlaces) -> npt.NDArray[np.float64]:
    """For each town the distance in km to the nearest held event of the last 12 months; infinite without any."""
    asked = replace(anywhere(selection), period=last_twelve_months(selection), status=("held",))
    held_at = select(events.c.place_id).where(
        not_online(), events.c.place_id.is_not(None), events.c.starts_on <= selection.as_of, *asked.conditions()
    )
    statement = (
        select(places.c.latitude, places.c.longitude)
        .where(places.c.latitude.is_not(None), places.c.longitude.is_not(None), places.c.place_id.in_(held_at))
        .order_by(places.c.latitude, places.c.longitude)
    )
    # NumPy takes plain tuples ten times faster than SQLAlchemy's rows.
    located = [tuple(row) for row in connection.execute(statement)]
    points = np.array(located, dtype=np.float64).reshape(-1, 2)
    _, distances = NearestPoints(points[:, 0], points[:, 1]).nearest(towns.latitudes, towns.longitudes)
    return distances


def last_twelve_months(selection: Selection) -> Period:
    """The year that ends with the period's last day, or on `as_of` when that is earlier."""
    end = min(selection.period.end, selection.as_of + timedelta(days=1))
    is_leap_day = (end.month, end.day) == (2, 29)
    return Period(date(end.year - 1, end.month, 28 if is_leap_day else end.day), end)


def _reaches(
    asked_about: list[Territory], towns: UrbanPlaces, near: npt.NDArray[np.bool_]
) -> Iterator[tuple[Territory, _Reach]]:
    codes, place_of = np.unique(towns.countries, return_inverse=True)
    people = np.bincount(place_of, towns.populations)
    reached = np.bincount(place_of, towns.populations * near)
    count = np.bincount(place_of)
    count_reached = np.bincount(place_of, near)
    position = {str(code): index for index, code in enumerate(codes)}
    for territory in asked_about:
        index = position.get(territory.code)
        if index is None:
            continue
        population = min(int(people[index]), territory.population or int(people[index]))
        inside = round(population * float(reached[index] / people[index]))
        yield territory, _Reach(population, inside, int(count[index]), int(count_reached[index]))


def _unreached(item: tuple[str, _Reach]) -> tuple[int, str]:
    return item[1].reached - item[1].population, item[0]


def _checked(radius_km: float) -> float:
    if not 0 < float(radius_km) <= MOST_KM:
        raise SelectionError(f"{radius_km!r} is not a radius. Choose a number of kilometres between 0 and {MOST_KM:,}.")
    return float(radius_km)
