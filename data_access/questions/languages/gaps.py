"""Country by country: whom the languages held there reach, and which languages are missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Count, Flag, Share, Text, rows, table
from data_access.database.schema import people, person_languages
from data_access.geography.language_reach import base_language, languages_of, reach_in
from data_access.questions.asked import country_asked
from data_access.questions.event_map.members import active_on
from data_access.questions.languages.coverage import LANGUAGE_CODE, NOT_RECORDED, Held, events_held, named
from data_access.questions.languages.reach import COUNTRY_CODE, INHABITANTS, STATES, bounds_of, state_of
from data_access.questions.languages.speakers import MEMBERS, language_people, one_language
from data_access.questions.registry import NOTHING, PEOPLE, question, question_of
from data_access.questions.territories import Territory, territories
from data_access.selection import EVERYBODY, STAFF, Scope, Selection

# Languages of a country below this share fill the table and decide nothing, unless official or offered there.
SMALLEST_SHARE = 0.01


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
                there[group.country].update(dict.fromkeys(group.languages or {NOT_RECORDED}, group.events))
        return cls(there, frozenset(online))

    def languages(self, code: str) -> frozenset[str]:
        return frozenset(self.events.get(code, ())) - {NOT_RECORDED}


class CountryCoverage(NamedTuple):
    country: Annotated[str, COUNTRY_CODE]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    inhabitants: Annotated[int | None, INHABITANTS]
    languages: Annotated[str, Text("Languages", help="Of the events with a place there; separated by “;”")]
    low: Annotated[float | None, Share("At least", help="Of the inhabitants; the best-known of the languages")]
    high: Annotated[float | None, Share("At most", help="Of the inhabitants; the sum of the languages")]
    state: Annotated[str, Code("State", help=STATES)]
    online_low: Annotated[float | None, Share("At least, with online events")]
    online_high: Annotated[float | None, Share("At most, with online events")]
    online_state: Annotated[str, Code("State, with online events", help=STATES)]


@question(roles=EVERYBODY, counts=NOTHING, columns=CountryCoverage)
def language_coverage(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Per country the share of inhabitants who know a language of the events held there; most unreached first.

    Offered there: in events with a located place in the country. The columns `online_…` take the languages of online
    events as offered in every country as well.
    """
    there = _There.of(events_held(connection, selection))
    unreached: list[tuple[float, CountryCoverage]] = []
    for place in sorted(territories(connection, selection), key=lambda place: place.code):
        own = there.languages(place.code)
        either = own | there.online
        found = reach_in(place.code, place.population or 1, own)
        with_online = reach_in(place.code, place.population or 1, either)
        low, high = bounds_of(own, found)
        online_low, online_high = bounds_of(either, with_online)
        row = CountryCoverage(
            country=place.code,
            name=place.name,
            region=place.region,
            inhabitants=place.population,
            languages=";".join(sorted(own)),
            low=low,
            high=high,
            state=state_of(own, found),
            online_low=online_low,
            online_high=online_high,
            online_state=state_of(either, with_online),
        )
        unreached.append(((place.population or 0) * (1 - found.at_least / found.inhabitants), row))
    unreached.sort(key=lambda item: (-item[0], item[1].country))
    return table(CountryCoverage, [row for _, row in unreached])


SPEAKING = Count("Members, middle of the range", "members", help="Active, anywhere, who speak it; empty: too few")


class LanguageGap(NamedTuple):
    country: Annotated[str, COUNTRY_CODE]
    name: Annotated[str, Text("Country")]
    language: Annotated[str, LANGUAGE_CODE]
    language_name: Annotated[str, Text("Language")]
    spoken_share: Annotated[float | None, Share("Know it", help="Of the inhabitants, by CLDR; empty: not listed")]
    official: Annotated[bool | None, Flag("Official", help="Nationwide")]
    events: Annotated[int, Count("Events", "events", help="Held there in it")]
    gain: Annotated[float | None, Share("Gain", help="Of the inhabitants: who know it and are surely not reached yet")]
    low: Annotated[float | None, Share("Reached, at least", help="Of the inhabitants, by the languages held there")]
    high: Annotated[float | None, Share("Reached, at most", help="Of the inhabitants, by the languages held there")]
    not_reached: Annotated[int, Count("Not reached", "inhabitants", help="At most")]
    inhabitants: Annotated[int | None, INHABITANTS]
    state: Annotated[str, Code("State", help=STATES)]
    people: Annotated[int | None, SPEAKING]
    at_least: Annotated[int | None, Count("Members, at least", "members")]
    at_most: Annotated[int | None, Count("Members, at most", "members")]
    members_there: Annotated[int | None, Count("Members there", "members", help="Who live there; inside only")]


class _Speaking(NamedTuple):
    """Members who speak a language, as the scope may see them."""

    people: Annotated[int | None, SPEAKING]
    at_least: Annotated[int | None, Count("At least", "members")]
    at_most: Annotated[int | None, Count("At most", "members")]


@question(roles=STAFF, counts=PEOPLE, columns=LanguageGap)
def language_gaps(connection: Connection, selection: Selection, scope: Scope, *, country: str = "") -> pd.DataFrame:
    """Country × language: spoken by inhabitants, held there, spoken by members; most inhabitants not reached first.

    One row for each language that 1 % of the inhabitants know, that is official, or in which an event was held there; a
    country of which nothing is known has one row without a language ("und"). `country` (code or name) narrows to one
    country without narrowing what is counted. Outside members are ranges, as released for the end of a quarter, and
    missing before the first release.
    """
    there = _There.of(events_held(connection, selection))
    spoken_by = _members_who_speak(connection, selection, scope)
    at_home = _members_there(connection, selection) if scope.inside else None
    asked_about = territories(connection, selection)
    if country:
        asked_about = [place for place in asked_about if place.code == country_asked(country)]
    found = [
        row._replace(
            **spoken_by(row.language)._asdict(),
            members_there=None if at_home is None else at_home.get((row.country, row.language), 0),
        )
        for place in asked_about
        for row in _gap_rows(place, there)
    ]
    return table(LanguageGap, found).sort_values(
        ["not_reached", "country", "spoken_share", "language"],
        ascending=[False, True, False, True],
        na_position="last",
        ignore_index=True,
    )


def _gap_rows(place: Territory, there: _There) -> Iterator[LanguageGap]:
    """The languages of one country, members not yet counted."""
    spoken, held = languages_of(place.code), there.events.get(place.code, Counter())
    own, people_there = there.languages(place.code), place.population or 0
    found = reach_in(place.code, people_there or 1, own)
    low, high = bounds_of(own, found)
    listed = {language for language, (share, official) in spoken.items() if share >= SMALLEST_SHARE or official}
    for language in sorted(listed | held.keys()) or [NOT_RECORDED]:
        share, official = spoken.get(language, (None, None))
        yield LanguageGap(
            country=place.code,
            name=place.name,
            language=language,
            language_name=named(language),
            spoken_share=share,
            official=official,
            events=held.get(language, 0),
            gain=None if share is None else (0.0 if language in own else max(0.0, share - (high or 0.0))),
            low=low,
            high=high,
            not_reached=round(people_there * (1 - (low or 0.0))),
            inhabitants=place.population,
            state=state_of(own, found),
            people=None,
            at_least=None,
            at_most=None,
            members_there=None,
        )


def _members_who_speak(connection: Connection, selection: Selection, scope: Scope) -> Callable[[str], _Speaking]:
    """The members by language; a language that no member speaks looks like one of few."""
    everywhere = Selection(as_of=selection.as_of, day_is_over=selection.day_is_over)
    shown = question_of(language_people).ask(connection, everywhere, scope)
    of_members = shown[shown["group"] == MEMBERS]
    known = dict(zip(of_members["language"], rows(_Speaking, of_members), strict=True))
    if scope.exact:
        none = _Speaking(0, 0, 0)
    else:
        none = _Speaking(None, None, None) if of_members.empty else _Speaking(None, 0, scope.min_group_size - 1)
    return lambda language: known.get(language, none)


def _members_there(connection: Connection, selection: Selection) -> dict[tuple[str, str], int]:
    """Active members by country of home and language."""
    tag = person_languages.c.language
    bases = {text: base_language(text) for text in connection.execute(select(tag).distinct()).scalars()}
    each = (
        select(
            people.c.home_country.label("home"),
            people.c.person_key,
            one_language(bases).label("language"),
        )
        .join_from(people, person_languages, person_languages.c.person_key == people.c.person_key)
        .where(people.c.home_country.is_not(None), people.c.person_key.in_(active_on(selection.as_of)))
        .subquery("each")
    )
    groups = (each.c.home, each.c.language)
    counted = select(*groups, func.count(each.c.person_key.distinct())).group_by(*groups)
    return {(home, language): people_there for home, language, people_there in connection.execute(counted)}
