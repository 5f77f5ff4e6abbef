"""Language reach: how many inhabitants of a country, a region or the world know one of some languages, after CLDR.

CLDR gives, per country, the share of inhabitants who know each language, but not who knows which two. So the share
that knows at least one of several languages lies between the largest single share (everybody who knows another knows
that one too) and the sum, at most 1 (nobody knows two). Regions and the world are sums of inhabitants over countries.

A country for which CLDR lists none of the languages is unknown, not zero: for Japan, Indonesia and Russia it has no
row for English. Its inhabitants stay in the denominator, add to neither bound, and are shown separately. With CLDR 47
(`language-data` 1.4, babel 2.18) that gives 21.4 % of the world for English and 54.4 to 60.9 % for English, Spanish,
French, Portuguese, Chinese, Hindi and Arabic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import fsum

from babel.core import get_global

from data_access.geography.languages import language_tag

_NATIONWIDE = ("official", "de_facto_official")


@lru_cache(maxsize=4096)
def base_language(tag: str) -> str:
    """The language of a tag without country or script: "en" for "en-GB", so that both are one language."""
    return (language_tag(tag) or tag).partition("-")[0]


@cache
def languages_of(code: str) -> dict[str, tuple[float, bool]]:
    """CLDR's languages of a country: share of inhabitants who know it (maximum over scripts), official nationwide."""
    found: dict[str, tuple[float, bool]] = {}
    for identifier, facts in get_global("territory_languages").get(code, {}).items():
        language = identifier.partition("_")[0]
        if language == "und":
            continue  # CLDR's word for "no data": Antarctica's only language
        base = base_language(language)
        share, official = found.get(base, (0.0, False))
        its_share = min(float(facts["population_percent"]) / 100, 1.0)
        found[base] = (max(share, its_share), official or facts["official_status"] in _NATIONWIDE)
    return found


@dataclass(frozen=True, slots=True)
class Reach:
    """Inhabitants who know one of the languages, at least and at most; `unknown` of all live where CLDR lists none."""

    inhabitants: float = 0
    at_least: float = 0
    at_most: float = 0
    unknown: float = 0

    def __add__(self, other: Reach) -> Reach:
        return Reach(
            self.inhabitants + other.inhabitants,
            self.at_least + other.at_least,
            self.at_most + other.at_most,
            self.unknown + other.unknown,
        )

    @property
    def shares(self) -> tuple[float, float] | None:
        """The two bounds as shares of all inhabitants; None where nothing is known of any of them."""
        if self.inhabitants <= 0 or self.unknown >= self.inhabitants:
            return None
        return self.at_least / self.inhabitants, self.at_most / self.inhabitants


def known_shares(code: str, languages: Iterable[str]) -> tuple[float, float] | None:
    """Least and greatest share of a country's inhabitants who know one of the languages; None where CLDR lists none.

    `languages` are tags of any kind; "en" and "en-GB" are one.
    """
    spoken = languages_of(code)
    shares = [spoken[base][0] for base in {base_language(tag) for tag in languages} if base in spoken]
    # Summed exactly: the order of a set differs between processes, and two answers must not.
    return (max(shares), min(fsum(shares), 1.0)) if shares else None


def reach_in(code: str, inhabitants: int, languages: Iterable[str]) -> Reach:
    """The reach of the languages in one country of so many inhabitants."""
    shares = known_shares(code, languages)
    if shares is None:
        return Reach(inhabitants, unknown=inhabitants)
    return Reach(inhabitants, shares[0] * inhabitants, shares[1] * inhabitants)


def reach(inhabitants: Mapping[str, int], languages: Iterable[str]) -> Reach:
    """The reach of the languages in several countries together; `inhabitants` by country code."""
    offered = frozenset(base_language(tag) for tag in languages)
    return sum((reach_in(code, number, offered) for code, number in inhabitants.items()), Reach())


@dataclass(frozen=True, slots=True)
class Gain:
    """How many more inhabitants one further language would reach, at least and at most."""

    language: str
    at_least: float
    at_most: float


def gains(inhabitants: Mapping[str, int], languages: Iterable[str]) -> list[Gain]:
    """What each language that is not offered yet would add, most at least first (then at most, then by code).

    In each country a further language reaches at least its share less the greatest share reached so far, and at most
    its share, or what the least share reached so far leaves. Where CLDR lists none of the languages offered, nobody is
    taken as reached so far: there the gain may be overstated.
    """
    offered = frozenset(base_language(tag) for tag in languages)
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    for code, number in inhabitants.items():
        low, high = known_shares(code, offered) or (0.0, 0.0)
        for language, (share, _) in languages_of(code).items():
            if language not in offered:
                least[language] = least.get(language, 0.0) + number * max(0.0, share - high)
                most[language] = most.get(language, 0.0) + number * min(share, 1.0 - low)
    found = [Gain(language, least[language], most[language]) for language in least if most[language] > 0]
    return sorted(found, key=lambda gain: (-gain.at_least, -gain.at_most, gain.language))
