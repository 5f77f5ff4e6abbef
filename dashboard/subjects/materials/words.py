"""The Materials page in words and shapes: the finding, the headline numbers, topics by language, whose context."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.parts.originals import OriginalsOf
from dashboard.parts.shapes import Dot, Headline
from dashboard.words.counts import LEAST_BASE, percent_range, share_of
from dashboard.words.numbers import number, percent
from dashboard.words.sentences import EVENTS, MATERIALS, Counted, listed, say
from data_access.questions.languages.coverage import NOT_RECORDED
from data_access.questions.materials.contexts import MATERIALS as OF_MATERIALS
from data_access.questions.materials.contexts import TALKS as OF_TALKS
from data_access.questions.materials.contexts import AuthorsOfAudience
from data_access.questions.materials.kinds import MaterialsOfKind
from data_access.questions.materials.listed import NO_KIND as WITHOUT_KIND
from data_access.questions.materials.topics import NO_PLACE as NO_REGION
from data_access.questions.materials.topics import CoveredTopic, TopicAmong
from data_access.statistics.intervals import wilson_interval

QUESTION = "What do we make and teach, about what, and in whose context?"
KINDS = Counted("{n} kind", "{n} kinds")
TOPICS = Counted("{n} topic", "{n} topics")
TALKS = Counted("{n} talk", "{n} talks")
NO_KIND, NO_PLACE = "kind not recorded", "online or not known"
# What the keys of audiences begin with: that of the unknown one is empty.
AMONG = "among."
MOST_TOPICS, MOST_COLUMNS, MOST_AUDIENCES = 14, 7, 14
SPREAD = {"language": "By language", "region": "By region"}
LIVES = {"country": "in the country", "region": "in its region", "elsewhere": "elsewhere", "unknown": "not known"}
WORKS = {OF_TALKS: "Talks", OF_MATERIALS: "Materials"}
BY = {
    OF_TALKS: {"region": "By region", "language": "By language"},
    OF_MATERIALS: {
        "region": "By region",
        "language": "By language",
        "kind": "By kind",
        "origin": "Original or translated",
    },
}


@dataclass(frozen=True, slots=True)
class Made:
    """What was published and what events were about."""

    kinds: Sequence[MaterialsOfKind]
    topics: Sequence[CoveredTopic]
    events: int

    @property
    def materials(self) -> int:
        return sum(row.materials for row in self.kinds)

    @property
    def originals(self) -> int:
        return sum(row.originals for row in self.kinds)

    @property
    def named(self) -> list[CoveredTopic]:
        """The topics, without the row of events that name none."""
        return [row for row in self.topics if row.topic]

    @property
    def without_topic(self) -> int:
        return sum(row.events for row in self.topics if not row.topic)


def finding(made: Made) -> str:
    """The page's answer in a sentence."""
    kinds = sum(bool(row.kind) for row in made.kinds)
    if not made.materials:
        return say("No material was published; events were about {topics}.", topics=TOPICS(len(made.named)))
    if not kinds:
        template = "{materials}, original: {original}; events were about {topics}."
    else:
        template = "{materials} of {kinds}, original: {original}; events were about {topics}."
    return say(
        template,
        materials=MATERIALS(made.materials),
        kinds=KINDS(kinds),
        original=share_of(made.originals, made.materials),
        topics=TOPICS(len(made.named)),
    )


def more(made: Made) -> str:
    """The topics that are taught most, and how many events name none."""
    sentences = []
    if made.named:
        most = [say("“{topic}” ({n})", topic=row.topic, n=row.events) for row in made.named[:3]]
        sentences.append(say("The most frequent are {topics}.", topics=listed(most)))
    if made.without_topic:
        template = "No topic is named by {events} of {all}."
        sentences.append(say(template, events=EVENTS(made.without_topic), all=made.events))
    return " ".join(sentences)


def headlines(made: Made, talks: Sequence[AuthorsOfAudience]) -> list[Headline]:
    """Materials, kinds, topics; and inside how many talks come from the country itself."""
    kinds = [row.kind for row in made.kinds if row.kind]
    largest = say("most: {kind}", kind=kinds[0]) if kinds else ""
    found = [
        Headline("Materials", number(made.materials), note="published in the period"),
        Headline("Original", share_or_count(made.originals, made.materials), note="translated from no other"),
        Headline("Kinds", number(len(kinds)), note=largest),
        Headline("Topics", number(len(made.named)), note="of events in the period"),
    ]
    known, local = sum(row.known for row in talks), sum(row.same_country for row in talks)
    if known:
        note = say("of {talks} of which both places are known", talks=TALKS(known))
        found.append(Headline("From the country itself", share_or_count(local, known), note=note))
    return found


def share_or_count(part: int, whole: int) -> str:
    """`72%`, of few `3 of 4`, of nothing a dash."""
    if not whole:
        return "–"
    return percent(part / whole) if whole >= LEAST_BASE else say("{part} of {whole}", part=part, whole=whole)


def bars(kinds: Sequence[MaterialsOfKind]) -> list[OriginalsOf]:
    """A bar a kind."""
    return [
        OriginalsOf(row.kind or NO_KIND, row.originals, row.translations, row.kind or WITHOUT_KIND) for row in kinds
    ]


@dataclass(frozen=True, slots=True)
class TopicGrid:
    """Topics × languages or regions: how many events; the most frequent of both. `codes` are those of the columns."""

    topics: list[str]
    columns: list[str]
    events: list[list[int]]
    codes: list[str]

    @property
    def keys(self) -> list[list[str]]:
        """What names the events of each cell; nothing where there are none."""
        numbered = list(enumerate(self.codes))
        return [
            [f"{row}.{at}" if code and self.events[row][at] else "" for at, code in numbered]
            for row in range(len(self.topics))
        ]

    @property
    def most(self) -> int:
        return max((count for row in self.events for count in row), default=0)


def grid(covered: Sequence[CoveredTopic], among: Sequence[TopicAmong]) -> TopicGrid:
    """The most frequent topics and the columns with most of their events, the rest being in the tables."""
    topics = [row.topic for row in covered if row.topic][:MOST_TOPICS]
    totals: dict[str, int] = {}
    for row in among:
        if row.topic in topics:
            totals[row.name] = totals.get(row.name, 0) + row.events
    columns = sorted(totals, key=lambda name: (-totals[name], name))[:MOST_COLUMNS]
    counted = {(row.topic, row.name): row.events for row in among}
    tags = {row.name: row.among for row in among if row.among not in (NOT_RECORDED, NO_REGION)}
    events = [[counted.get((topic, name), 0) for name in columns] for topic in topics]
    return TopicGrid(topics, columns, events, [tags.get(name, "") for name in columns])


def bands(found: TopicGrid, number_of_bands: int) -> list[list[int]]:
    """Each cell's band: 0 for no event, the last for the most."""
    width = max(found.most, 1) / (number_of_bands - 1)
    return [[math.ceil(count / width) for count in row] for row in found.events]


def cell_said(topic: str, column: str, events: int) -> str:
    """One cell in words."""
    return say("{topic}, {column}: {events}", topic=topic, column=column, events=EVENTS(events))


def grid_in_words(found: TopicGrid) -> str:
    """The grid for readers who do not see it: row by row what is largest, and where nothing is."""
    sentences = []
    for topic, counts in zip(found.topics, found.events, strict=True):
        best = max(range(len(counts)), key=counts.__getitem__)
        nothing = [name for name, count in zip(found.columns, counts, strict=True) if not count]
        template = "{topic}: most in {best} ({n}); none in {nothing}." if nothing else "{topic}: most in {best} ({n})."
        sentences.append(say(template, topic=topic, best=found.columns[best], n=counts[best], nothing=listed(nothing)))
    return " ".join(sentences)


_CONTEXT = {
    OF_TALKS: (
        "{share} of {works} were given by somebody who lives in the country ({interval}), {region} by somebody of the "
        "region."
    ),
    OF_MATERIALS: (
        "{share} of {works} were written by somebody who lives in the country of the event ({interval}), {region} by "
        "somebody of the region."
    ),
}
_FEW = {
    OF_TALKS: "{local} of {works} were given by somebody who lives in the country.",
    OF_MATERIALS: "{local} of {works} were written by somebody who lives in the country of the event.",
}
_UNKNOWN = {
    OF_TALKS: "Of {works} where they were given, or where the speaker lives, is not known.",
    OF_MATERIALS: "Of {works} the event’s country, or where the author lives, is not known.",
}


def context_sentences(found: Sequence[AuthorsOfAudience], of: str) -> str:
    """How many come from the country itself, with an interval, and of how many that is not known."""
    known, works = sum(row.known for row in found), sum(row.works for row in found)
    local = sum(row.same_country for row in found)
    noun = TALKS if of == OF_TALKS else MATERIALS
    sentences = []
    if known >= LEAST_BASE:
        low, high = wilson_interval(local, known)
        region = (local + sum(row.same_region for row in found)) / known
        interval = percent_range(float(low), float(high))
        share = percent(local / known)
        sentences.append(say(_CONTEXT[of], share=share, works=noun(known), interval=interval, region=percent(region)))
    elif known:
        sentences.append(say(_FEW[of], local=local, works=noun(known)))
    if works > known:
        sentences.append(say(_UNKNOWN[of], works=noun(works - known)))
    return " ".join(sentences)


def dots(found: Sequence[AuthorsOfAudience]) -> list[Dot]:
    """A row an audience: the share that comes from the country itself; of few the counts stand in words."""
    made = []
    for row in [row for row in found if row.known][:MOST_AUDIENCES]:
        said = say("{name}: {share}", name=row.name or NO_PLACE, share=share_of(row.same_country, row.known))
        share = row.share if row.known >= LEAST_BASE else None
        made.append(
            Dot(
                row.name or NO_PLACE,
                share,
                row.low,
                row.high,
                said if share is not None else share_of(row.same_country, row.known),
                key=f"{AMONG}{row.among}",
            )
        )
    return made
