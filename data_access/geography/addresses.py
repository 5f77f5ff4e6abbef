"""The town in an address or in any words for a place: venue, street, postcode, town, state and country in one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data_access.geography.countries import country_code
from data_access.geography.folding import fold, word_set
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.match import Match

# "Macedonia, F.Y.R. of" is one country, not a city and a country.
_TAIL_OF_A_COUNTRY = re.compile(r"(?:.*\b(?:of|of the|the)|(?:islamic |democratic )?republic)", re.IGNORECASE)
_MAX_PARTS = 50
_BRACKET_AT_THE_END = re.compile(r"(.*\S)\s*[(（]([^()（）]*)[)）]\s*", re.DOTALL)
_BETWEEN_PARTS = re.compile(r"[,;\n，、]")
# The letters that belong to a postcode: "1012 AB Amsterdam", "C.P. 06000".
_POSTAL_LETTERS = re.compile(r"(?<=\d{4}) [A-Z]{2}\b|\bC\.?P\.? (?=\d)|〒")
# Names of rooms that are towns somewhere: alone they are the room.
_ROOMS = word_set(
    "hall mobile hub university union central sala salon saal bar kino court college plaza tower terrace harbor "
    "garden beach center centre office home library museum station market castle church camp studio lab club"
)
_TOWN_FROM_POPULATION = 15_000
_OTHER_NAME_FROM_POPULATION = 100_000
# The town stands last, but for a district or a county behind it.
_LOOKED_BACK = 3


@dataclass(frozen=True, slots=True)
class Town:
    """A town found: how many parts stand before it, and how it is written."""

    venue: int
    city: str
    state: str
    country: str
    match: Match


def is_country(text: str) -> bool:
    """Whether the text is a country's name in some language; a code of two letters may be a state's, and is none."""
    name = text.strip()
    return (len(name) > 2 or name.casefold() == "uk") and country_code(name) is not None


def without_numbers(part: str) -> str:
    """The part without postcodes and house numbers; "" where it has nothing else."""
    part = _POSTAL_LETTERS.sub(" ", part)
    words = " ".join(word for word in part.split() if not any(sign.isdigit() for sign in word))
    return words.strip(" -–") if fold(words) else ""


def parts_of(text: str) -> list[str]:
    """What stands between commas, line ends and before a bracket, without outer dashes and blanks."""
    while bracket := _BRACKET_AT_THE_END.fullmatch(text):
        text = f"{bracket[1]}, {bracket[2]}"
    parts = [" ".join(part.split()).strip(" -–") for part in _BETWEEN_PARTS.split(text, _MAX_PARTS)]
    parts = [part for part in parts if part]
    if len(parts) > 2 and _TAIL_OF_A_COUNTRY.fullmatch(parts[-1]):
        parts[-2:] = [f"{parts[-2]}, {parts[-1]}"]
    return parts


def town_in(parts: Sequence[str], code: str, geocoder: GazetteerGeocoder) -> Town | None:
    """The town that the parts of an address name, by the likeliest of their readings: exact names only.

    With the `code` of a country (alpha-2) only towns of that country are meant, whether its name stands last or not.
    """
    return _Reader(geocoder).town(parts, code)


@dataclass(frozen=True, slots=True)
class _Reader:
    geocoder: GazetteerGeocoder

    def town(self, parts: Sequence[str], code: str) -> Town | None:
        named = [(index, words) for index, part in enumerate(parts) if (words := without_numbers(part))]
        if not named:
            return None
        found = [town for town in self._with_a_tail(named, code) if town is not None]
        if found:
            # "Delhi, IN" and "Columbus, GA": of a country and a state the one that has the larger town of the name.
            return max(found, key=lambda town: (town.match.confidence >= 0.8, town.match.place.population))
        if code or (len(named) > 1 and is_country(named[-1][1])):
            return None
        index, last = named[-1]
        for head, tail in self._endings(last):
            split = [*named[:-1], (index, head), (index, tail)]
            found = [town for town in self._with_a_tail(split, "") if town is not None]
            if found:
                return max(found, key=lambda town: town.match.place.population)
        return self._without_a_tail(named)

    def _with_a_tail(self, named: list[tuple[int, str]], code: str) -> Iterator[Town | None]:
        """The readings in which a country or a state stands behind the town."""
        (*before, (_, last)), gazetteer = named, self.geocoder.gazetteer
        country = code or country_code(last)
        if code and (not before or (len(before) == 1 and country_code(last) != code and not is_country(last))):
            before = named  # "KIKA, Skopje" under a code: the country is not in the text
        if country and before and (code or len(last) > 2 or last.isupper()):
            written = code or last
            if len(before) > 1 and gazetteer.states(before[-1][1], country):
                yield self._nearest_to_the_end(before[:-1], before[-1][1], written)
            yield self._nearest_to_the_end(before, "", written)
        if not code and before and gazetteer.states(last):
            yield self._nearest_to_the_end(before, last, "")

    def _nearest_to_the_end(self, before: list[tuple[int, str]], state: str, country: str) -> Town | None:
        for index, city in reversed(before[-_LOOKED_BACK:]):
            for name, its_state in ((city, state), *(self._endings(city, country) if country and not state else ())):
                match = self._exact(name, its_state, country)
                if match is not None:
                    return Town(index, name, its_state, country, match)
        return None

    def _exact(self, city: str, state: str, country: str) -> Match | None:
        found = self.geocoder.matches({"city": city, "state": state, "country": country}, guess=False)
        return found[0] if found and found[0].kind in ("name", "alias") else None

    def _endings(self, text: str, country: str = "") -> Iterator[tuple[str, str]]:
        """(town, state or country) of "Austin TX", "São Paulo - SP", "Paris France"; of a known country only states."""
        words, code = text.split(), country_code(country) if country else None
        for count in range(1, min(4, len(words))):
            head, tail = " ".join(words[:-count]).strip(" -–/."), " ".join(words[-count:]).strip(" -–/.")
            if not head or not tail or (len(tail) <= 3 and not tail.isupper()):
                continue
            # Names of countries in every language take a second to load: last, and not where the country is known.
            if self.geocoder.gazetteer.states(tail, code) or (not country and is_country(tail)):
                yield head, tail

    def _without_a_tail(self, named: list[tuple[int, str]]) -> Town | None:
        """A town that is named alone, or behind or before a venue: large enough to be meant, and not a room's name."""
        for index, city in dict.fromkeys((named[-1], named[0])):
            match = self._exact(city, "", "") if fold(city) not in _ROOMS else None
            if match is None:
                continue
            large = _TOWN_FROM_POPULATION if match.kind == "name" else _OTHER_NAME_FROM_POPULATION
            of_a_country = len(named) == 1 and is_country(city) and fold(match.place.name) != fold(city)
            if match.place.population >= large and not of_a_country:
                return Town(index, city, "", "", match)
        return None
