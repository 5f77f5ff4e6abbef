"""Places as sources write them in one text: "Austin, TX", "Online", "TBD, Pune, India", "Saal 2, 8005 Zürich"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from data_access.geography.addresses import is_country, parts_of, town_in, without_numbers
from data_access.geography.folding import fold
from data_access.geography.gazetteer import open_gazetteer
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.online_words import is_online, is_undecided, pieces, without_nowhere
from data_access.imports.readers.opening import filled, one_line

_FEDERAL_COUNTRIES = {
    **dict.fromkeys(("us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"), "US"),
    **dict.fromkeys(("ca", "can", "canada"), "CA"),
    **dict.fromkeys(("au", "aus", "australia"), "AU"),
}
_CITY_AND_STATE = re.compile(r"(?P<city>.+?)\s*,\s*(?P<state>[A-Z]{2,3}|D\.C\.)")

_ADDRESS_OF_A_PAGE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """What a text says: contract columns (mode, venue, city, state, country), and the town's time zone ("": not known).

    `doubt` says what a person should know: nothing was found, or several towns may be meant.
    """

    values: dict[str, str] = field(default_factory=dict)
    timezone: str = ""
    doubt: str = ""


@cache
def _geocoder() -> GazetteerGeocoder:
    return GazetteerGeocoder(open_gazetteer())


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
def country_of(city: str, state: str = "") -> str:
    """The country (alpha-2) of a town by its name alone; "" where none, or more than one of some size, has it."""
    found = _geocoder().matches({"city": city, "state": state, "country": ""}) if city else []
    return found[0].place.country if found and not found[0].ambiguous else ""


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
    parts = [part for part in parts_of(bare) if not is_undecided(part)]
    if not parts:
        return ReadPlace(hybrid)
    town = town_in(parts, code, _geocoder())
    if town is None:
        read = _as_it_stands(parts, code)
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


def _as_it_stands(parts: list[str], code: str) -> dict[str, str]:
    """Venue, city and country by their order alone: what no gazetteer confirms is still what somebody wrote."""
    if not (code or is_country(parts[-1])):
        return filled(venue=", ".join(parts))
    if len(parts) == 1 and not is_country(parts[0]):
        return filled(venue=parts[0], country=code)
    *before, last = parts
    city = next((index for index in reversed(range(len(before))) if without_numbers(before[index])), None)
    if city is None:
        return filled(venue=", ".join(before), country=code or last)
    return filled(venue=", ".join(before[:city]), city=without_numbers(before[city]), country=code or last)
