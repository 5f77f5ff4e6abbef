"""Whom the offered languages reach: countries, regions and the world; and the next best language."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, Flag, Key, Share, Text, table
from data_access.geography.language_reach import Reach, gains, reach_in
from data_access.questions.asked import languages_asked
from data_access.questions.languages.coverage import LANGUAGE_CODE, named
from data_access.questions.languages.materials import languages_offered
from data_access.questions.registry import NOTHING, question
from data_access.questions.territories import territories
from data_access.selection import EVERYBODY, Scope, Selection

WORLD, REGION, COUNTRY = "world", "region", "country"
KNOWN, UNKNOWN, NOTHING_OFFERED = "known", "unknown", "nothing offered"
STATES = (
    "known; unknown: CLDR lists none of the languages for the country; nothing offered: no event names a language, "
    "which reaches nobody"
)
COUNTRY_CODE = Key("Country code", help="ISO 3166")
INHABITANTS = Count("Inhabitants", "inhabitants")


def state_of(offered: frozenset[str], found: Reach) -> str:
    """Whether it is known how many inhabitants the languages reach."""
    if not offered:
        return NOTHING_OFFERED
    return UNKNOWN if found.shares is None else KNOWN


def bounds_of(offered: frozenset[str], found: Reach) -> tuple[float | None, float | None]:
    """The least and the greatest share reached. Nothing offered reaches nobody, which is known."""
    return (0.0, 0.0) if not offered else (found.shares or (None, None))


class LanguageReach(NamedTuple):
    country: Annotated[str, Key("Country code", help="ISO 3166; empty for the world and regions")]
    low: Annotated[float | None, Share("At least", help="The best-known of the languages in each country")]
    high: Annotated[float | None, Share("At most", help="The sum of the languages in each country")]
    name: Annotated[str, Text("Place")]
    level: Annotated[str, Code("Level", help="world, region, country")]
    region: Annotated[str, Text("Region")]
    inhabitants: Annotated[int, INHABITANTS]
    unknown_inhabitants: Annotated[
        int, Count("Where nothing is known", "inhabitants", help="CLDR lists none of the languages for their country")
    ]
    state: Annotated[str, Code("State", help=STATES)]


@question(roles=EVERYBODY, counts=NOTHING, columns=LanguageReach)
def language_reach(connection: Connection, selection: Selection, scope: Scope, *, languages: str = "") -> pd.DataFrame:
    """Share of inhabitants who know at least one of the languages: the world, regions, countries; most unreached first.

    `languages` is a list such as "en,es,fr"; without it those of the selection's events and of the materials published
    in it. Shares are CLDR's. A country for which CLDR lists none of the languages is unknown: without bounds, and in
    its region's and the world's denominator. A filter by country or region chooses the rows.
    """
    offered = languages_asked(languages) or languages_offered(connection, selection)
    everywhere = territories(connection, selection)
    by_country = {place.code: reach_in(place.code, place.population or 0, offered) for place in everywhere}
    by_region: dict[str, Reach] = defaultdict(Reach)
    for place in everywhere:
        by_region[place.region] += by_country[place.code]
    narrowed = bool(selection.country or selection.region)
    places = [
        ("", "All countries asked for" if narrowed else "World", WORLD, "", sum(by_country.values(), Reach())),
        *(
            ("", name, REGION, name, by_region[name])
            for name in sorted(by_region, key=lambda name: _unreached(by_region[name]))
        ),
        *(
            (place.code, place.name, COUNTRY, place.region, by_country[place.code])
            for place in sorted(everywhere, key=lambda place: _unreached(by_country[place.code]))
        ),
    ]
    rows = [
        LanguageReach(
            code,
            *bounds_of(offered, found),
            name=name,
            level=level,
            region=region,
            inhabitants=round(found.inhabitants),
            unknown_inhabitants=round(found.unknown),
            state=state_of(offered, found),
        )
        for code, name, level, region, found in places
    ]
    return table(LanguageReach, rows)


def _unreached(found: Reach) -> float:
    return found.at_least - found.inhabitants


class NextLanguage(NamedTuple):
    language: Annotated[str, LANGUAGE_CODE]
    name: Annotated[str, Text("Language")]
    gain_low: Annotated[
        float, Share("Adds at least", help="Its speakers in a country less all who may know an offered language")
    ]
    gain_high: Annotated[float, Share("Adds at most")]
    people_low: Annotated[int, Count("People, at least", "inhabitants")]
    people_high: Annotated[int, Count("People, at most", "inhabitants")]
    certain: Annotated[bool, Flag("Surely the most", help="No other language could add more than this adds at least")]


@question(roles=EVERYBODY, counts=NOTHING, columns=NextLanguage)
def language_next(
    connection: Connection, selection: Selection, scope: Scope, *, languages: str = "", limit: int = 10
) -> pd.DataFrame:
    """The languages that would reach most further inhabitants if they were offered too, best first.

    Ranked by what a language adds at least. Equal gains are ordered by the upper bound, then by code. Shares are of the
    inhabitants of the selection's countries. `languages`: as in `language_reach`; `limit`: how many rows.
    """
    offered = languages_asked(languages) or languages_offered(connection, selection)
    inhabitants = {place.code: place.population or 0 for place in territories(connection, selection)}
    total = sum(inhabitants.values())
    found = gains(inhabitants, offered)
    highest = sorted((gain.at_most for gain in found), reverse=True)[:2]
    rows = []
    for gain in found[: max(int(limit), 0)]:
        others = highest[1:] if highest and gain.at_most == highest[0] else highest[:1]
        rows.append(
            NextLanguage(
                gain.language,
                named(gain.language),
                gain.at_least / total,
                gain.at_most / total,
                round(gain.at_least),
                round(gain.at_most),
                gain.at_least > 0 and all(gain.at_least >= other for other in others),
            )
        )
    return table(NextLanguage, rows)
