"""Which languages events, talks, materials and people speak; written with and without a country they are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal_column, or_, select

from data_access.database.schema import events, materials, participations, person_languages
from data_access.database.sql import month_of
from data_access.geography.language_reach import base_language
from data_access.geography.languages import language_name
from data_access.privacy.small_groups import people_selection, shown_counts
from data_access.questions.event_map.members import active_on
from data_access.questions.events.counts import ONLINE
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.selection import EARLIEST, LATEST, STAFF, Period, Scope, Selection, SelectionError

# BCP-47's "undetermined" stands for what names no language, in events as in materials.
NOT_SAID, SEVERAL = "und", "mul"
_NAMES = {NOT_SAID: "Not said", SEVERAL: "Several languages"}


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
            func.sum(events.c.attendance).label("attendance"),
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


def _grouped(selection: Selection, indexed: frozenset[str]) -> ColumnElement[str | None]:
    """The events' languages to group by; where the index lacks what the filters need, so that it is not walked."""
    if indexed.issuperset(item.name for item in selection.narrowed_by):
        return events.c.languages
    return func.coalesce(events.c.languages, literal_column("''")).label("spoken")


@lru_cache(maxsize=4096)
def _bases(text: str | None) -> frozenset[str]:
    return frozenset(base_language(tag) for tag in (text or "").split(";") if tag and tag != NOT_SAID)


def _or_not_said(languages: Iterable[str]) -> list[str]:
    return sorted(languages) or [NOT_SAID]


@question()
def languages_of_events(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events, talks, attendance and countries per language, most events first; "und": the language is not said.

    Columns: language (BCP-47, without country or script), name, events, share (of all events asked for), talks,
    attendance (of the events that report one), countries (with a located event in it). An event in two languages
    counts in both, so that shares can add up to more than 1. A talk is one person's appearance as a speaker at one
    event, in the language recorded for it; where none is, its language is not said, whatever the event's.
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
        for language in _or_not_said(languages):
            counts[language] += number
            places[language] |= places_of[languages]
            if languages in reported:
                attendance[language] += reported[languages]
    total = totals.total()
    talks = _talks(connection, selection)
    rows = [
        (
            language,
            named(language),
            counts[language],
            counts[language] / total if total else None,
            talks[language],
            attendance.get(language),
            len(places[language]),
        )
        for language in sorted(counts.keys() | talks.keys(), key=lambda code: (-counts[code], -talks[code], code))
    ]
    columns = ["language", "name", "events", "share", "talks", "attendance", "countries"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    whole = dict.fromkeys(("events", "talks", "attendance", "countries"), WHOLE)
    return typed(table, language=TEXT, name=TEXT, share=NUMBER, **whole)


def _talks(connection: Connection, selection: Selection) -> Counter[str]:
    spoken = participations.c.language
    talks = select(spoken, func.count()).where(participations.c.role == "speaker").group_by(spoken)
    if selection.narrowed_by or not selection.is_all_time:
        chosen = talks.join_from(participations, events, events.c.event_key == participations.c.event_key)
        return _by_base(connection, chosen.where(*selection.conditions()))
    # Nearly all events match: it is quicker to count every talk, and those of the events that do not.
    matching = case((and_(*selection.conditions()), 1), else_=0)
    others = talks.where(participations.c.event_key.in_(select(events.c.event_key).where(matching == 0)))
    return _by_base(connection, talks) - _by_base(connection, others)


def _by_base(connection: Connection, counted: Select[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for tag, count in connection.execute(counted):
        found[base_language(tag) if tag else NOT_SAID] += count
    return found


@question()
def languages_by_quarter(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events per language and calendar quarter: language, name, quarter (2026-Q1), starts_on, events, open.

    Quarters without an event in a language have no row; `open` says that the quarter can still grow. An event in two
    languages counts in both.
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
        for language in _or_not_said(_bases(text)):
            counts[start, language] += int(count)
    rows = [
        (
            language,
            named(language),
            f"{start.year}-Q{start.month // 3 + 1}",
            start,
            count,
            Period.quarter_of(start).is_open(selection.as_of),
        )
        for (start, language), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    ]
    columns = ["language", "name", "quarter", "starts_on", "events", "open"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return typed(table, language=TEXT, name=TEXT, quarter=TEXT, events=WHOLE, open="boolean")


@question()
def materials_by_language(
    connection: Connection, selection: Selection, scope: Scope, *, kind: str = ""
) -> pd.DataFrame:
    """Materials per language, originals against translations, most first; "und": the language is not known.

    Columns: language, name, materials, originals, translations, original_share. Counted are materials published in
    the period, up to `as_of`. An original is translated from no other material. Filters narrow to materials of the
    events they choose, whatever the day of those; the filter by language looks at the material's own. `kind` narrows
    to one kind, such as "talk".
    """
    found = _materials(connection, selection, kind)
    rows = [
        (language, named(language), count, originals, count - originals, originals / count)
        for language, (count, originals) in sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    columns = ["language", "name", "materials", "originals", "translations", "original_share"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    whole = dict.fromkeys(("materials", "originals", "translations"), WHOLE)
    return typed(table, language=TEXT, name=TEXT, original_share=NUMBER, **whole)


def _materials(connection: Connection, selection: Selection, kind: str = "") -> dict[str, tuple[int, int]]:
    """Materials and originals among them, per language."""
    conditions = _material_conditions(selection)
    if kind:
        kinds = connection.execute(select(materials.c.kind).distinct().order_by(materials.c.kind)).scalars()
        known = [found for found in kinds if found]
        if kind not in known:
            listed = f"Choose {', '.join(known[:8])}." if known else "No material has a kind."
            raise SelectionError(f"{kind[:60]!r} is not a kind of material. {listed}")
        conditions.append(materials.c.kind == kind)
    statement = (
        select(materials.c.language, func.count(), func.count().filter(materials.c.original_key.is_(None)))
        .where(*conditions)
        .group_by(materials.c.language)
    )
    found: dict[str, tuple[int, int]] = {}
    for tag, count, originals in connection.execute(statement):
        base = base_language(tag)
        before = found.get(base, (0, 0))
        found[base] = (before[0] + count, before[1] + originals)
    return found


def _material_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    published = materials.c.published_on
    conditions: list[ColumnElement[bool]] = [published <= selection.as_of]
    if not selection.is_all_time:
        conditions += [published >= selection.period.start, published < selection.period.end]
    if selection.language:
        conditions.append(materials.c.language.in_(selection.language))
    by_event = [item for item in selection.narrowed_by if item.name != "language"]
    if by_event:
        chosen = select(events.c.event_key).where(*(item.condition(getattr(selection, item.name)) for item in by_event))
        conditions.append(materials.c.event_key.in_(chosen))
    return conditions


def languages_offered(connection: Connection, selection: Selection) -> frozenset[str]:
    """The languages of the selection's events and of the materials published in it; without "not said"."""
    return (languages_held(connection, selection) | _materials(connection, selection).keys()) - {NOT_SAID, SEVERAL}


def languages_held(connection: Connection, selection: Selection) -> frozenset[str]:
    """The languages of the selection's events."""
    languages = _grouped(selection, frozenset({"country", "region", "mode"}))
    texts = connection.execute(select(languages).where(*selection.conditions()).group_by(languages)).scalars()
    return frozenset(language for text in texts for language in _bases(text))


EVERYONE, MEMBERS = "everyone", "members"


@question(STAFF)
def language_people(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """People who speak each language: everyone known to the program, and its active members (staff only).

    Columns: group ("everyone", "members"), language, name, people, at_least, at_most. People say what they speak; who
    says nothing is in no row, who speaks two languages in two. Everyone but the PM sees ranges, for the members of the
    first day of `as_of`'s quarter, nothing while filters narrow the selection (empty), and no row for a language in
    which no event was ever held and which fewer than the minimum group speak.
    """
    columns = ["group", "language", "name", "people", "at_least", "at_most"]
    shown = speakers(connection, selection, scope)
    texts = dict.fromkeys(("group", "language", "name"), TEXT)
    if shown is None:
        return typed(pd.DataFrame(columns=columns, dtype=object), **texts, people=WHOLE, at_least=WHOLE, at_most=WHOLE)
    if not scope.sees_small_groups:
        everything = replace(selection, period=Period(EARLIEST, LATEST))
        ever = languages_held(connection, everything)
        shown = shown[(shown["at_least"] > 0) | shown["language"].isin(ever)]
    table = shown.assign(name=[named(language) for language in shown["language"]])[columns]
    ordered = table.sort_values(["group", "at_most", "language"], ascending=[True, False, True], ignore_index=True)
    return typed(ordered, **texts)


def speakers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame | None:
    """People per group and language as the scope may see them: group, language, people, at_least, at_most.

    One table for all questions, made from whole quarters: whoever asks twice learns nothing more. None: withheld.
    """
    if people_selection(selection, scope) is None:
        return None
    day = selection.as_of if scope.sees_small_groups else Period.quarter_of(selection.as_of).start
    found = {EVERYONE: people_by_language(connection), MEMBERS: people_by_language(connection, day)}
    keys = [(group, language) for group in found for language in sorted(found[EVERYONE])]
    counts = [found[group].get(language, 0) for group, language in keys]
    table = pd.DataFrame(keys, columns=["group", "language"], dtype=object)
    return pd.concat([table, shown_counts(counts, scope)], axis=1)


def people_by_language(connection: Connection, member_on: date | None = None) -> dict[str, int]:
    """People who speak each language; members on a day only where one is given. Exact: callers protect it."""
    spoken = person_languages.c.language
    statement = select(spoken, person_languages.c.person_key)
    tags = connection.execute(select(spoken).distinct()).scalars().all()
    bases = Counter(base_language(tag) for tag in tags)
    chosen = [] if member_on is None else [person_languages.c.person_key.in_(active_on(member_on))]
    counted = connection.execute(select(spoken, func.count()).where(*chosen).group_by(spoken))
    found: Counter[str] = Counter()
    twice = {base for base, number in bases.items() if number > 1}
    for tag, count in counted:
        if base_language(tag) not in twice:
            found[base_language(tag)] = count
    # Somebody who names both pt and pt-BR speaks one language: only such languages are counted person by person.
    people: dict[str, set[str]] = defaultdict(set)
    if twice:
        several = [tag for tag in tags if base_language(tag) in twice]
        either = or_(*(spoken == tag for tag in several))
        for tag, person in connection.execute(statement.where(either, *chosen)):
            people[base_language(tag)].add(person)
    return dict(found) | {language: len(keys) for language, keys in people.items()}
