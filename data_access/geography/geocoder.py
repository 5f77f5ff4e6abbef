"""The offline geocoder: geopy's interface over the gazetteer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, overload

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from data_access.geography.countries import country, english_country_code
from data_access.geography.gazetteer import Gazetteer, Place
from data_access.geography.match import RIVAL_SHARE, Match
from data_access.geography.matching import find
from data_access.geography.nominatim import nominatim
from data_access.geography.place_text import Refusal, read_place

__all__ = ["GazetteerGeocoder", "nominatim"]


Query = str | Mapping[str, str | None]


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Geocodes towns from the machine's own index: no network, no key, thousands of places a second.

    It knows populated places, not streets: a venue's address gives its town. Data: GeoNames, CC BY 4.0.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self.gazetteer = gazetteer

    @overload
    def geocode(self, query: Query, *, exactly_one: Literal[True] = True, timeout: Any = ...) -> Location | None: ...

    @overload
    def geocode(
        self, query: Query, *, exactly_one: Literal[False], limit: int = 10, timeout: Any = ...
    ) -> list[Location] | None: ...

    def geocode(
        self,
        query: Query,
        *,
        exactly_one: bool = True,
        limit: int = 10,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """The location of a town, or with `exactly_one=False` up to `limit` of them, best first; None: none is meant.

        A query is a text ("Austin, TX, U.S.A.") or a mapping with `city`, `state`, `country`. `raw` holds geonameid,
        name, country (alpha-2), admin1, population, timezone, confidence (0–1), ambiguous (another place of comparable
        size has the name), match ("name", "alias", "typo", "words" or, for a region's chief city, "region"), note (what
        was read differently, or None) and source ("gazetteer"). `timeout` is there for geopy's sake: nothing waits.
        """
        matches = self.matches(query)[:limit]
        if not matches:
            return None
        return self._location(matches[0]) if exactly_one else [self._location(match) for match in matches]

    def matches(self, query: Query, *, guess: bool = True) -> list[Match]:
        """What `geocode` answers from, before it is dressed up as geopy locations; without `guess` exact names only."""
        readings = read_place(query, self.gazetteer)
        if isinstance(readings, Refusal):
            return []
        by_reading = [found for reading in readings if (found := find(reading, self.gazetteer, guess=guess))]
        if len(by_reading) < 2:
            return by_reading[0] if by_reading else []
        # "Athens, GA": Georgia or Gabon? Exactness decides, then size; a rival of comparable size makes it doubtful.
        by_reading.sort(key=lambda found: (-found[0].confidence, -found[0].place.population))
        best, rival = by_reading[0], by_reading[1][0]
        if rival.confidence == best[0].confidence and rival.place.population * RIVAL_SHARE >= best[0].place.population:
            best = [
                Match(best[0].place, best[0].kind, min(best[0].confidence, 0.5), True, best[0].note),
                *best[1:],
            ]
        return [match for found in (best, *by_reading[1:]) for match in found]

    def why_not(self, query: Query) -> str:
        """For a query without a match: the reason, in words for the person who wrote it."""
        readings = read_place(query, self.gazetteer)
        if isinstance(readings, Refusal):
            return readings.reason
        reading = readings[0]
        where = country(reading.country) if reading.country else None
        if len(reading.parts) == 1 and english_country_code(reading.parts[0]) == reading.country and where is not None:
            return f"{reading.parts[0]!r} is a country: the town is missing"
        state = self.gazetteer.state_name(reading.country or "", reading.admin1 or "")
        place = ", ".join(part for part in (state, where.name if where else None) if part)
        unchecked = f" with state or district {reading.unchecked!r}" if reading.unchecked else ""
        return f"no place {reading.parts[0]!r}{unchecked} found" + (f" in {place}" if place else "")

    @overload
    def reverse(
        self, query: Any, *, exactly_one: Literal[True] = True, within_km: float = 500, timeout: Any = ...
    ) -> Location | None: ...

    @overload
    def reverse(
        self, query: Any, *, exactly_one: Literal[False], within_km: float = 500, timeout: Any = ...
    ) -> list[Location] | None: ...

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        within_km: float = 500,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """The nearest town to a point, or None where none lies within so many km; `raw["distance_km"]` says how far.

        The nearest town may lie across a border: within some 20 km of one, its country proves nothing.
        """
        point = Point(query)
        found = self.gazetteer.nearest(point.latitude, point.longitude, within_km)
        if found is None:
            return None
        place, distance = found
        location = Location(
            self.address(place),
            Point(place.latitude, place.longitude),
            {**_raw(place), "distance_km": round(distance, 1)},
        )
        return location if exactly_one else [location]

    def _location(self, match: Match) -> Location:
        raw = {
            **_raw(match.place),
            "confidence": match.confidence,
            "ambiguous": match.ambiguous,
            "match": match.kind,
            "note": match.note,
        }
        return Location(self.address(match.place), Point(match.place.latitude, match.place.longitude), raw)

    def address(self, place: Place) -> str:
        """The place with its state and country, for people to read."""
        where = country(place.country)
        state = self.gazetteer.state_name(place.country, place.admin1)
        return ", ".join(part for part in (place.name, state, where.name if where else place.country) if part)


def _raw(place: Place) -> dict[str, Any]:
    return {
        "source": "gazetteer",
        "geonameid": place.geonameid,
        "name": place.name,
        "country": place.country,
        "admin1": place.admin1,
        "population": place.population,
        "timezone": place.timezone,
    }
