"""Arcs of events against a program that was counted by hand: phases, projects, and the people of one event."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from data_access.answers import rows
from data_access.database.schema import challenges, participations
from data_access.questions import QUESTIONS
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask

TODAY = date(2026, 9, 15)
NOW = Selection(Period.parse("2026"), TODAY)
_numbers = count(1)


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    """A summit with a whole arc for two projects, a meetup with one task, one without; one planned, one cancelled."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    made.add_event(
        "Summit", date(2026, 3, 1), key="summit", scale="annual", ends_on=date(2026, 3, 2), new_contributors=4
    )
    made.add_event("Meetup", date(2026, 5, 1), key="meetup", scale="micro")
    made.add_event("Evening", date(2026, 6, 1), key="evening", scale="micro")
    made.add_event("Plan", date(2026, 11, 1), key="plan", scale="annual", status="planned")
    made.add_event("Off", date(2026, 4, 1), key="off", scale="annual", status="cancelled")
    task(made, "summit", "before", 10, kind="learning_task")
    task(made, "summit", "during", 5, "docs")
    task(made, "summit", "during", None, "site")
    task(made, "summit", "after", 2, "docs")
    task(made, "meetup", "during", 3, "docs")
    for event in ("plan", "off"):
        for phase in ("before", "during", "after"):
            task(made, event, phase, 7, "docs")
    return made


def task(
    built: ProgramBuilder,
    event: str,
    phase: str,
    done: int | None,
    project: str | None = None,
    kind: str = "contribution_challenge",
) -> None:
    key = f"c{next(_numbers)}"
    built.add(
        challenges, challenge_key=key, event_key=event, phase=phase, kind=kind, project=project, completed_count=done
    )


def answer(built: ProgramBuilder, name: str, selection: Selection = NOW, **options: Any) -> list[Any]:
    return rows(QUESTIONS[name].row, ask(built.database, name, selection, **options))


def test_one_of_three_held_events_has_a_whole_arc(built: ProgramBuilder) -> None:
    annual, micro = answer(built, "arcs_by_scale")
    assert annual[:7] == ("annual", 1, 1, 1, 1, 1, 1)
    assert (annual.with_project, annual.projects, annual.pairs, annual.per_event) == (1, 2, 2, 2.0)
    # Garwood's exact interval of a count of 2.
    assert (annual.low, annual.high) == (pytest.approx(0.2422, abs=1e-4), pytest.approx(7.2247, abs=1e-4))
    assert micro[:7] == ("micro", 2, 1, 0, 1, 0, 0)
    assert (micro.projects, micro.per_event) == (1, 0.5)


def test_events_are_listed_by_phases_and_one_is_told_in_full(built: ProgramBuilder) -> None:
    first, second = answer(built, "event_arcs")
    assert (first.event_key, first.phases, first.before, first.during, first.after) == ("summit", 3, 1, 2, 1)
    assert (first.completed, first.projects, first.total) == (17, 2, 2)
    assert (second.event_key, second.phases, second.completed) == ("meetup", 1, 3)
    assert len(answer(built, "event_arcs", limit=1)) == 1
    told = [tuple(row) for row in answer(built, "event_arc", event="summit")]
    assert told == [
        ("before", "learning_task", "", 1, 10),
        ("during", "contribution_challenge", "docs", 1, 5),
        ("during", "contribution_challenge", "site", 1, None),
        ("after", "contribution_challenge", "docs", 1, 2),
    ]
    [event] = answer(built, "one_event", event="summit")
    assert (event.title, event.ends_on, event.status, event.attendance, event.reported) == (
        *("Summit", date(2026, 3, 2), "held", 20, 4),
    )
    assert answer(built, "one_event", event="nowhere") == []


def test_what_lies_ahead_is_planned_and_nothing_of_it_is_done(built: ProgramBuilder) -> None:
    [event] = answer(built, "one_event", event="plan")
    assert (event.status, event.attendance) == ("planned", None)
    assert {row.completed for row in answer(built, "event_arc", event="plan")} == {None}
    before = Selection(NOW.period, date(2026, 2, 1))
    assert answer(built, "event_arcs", before) == []
    assert {row.completed for row in answer(built, "event_arc", before, event="summit")} == {None}


def test_projects_are_counted_by_event_and_scale(built: ProgramBuilder) -> None:
    told = [tuple(row) for row in answer(built, "event_projects")]
    assert told == [
        ("docs", 2, 1, 0, 1, 3, 0, 10, 3, date(2026, 5, 1)),
        ("site", 1, 0, 0, 1, 1, 0, None, 0, date(2026, 3, 1)),
        ("", 1, 0, 0, 1, 0, 1, 10, 1, date(2026, 3, 1)),
    ]


def test_the_people_of_an_event_before_during_and_after_it(built: ProgramBuilder) -> None:
    """Ada did a task beforehand and is known from before; bo is new on the day; cy 60 days later; dee too late."""
    built.add_contributions("ada", date(2025, 5, 5))
    for person, day in (
        ("ada", date(2026, 2, 20)),
        ("bo", date(2026, 3, 2)),
        ("cy", date(2026, 3, 1) + timedelta(60)),
        ("dee", date(2026, 3, 1) + timedelta(91)),
    ):
        built.add_contributions(person, day, event_key="summit")
    for person, role in (("ada", "organizer"), ("ada", "mentor"), ("bo", "mentor"), ("cy", "attendee")):
        built.add(participations, event_key="summit", person_key=person, role=role)
    # Bo is at the next event 60 days after the last day; ada at one that was cancelled; cy 91 days after.
    built.add(participations, event_key="meetup", person_key="bo", role="attendee")
    built.add(participations, event_key="off", person_key="ada", role="attendee")
    built.add_event("Late", date(2026, 3, 2) + timedelta(91), key="late")
    built.add(participations, event_key="late", person_key="cy", role="attendee")
    [people] = answer(built, "event_arc_people", event="summit")
    assert (people.recorded, people.organizers, people.helpers, people.speakers) == (3, 1, 1, 0)
    assert (people.before, people.during, people.after) == (1, 1, 1)
    assert (people.new_30, people.new_90, people.returning_30, people.returning_90) == (1, 2, 1, 1)
    assert (people.came_again, people.known_on, people.open) == (1, date(2026, 5, 31), False)
    [early] = answer(built, "event_arc_people", Selection(NOW.period, date(2026, 3, 10)), event="summit")
    assert (early.new_90, early.after, early.came_again, early.open) == (1, 0, 0, True)
    # As `event_followthrough` counts the same event.
    [group] = [row for row in answer(built, "event_followthrough") if row.group == "annual"]
    assert group[4:8] == (people.new_30, people.new_90, people.returning_30, people.returning_90)


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.PUBLIC])
def test_people_of_an_event_are_told_inside_only(built: ProgramBuilder, role: Role) -> None:
    with pytest.raises(NotAllowed):
        ask(built.database, "event_arc_people", NOW, Scope(role), event="summit")
