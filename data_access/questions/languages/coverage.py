"""Which languages events and talks are in; written with and without a country they are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal_column, select

from data_access.answers import Count, Day, Flag, Key, Parts, Share, Text, table
from data_access.database.prepared import attendances, is_ready
from data_access.database.schema import events, participations
from data_access.database.sql import month_of
from data_access.geography.language_reach import base_language
from data_access.geography.languages import language_name
from data_access.questions.events.counts import ATTENDANCE, ONLINE
from data_access.questions.registry import EVENTS, question
from data_access.selection import EVERYBODY, Period, Scope, Selection

# BCP-47's "undetermined" stands for what names no language, in events as in materials.
NOT_RECORDED, SEVERAL = "und", "mul"
_NAMES = {NOT_RECORDED: "Not recorded", SEVERAL: "Several languages"}
LANGUAGE_CODE = Key("Language code", help="BCP-47, without country or script; und: not recorded; mul: several")


def named(language: str) -> str:
    """The English name of a language's code."""
    return _NAMES.get(language) or language_name(language)


class Held(NamedTuple):
    """Events that name the same languages, in one country ("" online or not known): how many, and their attendance."""

    languages: frozenset[str]
    country: str
    online: bool
    events: int
    attendance: int | None


def events_held(connection: Connection, selection: Selection) -> list[Held]:
    """The selection's events by the languages they name and their country; events that name none have no language.

    Grouped by the whole list of languages: no event is counted twice, nothing is joined, and SQLite needs no sorting
    (`ix_events_by_language` holds all of it in this order).
    """
    languages = _grouped(selection, frozenset({"country", "region", "mode"}))
    statement = (
        select(
            languages,
            events.c.located_country,
            events.c.mode,
            func.count().label("number"),
            func.sum(selection.attendance()).label("attendance"),
        )
        .where(*selection.conditions())
        .group_by(languages, events.c.located_country, events.c.mode)
    )
    return [
        Held(
            _bases(text),
            "" if mode == ONLINE else country or "",
            mode == ONLINE,
            count,
            None if attendance is None else int(attendance),
        )
        for text, country, mode, count, attendance in connection.execute(statement).all()
    ]


def languages_held(connection: Connection, selection: Selection) -> frozenset[str]:
    """The languages of the selection's events."""
    languages = _grouped(selection, frozenset({"country", "region", "mode"}))
    texts = connection.execute(select(languages).where(*selection.conditions()).group_by(languages)).scalars()
    return frozenset(language for text in texts for language in _bases(text))


def _grouped(selection: Selection, indexed: frozenset[str]) -> ColumnElement[str | None]:
    """The events' languages to group by; where the index lacks what the filters need, so that it is not walked."""
    if indexed.issuperset(item.name for item in selection.narrowed_by):
        return events.c.languages
    return func.coalesce(events.c.languages, literal_column("''")).label("spoken")


@lru_cache(maxsize=4096)
def _bases(text: str | None) -> frozenset[str]:
    return frozenset(base_language(tag) for tag in (text or "").split(";") if tag and tag != NOT_RECORDED)


def _or_not_recorded(languages: Iterable[str]) -> list[str]:
    return sorted(languages) or [NOT_RECORDED]


SHARE_OF_EVENTS = Share(
    "Share",
    help="Of all events of the selection",
    of_whole=Parts(overlap="An event counts in each of its languages, so the shares add up to more than 100%."),
)


class LanguageOfEvents(NamedTuple):
    language: Annotated[str, LANGUAGE_CODE]
    name: Annotated[str, Text("Language")]
    events: Annotated[int, Count("Events", "events")]
    share: Annotated[float | None, SHARE_OF_EVENTS]
    talks: Annotated[
        int | None, Count("Talks", "talks", help="Appearances of a speaker at an event, in this language; inside only")
    ]
    attendance: Annotated[int | None, ATTENDANCE]
    countries: Annotated[int, Count("Countries", "countries", help="With a located event in this language")]


@question(roles=EVERYBODY, counts=EVENTS, columns=LanguageOfEvents)
def languages_of_events(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events, talks, attendance and countries per language, most events first; "und": no language is recorded.

    An event in two languages counts in both, so that shares can add up to more than 1. A talk is one person's
    appearance as a speaker at one event, in the language recorded for it; where none is recorded, the event's is not
    taken instead. Talks are counted for the program manager and the board only.
    """
    totals: Counter[frozenset[str]] = Counter()
    reported: dict[frozenset[str], int] = defaultdict(int)
    places_of: dict[frozenset[str], set[str]] = defaultdict(set)
    for languages, country, _, number, attended in events_held(connection, selection):
        totals[languages] += number
        if attended is not None:
            reported[languages] += attended
        if country:
            places_of[languages].add(country)
    # Only now by language: there are far fewer lists of languages than there are lists in countries.
    counts: Counter[str] = Counter()
    attendance: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    for languages, number in totals.items():
        for language in _or_not_recorded(languages):
            counts[language] += number
            places[language] |= places_of[languages]
            if languages in reported:
                attendance[language] += reported[languages]
    total = totals.total()
    talks = _talks(connection, selection) if scope.exact else Counter()
    rows = [
        LanguageOfEvents(
            language,
            named(language),
            counts[language],
            counts[language] / total if total else None,
            talks[language] if scope.exact else None,
            attendance.get(language),
            len(places[language]),
        )
        for language in sorted(counts.keys() | talks.keys(), key=lambda code: (-counts[code], -talks[code], code))
    ]
    return table(LanguageOfEvents, rows)


def _talks(connection: Connection, selection: Selection) -> Counter[str]:
    if is_ready(connection) or selection.narrowed_by or not selection.is_all_time:
        took = attendances.c
        chosen = select(took.language, func.count()).where(took.role == "speaker").group_by(took.language)
        return _by_base(connection, chosen.where(*attendances.beside(selection.conditions())))
    spoken = participations.c.language
    talks = select(spoken, func.count()).where(participations.c.role == "speaker").group_by(spoken)
    # Nearly all events match: it is quicker to count every talk, and those of the events that do not.
    matching = case((and_(*selection.conditions()), 1), else_=0)
    others = talks.where(participations.c.event_key.in_(select(events.c.event_key).where(matching == 0)))
    return _by_base(connection, talks) - _by_base(connection, others)


def _by_base(connection: Connection, counted: Select[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for tag, count in connection.execute(counted):
        found[base_language(tag) if tag else NOT_RECORDED] += count
    return found


class LanguageInQuarter(NamedTuple):
    language: Annotated[str, LANGUAGE_CODE]
    name: Annotated[str, Text("Language")]
    quarter: Annotated[str, Key("Quarter", help="Such as 2026-Q1")]
    starts_on: Annotated[date, Day("Quarter’s first day")]
    events: Annotated[int, Count("Events", "events")]
    open: Annotated[bool, Flag("Not over yet", help="The quarter can still grow")]


@question(roles=EVERYBODY, counts=EVENTS, columns=LanguageInQuarter)
def languages_by_quarter(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events per language and calendar quarter, first quarter first.

    Quarters without an event in a language have no row. An event in two languages counts in both.
    """
    # By day first, as the index has them: there are fewer days than events, and only days are then put into months.
    languages = _grouped(selection, frozenset()).label("spoken")
    daily = (
        select(languages, events.c.starts_on, func.count().label("number"))
        .where(*selection.conditions())
        .group_by(languages, events.c.starts_on)
        .subquery()
    )
    statement = select(daily.c.spoken, month_of(daily.c.starts_on).label("month"), func.sum(daily.c.number)).group_by(
        daily.c.spoken, "month"
    )
    counts: Counter[tuple[date, str]] = Counter()
    for text, month, count in connection.execute(statement):
        start = Period.quarter_of(date.fromisoformat(f"{month}-01")).start
        for language in _or_not_recorded(_bases(text)):
            counts[start, language] += int(count)
    rows = [
        LanguageInQuarter(
            language,
            named(language),
            f"{start.year}-Q{start.month // 3 + 1}",
            start,
            count,
            Period.quarter_of(start).is_open(selection.over_by),
        )
        for (start, language), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    ]
    return table(LanguageInQuarter, rows)
