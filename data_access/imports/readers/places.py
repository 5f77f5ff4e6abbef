"""Places as sources write them in one text: "Austin, TX", "Online", "TBD, Pune, India", "Saal 2, 8005 Zürich"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from data_access.geography.countries import country_code
from data_access.geography.folding import fold, word_set
from data_access.geography.gazetteer import open_gazetteer
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.match import Match
from data_access.geography.online_words import is_online, is_undecided, pieces, without_nowhere
from data_access.imports.readers.opening import filled, one_line

_FEDERAL_COUNTRIES = {
    **dict.fromkeys(("us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"), "US"),
    **dict.fromkeys(("ca", "can", "canada"), "CA"),
    **dict.fromkeys(("au", "aus", "australia"), "AU"),
}
_CITY_AND_STATE = re.compile(r"(?P<city>.+?)\s*,\s*(?P<state>[A-Z]{2,3}|D\.C\.)")
# "Macedonia, F.Y.R. of" is one country, not a city and a country.
_TAIL_OF_A_COUNTRY = re.compile(r"(?:.*\b(?:of|of the|the)|(?:islamic |democratic )?republic)", re.IGNORECASE)
_MAX_PARTS = 50

_ADDRESS_OF_A_PAGE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
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
class ReadPlace:
    """What a text says: contract columns (mode, venue, city, state, country), and the town's time zone ("": not known).

    `doubt` says what a person should know: nothing was found, or several towns may be meant.
    """

    values: dict[str, str] = field(default_factory=dict)
    timezone: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Town:
    """A town found: how many parts stand before it, and how it is written."""

    venue: int
    city: str
    state: str
    country: str
    match: Match


@cache
def _geocoder() -> GazetteerGeocoder:
    return GazetteerGeocoder(open_gazetteer())


def is_country(text: str) -> bool:
    """Whether the text is a country's name in some language; a code of two letters may be a state's, and is none."""
    name = text.strip()
    return (len(name) > 2 or name.casefold() == "uk") and country_code(name) is not None


def federal_country(text: str) -> str:
    """US, CA or AU for the ways in which these three are written, else ""."""
    return _FEDERAL_COUNTRIES.get(text.strip().casefold(), "")


def split_state(city: str, country: str) -> tuple[str, str]:
    """City and state of "Austin, TX"; only in countries whose cities are written so, and never losing a state."""
    match = _CITY_AND_STATE.fullmatch(city) if federal_country(country) else None
    return (match["city"], match["state"]) if match else (city, "")


@lru_cache(maxsize=20_000)
def timezone_of(city: str, state: str = "", country: str = "") -> str:
    """The time zone of a town given in columns; "" where it is not known."""
    found = _geocoder().matches({"city": city, "state": state, "country": country}) if city else []
    return found[0].place.timezone if found and not found[0].ambiguous else ""


@lru_cache(maxsize=20_000)
def timezone_at(latitude: str, longitude: str) -> str:
    """The time zone of the nearest town to a point written in degrees; "" where none is near."""
    try:
        point = float(latitude), float(longitude)
        nearest = _geocoder().gazetteer.nearest(*point) if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None
    except ValueError:
        return ""
    return nearest[0].timezone if nearest and point != (0, 0) else ""


@lru_cache(maxsize=20_000)
def read_place(text: str, code: str = "") -> ReadPlace:
    """What a free text says about the place, asking the gazetteer for its parts.

    With the `code` of a country the text is known to end in that country's name. A venue may hold commas too; parts
    that say "TBD" are nothing, and parts that say "Zoom" make the event hybrid where others name a town. A town with
    its state beats a country of the state's name: "Atlanta, Georgia".
    """
    bare = _ADDRESS_OF_A_PAGE.sub(" ", text)
    if is_online(text) or (bare != text and not fold(bare)):
        return ReadPlace({"mode": "online"})
    hybrid = {"mode": "hybrid"} if any(is_online(piece) for piece in pieces(bare)) else {}
    bare = without_nowhere(bare) if hybrid else bare
    parts = [part for part in _parts(bare) if not is_undecided(part)]
    if not parts:
        return ReadPlace(hybrid)
    town = _town(parts, code)
    if town is None:
        read = _as_it_stands(parts, code)
        if hybrid and read.keys() == {"country"}:
            return ReadPlace({"mode": "online"})  # "Online, USA": online for a country
        unplaced = "" if "city" in read or "country" in read else "no town was found in this text"
        return ReadPlace(hybrid | read, doubt=unplaced)
    doubt = (
        f"several places are called so: took {_geocoder().address(town.match.place)}" if town.match.ambiguous else ""
    )
    venue = ", ".join(parts[: town.venue])
    # A state says in which country it lies, unless two of them have the town.
    country = town.country or (town.match.place.country if town.state and not doubt else "")
    values = filled(venue=venue, city=one_line(town.city), state=town.state, country=country)
    return ReadPlace(hybrid | values, town.match.place.timezone, doubt)


def _parts(text: str) -> list[str]:
    while bracket := _BRACKET_AT_THE_END.fullmatch(text):
        text = f"{bracket[1]}, {bracket[2]}"
    parts = [one_line(part).strip(" -–") for part in _BETWEEN_PARTS.split(text, _MAX_PARTS)]
    parts = [part for part in parts if part]
    if len(parts) > 2 and _TAIL_OF_A_COUNTRY.fullmatch(parts[-1]):
        parts[-2:] = [f"{parts[-2]}, {parts[-1]}"]
    return parts


def _as_it_stands(parts: list[str], code: str) -> dict[str, str]:
    """Venue, city and country by their order alone: what no gazetteer confirms is still what somebody wrote."""
    if not (code or is_country(parts[-1])):
        return filled(venue=", ".join(parts))
    if len(parts) == 1 and not is_country(parts[0]):
        return filled(venue=parts[0], country=code)
    *before, last = parts
    city = next((index for index in reversed(range(len(before))) if _without_numbers(before[index])), None)
    if city is None:
        return filled(venue=", ".join(before), country=code or last)
    return filled(venue=", ".join(before[:city]), city=_without_numbers(before[city]), country=code or last)


def _without_numbers(part: str) -> str:
    """The part without postcodes and house numbers; "" where it has nothing else."""
    part = _POSTAL_LETTERS.sub(" ", part)
    words = " ".join(word for word in part.split() if not any(sign.isdigit() for sign in word))
    return words.strip(" -–") if fold(words) else ""


def _town(parts: list[str], code: str) -> _Town | None:
    """The town that the text names, by the likeliest of its readings: exact names only."""
    named = [(index, words) for index, part in enumerate(parts) if (words := _without_numbers(part))]
    if not named:
        return None
    found = [town for town in _with_a_tail(named, code) if town is not None]
    if found:
        # "Delhi, IN" and "Columbus, GA": of a country and a state the one that has the larger town of the name.
        return max(found, key=lambda town: (town.match.confidence >= 0.8, town.match.place.population))
    if code or (len(named) > 1 and is_country(named[-1][1])):
        return None
    index, last = named[-1]
    for head, tail in _endings(last):
        split = [*named[:-1], (index, head), (index, tail)]
        found = [town for town in _with_a_tail(split, "") if town is not None]
        if found:
            return max(found, key=lambda town: town.match.place.population)
    return _without_a_tail(named)


def _with_a_tail(named: list[tuple[int, str]], code: str) -> Iterator[_Town | None]:
    """The readings in which a country or a state stands behind the town."""
    (*before, (_, last)), gazetteer = named, _geocoder().gazetteer
    country = code or country_code(last)
    if code and (not before or (len(before) == 1 and country_code(last) != code and not is_country(last))):
        before = named  # "KIKA, Skopje" under a code: the country is not in the text
    if country and before and (code or len(last) > 2 or last.isupper()):
        written = code or last
        if len(before) > 1 and gazetteer.states(before[-1][1], country):
            yield _nearest_to_the_end(before[:-1], before[-1][1], written)
        yield _nearest_to_the_end(before, "", written)
    if not code and before and gazetteer.states(last):
        yield _nearest_to_the_end(before, last, "")


def _nearest_to_the_end(before: list[tuple[int, str]], state: str, country: str) -> _Town | None:
    for index, city in reversed(before[-_LOOKED_BACK:]):
        for name, its_state in ((city, state), *(_endings(city) if country and not state else ())):
            if its_state and country and not _geocoder().gazetteer.states(its_state, country_code(country)):
                continue
            match = _exact(name, its_state, country)
            if match is not None:
                return _Town(index, name, its_state, country, match)
    return None


def _exact(city: str, state: str, country: str) -> Match | None:
    found = _geocoder().matches({"city": city, "state": state, "country": country})
    return found[0] if found and found[0].kind in ("name", "alias") else None


def _endings(text: str) -> Iterator[tuple[str, str]]:
    """(town, state or country) of "Austin TX", "São Paulo - SP", "Paris France"."""
    words = text.split()
    for count in range(1, min(4, len(words))):
        head, tail = " ".join(words[:-count]).strip(" -–/."), " ".join(words[-count:]).strip(" -–/.")
        short = len(tail) <= 3
        if head and tail and (tail.isupper() if short else is_country(tail) or _geocoder().gazetteer.states(tail)):
            yield head, tail


def _without_a_tail(named: list[tuple[int, str]]) -> _Town | None:
    """A town that is named alone, or behind or before a venue: large enough to be meant, and not a room's name."""
    for index, city in dict.fromkeys((named[-1], named[0])):
        match = _exact(city, "", "") if fold(city) not in _ROOMS else None
        if match is None:
            continue
        large = _TOWN_FROM_POPULATION if match.kind == "name" else _OTHER_NAME_FROM_POPULATION
        of_a_country = len(named) == 1 and is_country(city) and fold(match.place.name) != fold(city)
        if match.place.population >= large and not of_a_country:
            return _Town(index, city, "", "", match)
    return None
