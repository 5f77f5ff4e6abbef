"""Names for people, in the spelling and order of where they live."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from sample_data.places import HERE, cities

_BY_CULTURE = {
    "english": "US GB IE AU NZ CA",
    "french": "FR BE",
    "spanish": "ES MX GT CR DO NI CO PE EC BO CL AR UY PY VE",
    "portuguese": "BR PT",
    "german": "DE AT CH",
    "dutch": "NL",
    "italian": "IT",
    "polish": "PL",
    "czech": "CZ SK",
    "balkan": "RS HR SI",
    "romanian": "RO",
    "hungarian": "HU",
    "nordic": "SE NO DK FI EE",
    "baltic": "LV LT",
    "greek": "GR",
    "russian": "RU",
    "ukrainian": "UA",
    "bulgarian": "BG",
    "caucasian": "GE AM",
    "turkish": "TR",
    "hebrew": "IL",
    "arabic": "EG MA TN DZ JO LB AE IQ SA",
    "persian": "IR",
    "swahili": "KE TZ UG",
    "west_african": "GH NG",
    "francophone_african": "SN CI BJ CM RW",
    "south_african": "ZA",
    "ethiopian": "ET",
    "congolese": "CD",
    "indian": "IN",
    "bengali": "BD",
    "urdu": "PK",
    "sinhala": "LK",
    "nepali": "NP",
    "chinese": "CN",
    "taiwanese": "TW HK",
    "japanese": "JP",
    "korean": "KR",
    "mongolian": "MN",
    "filipino": "PH",
    "vietnamese": "VN",
    "thai": "TH",
    "khmer": "KH",
    "malay": "MY SG",
    "indonesian": "ID",
    "burmese": "MM",
    "uzbek": "UZ KZ",
}
_COUNTRY_CULTURE = {country: culture for culture, countries in _BY_CULTURE.items() for country in countries.split()}
_CITY_CULTURE = {
    "Montréal": "french",
    "Geneva": "french",
    "Barcelona": "catalan",
    "New Delhi": "hindi",
    "Jaipur": "hindi",
    "Mumbai": "hindi",
}
# People move: some in these places bear names from elsewhere.
_NEIGHBOURS = {
    "english": ("indian", "spanish", "chinese_latin", "english"),
    "german": ("turkish", "polish", "german"),
    "french": ("francophone_african", "portuguese", "french"),
    "dutch": ("turkish", "dutch"),
    "spanish": ("spanish",),
    "portuguese": ("italian", "portuguese"),
    "nordic": ("polish", "nordic"),
}
# Latin spellings of families for which names.csv holds another script.
_EXTRA = {"chinese_latin": {"woman": ("Mei", "Jing", "Grace", "Wen"), "man": ("Wei", "Kevin", "Ming", "Jason"),
          "any": ("Lin",), "family": ("Chen", "Wang", "Liu", "Huang", "Nguyen", "Kim", "Park")}}  # fmt: skip
_FAMILY_FIRST = frozenset({"chinese", "taiwanese", "japanese", "korean", "vietnamese", "hungarian", "khmer"})
_JOINED = frozenset({"chinese", "taiwanese", "korean"})


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names and family names of one culture, and how they are put together."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    anyone: tuple[str, ...]
    families: tuple[str, ...]
    women_families: tuple[str, ...]
    family_first: bool
    separator: str


@cache
def cultures() -> dict[str, Culture]:
    """All cultures of names.csv."""
    kinds: dict[str, dict[str, tuple[str, ...]]] = {name: dict(kinds) for name, kinds in _EXTRA.items()}
    with (HERE / "names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kinds.setdefault(row["culture"], {})[row["kind"]] = tuple(row["names"].split(";"))
    return {
        name: Culture(
            women=kind["woman"],
            men=kind["man"],
            anyone=kind.get("any", kind["woman"] + kind["man"]),
            families=kind["family"],
            women_families=kind.get("family_woman", kind["family"]),
            family_first=name in _FAMILY_FIRST,
            separator="" if name in _JOINED else " ",
        )
        for name, kind in kinds.items()
    }


@cache
def city_cultures() -> tuple[tuple[Culture, ...], ...]:
    """For each city the cultures of its people: the usual one first, then those of people who moved there."""
    found = []
    for city in cities():
        usual = _CITY_CULTURE.get(city.name, _COUNTRY_CULTURE[city.country])
        names = (usual, *_NEIGHBOURS.get(usual, (usual,)))
        found.append(tuple(cultures()[name] for name in names))
    return tuple(found)


def full_name(city: int, gender: int, culture_draw: float, given_draw: float, family_draw: float) -> str:
    """A name for someone from a city; gender 0 woman, 1 man, else anyone; the draws are uniform on [0, 1)."""
    choices = city_cultures()[city]
    # Eight in ten bear a name of the place.
    culture = choices[0 if culture_draw < 0.8 else 1 + int((culture_draw - 0.8) * 4.9999 * (len(choices) - 1))]
    given = (culture.women, culture.men, culture.anyone)[min(gender, 2)]
    families = culture.women_families if gender == 0 else culture.families
    # Squares make some names common and others rare, as everywhere.
    first = given[int(given_draw**1.4 * len(given))]
    family = families[int(family_draw**1.4 * len(families))]
    return culture.separator.join((family, first) if culture.family_first else (first, family))
