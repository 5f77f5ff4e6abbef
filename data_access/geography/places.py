"""Places as the database caches them: what was looked up, where and by which geocoder it was found, and any doubts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any, Protocol

from geopy.exc import GeopyError

from data_access.geography.addresses import parts_of, town_in
from data_access.geography.borders import AT_A_BORDER, countries_at
from data_access.geography.countries import country as country_of
from data_access.geography.countries import country_code, nearest_countries
from data_access.geography.distances import distance_km
from data_access.geography.gazetteer import Gazetteer, Place
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.place_query import PlaceQuery

# A point this far from its town is a slip of the keyboard rather than a venue.
_AT_MOST_KM = 100
# Where only the country is named, or the town was guessed, a point is believed this far beyond what is known of it.
FAR_KM = 300
# A town read out of a longer text is the likeliest one, not a named one.
_AN_ADDRESS_AT_MOST = 0.7
# The nearest town to a point near a border may lie beyond it.
_BORDER_KM = 25
# How the problem of a point begins that may lie in one country or another.

_log = logging.getLogger(__name__)


class Geocodes(Protocol):
    """Anything that answers as geopy's geocoders do, with the `raw` keys of `GazetteerGeocoder.geocode`."""

    def geocode(self, query: Mapping[str, str | None]) -> Any:
        """A geopy Location or None."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A row of the table `places` but for its id.

    A miss has no latitude and source "none". `country` is what was looked up, `located_country` where the point lies
    (both alpha-2). `problem` is for a person to read. `checked_on` is None where a geocoder that should have answered
    did not: such a row is worth looking up again.
    """

    place_key: str
    city: str | None
    state: str | None
    country: str | None
    given_latitude: float | None
    given_longitude: float | None
    latitude: float | None = None
    longitude: float | None = None
    located_country: str | None = None
    source: str = "none"
    confidence: float | None = None
    ambiguous: bool = False
    matched_name: str | None = None
    geonameid: int | None = None
    population: int | None = None
    problem: str | None = None
    checked_on: date | None = None


class Locator:
    """Asks a chain of geocoders, the first answer wins; coordinates that are given win over all of them.

    The gazetteer also says in which country a given point lies. A geocoder that fails (network, quota) is not asked
    again by this locator: one outage does not cost a timeout a place.
    """

    def __init__(self, geocoders: Sequence[Geocodes], today: Callable[[], date] = date.today) -> None:
        """The usual chain: overrides, gazetteer (which must be there), and an online geocoder where it is allowed."""
        self._geocoders = tuple(geocoders)
        explainers = [geocoder for geocoder in geocoders if isinstance(geocoder, GazetteerGeocoder)]
        if not explainers:
            raise ValueError("a Locator needs a GazetteerGeocoder among its geocoders: add one over open_gazetteer()")
        self._explainer = explainers[0]
        self._gazetteer: Gazetteer = self._explainer.gazetteer
        self._today = today
        self._failed: set[int] = set()

    def locate(self, query: PlaceQuery) -> PlaceRow:
        """Where the place is; never raises for what the query holds."""
        country = country_code(query.country) if query.country and query.country.strip() else None
        row = PlaceRow(
            place_key=query.key,
            city=query.city,
            state=query.state,
            country=country,
            given_latitude=query.latitude,
            given_longitude=query.longitude,
            checked_on=self._today(),
        )
        town = self._geocoded(row, query)
        latitude, longitude, problem = _given_point(query)
        if latitude is None or longitude is None:
            return replace(town, problem=_together(problem, town.problem))
        if abs(latitude) > 90:
            # Only the other way round is this a point at all.
            return self._at_point(row, town, longitude, latitude, _swapped_note(longitude, latitude))
        if self._looks_swapped(latitude, longitude, country, town):
            return self._at_point(row, town, longitude, latitude, _swapped_note(longitude, latitude))
        return self._at_point(row, town, latitude, longitude, None)

    def _geocoded(self, row: PlaceRow, query: PlaceQuery) -> PlaceRow:
        """The row filled in from the first geocoder that knows the place, or the reason why none does."""
        parts = {"city": query.city, "state": query.state, "country": query.country}
        for index, geocoder in enumerate(self._geocoders):
            if index in self._failed:
                row = replace(row, checked_on=None)
                continue
            try:
                location = geocoder.geocode(parts)
            except GeopyError as error:
                _log.warning("%s gave up: %s", type(geocoder).__name__, error)
                self._failed.add(index)
                row = replace(row, checked_on=None)
                continue
            if location is not None:
                return _found(replace(row, checked_on=self._today()), location)
        return self._in_an_address(row, query) or replace(row, problem=self._why_not(row, query, parts))

    def _in_an_address(self, row: PlaceRow, query: PlaceQuery) -> PlaceRow | None:
        """The row at the town that stands somewhere in the city's text: "Kino, 10115 Berlin, Germany"."""
        if query.state or (query.country and row.country is None):
            return None
        town = town_in(parts_of(query.city or ""), row.country or "", self._explainer)
        if town is None:
            return None
        found = self._explainer.geocode({"city": town.city, "state": town.state, "country": town.country})
        found = _found(row, found)
        sure = min(found.confidence or 0, _AN_ADDRESS_AT_MOST)
        return replace(
            found, confidence=sure, problem=_together(f"{query.city!r} read as {town.city!r}", found.problem)
        )

    def _why_not(self, row: PlaceRow, query: PlaceQuery, parts: Mapping[str, str | None]) -> str:
        if query.country and query.country.strip() and row.country is None:
            nearest = ", ".join(nearest_countries(query.country))
            asked = f"; did you mean {nearest}?" if nearest else ""
            return f"unknown country {query.country!r}{asked}"
        return self._explainer.why_not(parts)

    def _looks_swapped(self, latitude: float, longitude: float, country: str | None, town: PlaceRow) -> bool:
        """Whether the point makes sense only the other way round: near its town, or in its country without a town."""
        if abs(longitude) > 90:
            return False
        if town.latitude is not None and town.longitude is not None:
            return (
                distance_km(latitude, longitude, town.latitude, town.longitude) > _AT_MOST_KM
                and distance_km(longitude, latitude, town.latitude, town.longitude) <= _AT_MOST_KM
            )
        return (
            country is not None
            and self._gazetteer.nearest(latitude, longitude, FAR_KM, country) is None
            and self._gazetteer.nearest(longitude, latitude, _AT_MOST_KM, country) is not None
        )

    def _at_point(
        self, row: PlaceRow, town: PlaceRow, latitude: float, longitude: float, problem: str | None
    ) -> PlaceRow:
        """The row at a given point, with the nearest town's name and what speaks against the point; or at its town.

        Words decide the country: the one that is named, or the one of the town that is. Only for a bare point it is
        looked up, and near a border that is said.
        """
        if town.latitude is None and row.country is None:
            codes, nearest = countries_at(self._gazetteer, latitude, longitude)
            where = codes[0] if codes else None
            problem = _together(problem, _at_a_border(codes))
        else:
            where, astray = self._where(row, town, latitude, longitude)
            if where is None:
                sure = min(0.3, town.confidence or 0.3)
                return replace(town, confidence=sure, problem=_together(astray, town.problem))
            nearest = self._nearest(latitude, longitude, where)
            problem = problem or astray
        return replace(
            row,
            latitude=latitude,
            longitude=longitude,
            located_country=where,
            source="given",
            confidence=0.3 if problem else 1.0,
            matched_name=nearest.name if nearest else None,
            geonameid=nearest.geonameid if nearest else None,
            population=nearest.population if nearest else None,
            problem=problem,
            checked_on=self._today(),
        )

    def _nearest(self, latitude: float, longitude: float, country: str) -> Place | None:
        """The town that the point is named after: of the country, where it has one about as near as any."""
        found = self._gazetteer.nearest(latitude, longitude, FAR_KM)
        if found is None:
            return None
        place, distance = found
        if place.country != country:
            this_side = self._gazetteer.nearest(latitude, longitude, distance + _BORDER_KM, country)
            if this_side is not None:
                return this_side[0]
        return place

    def _where(self, row: PlaceRow, town: PlaceRow, latitude: float, longitude: float) -> tuple[str | None, str | None]:
        """(the country that the words name, what speaks against the point); no country: the town is to be used."""
        if town.latitude is None or town.longitude is None:
            assert row.country is not None  # noqa: S101 - the caller's promise
            if self._gazetteer.nearest(latitude, longitude, FAR_KM, row.country) is not None:
                return row.country, None
            far = f"in another country than given: more than {FAR_KM} km away from any town of {row.country}"
            return row.country, far
        meant = self._meant(row, town, latitude, longitude)
        if meant is not None:
            return meant, None
        distance = distance_km(latitude, longitude, town.latitude, town.longitude)
        point = f"{latitude:g}, {longitude:g}"
        return None, f"the point {point} is {distance:,.0f} km away from {town.matched_name}, and is not used"

    def _meant(self, row: PlaceRow, town: PlaceRow, latitude: float, longitude: float) -> str | None:
        """The country of the named town near the point: another town of the name may be meant than the likeliest."""
        parts = {"city": row.city, "state": row.state, "country": row.country}
        for match in self._explainer.matches(parts):
            place = match.place
            # A region's chief city stands for all of it.
            reach = FAR_KM if match.kind == "region" else _AT_MOST_KM
            if distance_km(latitude, longitude, place.latitude, place.longitude) <= reach:
                return place.country
        if distance_km(latitude, longitude, town.latitude or 0, town.longitude or 0) <= _AT_MOST_KM:
            return town.located_country
        return None


def _at_a_border(codes: Sequence[str]) -> str | None:
    """What to know of a point that may lie in several countries: it counts in the first."""
    if len(codes) < 2:
        return None
    names = [found.name if (found := country_of(code)) else code for code in codes]
    return f"{AT_A_BORDER}{', '.join(names[:-1])} and {names[-1]}: taken to lie in {names[0]}"


def _found(row: PlaceRow, location: Any) -> PlaceRow:
    raw: dict[str, Any] = location.raw
    problem = raw.get("note")
    if raw.get("ambiguous"):
        problem = _together(problem, f"several places are called so: took {location.address}")
    return replace(
        row,
        latitude=float(location.latitude),
        longitude=float(location.longitude),
        located_country=raw.get("country"),
        source=raw["source"],
        confidence=raw.get("confidence"),
        ambiguous=bool(raw.get("ambiguous")),
        matched_name=raw.get("name"),
        geonameid=raw.get("geonameid"),
        population=raw.get("population"),
        problem=problem,
    )


def _given_point(query: PlaceQuery) -> tuple[float | None, float | None, str | None]:
    """The coordinates given, if they are a point (in either order), else why they were left out."""
    latitude, longitude = query.latitude, query.longitude
    if latitude is None and longitude is None:
        return None, None, None
    if latitude is None or longitude is None:
        return None, None, "only one of latitude and longitude is given"
    if not (isfinite(latitude) and isfinite(longitude)):
        return None, None, "latitude or longitude is not a number"
    if latitude == 0 and longitude == 0:
        return None, None, "coordinates 0, 0 mean that none were known"
    if abs(longitude) > 180 or abs(latitude) > 180 or (abs(latitude) > 90 and abs(longitude) > 90):
        return None, None, f"coordinates {latitude:g}, {longitude:g} are not on the globe"
    return latitude, longitude, None


def _swapped_note(latitude: float, longitude: float) -> str:
    return f"latitude and longitude look swapped: taken as {latitude:g}, {longitude:g}"


def _together(*problems: str | None) -> str | None:
    return "; ".join(problem for problem in problems if problem) or None
