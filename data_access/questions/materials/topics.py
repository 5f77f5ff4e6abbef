"""What events and their materials are about: topics, and in which languages and regions each is taught."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Count, Key, Parts, Share, Text, table
from data_access.database.prepared import topical_events
from data_access.database.schema import event_topics, events, materials
from data_access.geography.language_reach import base_language
from data_access.questions.events.counts import ONLINE
from data_access.questions.languages.coverage import NOT_RECORDED, named
from data_access.questions.languages.materials import published_in
from data_access.questions.registry import EVENTS, question
from data_access.questions.territories import territories
from data_access.selection import EVERYBODY, Scope, Selection, SelectionError

BY = ("language", "region")
ONLINE_EVENTS, NO_PLACE = "Online", "Unknown place"


class CoveredTopic(NamedTuple):
    topic: Annotated[str, Text("Topic", help="Empty: events that name none")]
    events: Annotated[int, Count("Events", "events")]
    share: Annotated[
        float,
        Share(
            "Share",
            help="Of all events of the selection",
            of_whole=Parts(overlap="An event counts in each of its topics, so the shares add up to more than 100%."),
        ),
    ]
    languages: Annotated[int, Count("Languages", "languages", help="Of the events")]
    regions: Annotated[int, Count("Regions", "regions", help="With a located event")]
    materials: Annotated[int, Count("Materials", "materials", help="Published in the period, for events of the topic")]
    originals: Annotated[int, Count("Original materials", "materials", help="Translated from no other material")]


@question(roles=EVERYBODY, counts=EVENTS, columns=CoveredTopic)
def topics_covered(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events, languages, regions and materials per topic, most events first; events without a topic come last.

    An event counts in each of its topics. Materials are those of events of the topic, whatever the day of these, and
    were published in the period.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    spread: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    # One after the other: there are far fewer languages and far fewer places than pairs of them.
    for by in BY:
        for topic, names, number in _events(connection, selection, by):
            spread[topic][by] |= names - {NOT_RECORDED, ONLINE_EVENTS, NO_PLACE}
            if by == BY[0]:
                found[topic]["events"] += number
    for topic, original, number in _materials(connection, selection):
        found[topic]["materials"] += number
        found[topic]["originals"] += number if original else 0
    held = select(func.count()).select_from(events).where(*selection.conditions())
    total = connection.execute(held).scalar_one()
    rows = [
        CoveredTopic(
            topic=topic,
            events=count["events"],
            share=count["events"] / total if total else 0.0,
            languages=len(spread[topic]["language"]),
            regions=len(spread[topic]["region"]),
            materials=count["materials"],
            originals=count["originals"],
        )
        for topic, count in found.items()
    ]
    rows.sort(key=lambda row: (row.topic == "", -row.events, row.topic))
    return table(CoveredTopic, rows)


class TopicAmong(NamedTuple):
    topic: Annotated[str, Text("Topic")]
    among: Annotated[str, Key("Language code or region", help="und: no language is recorded")]
    name: Annotated[str, Text("Language or region")]
    events: Annotated[int, Count("Events", "events")]


@question(roles=EVERYBODY, counts=EVENTS, columns=TopicAmong)
def topics_by_language(
    connection: Connection, selection: Selection, scope: Scope, *, by: str = "language"
) -> pd.DataFrame:
    """Events of each topic in each language, or with by=region in each region: topics by name, most events first.

    An event counts in each of its topics and languages. Online events and those of unknown place are regions of their
    own. What has no event has no row; events without a topic are left out.
    """
    if by not in BY:
        raise SelectionError(f"Topics are not counted by {by!r}. Choose {' or '.join(BY)}.")
    counts: Counter[tuple[str, str]] = Counter()
    for topic, names, number in _events(connection, selection, by):
        counts.update({(topic, name): number for name in names if topic})
    rows = [
        TopicAmong(topic, among, named(among) if by == "language" else among, number)
        for (topic, among), number in counts.items()
    ]
    rows.sort(key=lambda row: (row.topic, -row.events, row.among))
    return table(TopicAmong, rows)


def _events(connection: Connection, selection: Selection, by: str) -> Iterator[tuple[str, set[str], int]]:
    """How many events have a topic and the same languages, or region: topic, which they are, events."""
    own = topical_events.c
    columns = [own.languages] if by == "language" else [own.located_country, own.mode]
    statement = (
        select(own.topic, func.count(), *columns)
        .where(*topical_events.beside(selection.conditions()))
        .group_by(own.topic, *columns)
    )
    found = connection.execute(statement).all()
    if by == "language":
        spoken: dict[str | None, set[str]] = {}
        for topic, number, text in found:
            if text not in spoken:
                spoken[text] = {base_language(tag) for tag in (text or "").split(";") if tag} or {NOT_RECORDED}
            yield topic or "", spoken[text], number
        return
    region_of = {land.code: land.region for land in territories(connection, Selection(as_of=selection.as_of))}
    for topic, number, country, mode in found:
        yield topic or "", {ONLINE_EVENTS if mode == ONLINE else region_of.get(country, NO_PLACE)}, number


def _materials(connection: Connection, selection: Selection) -> list[tuple[str, bool, int]]:
    """Materials of events with a topic: topic, whether they are originals, how many."""
    original = materials.c.original_key.is_(None).label("original")
    statement = (
        select(event_topics.c.topic, original, func.count())
        .join_from(materials, event_topics, event_topics.c.event_key == materials.c.event_key)
        .where(*published_in(selection))
        .group_by(event_topics.c.topic, original)
    )
    return [(topic, bool(is_original), number) for topic, is_original, number in connection.execute(statement)]
