"""Trainings and who came, thanks, reviews, and what is recorded of spaces: rules, undo, two at once, files after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Changed, row_changes, undo
from data_access.database.engine import Database
from data_access.database.schema import application_reviews, space_notes, spaces, thanks, training_attendance, trainings
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.kept_rows import ATTENDANCE, KEPT_ROWS, REVIEW, SPACE, SPACE_NOTE, THANKS, TRAINING, key_text
from data_access.recorded import CLASHES
from data_access.selection import NotAllowed
from tests.bundles import write_table
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, BOARD, TODAY, seen, stored, together

KEY = "2026-09-15-speaking-in-public"


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Three people, one of whom has a slash in their key; a cohort with an application; a space."""
    made = DeskBuilder(either)
    made.add_program()
    made.add_cohort()
    for person in ("cy", "di", "e/f"):
        made.add_person(person)
    made.apply("cy", application_key="a1", on=date(2026, 9, 1))
    made._add(spaces, {"space_key": "paris", "name": "Paris", "opened_on": date(2026, 1, 1)})
    return made


def refused(attempt: Callable[..., Any], *cases: tuple[dict[str, Any], str]) -> None:
    for given, words in cases:
        with pytest.raises(ActionRefused, match=words):
            attempt(**given)


def hold(built: DeskBuilder, **given: Any) -> int:
    given = {"title": "Speaking in public", "kind": "speaking", "held_on": TODAY, "cohort": "c1", **given}
    given["opened"] = seen(built.database, (TRAINING, KEY))
    return actions.record_training(built.database, ADA, today=TODAY, **given)


def attend(built: DeskBuilder, training: str = KEY, **given: Any) -> list[int]:
    people = {*given.get("came", ()), *given.get("absent", ())}
    rows = [(ATTENDANCE, key_text(training, person)) for person in people]
    given = {"opened": seen(built.database, *rows), "by": ADA, **given}
    return actions.record_attendance(built.database, given.pop("by"), training, **given)


def attended(built: DeskBuilder) -> dict[str, bool]:
    return {row["person_key"]: row["attended"] for row in stored(built.database, training_attendance)}


def test_a_training_is_recorded_with_who_came_and_both_can_be_taken_back(built: DeskBuilder) -> None:
    held = hold(built)
    assert [row["training_key"] for row in stored(built.database, trainings)] == [KEY]
    entries = attend(built, came=["cy", "e/f"], absent=["di"])
    assert attended(built) == {"cy": True, "di": False, "e/f": True}
    with built.database.program.connect() as connection:
        words = {change.words for change in row_changes(connection, (ATTENDANCE, ""))}
    assert words == {f"cy attended {KEY}", f"di was not at {KEY}", f"e/f attended {KEY}"}
    attend(built, came=["cy", "di"])
    assert attended(built) == {"cy": True, "di": True, "e/f": True}
    with pytest.raises(Changed):
        undo(built.database, ADA, entries[1])
    with pytest.raises(ActionRefused, match="something else was recorded"):
        undo(built.database, ADA, held)
    with built.database.program.connect() as connection:
        newest = row_changes(connection, (ATTENDANCE, key_text(KEY, "di")))[0]
    for entry in (newest.entry_id, *entries):
        undo(built.database, ADA, entry)
    undo(built.database, BO, held)
    assert (stored(built.database, trainings), attended(built)) == ([], {})


def test_trainings_refuse_what_cannot_be(built: DeskBuilder) -> None:
    refused(
        lambda **given: hold(built, **given),
        ({"title": " "}, "Title: say"),
        ({"kind": ""}, "Kind: choose"),
        ({"kind": "magic"}, "Kind: "),
        ({"held_on": TODAY + timedelta(days=1)}, "lies in the future"),
        ({"cohort": "c9"}, "Cohort: there is none"),
    )
    hold(built)
    refused(lambda: hold(built), ({}, "recorded already"))
    refused(
        lambda **given: attend(built, **given),
        ({"came": ["cy"], "absent": ["cy"]}, "Choose one"),
        ({"came": ["nobody"]}, "not known here"),
        ({"came": ["cy"], "training": "t9"}, "no such training"),
        ({}, "recorded already"),
    )
    with pytest.raises(NotAllowed):
        attend(built, came=["cy"], by=BOARD)
    opened = seen(built.database, (ATTENDANCE, key_text(KEY, "cy")))
    both = (
        lambda: attend(built, came=["cy"], opened=opened)[0],
        lambda: attend(built, absent=["cy"], opened=opened)[0],
    )
    assert together(*both) == ["Changed", "int"]


def thank(built: DeskBuilder, person: str = "cy", **given: Any) -> int:
    given = {"occasion": "core", "occasion_on": date(2026, 9, 1), "given_on": TODAY, "how": "A card", **given}
    key = actions.thanks_key(person, given["occasion"], given["occasion_on"])
    given = {"opened": seen(built.database, (THANKS, key)), "by": ADA, **given}
    return actions.thank(built.database, given.pop("by"), person, today=TODAY, **given)


def test_thanks_are_given_once_for_each_thing_and_can_be_taken_back(built: DeskBuilder) -> None:
    entry = thank(built, "e/f")
    [row] = stored(built.database, thanks)
    assert (row["person_key"], row["occasion"], row["given_on"], row["how"]) == ("e/f", "core", TODAY, "A card")
    with built.database.program.connect() as connection:
        [change] = row_changes(connection, (THANKS, ""))
    assert change.words == "e/f thanked on 15 September 2026 for became core: A card"
    refused(
        lambda **given: thank(built, **{"person": "e/f", **given}),
        ({}, "given on 15 September 2026 already"),
        ({"person": "nobody"}, "no such person"),
        ({"occasion": "luck"}, "For: "),
        ({"given_on": date(2026, 8, 31)}, "happened on 1 September 2026 only"),
        ({"given_on": TODAY + timedelta(days=1)}, "lies in the future"),
    )
    with pytest.raises(NotAllowed):
        thank(built, by=BOARD)
    undo(built.database, BO, entry)
    assert stored(built.database, thanks) == []


def review(built: DeskBuilder, reviewer: str = "Ines", **given: Any) -> int:
    key = actions.review_key("a1", reviewer)
    given = {"opened": seen(built.database, (REVIEW, key)), "score": "70", "by": ADA, **given}
    return actions.review(built.database, given.pop("by"), "a1", today=TODAY, reviewer=reviewer, **given)


def ask_for_review(built: DeskBuilder, reviewer: str, application: str = "a1", **given: Any) -> int:
    opened = seen(built.database, (REVIEW, actions.review_key(application, reviewer)))
    about = {"opened": opened, "today": TODAY, "reviewer": reviewer, **given}
    return actions.ask_for_review(built.database, ADA, application, **about)


def test_several_reviewers_score_an_application_until_it_is_decided(built: DeskBuilder) -> None:
    day = date(2026, 9, 3)
    ask_for_review(built, "Ines", assigned_on=day)
    asked = {"assigned_on": day, "reviewed_on": None, "score": None}
    assert stored(built.database, application_reviews) == [{"application_key": "a1", "reviewer": "Ines", **asked}]
    refused(
        lambda **given: review(built, **given),
        ({"score": ""}, "Score: a review has one"),
        ({"score": "high"}, "Score: "),
        ({"reviewed_on": date(2026, 9, 2)}, "asked for on 3 September 2026 only"),
        ({"reviewer": " "}, "Reviewer: name"),
    )
    first, second = review(built), review(built, "Ravi", score="60.5")
    refused(lambda **given: review(built, **given), ({}, "Ines reviewed it on 15 September 2026 already"))
    assert [row["score"] for row in stored(built.database, application_reviews)] == [70, 60.5]
    refused(lambda: ask_for_review(built, "Ravi"), ({}, "Ravi reviews this application already"))
    undo(built.database, ADA, first)
    undo(built.database, ADA, second)
    assert stored(built.database, application_reviews) == [{"application_key": "a1", "reviewer": "Ines", **asked}]
    opened = seen(built.database, (REVIEW, actions.review_key("a1", "Ines")))
    assert together(lambda: review(built, opened=opened), lambda: review(built, by=BO, opened=opened)) == [
        "Changed",
        "int",
    ]
    built.apply("di", application_key="a2", decision="declined", on=date(2026, 9, 1))
    refused(
        lambda key: ask_for_review(built, "Ines", key),
        ({"key": "a2"}, "decided already"),
        ({"key": "a9"}, "no such application"),
    )


def of_space(built: DeskBuilder, act: Callable[..., int], **given: Any) -> int:
    given = {"opened": seen(built.database, (SPACE, "paris")), "by": ADA, **given}
    return act(built.database, given.pop("by"), "paris", **given)


def test_coordinators_and_the_start_of_a_pilot_are_recorded(built: DeskBuilder) -> None:
    before = stored(built.database, spaces)
    named = of_space(built, actions.name_coordinator, side="coordinator_technical", person="cy")
    started = of_space(built, actions.start_pilot, today=TODAY, started_on=date(2026, 9, 1), days=90)
    [row] = stored(built.database, spaces)
    assert (row["coordinator_technical"], row["pilot_started_on"], row["pilot_days"]) == ("cy", date(2026, 9, 1), 90)
    pilot: Callable[..., int] = lambda **given: of_space(  # noqa: E731
        built, actions.start_pilot, **{"today": TODAY, "started_on": TODAY, "days": 90, **given}
    )
    refused(pilot, ({}, "started on 1 September 2026 already"))
    undo(built.database, ADA, started)
    refused(
        pilot,
        ({"days": ""}, "both are needed"),
        ({"days": 0}, "Days: out of range"),
        ({"started_on": None}, "both are needed"),
        ({"started_on": date(2025, 12, 31)}, "opens on 1 January 2026 only"),
    )
    refused(
        lambda **given: of_space(built, actions.name_coordinator, **given),
        ({"side": "coordinator_technical", "person": "nobody"}, "no such person"),
        ({"side": "name", "person": "cy"}, "Side: choose"),
        ({"side": "coordinator_technical", "person": "cy"}, "recorded already"),
    )
    with pytest.raises(NotAllowed):
        of_space(built, actions.name_coordinator, side="coordinator_community", person="di", by=BOARD)
    undo(built.database, ADA, named)
    assert stored(built.database, spaces) == before


def write_note(built: DeskBuilder, **given: Any) -> int:
    given = {"space": "paris", "kind": "roadmap", "words": "Mentors", "noted_on": date(2026, 9, 1), **given}
    if given["kind"] == "roadmap":
        given.setdefault("due_on", date(2026, 9, 20))
    return actions.note_of_space(built.database, ADA, given.pop("space"), today=TODAY, **given)


def test_roadmap_challenges_and_lessons_are_noted_and_done(built: DeskBuilder) -> None:
    entry = write_note(built)
    [row] = stored(built.database, space_notes)
    key = row["note_key"]

    def finish(**given: Any) -> int:
        opened = seen(built.database, (SPACE_NOTE, key))
        return actions.finish_note(
            built.database, ADA, key, today=TODAY, **{"opened": opened, "done_on": TODAY, **given}
        )

    refused(finish, ({"done_on": date(2026, 8, 31)}, "noted on 1 September 2026 only"))
    done = finish()
    assert stored(built.database, space_notes)[0]["done_on"] == TODAY
    with built.database.program.connect() as connection:
        newest = row_changes(connection, (SPACE_NOTE, key))[0]
    assert newest.words == "roadmap of paris: Mentors (done on 15 September 2026)"
    refused(finish, ({}, "done on 15 September 2026 already"))
    undo(built.database, ADA, done)
    undo(built.database, ADA, entry)
    assert stored(built.database, space_notes) == []
    refused(
        lambda **given: write_note(built, **given),
        ({"kind": "gossip"}, "Kind: "),
        ({"words": " "}, "Note: write"),
        ({"due_on": None}, "Due on: an item"),
        ({"due_on": date(2026, 8, 1)}, "before it was noted"),
        ({"space": "oz"}, "no such space"),
    )
    write_note(built, kind="lesson", words="Evenings fill")
    key = stored(built.database, space_notes)[0]["note_key"]
    refused(finish, ({}, "Only an item of the roadmap or a challenge"))


def test_a_file_does_not_undo_what_was_recorded_here(built: DeskBuilder, tmp_path: Path) -> None:
    hold(built)
    attend(built, came=["e/f"])
    thank(built, "e/f")
    review(built)
    of_space(built, actions.name_coordinator, side="coordinator_community", person="di")
    about = {"person_key": "e/f", "occasion": "core", "occasion_on": "2026-09-01"}
    write_table(tmp_path, "training_attendance", {"training_key": KEY, "person_key": "e/f", "attended": "no"})
    write_table(tmp_path, "thanks", {**about, "given_on": "2026-09-02", "how": "A call"})
    scored = {"application_key": "a1", "reviewer": "Ines", "assigned_on": "2026-09-02", "score": "10"}
    write_table(tmp_path, "application_reviews", {**scored, "reviewed_on": "2026-09-04"})
    write_table(tmp_path, "spaces", {"space_key": "paris", "name": "Paris", "coordinator_community": "cy"})
    report = run_import(built.database, [tmp_path], ImportOptions(as_of=TODAY))
    assert report.committed, report.in_words()
    tables = ["application_reviews", "spaces", "thanks", "training_attendance"]
    assert sorted({each.table for each in report.clashes}) == tables
    assert {each.problem for each in report.clashes} == {CLASHES[0]}
    assert attended(built) == {"e/f": True}
    assert stored(built.database, thanks)[0]["how"] == "A card"
    assert stored(built.database, application_reviews)[0]["score"] == 70
    assert stored(built.database, spaces)[0]["coordinator_community"] == "di"


def test_what_was_recorded_of_a_merged_person_is_still_theirs(built: DeskBuilder, tmp_path: Path) -> None:
    """The key in the record is the one that they had then."""
    entry = thank(built, "cy")
    actions.merge_people(built.database, ADA, "cy", "di")
    assert stored(built.database, thanks)[0]["person_key"] == "di"
    about = {"person_key": "cy", "occasion": "core", "occasion_on": "2026-09-01"}
    write_table(tmp_path, "thanks", {**about, "given_on": "2026-09-02", "how": "A call"})
    report = run_import(built.database, [tmp_path], ImportOptions(as_of=TODAY))
    assert [each.table for each in report.clashes] == ["thanks"], report.in_words()
    undo(built.database, ADA, entry)
    assert stored(built.database, thanks) == []


def test_every_key_of_several_parts_can_be_read_again() -> None:
    for subject, parts in ((ATTENDANCE, ("t/1", "a/b%2F")), (REVIEW, ("a/1", "Ines / Ravi")), (TRAINING, ("t/1",))):
        assert KEPT_ROWS[subject].key_of(key_text(*parts)) == parts
