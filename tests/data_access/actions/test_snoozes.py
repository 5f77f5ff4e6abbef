"""Putting off what is due: for one viewer, until a day, without a trace in the record; and what was recorded since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from data_access import actions
from data_access.actions import ActionRefused, Author
from data_access.database.engine import Database
from data_access.database.schema import audit, snoozes
from data_access.kept_rows import EVENT
from data_access.selection import NotAllowed, Role, Scope
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, TODAY, seen, stored

MONDAY, ITEM = date(2026, 9, 21), actions.snoozed_as("missed", "p-1")


@pytest.fixture
def program(either: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    DeskBuilder(either).add_program()
    return either


def hidden(database: Database, by: Author = ADA, today: date = TODAY) -> frozenset[str]:
    with database.program.connect() as connection:
        return actions.snoozed(connection, by.name, today)


def put_off(database: Database, by: Author = ADA, until_on: date = MONDAY, today: date = TODAY) -> None:
    actions.snooze(database, by, "missed", "p-1", today=today, until_on=until_on)


def test_it_is_put_off_for_its_viewer_alone_until_the_day(program: Database) -> None:
    put_off(program)
    assert hidden(program) == {ITEM}
    assert hidden(program, BO) == frozenset()
    assert hidden(program, today=MONDAY - timedelta(days=1)) == {ITEM}
    assert hidden(program, today=MONDAY) == frozenset()
    assert hidden(program, today=TODAY - timedelta(days=1)) == frozenset()


def test_put_off_again_the_later_day_counts_and_what_is_over_goes(program: Database) -> None:
    put_off(program)
    put_off(program, until_on=date(2026, 10, 15))
    assert [row["until_on"] for row in stored(program, snoozes)] == [date(2026, 10, 15)]
    actions.snooze(program, ADA, "stale", "imports", today=date(2026, 10, 20), until_on=date(2026, 10, 26))
    assert [row["item"] for row in stored(program, snoozes)] == [actions.snoozed_as("stale", "imports")]


def test_it_can_be_due_again_at_once(program: Database) -> None:
    put_off(program)
    put_off(program, BO)
    actions.wake(program, ADA, "missed", "p-1")
    assert hidden(program) == frozenset()
    assert hidden(program, BO) == {ITEM}


@pytest.mark.parametrize("until_on", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=93)])
def test_a_day_that_is_over_or_far_off_is_refused(program: Database, until_on: date) -> None:
    with pytest.raises(ActionRefused):
        put_off(program, until_on=until_on)
    assert hidden(program) == frozenset()


def test_who_is_told_nothing_puts_nothing_off(program: Database) -> None:
    with pytest.raises(NotAllowed):
        put_off(program, Author("Lea", Scope(Role.LEADERSHIP)))


def test_it_leaves_no_key_of_a_person_no_entry_and_no_new_version(program: Database) -> None:
    before = program.version()
    put_off(program)
    assert program.version() == before
    assert "p-1" not in str(stored(program, snoozes))
    with program.program.connect() as connection:
        assert connection.execute(select(func.count()).select_from(audit)).scalar_one() == 0


@pytest.mark.parametrize(
    ("today", "monday", "month"),
    [
        (date(2026, 9, 14), date(2026, 9, 21), date(2026, 10, 14)),
        (date(2026, 9, 20), date(2026, 9, 21), date(2026, 10, 20)),
        (date(2026, 1, 31), date(2026, 2, 2), date(2026, 2, 28)),
    ],
)
def test_until_monday_and_for_a_month(today: date, monday: date, month: date) -> None:
    assert (actions.next_monday(today), actions.in_a_month(today)) == (monday, month)


def test_what_was_recorded_since_a_day_counts_without_what_was_undone(program: Database) -> None:
    database, desk = program, DeskBuilder(program)
    for number in range(3):
        event = desk.add_event(date(2026, 9, 1), f"e{number}", "planned")
        opened = seen(database, (EVENT, event))
        entry = actions.record_event(database, ADA, event, opened=opened, today=TODAY, status="held")
    actions.undo(database, ADA, entry)
    today = datetime.now(UTC).date()
    with database.program.connect() as connection:
        assert actions.recorded_since(connection, ADA.name, today - timedelta(days=1)) == 2
        assert actions.recorded_since(connection, BO.name, today - timedelta(days=1)) == 0
        assert actions.recorded_since(connection, ADA.name, today + timedelta(days=1)) == 0
