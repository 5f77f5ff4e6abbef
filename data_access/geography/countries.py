"""Countries: from any spelling to the ISO code, and what UN M49 and CLDR say about each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.languages import get_official_languages
from defusedxml import ElementTree
from rapidfuzz import fuzz, process

from data_access.geography.cldr_names import names_of_locales
from data_access.geography.country_names import ALIASES, AMBIGUOUS, ANTARCTICA, M49_CONTINENTS, M49_REGIONS
from data_access.geography.folding import fold, words

# CLDR lists these in addition to ISO's codes: parts of other countries, islands without a code of their own, and Sark.
_NOT_IN_ISO = frozenset({"AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
NEARLY = 75  # per cent: "Germny" and "Untied States" are nearly names, "TBD" and "Atlantis" are not
_PARENTHESES = re.compile(r"^(.*?)\s*[(\[]([^)\]]*)[)\]]\s*$")


@dataclass(frozen=True, slots=True)
class Country:
    """One country or territory of ISO 3166-1 (and Kosovo, under the user-assigned XK that CLDR uses).

    `region` is the UN M49 sub-region, `continent` its parent (Antarctica stands alone in both). `population` is
    CLDR's estimate, 0 where nobody lives or CLDR gives none.
    """

    code: str
    alpha3: str
    numeric: str
    name: str
    region: str
    continent: str
    population: int


@lru_cache(maxsize=1)
def all_countries() -> tuple[Country, ...]:
    """The 249 entries of ISO 3166-1 and Kosovo, by code. Reads CLDR's supplemental data once (about 0.1 s)."""
    with (files("language_data") / "data" / "supplementalData.xml").open("rb") as stream:
        root = ElementTree.parse(stream).getroot()
    contained: dict[str, list[str]] = {}
    for group in root.iterfind("territoryContainment/group"):
        if group.get("status") is None and group.get("grouping") is None:
            contained.setdefault(group.get("type"), []).extend(group.get("contains").split())
    region_of: dict[str, tuple[str, str]] = {"AQ": (ANTARCTICA, ANTARCTICA)}
    for continent_code, continent in M49_CONTINENTS.items():
        for region_code in contained[continent_code]:
            if region_code in M49_REGIONS:
                for code in contained[region_code]:
                    region_of[code] = (M49_REGIONS[region_code], continent)
    identifiers = {entry.get("type"): entry for entry in root.iterfind("codeMappings/territoryCodes")}
    population = {
        entry.get("type"): int(float(entry.get("population", "0")))
        for entry in root.iterfind("territoryInfo/territory")
    }
    names = Locale("en").territories
    return tuple(
        Country(
            code=code,
            alpha3=identifiers[code].get("alpha3"),
            numeric=identifiers[code].get("numeric"),
            name=names[code],
            region=region_of[code][0],
            continent=region_of[code][1],
            population=population.get(code, 0),
        )
        for code in sorted(region_of.keys() - _NOT_IN_ISO)
    )


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Country]:
    return {country.code: country for country in all_countries()}


def country(code: str) -> Country | None:
    """The country with this alpha-2 code, in either case, or None."""
    return _by_code().get(code.upper())


def country_code(text: str) -> str | None:
    """The alpha-2 code for a code or a name in any language that CLDR knows, or None.

    Case, accents and punctuation do not matter. English and native names come before all others; a name that means
    different countries in different languages, and none in English, is None. So is "Congo": there are two.
    "NA" is Namibia, "n/a" is nothing. The first name that is not English loads all of CLDR (about a second).
    """
    return _country_code(text.strip())


@lru_cache(maxsize=8192)
def _country_code(text: str) -> str | None:
    code = english_country_code(text)
    if code is None and len(fold(text).replace(" ", "")) > 1 and not any(letter.isdigit() for letter in text):
        code = _in_any_language(text)
    return code


@lru_cache(maxsize=8192)
def english_country_code(text: str) -> str | None:
    """Like `country_code`, for codes, English names and the common aliases only: never loads other languages."""
    text = text.strip()
    if text.isascii() and text.isalpha() and len(text) in (2, 3):
        code = _codes().get(text.upper())
        if code is not None:
            return code
    english = _english()
    for spelling in _spellings(text):
        code = english.get(_english_key(spelling))
        if code is not None:
            return code
    return None


def nearest_countries(text: str, n: int = 3) -> list[str]:
    """English names of the countries whose names are nearly the text, best first; none for "TBD", which is none."""
    names = {key: code for key, code in _english().items() if len(key) > 3}
    names |= {key: code for key, code in _loose_names().native.items() if len(key) > 3}
    written = _english_key(text)
    near = process.extract(written, list(names), scorer=fuzz.ratio, score_cutoff=NEARLY, limit=8 * n)
    inside = (key for key in names if len(key) > 4 and key in written)
    found = [_by_code()[names[key]].name for key in (*(key for key, _, _ in near), *inside)]
    return list(dict.fromkeys(found))[:n]


def _spellings(text: str) -> Iterator[str]:
    """The text, then "Korea, Republic of" and "Iran (Islamic Republic of)" turned round, then without brackets."""
    yield text
    head, comma, tail = text.partition(",")
    if comma:
        yield f"{tail} {head}"
    bracketed = _PARENTHESES.match(text)
    if bracketed:
        yield f"{bracketed[2]} {bracketed[1]}"
        yield bracketed[1]


def _english_key(text: str) -> str:
    found = fold(text.replace("&", " and ")).split()
    if len(found) > 1 and found[0] == "the":
        found = found[1:]
    return "".join("saint" if word == "st" else word for word in found)


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {entry.code: entry.code for entry in all_countries()} | {
        entry.alpha3: entry.code for entry in all_countries()
    }


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    """English names and aliases by key; the aliases win, they were chosen for what people mean."""
    found = {_english_key(entry.name): entry.code for entry in all_countries()}
    for code, names in ALIASES.items():
        found |= {_english_key(name): code for name in names}
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    """Names by key: in a language official in the country, and in any language where all languages agree."""

    native: dict[str, str]
    foreign: dict[str, str]


def _in_any_language(text: str) -> str | None:
    if _english_key(text) in {_english_key(name) for name in AMBIGUOUS}:
        return None
    exact, loose = _exact_names(), _loose_names()
    for spelling in _spellings(text):
        exact_key = words(spelling).replace(" ", "")
        # Two letters without their accents are nearly always another word: Vietnamese "Áo" (Austria) is not "ao".
        loose_key = fold(spelling).replace(" ", "")
        loose_key = loose_key if len(loose_key) > 2 or not loose_key.isascii() else ""
        found = (
            exact.native.get(exact_key)
            or loose.native.get(loose_key)
            or exact.foreign.get(exact_key)
            or loose.foreign.get(loose_key)
        )
        if found is not None:
            return found
    return None


@lru_cache(maxsize=1)
def _exact_names() -> _Names:
    return _unambiguous({(words(name).replace(" ", ""), code, native) for name, code, native in _cldr_names()})


@lru_cache(maxsize=1)
def _loose_names() -> _Names:
    return _unambiguous({(fold(name).replace(" ", ""), code, native) for name, code, native in _cldr_names()})


def _unambiguous(entries: set[tuple[str, str, bool]]) -> _Names:
    native: dict[str, set[str]] = {}
    foreign: dict[str, set[str]] = {}
    for key, code, is_native in entries:
        foreign.setdefault(key, set()).add(code)
        if is_native:
            native.setdefault(key, set()).add(code)
    return _Names(
        {key: next(iter(codes)) for key, codes in native.items() if len(codes) == 1 and key},
        {key: next(iter(codes)) for key, codes in foreign.items() if len(codes) == 1 and key},
    )


@lru_cache(maxsize=1)
def _cldr_names() -> frozenset[tuple[str, str, bool]]:
    """All (name, code, native) of CLDR; native where the language is official in the country."""
    official = {
        entry.code: set(get_official_languages(entry.code, regional=True, de_facto=True)) for entry in all_countries()
    }
    return frozenset(
        (name, code, locale.language in official[code])
        for locale in names_of_locales()
        for code, name in locale.territories.items()
        if code in official
    )
