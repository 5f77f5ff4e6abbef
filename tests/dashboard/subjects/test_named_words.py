"""Time lines in words: every kind of entry that can be answered is told, and the finding of each page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import true

from dashboard.subjects.named import words
from data_access.contract.tables import STATUSES, TABLES
from data_access.questions.named import country, event, person, space, team
from data_access.questions.named.entries import Branch, TimelineEntry
from data_access.questions.named.names import NameFound

DAY = date(2026, 9, 15)
PHASES = ("before", "during", "after")
IN_PYTHON = {"quiet_until", "quiet_since", "pilot_ended", "pilot_ends"}


def branches() -> list[Branch]:
    of_person = (person._steps, person._membership, person._at_events, person._practice, person._with_others)
    parts: list[Any] = [part("x", DAY) for part in of_person]
    parts += [person.money(true(), DAY, by_event=True)]
    parts += [team._facts("x", DAY), team._newcomers("x", DAY), team._coordinator("x", DAY)]
    parts += [team._core("x", DAY, 90, named=True)]
    parts += [event._facts("x", DAY), event._before("x", DAY), event._after("x", DAY)]
    parts += [country._events("x", DAY), country._spaces("x", DAY), country._members("x", DAY)]
    parts += [space._facts("x", DAY), space._inside("x", DAY)]
    return [branch for part in parts for branch in part]


def kinds(branch: Branch) -> set[str]:
    if branch.by is None:
        return {branch.what}
    of_several = {"": roles(), "by_": roles() - {"attendee"}, "task_": set(PHASES)}
    return {f"{branch.what}{each}" for each in of_several.get(branch.what, set(STATUSES))}


def roles() -> set[str]:
    return set(TABLES["participations"].column("role").choices)


def test_every_kind_of_entry_has_words_and_nothing_else_has() -> None:
    answered = IN_PYTHON.union(*map(kinds, branches()))
    assert answered == set(words.TOLD)


def entry(what: str, day: date = DAY, number: int | None = None, in_all: int = 1, told: str = "") -> TimelineEntry:
    return TimelineEntry(day, what, None, None, None, told or None, None, number, None, None, None, in_all)


@pytest.mark.parametrize(
    ("kind", "entries", "finding"),
    [
        ("event", [entry("day_held", number=12)], "It was held on 15 September 2026 with 12 visitors."),
        ("event", [entry("day_held")], "It was held on 15 September 2026."),
        ("event", [entry("day_cancelled")], "It, planned for 15 September 2026, was cancelled."),
        ("event", [entry("day_planned")], "It is planned for 15 September 2026."),
        ("team", [entry("event_held", in_all=2)], "It: 2 events held, 0 milestones reached."),
        ("country", [], "It: no event yet, 0 events planned."),
        (
            "country",
            [entry("events_held", number=3), entry("events_held", number=1), entry("first_event", date(2026, 1, 2))],
            "It: 4 events held since 2 January 2026, 0 events planned.",
        ),
        (
            "person",
            [entry("contributed", number=5), entry("speaker", in_all=2)],
            "It: 2 events and 5 contributions so far.",
        ),
    ],
)
def test_the_finding_says_what_is_known(kind: str, entries: list[TimelineEntry], finding: str) -> None:
    thing = NameFound(kind, "x", "It", None, DAY if kind == "event" else None)
    assert words.finding(thing, entries, date(2026, 9, 1)) == finding
    assert all(tile.value for tile in words.tiles(kind, entries))
