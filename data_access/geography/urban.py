"""The world's urban places as arrays, read once per process; and the homes of people, looked up once each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from data_access.geography.gazetteer import open_gazetteer
from data_access.geography.place_query import PlaceQuery

if TYPE_CHECKING:
    from data_access.geography.places import Locator

URBAN_POPULATION = 15_000


@dataclass(frozen=True, slots=True, eq=False)
class UrbanPlaces:
    """Places of 15,000 inhabitants and more, largest first: columns of equal length; degrees, alpha-2 countries.

    GeoNames lists some districts next to their city (Brooklyn and New York City): in a few countries the places
    together have more inhabitants than the country.
    """

    names: npt.NDArray[np.str_]
    countries: npt.NDArray[np.str_]
    latitudes: npt.NDArray[np.float64]
    longitudes: npt.NDArray[np.float64]
    populations: npt.NDArray[np.int64]

    def where(self, chosen: npt.NDArray[np.bool_]) -> UrbanPlaces:
        """The places for which `chosen` is true, in the same order."""
        return UrbanPlaces(
            self.names[chosen],
            self.countries[chosen],
            self.latitudes[chosen],
            self.longitudes[chosen],
            self.populations[chosen],
        )

    def __len__(self) -> int:
        return len(self.populations)


@lru_cache(maxsize=1)
def urban_places() -> UrbanPlaces:
    """All urban places of the gazetteer (some 34,000; 0.2 s the first time). Nobody may write into the arrays."""
    gazetteer = open_gazetteer()
    try:
        places = list(gazetteer.urban_places(URBAN_POPULATION))
    finally:
        gazetteer.close()
    columns = (
        np.array([place.name for place in places], dtype=np.str_),
        np.array([place.country for place in places], dtype=np.str_),
        np.array([place.latitude for place in places], dtype=np.float64),
        np.array([place.longitude for place in places], dtype=np.float64),
        np.array([place.population for place in places], dtype=np.int64),
    )
    for column in columns:
        column.setflags(write=False)
    return UrbanPlaces(*columns)


@lru_cache(maxsize=1)
def _locator() -> Locator:
    # Not before a home is looked up: geopy brings its network clients along, a tenth of a second of loading.
    from data_access.geography.geocoder import GazetteerGeocoder
    from data_access.geography.places import Locator

    return Locator([GazetteerGeocoder(open_gazetteer())])


@lru_cache(maxsize=20_000)
def home_point(query: PlaceQuery) -> tuple[float, float] | None:
    """Latitude and longitude (degrees) of a home, from its coordinates or its town; None: not known, never guessed.

    About 10,000 homes a second the first time (spelling errors cost more), remembered afterwards.
    """
    if not (query.city and query.city.strip()) and query.latitude is None:
        return None
    found = _locator().locate(query)
    return None if found.latitude is None or found.longitude is None else (found.latitude, found.longitude)
