"""What became of events: rules, numbers that follow, undo, two at once, and imports that disagree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access.actions import ActionRefused, Author, record_event, row_changes, undo
from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.kept_rows import EVENT
from data_access.recorded import CLASHES
from data_access.selection import Period, Selection
from tests.bundles import write_table
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, TODAY, seen, stored, together

THIS_QUARTER = Selection(Period.quarter_of(TODAY), TODAY)


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Ada is a member since 2024; she speaks at two events held and one that nobody has marked; one is to come."""
    made = DeskBuilder(either)
    made.add_program()
    made.add_member("ada")
    made.take_part("ada", date(2026, 7, 1), date(2026, 7, 2))
    made.add_event(date(2026, 9, 10), "past", "planned")
    made.add_role("past", "ada", "speaker")
    made.add_event(date(2026, 10, 2), "later", "planned")
    return made


def mark(built: DeskBuilder, key: str = "past", status: str = "held", by: Author = ADA, **given: Any) -> int:
    given = {"opened": seen(built.database, (EVENT, key)), "today": TODAY, **given}
    return record_event(built.database, by, key, status=status, **given)


def standing(built: DeskBuilder) -> tuple[Any, ...]:
    [row] = ask(built.database, "floor_standing", THIS_QUARTER, ADA.scope).itertuples()
    return row.held, row.unconfirmed, row.state


def test_an_event_that_was_held_counts_at_once_and_undoing_restores_it(built: DeskBuilder) -> None:
    before = stored(built.database, events)
    assert standing(built) == (2, 1, "at risk")
    unmarked = ask(built.database, "events_unmarked", THIS_QUARTER, ADA.scope)
    assert [(row.event_key, row.members) for row in unmarked.itertuples()] == [("past", 1)]
    entry = mark(built, attendance=40, new_contributors=3)
    assert standing(built) == (3, 0, "met")
    assert ask(built.database, "events_unmarked", THIS_QUARTER, ADA.scope).empty
    undo(built.database, ADA, entry)
    assert stored(built.database, events) == before
    assert standing(built) == (2, 1, "at risk")
    with built.database.program.connect() as connection:
        newest, first = row_changes(connection, (EVENT, ""))
    assert first.words == "“Event past” was held, 40 came"
    assert (newest.words, first.undone) == ("“Event past” is planned (undone)", True)


def test_a_cancelled_event_counts_for_nothing(built: DeskBuilder) -> None:
    mark(built, status="cancelled", note="The venue was flooded")
    assert standing(built) == (2, 0, "at risk")
    with built.database.program.connect() as connection:
        [change] = row_changes(connection, (EVENT, "past"))
    assert (change.words, change.note) == ("“Event past” was cancelled", "The venue was flooded")


@pytest.mark.parametrize(
    ("key", "status", "given", "words"),
    [
        ("later", "held", {}, "It begins on 2 October 2026 only"),
        ("past", "held", {"attendance": 2, "new_contributors": 3}, "more of them than people who came"),
        ("past", "held", {"attendance": -1}, "Attendance: "),
        ("past", "cancelled", {"attendance": 9}, "Attendance is of an event that was held"),
        ("past", "planned", {}, "Its day is over"),
        ("past", "", {}, "Say what became of it"),
        ("nowhere", "held", {}, "There is no such event"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    built: DeskBuilder, key: str, status: str, given: dict[str, Any], words: str
) -> None:
    before = stored(built.database, events)
    with pytest.raises(ActionRefused, match=words):
        mark(built, key, status, **given)
    assert stored(built.database, events) == before


def test_of_two_who_mark_it_at_once_one_is_refused(built: DeskBuilder) -> None:
    opened = seen(built.database, (EVENT, "past"))
    found = together(
        lambda: mark(built, opened=opened, attendance=40), lambda: mark(built, by=BO, opened=opened, attendance=30)
    )
    assert found == ["Changed", "int"]


def test_a_file_that_disagrees_is_told_and_the_recorded_stands(built: DeskBuilder, tmp_path: Path) -> None:
    mark(built, attendance=40)
    row = {"event_key": "past", "title": "Event past", "starts_on": "2026-09-10"}
    write_table(tmp_path, "events", row | {"status": "planned", "attendance": "12"})
    for overwrite, expected in ((False, ("held", 40)), (True, ("planned", 12))):
        options = ImportOptions(as_of=TODAY, overwrite_recorded=overwrite, over_sample=True)
        report = run_import(built.database, [tmp_path], options)
        assert report.committed, report.in_words()
        [now] = [each for each in stored(built.database, events) if each["event_key"] == "past"]
        assert (now["status"], now["attendance"]) == expected
        [clash] = report.clashes
        assert clash.problem == CLASHES[overwrite]
        assert "attendance: 40 recorded, 12 in the file" in clash.value
