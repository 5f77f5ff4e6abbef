"""Reads what people write for a place: city, state and country separately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from data_access.geography.countries import country_code, english_country_code
from data_access.geography.folding import fold
from data_access.geography.gazetteer import Gazetteer
from data_access.geography.online_words import is_nowhere, without_nowhere
from data_access.geography.states import STRICT_COUNTRIES, TERRITORIES

# Short names that name lists do not hold, or hold for a dozen places: key → (what is meant, where).
NICKNAMES: dict[str, tuple[str, str]] = {
    "nyc": ("new york city", "US"),
    "ny": ("new york city", "US"),
    "new york": ("new york city", "US"),
    "sf": ("san francisco", "US"),
    "la": ("los angeles", "US"),
    "l a": ("los angeles", "US"),
    "dc": ("washington", "US"),
    "d c": ("washington", "US"),
    "washington dc": ("washington", "US"),
    "washington d c": ("washington", "US"),
    "philly": ("philadelphia", "US"),
    "vegas": ("las vegas", "US"),
    "cdmx": ("mexico city", "MX"),
    "df": ("mexico city", "MX"),
    "d f": ("mexico city", "MX"),
    "caba": ("buenos aires", "AR"),
    "bsas": ("buenos aires", "AR"),
    "rio": ("rio de janeiro", "BR"),
    "kl": ("kuala lumpur", "MY"),
    "hk": ("hong kong", "HK"),
    "hcmc": ("ho chi minh city", "VN"),
    "joburg": ("johannesburg", "ZA"),
    "blr": ("bengaluru", "IN"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: parts of the locality (likeliest name first), and the country and state they lie in.

    `unchecked` is a state or district that no table knows: to be confirmed by the places themselves.
    """

    parts: tuple[str, ...]
    country: str | None = None
    admin1: str | None = None
    unchecked: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text names no place that could be looked up."""

    reason: str


Query = str | Mapping[str, str | None]


def read_place(query: Query, gazetteer: Gazetteer) -> tuple[Reading, ...] | Refusal:
    """The possible readings of a query, or why there is none.

    A query is one text ("Austin, TX, U.S.A.") or a mapping with `city`, `state` and `country`. Two-letter endings are
    read both ways where nothing decides: "CA" is California and Canada, "Georgia" a state and a country.
    """
    if isinstance(query, str):
        city, state, country_text = query, "", ""
    else:
        city, state, country_text = ((query.get(name) or "").strip() for name in ("city", "state", "country"))
    city = without_nowhere(city)
    if not fold(city):
        return Refusal("no place: online, or not yet announced" if _said(query) else "no city given")
    country: str | None = None
    if country_text:
        country = country_code(country_text)
        if country is None:
            return Refusal(f"unknown country {country_text!r}")
        if not state and country == "GB" and gazetteer.states(country_text, "GB"):
            state = country_text  # "Scotland" as a country says where in the United Kingdom
    if is_nowhere(state):
        state = ""
    parts = _parts(city)
    if country is not None:
        return (_in_country(parts, state, country, gazetteer),)
    return _anywhere(parts, state, gazetteer)


def _in_country(parts: tuple[str, ...], state: str, country: str, gazetteer: Gazetteer) -> Reading:
    if len(parts) > 1 and country_code(parts[-1]) == country and not gazetteer.states(parts[-1], country):
        parts = parts[:-1]
    if state:
        if len(parts) > 1 and fold(parts[-1]) == fold(state):
            parts = parts[:-1]
        located = _in_state(Reading(parts, country), state, gazetteer)
        return located or Reading(parts, country, unchecked=state)
    if len(parts) > 1:
        located = _in_state(Reading(parts[:-1], country), parts[-1], gazetteer)
        if located is not None and len(parts) > 2 and country not in STRICT_COUNTRIES:
            return replace(located, parts=parts)  # "TU Berlin, Marchstr. 23, Berlin": the state may be the town, too
        if located is not None:
            return located
    return Reading(parts, country)


def _in_state(reading: Reading, state: str, gazetteer: Gazetteer) -> Reading | None:
    country = reading.country or ""
    for entry in gazetteer.states(state, country):
        return replace(reading, admin1=entry.admin1)
    territory = country_code(state)
    if territory in TERRITORIES.get(country, ()):
        return replace(reading, country=territory)
    return None


def _anywhere(parts: tuple[str, ...], state: str, gazetteer: Gazetteer) -> tuple[Reading, ...]:
    if state:
        entries = gazetteer.states(state)
        found = tuple(Reading(parts, entry.country, entry.admin1) for entry in entries)
        return found or (Reading(parts, unchecked=state),)
    if len(parts) == 1:
        # A bare country name is no city, unless a city in it has the name too: Singapore, Luxembourg.
        bare = fold(parts[0])
        code = (
            english_country_code(parts[0])
            if (len(bare) > 3 or bare in ("usa", "uae")) and bare not in NICKNAMES
            else None
        )
        return (Reading(parts, code),)
    last, rest = parts[-1], parts[:-1]
    country = country_code(last)
    readings = [_in_country(rest, "", country, gazetteer)] if country else []
    readings += [Reading(rest, entry.country, entry.admin1) for entry in gazetteer.states(last)]
    return tuple(readings) or (Reading(parts),)


def _parts(city: str) -> tuple[str, ...]:
    """The parts between commas without repetitions; postcodes and house numbers go where more than one part is left."""
    parts = [part.strip() for part in city.split(",") if fold(part)]
    if len(parts) > 1:
        wordy = [" ".join(word for word in part.split() if not any(sign.isdigit() for sign in word)) for part in parts]
        parts = [part for part in wordy if fold(part)] or parts
    return tuple(dict.fromkeys(parts))


def _said(query: Query) -> bool:
    """Whether the query had a city text at all, if only "Online"."""
    return bool((query if isinstance(query, str) else query.get("city") or "").strip())
