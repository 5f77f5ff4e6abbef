"""The register of decisions: who records, what is refused, undo, two at once, files, and what each viewer is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from data_access import actions
from data_access.actions import ActionRefused, Author, row_changes, undo
from data_access.database.engine import Database
from data_access.database.schema import decisions
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.kept_rows import DECISION
from data_access.questions.strategy.decisions import RegisteredDecision
from data_access.recorded import CLASHES
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.bundles import write_table
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, BOARD, TODAY, seen, stored, together
from tests.releasing import release

WHOSE = {"who_decides": "Board", "who_agrees": "Program manager", "consulted": "Partners", "informed": "Members"}


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program()
    return made


def record(built: DeskBuilder, what: str = "Three events a quarter", by: Author = BOARD, **given: Any) -> int:
    key = given.pop("decision", "")
    given = {
        "opened": seen(built.database, (DECISION, key)) if key else {},
        "topic": "accountability",
        "status": "decided",
        "decided_on": date(2026, 3, 2),
        "parts": WHOSE,
        **given,
    }
    return actions.record_decision(built.database, by, key, today=TODAY, what=what, **given)


def register(built: DeskBuilder, day: date = TODAY, role: Role = Role.PM, **options: Any) -> list[RegisteredDecision]:
    found = ask(built.database, "decisions_register", Selection(as_of=day), Scope(role), **options)
    return [RegisteredDecision(*row) for row in found.astype(object).where(found.notna(), None).itertuples(index=False)]


def newest_key(built: DeskBuilder, what: str) -> str:
    return next(str(row["decision_key"]) for row in stored(built.database, decisions) if row["what"] == what)


def test_a_decision_is_recorded_changed_replaced_and_taken_back(built: DeskBuilder) -> None:
    first = record(built, "Two events a quarter", decided_on=date(2025, 1, 1))
    two = newest_key(built, "Two events a quarter")
    second = record(built, by=ADA, supersedes=two)
    three = newest_key(built, "Three events a quarter")
    assert [(row.what, row.state, row.superseded_by) for row in register(built)] == [
        ("Three events a quarter", "decided", None),
        ("Two events a quarter", "superseded", "Three events a quarter"),
    ]
    done = record(built, decision=three, status="done", supersedes=two, evidence_url="https://wiki.example.org/d")
    [row] = [row for row in stored(built.database, decisions) if row["decision_key"] == three]
    assert (row["status"], row["evidence_url"], row["who_decides"]) == ("done", "https://wiki.example.org/d", "Board")
    with built.database.program.connect() as connection:
        assert row_changes(connection, (DECISION, three))[0].words == (
            "decided on 2 March 2026, and done: Three events a quarter"
        )
    with pytest.raises(ActionRefused, match="something else was recorded of it"):
        undo(built.database, ADA, first)
    for entry in (done, second, first):
        undo(built.database, BOARD, entry)
    assert stored(built.database, decisions) == []


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"topic": ""}, "Topic: choose"),
    ({"topic": "weather"}, "Topic: "),
    ({"what": " "}, "Decision: say in a sentence"),
    ({"decided_on": None}, "Decided on: a day is needed"),
    ({"decided_on": date(2026, 9, 16)}, "lies in the future"),
    ({"status": "proposed"}, "a proposal has no day yet"),
    ({"parts": {}}, "Who decides: name the role"),
    ({"evidence_url": "wiki"}, "Address: "),
    ({"supersedes": "nothing"}, "there is no such decision"),
    ({"supersedes": "later"}, "decided later, on 1 June 2026"),
    ({"supersedes": "proposal"}, "never decided"),
    ({"supersedes": "old"}, "another one took it already: “new”"),
    ({"decision": "old", "supersedes": "old"}, "there is no such decision"),
    ({"decision": "gone"}, "There is no such decision"),
]


def test_what_cannot_be_is_refused(built: DeskBuilder) -> None:
    for key, status, day, supersedes in (
        *(("later", "decided", date(2026, 6, 1), None), ("proposal", "proposed", None, None)),
        *(("old", "done", date(2026, 1, 1), None), ("new", "decided", date(2026, 2, 1), "old")),
    ):
        row = {"decision_key": key, "topic": "metrics", "what": key, "status": status, "decided_on": day}
        with built.database.writing() as connection:
            connection.execute(insert(decisions).values(**row, supersedes=supersedes))
    before = stored(built.database, decisions)
    for given, words in REFUSED:
        with pytest.raises(ActionRefused, match=words):
            record(built, **given)
    assert stored(built.database, decisions) == before


def test_two_cannot_take_the_place_of_each_other(built: DeskBuilder) -> None:
    record(built, "One")
    record(built, "Other", supersedes=newest_key(built, "One"))
    with pytest.raises(ActionRefused, match="of each other"):
        record(built, "One", decision=newest_key(built, "One"), supersedes=newest_key(built, "Other"))


def test_of_two_who_change_it_at_once_one_is_told(built: DeskBuilder) -> None:
    record(built)
    key = newest_key(built, "Three events a quarter")
    opened = seen(built.database, (DECISION, key))
    tries = [
        lambda by=by, status=status: record(built, by=by, decision=key, status=status, opened=opened)
        for by, status in ((ADA, "done"), (BO, "withdrawn"))
    ]
    assert together(*tries) == ["Changed", "int"]
    for role in (Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC):
        with pytest.raises(NotAllowed):
            record(built, by=Author(role, Scope(role)))


def test_what_is_dated_later_is_not_decided_yet(built: DeskBuilder) -> None:
    record(built, "Two", decided_on=date(2025, 1, 1))
    record(built, "Three", supersedes=newest_key(built, "Two"))
    record(built, "Keep a tenth", topic="resources", status="proposed", decided_on=None, parts={})
    assert [(row.what, row.state) for row in register(built, date(2026, 3, 1))] == [
        ("Two", "decided"),
        ("Keep a tenth", "proposed"),
    ]
    assert [row.what for row in register(built, date(2026, 3, 2), topic="accountability")] == ["Three", "Two"]


def test_outside_learn_what_and_when_but_not_whose_part_it_was(built: DeskBuilder, tmp_path: Path) -> None:
    record(built, evidence_url="https://wiki.example.org/d")
    write_table(
        tmp_path, "decisions", {"decision_key": "f", "topic": "metrics", "what": "From a file", "supersedes": "f"}
    )
    key = newest_key(built, "Three events a quarter")
    write_table(
        tmp_path / "b", "decisions", {"decision_key": key, "topic": "metrics", "what": "Another", "status": "decided"}
    )
    assert run_import(built.database, [tmp_path], ImportOptions(as_of=TODAY)).committed
    report = run_import(built.database, [tmp_path / "b"], ImportOptions(as_of=TODAY))
    assert {each.problem for each in report.clashes} == {CLASHES[0]}
    release(built.database, date(2026, 7, 1))
    inside, outside = register(built), register(built, role=Role.LEADERSHIP)
    assert [(row.topic_name, row.what, row.state) for row in outside] == [
        ("Metrics", "From a file", "decided"),
        ("Accountability", "Three events a quarter", "decided"),
    ]
    assert [row[:8] for row in inside] == [row[:8] for row in outside]
    assert inside[1][8:] == ("Board", "Program manager", "Partners", "Members", "https://wiki.example.org/d")
    assert {value for row in outside for value in row[8:]} == {None}
