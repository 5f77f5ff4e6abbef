"""A release after a quarter that was run from the product: it counts what was recorded, and unsays nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import inspect, select

from data_access import actions
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.schema import applications, disputes, memberships, released_counts
from data_access.kept_rows import APPLICATION, DISPUTE, DISPUTE_STEP, EVENT, MEMBERSHIP, THANKS
from data_access.questions.members.summary import FloorCount
from data_access.selection import Selection
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, TODAY, seen, stored
from tests.releasing import ask_outside, release

JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)
MEMBERS, APPLICANTS = 14, 7


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Fourteen members, of whom twelve held three events in April; seven people applied in May."""
    made = DeskBuilder(either)
    made.add_program(min_group_size=5)
    made.add_cohort(places=20)
    for number in range(MEMBERS):
        made.add_member(f"m{number}", date(2025, 1, 1))
        if number < 12:
            made.take_part(f"m{number}", *(date(2026, 4, 1 + day) for day in range(3)))
            made.take_part(f"m{number}", *(date(2026, 8, 1 + day) for day in range(2)))
    for number in range(APPLICANTS):
        made.apply(f"a{number}", application_key=f"a{number}", on=date(2026, 5, 4))
    return made


def run_a_quarter(built: DeskBuilder) -> None:
    """Seven graduate, one member is dropped, another left before the quarter was told, events become held or not."""
    database = built.database

    def do(act: Any, subject: str, key: str, **given: Any) -> None:
        act(database, ADA, key, opened=seen(database, (subject, key)), today=TODAY, **given)

    for number in range(APPLICANTS):
        key, day = f"a{number}", date(2026, 7, 2)
        do(actions.evaluate, APPLICATION, key, evaluated_on=day, score="4")
        do(actions.decide, APPLICATION, key, decided_on=day, decision="accepted")
        do(actions.train, APPLICATION, key, trained_on=day)
        do(actions.graduate, APPLICATION, key, graduated_on=day)
    stays = {row["person_key"]: row["membership_key"] for row in stored(database, memberships)}
    do(actions.end_membership, MEMBERSHIP, stays["m12"], reason="below_floor", ended_on=date(2026, 7, 20))
    do(actions.end_membership, MEMBERSHIP, stays["m13"], reason="left", ended_on=date(2026, 6, 20))
    for number in range(12):
        [event] = built.take_part(f"m{number}", date(2026, 8, 20), status="planned")
        held = {"status": "held", "attendance": 20} if number < 6 else {"status": "cancelled"}
        do(actions.record_event, EVENT, event, **held)
    actions.open_dispute(database, ADA, today=TODAY, kind="travel money", opened_on=date(2026, 8, 1))
    [dispute] = [row["dispute_key"] for row in stored(database, disputes)]
    for step in ("heard", "judged"):
        opened = seen(database, (DISPUTE_STEP, f"{dispute}/{step}"))
        actions.do_step(database, ADA, dispute, opened=opened, today=TODAY, step=step, done_on=TODAY)
    do(actions.close_dispute, DISPUTE, dispute, outcome="Both were heard", closed_on=TODAY)
    about = {"occasion": "first_talk", "occasion_on": date(2026, 4, 1)}
    opened = seen(database, (THANKS, actions.thanks_key("m0", *about.values())))  # type: ignore[arg-type]
    actions.thank(database, ADA, "m0", opened=opened, today=TODAY, given_on=TODAY, how="A card", **about)  # type: ignore[arg-type]


def floor(found: pd.DataFrame) -> dict[tuple[date, str], FloorCount]:
    return {(row.quarter, row.state): row for row in rows(FloorCount, found)}


def told(database: Database) -> dict[str, tuple[int, int, int | None, int | None]]:
    """Each count that was ever told: in which release, what it was, and its range."""
    with database.program.connect() as connection:
        found = connection.execute(select(released_counts)).all()
    return {row.name: (row.release_id, row.exact, row.at_least, row.at_most) for row in found}


def test_a_quarter_that_was_run_here_is_released_and_unsays_nothing(built: DeskBuilder) -> None:
    database = built.database
    release(database, JULY)
    july = Selection(as_of=JULY)
    before, first = floor(ask_outside(database, "floor_summary", july)), told(database)
    run_a_quarter(built)
    release(database, OCTOBER)
    october = Selection(as_of=OCTOBER)
    after, second = floor(ask_outside(database, "floor_summary", october)), told(database)
    inside = floor(ask(database, "floor_summary", october))
    second_quarter, third = date(2026, 4, 1), date(2026, 7, 1)
    assert (inside[second_quarter, "left"].people, inside[second_quarter, "missed"].people) == (1, 1)
    assert {key: row for key, row in after.items() if key[0] == second_quarter} == {
        key: row for key, row in before.items() if key[0] == second_quarter
    }, "what was told of the quarter stays, though a member turned out to have left in it"
    exact = {state: inside[third, state].people for state in ("met", "missed", "grace", "left")}
    assert exact == {"met": 6, "missed": 6, "grace": 7, "left": 1}, "the graduates are in their first, partial quarter"
    for state, people in exact.items():
        row = after[third, state]
        assert people is not None
        assert row.at_least <= people <= row.at_most
    assert {name: second[name] for name in first} == first
    ranges = [(count, low, high) for _, count, low, high in second.values() if low is not None and high is not None]
    assert ranges
    assert [each for each in ranges if not each[1] <= each[0] <= each[2]] == []
    assert len(second) > len(first)


def test_nothing_of_what_is_told_inside_only_gets_into_the_release(built: DeskBuilder) -> None:
    run_a_quarter(built)
    release(built.database, OCTOBER)
    with built.database.outside() as connection:
        tables = set(inspect(connection).get_table_names()) | set(inspect(connection).get_view_names())
    inner = {"disputes", "dispute_steps", "thanks", "trainings", "training_attendance", "application_reviews", "audit"}
    assert not tables & {*inner, applications.name, memberships.name}
    total = ask_outside(built.database, "events_total", Selection(as_of=OCTOBER))
    assert int(total["events"].iloc[0]) == 12 * 5 + 6, "held ones: six of the planned were held, six cancelled"
