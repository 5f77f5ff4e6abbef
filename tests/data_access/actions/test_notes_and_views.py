"""Notes on the time line, and views under a name: who writes them, who sees them, and what is left of them."""

from __future__ import annotations

from datetime import date

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Author
from data_access.database.engine import Database
from data_access.database.schema import inside_time_notes, saved_views, time_notes
from data_access.kept_rows import INSIDE_TIME_NOTE
from data_access.persons.erase import By, erase
from data_access.questions.impact.time_notes import time_notes_list
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BOARD, TODAY, stored

POLICY, QUARREL = "New travel policy", "The quarrel of March"
LEADER = Author("lea@example.org", Scope(Role.LEADERSHIP))
ANYBODY = Author("any@example.org", Scope(Role.PUBLIC))


@pytest.fixture
def program(either: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    DeskBuilder(either).add_program()
    return either


def write(database: Database, note: str, *, inside: bool, day: date = date(2026, 3, 2), by: Author = ADA) -> int:
    return actions.write_note(database, by, today=TODAY, noted_on=day, note=note, inside=inside)


def read(database: Database, role: Role, as_of: date = TODAY) -> list[str]:
    with database.program.connect() as connection:
        found = time_notes_list(connection, Selection(as_of=as_of), Scope(role))
    return list(found["note"])


def test_a_note_is_seen_by_whom_it_says_from_its_day_on(program: Database) -> None:
    write(program, POLICY, inside=False)
    write(program, QUARREL, inside=True)
    assert read(program, Role.PM) == read(program, Role.BOARD) == [POLICY, QUARREL]
    assert read(program, Role.LEADERSHIP) == read(program, Role.PUBLIC) == [POLICY]
    assert read(program, Role.PM, date(2026, 3, 1)) == []
    # By structure: what the release takes has none of those for inside.
    assert [row["words"] for row in stored(program, time_notes)] == [POLICY]


def test_a_note_is_in_the_record_and_can_be_undone(program: Database) -> None:
    entry = write(program, f"  {QUARREL}\n ", inside=True)
    with program.program.connect() as connection:
        [row] = actions.row_changes(connection, (INSIDE_TIME_NOTE, ""))
    assert row.words == f"note for those inside on 2 March 2026: {QUARREL}"
    actions.undo(program, ADA, entry)
    assert stored(program, inside_time_notes) == []


@pytest.mark.parametrize(
    ("note", "day", "said"),
    [
        ("  ", date(2026, 3, 2), "Note: say"),
        ("x" * 121, date(2026, 3, 2), "at most 120"),
        ("a\u202eb", date(2026, 3, 2), "plain text"),
        (POLICY, date(2099, 1, 1), "lies in the future"),
        (POLICY, None, "a day is needed"),
    ],
)
def test_a_note_that_says_nothing_or_lies_ahead_is_refused(
    program: Database, note: str, day: date | None, said: str
) -> None:
    with pytest.raises(ActionRefused, match=said):
        actions.write_note(program, ADA, today=TODAY, noted_on=day, note=note, inside=False)


def test_the_program_manager_alone_writes_notes(program: Database) -> None:
    for by in (BOARD, LEADER, ANYBODY):
        with pytest.raises(NotAllowed):
            write(program, POLICY, inside=False, by=by)
    assert stored(program, time_notes) == []


def save(database: Database, by: Author = ADA, name: str = "North", *, shared: bool = False) -> str:
    query = {"country": "DE", "rows": "impact_trends~held.2026-03-01.1"}
    return actions.save_view(database, by, name=name, page="impact", query=query, shared=shared, today=TODAY)


def names(database: Database, by: Author) -> list[str]:
    with database.program.connect() as connection:
        return [view.name for view in actions.views_for(connection, by.name)]


def test_a_view_is_its_owners_until_it_is_shared(program: Database) -> None:
    key = save(program)
    assert names(program, ADA) == ["North"]
    assert names(program, LEADER) == []
    actions.share_view(program, ADA, key, True)
    with program.program.connect() as connection:
        [view] = actions.views_for(connection, LEADER.name)
    assert (view.page, view.query["country"], view.own) == ("impact", "DE", False)
    actions.share_view(program, ADA, key, False)
    assert names(program, LEADER) == []


def test_a_name_stands_once_with_its_owner_and_can_be_changed(program: Database) -> None:
    key = save(program)
    save(program, LEADER)
    with pytest.raises(ActionRefused, match="have a view “North” already"):
        save(program, name=" North ")
    actions.rename_view(program, ADA, key, "The north")
    assert names(program, ADA) == ["The north"]
    with pytest.raises(ActionRefused, match="give the view a name"):
        actions.rename_view(program, ADA, key, " ")


def test_nobody_changes_the_view_of_another_but_the_manager_takes_what_is_shared(program: Database) -> None:
    own, shared = save(program, LEADER, "Own"), save(program, LEADER, "Ours", shared=True)
    for key in (own, shared):
        with pytest.raises((NotAllowed, ActionRefused)):
            actions.rename_view(program, ADA, key, "Mine")
        with pytest.raises((NotAllowed, ActionRefused)):
            actions.delete_view(program, BOARD, key)
    with pytest.raises(ActionRefused, match="no such view"):
        actions.delete_view(program, ADA, own)
    actions.delete_view(program, ADA, shared)
    assert names(program, LEADER) == ["Own"]
    with pytest.raises(NotAllowed):
        save(program, ANYBODY)


def test_an_erased_person_is_named_in_no_note_and_no_view(either: Database) -> None:
    built = DeskBuilder(either)
    built.add_program()
    built.add_person("p-77", name="Grace Hopper")
    write(either, "Grace Hopper left", inside=True)
    actions.save_view(
        either, ADA, name="About Grace Hopper", page="person", query={"person": "p-77"}, shared=False, today=TODAY
    )
    with either.writing() as connection:
        erase(connection, ["p-77"], By("ada", "pm"), TODAY)
    left = str([*stored(either, inside_time_notes), *stored(either, saved_views)])
    assert "Grace" not in left
    assert "p-77" not in left
