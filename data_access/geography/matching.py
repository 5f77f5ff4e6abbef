"""Finds the places a reading may mean, surest way first, and weighs the parts of an address against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data_access.geography.distances import distance_km
from data_access.geography.exact_names import ExactNames
from data_access.geography.folding import fold
from data_access.geography.gazetteer import Gazetteer, Place
from data_access.geography.likely_names import LikelyNames
from data_access.geography.match import Match, doubted
from data_access.geography.place_text import Reading
from data_access.geography.states import STRICT_COUNTRIES

# As far as a suburb or a neighbouring village is written with the name of the town.
_NEAR_KM = 100
_TOWN_FROM_POPULATION = 100_000


def find(reading: Reading, gazetteer: Gazetteer, *, guess: bool = True) -> list[Match]:
    """The places a reading may mean, best first; empty where none can be meant. Without `guess` only exact names.

    A state that is given is never dropped silently: the place lies in it, or the text turned out to be a district or
    another name of the town next to it, or (outside the countries whose states are all known) the match is marked
    doubtful and says so.
    """
    names = ExactNames(gazetteer, reading.country, reading.admin1)
    search = _Search(names, LikelyNames(names) if guess else None)
    if reading.unchecked is not None:
        return search.with_unchecked(reading.parts[0], reading.unchecked, may_be_the_city=False)
    if len(reading.parts) == 1 or reading.admin1 is not None:
        return search.first_of(reading.parts[0], *reversed(reading.parts[1:]))
    if len(reading.parts) == 2:
        return search.with_unchecked(reading.parts[0], reading.parts[1], may_be_the_city=True)
    # A venue, its street and so on: the town stands last.
    return search.first_of(*reversed(reading.parts))


@dataclass(frozen=True, slots=True)
class _Search:
    names: ExactNames
    likely: LikelyNames | None

    def first_of(self, text: str, *others: str) -> list[Match]:
        """The surest matches of the text; without any, another part of the address that is exactly a place."""
        found = self.names.exact(text)
        for other in others:
            found = found or doubted(self.names.exact(other), 0.6, f"{text!r} was not found, {other!r} was", "words")
        return found or self._guessed(text)

    def _guessed(self, text: str) -> list[Match]:
        return self.likely.find(text) if self.likely else []

    def with_unchecked(self, text: str, district: str, *, may_be_the_city: bool) -> list[Match]:
        """Matches of the text, confirmed by a second text: a district, another name, or the town of a venue."""
        found = self.names.exact(text)
        towns = (self.names.exact(district) or self.names.region(district)) if len(fold(district)) > 3 else []
        near = [match for match in found if any(_belongs(match.place, town.place) for town in towns[:5])]
        if near:
            confirmed = (replace(match, confidence=min(match.confidence, 0.8), ambiguous=False) for match in near)
            return sorted(confirmed, key=lambda match: (-match.confidence, -match.place.population))
        is_town = bool(towns) and towns[0].kind != "region"
        if may_be_the_city and is_town and (not found or _outweighs(towns[0].place, found[0].place)):
            return doubted(towns, 0.4 if found else 0.5, f"{text!r} left out", "words")
        if self.names.country in STRICT_COUNTRIES:
            return []
        found = found or self._guessed(text)
        if not found or found[0].ambiguous:
            return []
        return doubted(found, 0.5, f"state or district {district!r} not recognised")


def _outweighs(town: Place, venue: Place) -> bool:
    return town.population >= _TOWN_FROM_POPULATION and town.population > venue.population


def _belongs(place: Place, town: Place) -> bool:
    """Whether a place lies in or around a town, or in the state that the town stands for ("Duitama, Boyacá")."""
    return place.country == town.country and (
        distance_km(place.latitude, place.longitude, town.latitude, town.longitude) <= _NEAR_KM
        or place.admin1 == town.admin1 != ""
    )
