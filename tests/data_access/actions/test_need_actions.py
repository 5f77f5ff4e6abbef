"""Needs of organizers as the program manager records them: raised, met, undone, and kept against a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Author, row_changes, undo
from data_access.database.engine import Database
from data_access.database.schema import organizer_needs
from data_access.imports.pipeline import run_import
from data_access.kept_rows import NEED
from data_access.recorded import CLASHES
from data_access.selection import NotAllowed
from tests.bundles import write_table
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BOARD, TODAY, seen, stored

GIVEN: dict[str, Any] = {"kind": "venue", "note": "A room for forty", "raised_on": date(2026, 9, 1), "city": "Pune"}


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program()
    made.add_person("cy")
    return made


def raised(built: DeskBuilder, by: Author = ADA, **given: Any) -> str:
    actions.raise_need(built.database, by, today=TODAY, **{**GIVEN, **given})
    return str(stored(built.database, organizer_needs)[-1]["need_key"])


def meet(built: DeskBuilder, need: str, by: Author = ADA, met_on: date | None = TODAY) -> int:
    opened = seen(built.database, (NEED, need))
    return actions.meet_need(built.database, by, need, opened=opened, today=TODAY, met_on=met_on, note="The library")


def test_a_need_is_raised_met_and_open_again(built: DeskBuilder) -> None:
    need = raised(built, person_key="cy")
    [row] = stored(built.database, organizer_needs)
    assert (row["kind"], row["note"], row["city"], row["person_key"]) == ("venue", "A room for forty", "Pune", "cy")
    entry = meet(built, need)
    assert stored(built.database, organizer_needs)[0]["met_on"] == TODAY
    undo(built.database, ADA, entry)
    assert stored(built.database, organizer_needs)[0]["met_on"] is None
    with built.database.program.connect() as connection:
        words = [change.words for change in row_changes(connection, (NEED, ""))]
    assert words == [
        "need “A venue” open again (undone)",
        "need “A venue” met on 15 September 2026",
        "need “A venue” raised on 1 September 2026",
    ]


def test_what_cannot_be_is_refused(built: DeskBuilder) -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"kind": ""}, "choose what is needed"),
        ({"kind": "luck"}, "Need:"),
        ({"note": " "}, "say what is needed"),
        ({"city": ""}, "Name the event, the town or the person"),
        ({"event_key": "nowhere"}, "“nowhere” is not known"),
        ({"person_key": "nobody"}, "“nobody” is not known"),
        ({"raised_on": date(2026, 9, 16)}, "lies in the future"),
        ({"raised_on": None}, "Raised on: it is empty"),
    )
    for given, words in cases:
        with pytest.raises(ActionRefused, match=words):
            raised(built, **given)
    assert stored(built.database, organizer_needs) == []


def test_a_need_is_met_once_and_not_before_it_was_raised(built: DeskBuilder) -> None:
    need = raised(built)
    with pytest.raises(ActionRefused, match="raised on 1 September 2026 only"):
        meet(built, need, met_on=date(2026, 8, 31))
    meet(built, need)
    with pytest.raises(ActionRefused, match="met on 15 September 2026 already"):
        meet(built, need)


def test_the_board_reads_needs_and_records_none(built: DeskBuilder) -> None:
    with pytest.raises(NotAllowed):
        raised(built, BOARD)


def test_a_file_does_not_undo_what_was_recorded(built: DeskBuilder, tmp_path: Path) -> None:
    need = raised(built)
    meet(built, need)
    row = {"need_key": need, "kind": "venue", "note": "A room for forty", "raised_on": "2026-09-01", "city": "Pune"}
    write_table(tmp_path, "organizer_needs", row | {"met_on": ""})
    report = run_import(built.database, [tmp_path])
    assert report.committed
    assert [problem.problem for problem in report.problems] == [CLASHES[0]]
    assert stored(built.database, organizer_needs)[0]["met_on"] == TODAY
