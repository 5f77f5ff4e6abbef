"""What follows events, and the mission-driven contributor: small programs worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data_access.database.schema import challenges, mentorships, participations
from data_access.selection import Period, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.data_access.questions.test_retention import plain
from tests.releasing import ask_outside, release

LATE = Selection(as_of=date(2024, 12, 31))
RELEASED = Selection(Period.parse("2024"), date(2025, 6, 1))


@pytest.fixture
def program(tmp_path: Path) -> ProgramBuilder:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program()
    return built


def test_new_and_returning_contributors_are_counted_once_and_in_time(program: ProgramBuilder) -> None:
    """Within 30 and 90 days of the first day; the ninety-first does not count; tasks done before the event do."""
    start = date(2024, 3, 1)
    program.add_event(key="e", starts_on=start, scale="micro")
    program.add_event(key="f", starts_on=start, scale="micro")
    program.add_event(key="late", starts_on=date(2024, 12, 1), scale="micro")
    program.add_event(key="off", starts_on=start, scale="annual", status="cancelled")
    for person, after in (("soon", 30), ("later", 31), ("last", 90), ("too late", 91), ("before", -5)):
        program.add_contributions(person, start + timedelta(days=after), event_key="e")
    program.add_contributions("known", date(2024, 1, 1))
    program.add_contributions("known", start + timedelta(days=1), event_key="e")
    program.add_contributions("known", start + timedelta(days=2), event_key="f")
    program.add_contributions("young", date(2024, 12, 2), event_key="late")
    program.add_payment("60", event_key="e", person="soon", paid_on=date(2024, 3, 5))
    table = ask(program.database, "event_followthrough", LATE)
    assert plain(table, "group", "events", "open_events", "new_30", "new_90", "returning_30", "returning_90") == [
        ("micro", 2, 1, 2, 4, 1, 1)
    ]
    assert table["cost_per_new"].iloc[0] == Decimal("15.00")
    assert table["new_per_event"].iloc[0] == 2
    release(program.database, date(2025, 1, 1))
    shown = ask_outside(program.database, "event_followthrough", RELEASED)
    assert shown[["events", "period"]].to_numpy().tolist() == [[2, "2024-01-01..2025-01-01"]]
    assert shown[["new_90", "cost", "cost_per_new"]].isna().all(axis=None)


def test_events_are_grouped_by_what_they_set(program: ProgramBuilder) -> None:
    """With or without a task; tasks by phase, with what was completed."""
    program.add_event(key="e", starts_on=date(2024, 3, 1))
    program.add_event(key="f", starts_on=date(2024, 3, 1))
    for number, (phase, done) in enumerate((("after", 4), ("before", None), ("before", 6), (None, 1))):
        program.add(challenges, challenge_key=str(number), event_key="e", phase=phase, kind="learning_task",
                    completed_count=done)  # fmt: skip
    table = ask(program.database, "event_followthrough", LATE, by="tasks")
    assert {row[0]: row[1] for row in plain(table, "group", "events")} == {"with": 1, "without": 1}
    assert list(ask(program.database, "event_followthrough", LATE, by="format")["name"]) == ["Not recorded"]
    phases = ask(program.database, "tasks_by_phase", LATE)
    assert plain(phases, "phase", "tasks", "completed", "completed_per_task") == [
        ("before", 2, 6, 6.0),
        ("after", 1, 4, 4.0),
        ("", 1, 1, 1.0),
    ]


def a_year(program: ProgramBuilder, person: str, *areas: str, months: tuple[int, ...] = (1, 4, 7)) -> None:
    for number, month in enumerate(months):
        program.add_contributions(person, date(2024, month, 10), area=areas[number % len(areas)])


def test_a_mission_driven_contributor_is_all_four(program: ProgramBuilder) -> None:
    """Regular, two areas, mostly not code, connected; each person here lacks one, but the first two."""
    program.add_event(key="e1", starts_on=date(2024, 2, 1))
    program.add_event(key="e2", starts_on=date(2024, 5, 1))
    program.add_event(key="alone", starts_on=date(2024, 5, 2))
    a_year(program, "whole", "docs", "l10n")
    a_year(program, "mentored", "docs", "l10n")
    a_year(program, "irregular", "docs", "l10n", months=(1, 2, 4))
    a_year(program, "one area", "docs")
    a_year(program, "coder", "code", "docs", "code")
    a_year(program, "lonely", "docs", "l10n")
    with program.database.writing() as connection:
        from sqlalchemy import update

        from data_access.database.schema import areas

        connection.execute(update(areas).where(areas.c.area == "code").values(is_code=True))
    for person in ("coder", "whole"):
        program.derive(person)
    for person in ("whole", "irregular", "one area", "coder"):
        for event in ("e1", "e2"):
            program.add(participations, event_key=event, person_key=person, role="attendee")
    for event in ("e1", "alone"):
        program.add(participations, event_key=event, person_key="lonely", role="speaker")
    program.add(mentorships, mentor_key="mentored", mentee_key="whole", started_on=date(2024, 9, 30))
    table = ask(program.database, "persona", LATE)
    last = table[table["quarter"] == "2024-Q3"]
    assert plain(last, "people", "mission_driven", "regular", "areas", "not_code", "connected") == [(6, 2, 5, 5, 5, 5)]
    assert last["share"].iloc[0] == pytest.approx(2 / 6)
    first = table[table["quarter"] == "2024-Q1"]
    assert plain(first, "people", "mission_driven", "regular") == [(6, 0, 0)]
    release(program.database, date(2024, 10, 1))
    shown = ask_outside(program.database, "persona", RELEASED)
    assert shown[shown["quarter"] == "2024-Q3"]["mission_driven"].isna().all()
