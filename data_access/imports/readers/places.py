"""Place names as sources write them: "Austin, TX", "Online", "TBD, Pune, India"."""

from __future__ import annotations

import re

from data_access.geography.countries import country_code
from data_access.imports.readers.opening import filled, one_line

_FEDERAL_COUNTRIES = {
    **dict.fromkeys(("us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"), "US"),
    **dict.fromkeys(("ca", "can", "canada"), "CA"),
    **dict.fromkeys(("au", "aus", "australia"), "AU"),
}
# Codes of states of the USA: those that are no country's, and those that are one's as well, as CA is Canada's. DE is
# in neither: cities written "…, DE" are in Germany far more often than in Delaware.
# fmt: off
US_ONLY_STATES = frozenset((
    "AK", "CT", "DC", "FL", "HI", "IA", "KS", "MI", "ND", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
    "RI", "TX", "UT", "VT", "WA", "WI", "WV", "WY",
))
ALSO_COUNTRIES = frozenset((
    "AL", "AR", "AZ", "CA", "CO", "GA", "ID", "IL", "IN", "KY", "LA", "MA", "MD", "ME", "MN", "MO", "MS",
    "MT", "NC", "NE", "PA", "SC", "SD", "TN", "VA",
))
# fmt: on
_CITY_AND_STATE = re.compile(r"(?P<city>.+?)\s*,\s*(?P<state>[A-Z]{2,3}|D\.C\.)")
_STATE = re.compile(r"(?P<state>[A-Z]{2,3})(?: \d{4,5}(?:-\d{4})?| [A-Z]\d[A-Z] ?\d[A-Z]\d)?")
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,6}(?:\s+(?=\D)|$)")
# "Macedonia, F.Y.R. of" is one country, not a city and a country.
_TAIL_OF_A_COUNTRY = re.compile(r"(?:.*\b(?:of|of the|the)|(?:islamic |democratic )?republic)", re.IGNORECASE)
_MAX_PARTS = 50

_ONLINE = {"online", "online event", "virtual", "virtual event", "remote", "webinar"}
_UNDECIDED = re.compile(r"(?:t\.?b\.?[acd]\.?|to be (?:announced|confirmed|decided|defined|determined))", re.IGNORECASE)


def is_online(text: str) -> bool:
    """Whether a place cell says that there is no place."""
    return text.strip().casefold() in _ONLINE


def is_undecided(text: str) -> bool:
    """Whether a place cell says that the place is not known yet."""
    return _UNDECIDED.fullmatch(text.strip()) is not None


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


def parse_location(location: str, country_code: str) -> dict[str, str]:
    """Venue, city, state and country of "venue, city, country", where the venue may hold commas too.

    With a country code the text is known to end in a country. Without one it is free text: unless its last part is
    a country's name, all of it is the venue. Parts that say "TBD" are nothing. A region between city and country
    cannot be distinguished from a city, and is taken for one.
    """
    parts = [part.strip() for part in location.split(",", _MAX_PARTS) if part.strip()]
    if len(parts) > 2 and _TAIL_OF_A_COUNTRY.fullmatch(parts[-1]):
        parts[-2:] = [f"{parts[-2]}, {parts[-1]}"]
    parts = [part for part in parts if not is_undecided(part)]
    if not parts or not (country_code or is_country(parts[-1])):
        return filled(venue=", ".join(parts))
    if len(parts) == 1 and not is_country(parts[0]):
        return filled(venue=parts[0], country=country_code)
    country = country_code or parts[-1]
    del parts[-1]
    state = _STATE.fullmatch(parts[-1]) if len(parts) > 1 and federal_country(country) else None
    if state:
        del parts[-1]
    city = _POSTCODE.sub("", parts.pop()) if parts else ""
    return filled(venue=", ".join(parts), city=one_line(city), state=state["state"] if state else "", country=country)
