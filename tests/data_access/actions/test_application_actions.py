"""An application's steps: their order, the funnel that follows, the membership that begins, undo, two at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Author, NeedsConfirmation, row_changes, undo
from data_access.database.engine import Database
from data_access.database.schema import applications, memberships
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.kept_rows import APPLICATION, MEMBERSHIP
from data_access.recorded import CLASHES
from data_access.selection import Selection
from tests.bundles import write_table
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, TODAY, seen, stored, together


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Cy and Di applied on 10 January 2026 to a cohort of one place."""
    made = DeskBuilder(either)
    made.add_program()
    made.add_cohort(places=1)
    made.apply("cy", application_key="cy")
    made.apply("di", application_key="di", evaluated_on=date(2026, 2, 1))
    return made


def step(built: DeskBuilder, name: str, key: str = "cy", by: Author = ADA, **given: Any) -> int:
    given = {"opened": seen(built.database, (APPLICATION, key)), "today": TODAY, **given}
    return int(getattr(actions, name)(built.database, by, key, **given))


def through(built: DeskBuilder) -> list[int]:
    """The whole way of Cy, a month a step."""
    return [
        step(built, "evaluate", score="4.5", evaluated_on=date(2026, 2, 1)),
        step(built, "decide", decision="accepted", decided_on=date(2026, 3, 1)),
        step(built, "train", trained_on=date(2026, 4, 1)),
        step(built, "graduate", graduated_on=date(2026, 5, 1), member_from=date(2026, 5, 4)),
    ]


def pipeline(built: DeskBuilder) -> tuple[Any, ...]:
    [row] = ask(built.database, "cohort_pipeline", Selection(as_of=TODAY), ADA.scope).itertuples()
    return row.applied, row.accepted, row.trained, row.graduated, row.active


def test_the_whole_way_counts_at_once_and_every_undo_restores_what_was(built: DeskBuilder) -> None:
    before = (stored(built.database, applications), stored(built.database, memberships))
    assert pipeline(built) == (2, 0, 0, 0, 0)
    entries = through(built)
    assert pipeline(built) == (2, 1, 1, 1, 1)
    [member] = stored(built.database, memberships)
    assert (member["person_key"], member["cohort_key"], member["started_on"]) == ("cy", "c1", date(2026, 5, 4))
    with built.database.program.connect() as connection:
        words = [row.words for row in row_changes(connection, (APPLICATION, "cy"))]
    assert words == [
        "graduated on 1 May 2026",
        "trained on 1 April 2026",
        "application accepted on 1 March 2026",
        "application evaluated on 1 February 2026, score 4.5",
    ]
    for entry in reversed(entries):
        undo(built.database, ADA, entry)
    assert (stored(built.database, applications), stored(built.database, memberships)) == before


def test_undoing_the_undoing_of_a_graduation_brings_the_membership_again(built: DeskBuilder) -> None:
    entry = through(built)[-1]
    after = stored(built.database, memberships)
    back = undo(built.database, ADA, entry)
    assert stored(built.database, memberships) == []
    undo(built.database, ADA, back)
    assert stored(built.database, memberships) == after


def test_a_membership_taken_back_on_its_own_does_not_come_again_with_the_graduation(built: DeskBuilder) -> None:
    entry = through(built)[-1]
    with built.database.program.connect() as connection:
        [began] = row_changes(connection, (MEMBERSHIP, ""))
    undo(built.database, ADA, began.entry_id)
    undo(built.database, ADA, undo(built.database, ADA, entry))
    assert stored(built.database, memberships) == []


def test_whoever_is_a_member_already_begins_no_second_membership(built: DeskBuilder) -> None:
    built.add_member("cy", date(2025, 1, 1))
    through(built)
    assert len(stored(built.database, memberships)) == 1


@pytest.mark.parametrize(
    ("done", "name", "given", "words"),
    [
        (0, "decide", {"decision": "accepted"}, "not evaluated yet"),
        (0, "decide", {"decision": "declined"}, "a reason is needed"),
        (0, "decide", {"decision": "pending"}, "choose accepted, declined or withdrawn"),
        (0, "train", {}, "Only somebody who was accepted"),
        (0, "graduate", {}, "Only somebody who was trained"),
        (0, "evaluate", {"evaluated_on": date(2026, 1, 9)}, "the step before was on 10 January 2026"),
        (0, "evaluate", {"evaluated_on": date(2026, 9, 16)}, "lies in the future"),
        (0, "evaluate", {"score": "many"}, "Score: "),
        (1, "evaluate", {}, "evaluated on 1 February 2026 already"),
        (2, "decide", {"decision": "withdrawn"}, "accepted already, on 1 March 2026"),
        (2, "evaluate", {}, "evaluated on 1 February 2026 already"),
        (3, "graduate", {"member_from": date(2026, 3, 1)}, "nobody is a member before the graduation"),
        (3, "graduate", {"member_from": date(2026, 9, 16)}, "Member from: 16 September 2026 lies in the future"),
    ],
)
def test_steps_come_in_their_order(built: DeskBuilder, done: int, name: str, given: Any, words: str) -> None:
    for entry in reversed(through(built)[done:]):
        undo(built.database, ADA, entry)
    before = (stored(built.database, applications), stored(built.database, memberships))
    with pytest.raises(ActionRefused, match=words):
        step(built, name, **given)
    assert (stored(built.database, applications), stored(built.database, memberships)) == before


def test_more_acceptances_than_places_have_to_be_confirmed(built: DeskBuilder) -> None:
    through(built)
    with pytest.raises(NeedsConfirmation, match="The cohort has 1 place, and all are taken") as asked:
        step(built, "decide", "di", decision="accepted")
    step(built, "decide", "di", decision="accepted", confirmed=asked.value.codes)
    assert pipeline(built)[1] == 2


def test_of_two_who_decide_at_once_one_is_refused(built: DeskBuilder) -> None:
    opened = seen(built.database, (APPLICATION, "di"))
    found = together(
        lambda: step(built, "decide", "di", decision="accepted", opened=opened),
        lambda: step(built, "decide", "di", BO, decision="declined", note="Too far away", opened=opened),
    )
    assert found == ["Changed", "int"]


def test_a_file_that_disagrees_is_told_and_the_recorded_stands(built: DeskBuilder, tmp_path: Path) -> None:
    through(built)
    row = {"application_key": "cy", "person_key": "cy", "cohort_key": "c1", "applied_on": "2026-01-10"}
    write_table(tmp_path, "applications", row | {"decision": "pending", "score": "2"})
    report = run_import(built.database, [tmp_path], ImportOptions(as_of=TODAY))
    assert report.committed, report.in_words()
    assert pipeline(built) == (2, 1, 1, 1, 1)
    clashes = report.clashes
    assert {each.problem for each in clashes} == {CLASHES[0]}
    assert "decision: accepted recorded, pending in the file" in " ".join(each.value for each in clashes)


def test_what_waits_is_listed_with_its_step_and_age(built: DeskBuilder) -> None:
    """Cy waits for an evaluation since 10 January, Di for a decision since 1 February; as of 15 September."""

    def waiting(as_of: date) -> list[tuple[Any, ...]]:
        found = ask(built.database, "applications_waiting", Selection(as_of=as_of), ADA.scope)
        return [(row.application_key, row.step, row.days) for row in found.itertuples()]

    assert waiting(TODAY) == [("cy", "evaluation", 248), ("di", "decision", 226)]
    assert waiting(date(2026, 1, 20)) == [("cy", "evaluation", 10), ("di", "evaluation", 10)]
    through(built)
    assert waiting(TODAY) == [("di", "decision", 226)]
    assert waiting(date(2026, 4, 11)) == [("di", "decision", 69), ("cy", "graduation", 10)]
    step(built, "decide", "di", decision="declined", note="No time this year")
    assert waiting(TODAY) == []
