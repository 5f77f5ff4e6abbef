"""Whom the offered languages reach: countries, regions and the world; the next best language; the gaps by country."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from data_access.database.schema import people, person_languages
from data_access.geography.language_reach import Reach, base_language, gains, languages_of, reach_in
from data_access.privacy.small_groups import shown_counts
from data_access.questions.asked import country_asked, languages_asked
from data_access.questions.event_map.members import active_on
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.languages.coverage import (
    MEMBERS,
    NOT_SAID,
    Held,
    events_held,
    languages_offered,
    named,
    speakers,
)
from data_access.questions.registry import question
from data_access.questions.territories import Territory, territories
from data_access.selection import STAFF, Scope, Selection

WORLD, REGION, COUNTRY = "world", "region", "country"
KNOWN, UNKNOWN, NOTHING = "known", "unknown", "nothing offered"
# Languages of a country below this share fill the table and decide nothing, unless official or offered there.
SMALLEST_SHARE = 0.01


def _offered(connection: Connection, selection: Selection, text: str) -> frozenset[str]:
    return languages_asked(text) or languages_offered(connection, selection)


def _state(offered: frozenset[str], found: Reach) -> str:
    if not offered:
        return NOTHING
    return UNKNOWN if found.shares is None else KNOWN


def _bounds(offered: frozenset[str], found: Reach) -> tuple[float | None, float | None]:
    """Nothing offered reaches nobody, which is known."""
    return (0.0, 0.0) if not offered else (found.shares or (None, None))


@question()
def language_reach(connection: Connection, selection: Selection, scope: Scope, *, languages: str = "") -> pd.DataFrame:
    """Share of inhabitants who know at least one of the languages: the world, regions, countries; most unreached first.

    Columns: country, low, high, name, level ("world", "region", "country"), region, inhabitants, unknown_inhabitants,
    state. `languages` is a list such as "en,es,fr"; without it those of the selection's events and of the materials
    published in it. `low` counts the best-known of them in each country, `high` the sum of all, at most everybody
    (CLDR's shares). A country for which CLDR lists none of the languages is "unknown": without bounds, and in its
    region's and the world's denominator, where `unknown_inhabitants` tells how many live there. A filter by country
    or region chooses the rows.
    """
    offered = _offered(connection, selection, languages)
    everywhere = territories(connection, selection)
    by_country = {place.code: reach_in(place.code, place.population or 0, offered) for place in everywhere}
    by_region: dict[str, Reach] = defaultdict(Reach)
    for place in everywhere:
        by_region[place.region] += by_country[place.code]
    narrowed = bool(selection.country or selection.region)
    rows = [
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
    records = [
        (
            code,
            *_bounds(offered, found),
            name,
            level,
            region,
            round(found.inhabitants),
            round(found.unknown),
            _state(offered, found),
        )
        for code, name, level, region, found in rows
    ]
    columns = ["country", "low", "high", "name", "level", "region", "inhabitants", "unknown_inhabitants", "state"]
    table = pd.DataFrame(records, columns=columns, dtype=object)
    texts = dict.fromkeys(("country", "name", "level", "region", "state"), TEXT)
    return typed(table, **texts, low=NUMBER, high=NUMBER, inhabitants=WHOLE, unknown_inhabitants=WHOLE)


def _unreached(found: Reach) -> float:
    return found.at_least - found.inhabitants


@question()
def language_next(
    connection: Connection, selection: Selection, scope: Scope, *, languages: str = "", limit: int = 10
) -> pd.DataFrame:
    """The languages that would reach most further inhabitants if they were offered too, best first.

    Columns: language, name, gain_low, gain_high (shares of the inhabitants of the countries asked for), people_low,
    people_high, certain. Ranked by what a language adds at least: its speakers in a country less everybody who may
    know an offered language already. `certain` says that no other language could add more than this one adds at
    least. Equal gains are ordered by the upper bound, then by code. `languages`: as in `language_reach`.
    """
    offered = _offered(connection, selection, languages)
    inhabitants = {place.code: place.population or 0 for place in territories(connection, selection)}
    total = sum(inhabitants.values())
    found = gains(inhabitants, offered)
    highest = sorted((gain.at_most for gain in found), reverse=True)[:2]
    rows = []
    for gain in found[: max(int(limit), 0)]:
        others = highest[1:] if highest and gain.at_most == highest[0] else highest[:1]
        rows.append(
            (
                gain.language,
                named(gain.language),
                gain.at_least / total,
                gain.at_most / total,
                round(gain.at_least),
                round(gain.at_most),
                gain.at_least > 0 and all(gain.at_least >= other for other in others),
            )
        )
    columns = ["language", "name", "gain_low", "gain_high", "people_low", "people_high", "certain"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    whole = dict.fromkeys(("people_low", "people_high"), WHOLE)
    return typed(table, language=TEXT, name=TEXT, gain_low=NUMBER, gain_high=NUMBER, **whole, certain="boolean")


@dataclass(frozen=True, slots=True)
class _There:
    """What is offered in each country, and in online events."""

    events: dict[str, Counter[str]]
    online: frozenset[str]

    @classmethod
    def of(cls, held: Iterable[Held]) -> _There:
        there: dict[str, Counter[str]] = defaultdict(Counter)
        online: set[str] = set()
        for group in held:
            if group.online:
                online |= group.languages
            elif group.country:
                there[group.country].update(dict.fromkeys(group.languages or {NOT_SAID}, group.events))
        return cls(there, frozenset(online))

    def languages(self, code: str) -> frozenset[str]:
        return frozenset(self.events.get(code, ())) - {NOT_SAID}


@question()
def language_coverage(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Per country the share of inhabitants who know a language of the events held there; most unreached first.

    Columns: country, name, region, inhabitants, languages (offered there, ";"-separated), low, high, state, online_low,
    online_high, online_state. Offered there: in events with a located place in the country. The columns `online_…`
    take the languages of online events as offered in every country as well. State: "known", "unknown" (CLDR lists
    none of the languages for the country), "nothing offered" (no event there names a language: nobody is reached).
    """
    there = _There.of(events_held(connection, selection))
    rows = []
    for place in sorted(territories(connection, selection), key=lambda place: place.code):
        own = there.languages(place.code)
        found = reach_in(place.code, place.population or 1, own)
        with_online = reach_in(place.code, place.population or 1, own | there.online)
        rows.append(
            (
                place.code,
                place.name,
                place.region,
                place.population,
                ";".join(sorted(own)),
                *_bounds(own, found),
                _state(own, found),
                *_bounds(own | there.online, with_online),
                _state(own | there.online, with_online),
                (place.population or 0) * (1 - found.at_least / found.inhabitants),
            )
        )
    rows.sort(key=lambda row: (-row[-1], row[0]))
    columns = ["country", "name", "region", "inhabitants", "languages", "low", "high", "state"]
    columns += ["online_low", "online_high", "online_state"]
    table = pd.DataFrame([row[:-1] for row in rows], columns=columns, dtype=object)
    texts = dict.fromkeys(("country", "name", "region", "languages", "state", "online_state"), TEXT)
    numbers = dict.fromkeys(("low", "high", "online_low", "online_high"), NUMBER)
    return typed(table, **texts, **numbers, inhabitants=WHOLE)


@question(STAFF)
def language_gaps(connection: Connection, selection: Selection, scope: Scope, *, country: str = "") -> pd.DataFrame:
    """Country × language: spoken by inhabitants, held there, spoken by members; most inhabitants not reached first.

    Columns: country, name, language, language_name, spoken_share (of the inhabitants, CLDR; missing: not listed),
    official (nationwide), events (held there in it), gain (share of inhabitants it would reach who are surely not
    reached yet), people, at_least, at_most (active members anywhere who speak it), members_there (those who live
    there; PM only), low, high (share reached by the languages of the events there), not_reached (inhabitants, at
    most), inhabitants, state ("known", "unknown", "nothing offered"). One row for each language that 1 % of the
    inhabitants know, that is official, or in which an event was held there; a country of which nothing is known has
    one row without a language. `country` (code or name) narrows to one country without narrowing what is counted.
    Everyone but the PM sees members as ranges, and missing while filters narrow the selection.
    """
    there = _There.of(events_held(connection, selection))
    spoken_by = _members_who_speak(connection, selection, scope)
    at_home = _members_there(connection, selection) if scope.sees_small_groups else {}
    asked_about = territories(connection, selection)
    if country:
        asked_about = [place for place in asked_about if place.code == country_asked(country)]
    rows = [
        (*row, *spoken_by(language), at_home.get((place.code, language), 0) if scope.sees_small_groups else None)
        for place in asked_about
        for language, row in _gap_rows(place, there)
    ]
    columns = [*_GAP_COLUMNS, "people", "at_least", "at_most", "members_there"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    texts = dict.fromkeys(("country", "name", "language", "language_name", "state"), TEXT)
    numbers = dict.fromkeys(("spoken_share", "gain", "low", "high"), NUMBER)
    counts = ("events", "people", "at_least", "at_most", "members_there", "not_reached", "inhabitants")
    made = typed(table, **texts, **numbers, **dict.fromkeys(counts, WHOLE), official="boolean")
    return made.sort_values(
        ["not_reached", "country", "spoken_share", "language"],
        ascending=[False, True, False, True],
        na_position="last",
        ignore_index=True,
    )


_GAP_COLUMNS = [
    "country",
    "name",
    "language",
    "language_name",
    "spoken_share",
    "official",
    "events",
    "gain",
    "low",
    "high",
    "not_reached",
    "inhabitants",
    "state",
]


def _gap_rows(place: Territory, there: _There) -> list[tuple[str, tuple[object, ...]]]:
    spoken, held = languages_of(place.code), there.events.get(place.code, Counter())
    own, people_there = there.languages(place.code), place.population or 0
    found = reach_in(place.code, people_there or 1, own)
    low, high = _bounds(own, found)
    listed = {language for language, (share, official) in spoken.items() if share >= SMALLEST_SHARE or official}
    rows: list[tuple[str, tuple[object, ...]]] = []
    for language in sorted(listed | held.keys()) or [NOT_SAID]:
        share, official = spoken.get(language, (None, None))
        gain = None if share is None else (0.0 if language in own else max(0.0, share - (high or 0.0)))
        not_reached = round(people_there * (1 - (low or 0.0)))
        row = (
            place.code,
            place.name,
            language,
            named(language),
            share,
            official,
            held.get(language, 0),
            gain,
            low,
            high,
            not_reached,
            place.population,
            _state(own, found),
        )
        rows.append((language, row))
    return rows


_Range = tuple[int | None, int | None, int | None]


def _members_who_speak(connection: Connection, selection: Selection, scope: Scope) -> Callable[[str], _Range]:
    """(people, at_least, at_most) of the members by language; a language that nobody names looks as one of few."""
    shown = speakers(connection, selection, scope)
    if shown is None:
        return lambda language: (None, None, None)
    of_members = shown[shown["group"] == MEMBERS]
    ranges: list[_Range] = list(of_members[["people", "at_least", "at_most"]].itertuples(index=False, name=None))
    known = dict(zip(of_members["language"], ranges, strict=True))
    [nobody] = shown_counts([0], scope).itertuples(index=False, name=None)
    return lambda language: known.get(language, nobody)


def _members_there(connection: Connection, selection: Selection) -> dict[tuple[str, str], int]:
    """Active members by country of home and language."""
    statement = (
        select(people.c.home_country, people.c.person_key, person_languages.c.language)
        .join_from(people, person_languages, person_languages.c.person_key == people.c.person_key)
        .where(people.c.home_country.is_not(None), people.c.person_key.in_(active_on(selection.as_of)))
    )
    speaking: dict[tuple[str, str], set[str]] = defaultdict(set)
    for home, person, tag in connection.execute(statement):
        speaking[home, base_language(tag)].add(person)
    return {key: len(persons) for key, persons in speaking.items()}
