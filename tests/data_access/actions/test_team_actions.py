"""Recorded changes: who may, what is checked, what is kept, and that of two at once exactly one wins.

Every test runs on SQLite and on PostgreSQL. Today is 15 September 2026.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from data_access.actions import (
    ActionRefused,
    Author,
    Changed,
    Snapshot,
    appoint_coordinator,
    change_stage,
    close_risk,
    raise_risk,
    record_milestone,
    snapshot,
    undo,
)
from data_access.database.engine import Database
from data_access.database.schema import audit, team_milestones, team_risks, team_stages, teams
from data_access.questions import QUESTIONS
from data_access.questions.answering import answer_from
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.data_access.questions.asking import ask
from tests.releasing import release
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)
ENTERED = date(2026, 3, 1)
ADA = Author("Ada (PM)", Scope(Role.PM))
BO = Author("Bo (partner)", Scope(Role.PARTNER, ("team-a",)))
OTHERS = [
    Author("Partner of another team", Scope(Role.PARTNER, ("team-b",))),
    Author("Leader", Scope(Role.LEADERSHIP)),
    Author("Board", Scope(Role.BOARD)),
    Author("Anybody", Scope(Role.PUBLIC)),
]


@pytest.fixture
def built(either: Database) -> TeamBuilder:
    """Team A, preparing since 1 March, and a person called Cleo; team B next to it."""
    made = TeamBuilder(either)
    made.add_person("cleo", "Cleo")
    made.add_team("team-a", ("pre_work", ENTERED))
    made.add_team("team-b", ("pre_work", ENTERED))
    return made


def seen(built: TeamBuilder, team: str = "team-a") -> Snapshot:
    with built.database.program.connect() as connection:
        return snapshot(connection, team)


def rows(built: TeamBuilder, table: Any) -> list[Any]:
    with built.database.program.connect() as connection:
        return list(connection.execute(select(table)))


def milestone(built: TeamBuilder, by: Author = BO, opened: Snapshot | None = None, **given: Any) -> int:
    row = {"milestone": "readiness_workshop", "reached_on": date(2026, 9, 1), **given}
    opened = seen(built) if opened is None else opened
    return record_milestone(built.database, by, "team-a", opened=opened, today=TODAY, **row)


def stage(built: TeamBuilder, code: str, day: date, by: Author = BO, opened: Snapshot | None = None) -> int:
    opened = seen(built) if opened is None else opened
    return change_stage(built.database, by, "team-a", opened=opened, today=TODAY, stage=code, entered_on=day)


def test_a_milestone_is_written_with_its_audit_entry_and_a_new_data_version(built: TeamBuilder) -> None:
    before = built.database.version()
    entry = milestone(built, evidence_url="https://wiki.example.org/workshop", note="All came")
    [row] = rows(built, team_milestones)
    assert (row.milestone, row.reached_on, row.evidence_url) == (
        "readiness_workshop",
        date(2026, 9, 1),
        "https://wiki.example.org/workshop",
    )
    [kept] = rows(built, audit)
    assert (kept.entry_id, kept.author, kept.role, kept.team_key) == (entry, "Bo (partner)", "partner", "team-a")
    assert kept.before == "null"
    assert json.loads(kept.after)["note"] == "All came"
    assert built.database.version() > before


@pytest.mark.parametrize("by", OTHERS, ids=lambda author: author.name)
def test_only_the_program_manager_and_the_teams_own_partner_may_write(built: TeamBuilder, by: Author) -> None:
    opened, entry = seen(built), milestone(built, ADA)
    version = built.database.version()
    given: dict[str, Any] = {"opened": opened, "today": TODAY}
    attempts: list[Callable[[], int]] = [
        lambda: milestone(built, by, opened),
        lambda: raise_risk(built.database, by, "team-a", today=TODAY, risk="resistance"),
        lambda: close_risk(built.database, by, "team-a", **given, risk_key="r1", closed_on=TODAY),
        lambda: stage(built, "starting", TODAY, by, opened),
        lambda: appoint_coordinator(built.database, by, "team-a", **given, person="cleo", appointed_on=TODAY),
        lambda: undo(built.database, by, entry),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert built.database.version() == version
    assert len(rows(built, audit)) == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"milestone": "readiness_workshp"}, "Did you mean readiness_workshop"),
        ({"reached_on": TODAY + timedelta(days=1)}, "16 September 2026 lies in the future"),
        ({"reached_on": None}, "Reached on: it is empty"),
        ({"reached_on": date(1800, 1, 1)}, "before 1900"),
        ({"evidence_url": "javascript:alert(1)"}, "not a web address"),
        ({"evidence_url": "wiki/page"}, "not a web address"),
        ({"note": "\x00"}, "control character"),
        ({"note": "x" * 20_001}, "20,001 characters"),
    ],
)
def test_what_the_import_would_refuse_is_refused_here(built: TeamBuilder, given: dict[str, Any], problem: str) -> None:
    with pytest.raises(ActionRefused, match=problem):
        milestone(built, **given)
    assert not rows(built, audit)
    assert not rows(built, team_milestones)


def test_a_milestone_that_is_recorded_already_must_be_undone_first(built: TeamBuilder) -> None:
    milestone(built)
    with pytest.raises(ActionRefused, match="reached on 1 September 2026 already"):
        milestone(built)


@pytest.mark.parametrize(
    ("code", "day", "problem"),
    [
        ("learning", TODAY, "one stage at a time; after “Preparing to start” comes “Starting a pathway”"),
        ("pre_work", TODAY, "since 1 March 2026"),
        ("starting", ENTERED, "on that same day"),
        ("starting", ENTERED - timedelta(days=1), "the next stage comes after that day"),
        ("starting", TODAY + timedelta(days=1), "lies in the future"),
        ("begun", TODAY, "not a valid stage"),
    ],
)
def test_stages_are_entered_in_order_and_one_a_day(built: TeamBuilder, code: str, day: date, problem: str) -> None:
    with pytest.raises(ActionRefused, match=problem):
        stage(built, code, day)
    assert len(rows(built, team_stages)) == 2


def test_a_team_can_move_on_and_fall_back(built: TeamBuilder) -> None:
    stage(built, "starting", date(2026, 5, 1))
    stage(built, "pre_work", date(2026, 6, 1))
    codes = [row.stage for row in rows(built, team_stages) if row.team_key == "team-a"]
    assert sorted(codes) == ["pre_work", "pre_work", "starting"]


def test_a_risk_is_raised_once_and_closed_on_a_day_after_it(built: TeamBuilder) -> None:
    def close(day: date) -> int:
        [row] = rows(built, team_risks)
        return close_risk(
            built.database, BO, "team-a", opened=seen(built), today=TODAY, risk_key=row.risk_key, closed_on=day
        )

    day = date(2026, 8, 1)
    raise_risk(built.database, BO, "team-a", today=TODAY, risk="resistance", severity="high", raised_on=day)
    with pytest.raises(ActionRefused, match="open already, since 1 August 2026"):
        raise_risk(built.database, BO, "team-a", today=TODAY, risk="resistance")
    with pytest.raises(ActionRefused, match="raised on 1 August 2026"):
        close(day - timedelta(days=1))
    close(TODAY)
    with pytest.raises(ActionRefused, match="closed already"):
        close(TODAY)
    raise_risk(built.database, BO, "team-a", today=TODAY, risk="resistance")
    with pytest.raises(ActionRefused, match="Risk: it is empty"):
        raise_risk(built.database, BO, "team-a", today=TODAY, risk="  ")


def test_a_risk_of_another_team_cannot_be_closed_through_ones_own(built: TeamBuilder) -> None:
    key = built.add_risk("team-b")
    with pytest.raises(ActionRefused, match="does not exist"):
        close_risk(built.database, BO, "team-a", opened=seen(built), today=TODAY, risk_key=key, closed_on=TODAY)


def test_a_coordinator_must_be_a_person_and_only_the_program_manager_may_name_them(built: TeamBuilder) -> None:
    def appoint(by: Author, person: str) -> int:
        given: dict[str, Any] = {"opened": seen(built), "today": TODAY, "appointed_on": TODAY}
        return appoint_coordinator(built.database, by, "team-a", person=person, **given)

    for by, person in ((BO, "nobody"), (BO, "Cleo"), (ADA, "Clea"), (ADA, "")):
        with pytest.raises(ActionRefused, match="Coordinator"):
            appoint(by, person)
    appoint(ADA, "Cleo")
    [team] = [row for row in rows(built, teams) if row.team_key == "team-a"]
    assert (team.coordinator_key, team.coordinator_appointed_on) == ("cleo", TODAY)
    with pytest.raises(ActionRefused, match="since that day"):
        appoint(BO, "cleo")
    built.add_person("cleo-2", "Cleo")
    with pytest.raises(ActionRefused, match="cleo, cleo-2"):
        appoint(ADA, "Cleo")


def test_an_unknown_team_is_refused(built: TeamBuilder) -> None:
    with pytest.raises(ActionRefused, match="no team"):
        raise_risk(built.database, ADA, "team-z", today=TODAY, risk="resistance")


def test_what_somebody_else_changed_meanwhile_is_said_with_who_and_when(built: TeamBuilder) -> None:
    """To a partner by the other’s role, inside by name."""
    opened = seen(built)
    stage(built, "starting", date(2026, 9, 1), ADA)
    for by, who in ((BO, "The program manager"), (Author("Cy", Scope(Role.PM)), r"Ada \(PM\)")):
        said = rf"^{who} changed this on .* at \d\d:\d\d UTC: stage “Starting a pathway”"
        with pytest.raises(Changed, match=said):
            stage(built, "starting", date(2026, 9, 2), by, opened)
    milestone(built, BO, opened)  # another subject of the same team was not changed


def test_a_change_by_an_import_is_noticed_too(built: TeamBuilder) -> None:
    opened = seen(built)
    built.add_milestone("team-a", "readiness_workshop", date(2026, 8, 1))
    with pytest.raises(Changed, match="An import changed this meanwhile"):
        milestone(built, BO, opened)


def test_undo_restores_what_was_there_and_adds_an_entry(built: TeamBuilder) -> None:
    raise_risk(built.database, BO, "team-a", today=TODAY, risk="Our room is closed")
    [risk] = rows(built, team_risks)
    given: dict[str, Any] = {"opened": seen(built), "today": TODAY}
    entries = [
        milestone(built),
        stage(built, "starting", date(2026, 9, 1)),
        close_risk(built.database, BO, "team-a", **given, risk_key=risk.risk_key, closed_on=TODAY),
        appoint_coordinator(built.database, BO, "team-a", **given, person="cleo", appointed_on=TODAY),
    ]
    undone = [undo(built.database, BO, entry) for entry in entries]
    assert not rows(built, team_milestones)
    assert [row.stage for row in rows(built, team_stages)] == ["pre_work", "pre_work"]
    assert rows(built, team_risks) == [risk]
    assert {row.coordinator_key for row in rows(built, teams)} == {None}
    again = undo(built.database, ADA, undone[0])
    assert len(rows(built, team_milestones)) == 1
    kept = {row.entry_id: row.undoes for row in rows(built, audit)}
    assert [kept[entry] for entry in (*undone, again)] == [*entries, undone[0]]


def test_undo_is_refused_twice_and_when_something_newer_builds_on_it(built: TeamBuilder) -> None:
    first = stage(built, "starting", date(2026, 9, 1))
    second = stage(built, "learning", date(2026, 9, 2), ADA)
    with pytest.raises(Changed, match=r"something newer builds on it. The program manager changed this"):
        undo(built.database, BO, first)
    undo(built.database, BO, second)
    with pytest.raises(Changed, match=r"Bo \(partner\) undid this already"):
        undo(built.database, ADA, second)
    undo(built.database, BO, first)
    with pytest.raises(ActionRefused, match="no recorded change 999"):
        undo(built.database, ADA, 999)


@pytest.mark.parametrize(
    "statement", [update(audit).values(author="Nobody"), delete(audit), text("DELETE FROM audit WHERE 1 = 1")]
)
def test_the_database_itself_refuses_to_rewrite_the_audit(built: TeamBuilder, statement: Any) -> None:
    milestone(built)
    with pytest.raises(DBAPIError, match="only ever added"), built.database.writing() as connection:
        connection.execute(statement)
    assert [row.author for row in rows(built, audit)] == ["Bo (partner)"]


def test_of_two_who_record_at_once_exactly_one_wins(built: TeamBuilder) -> None:
    """Real threads, the same stage from the same opened form, many times over."""
    stages = ("starting", "learning", "scaling", "sustaining", "scaling", "learning", "starting", "pre_work")
    for number, code in enumerate(stages):
        opened, day = seen(built), ENTERED + timedelta(days=number + 1)
        attempts = [partial(stage, built, code, day, by, opened) for by in (ADA, BO)]
        results = together(*attempts)
        assert sorted(type(result).__name__ for result in results) == ["Changed", "int"], results
    history = [row for row in rows(built, team_stages) if row.team_key == "team-a"]
    assert len(history) == len(stages) + 1
    assert len(rows(built, audit)) == len(stages)


def test_of_two_who_undo_at_once_exactly_one_wins(built: TeamBuilder) -> None:
    entry = milestone(built)
    results = together(lambda: undo(built.database, ADA, entry), lambda: undo(built.database, BO, entry))
    assert sorted(type(result).__name__ for result in results) == ["Changed", "int"]
    assert not rows(built, team_milestones)


def test_two_who_record_different_things_at_once_both_win(built: TeamBuilder) -> None:
    opened = seen(built)
    results = together(
        lambda: milestone(built, ADA, opened), lambda: milestone(built, BO, opened, milestone="pillars_understood")
    )
    assert [type(result) for result in results] == [int, int]
    assert len(rows(built, team_milestones)) == 2


def together(*attempts: Callable[[], int]) -> list[int | Exception]:
    """What each attempt returned or raised, all started at the same moment in threads of their own."""
    start = threading.Barrier(len(attempts))
    results: list[int | Exception] = [0] * len(attempts)

    def run(index: int, attempt: Callable[[], int]) -> None:
        start.wait()
        try:
            results[index] = attempt()
        except Exception as problem:
            results[index] = problem

    threads = [threading.Thread(target=run, args=item) for item in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_the_list_of_changes_names_people_inside_alone(built: TeamBuilder) -> None:
    given: dict[str, Any] = {"opened": seen(built), "today": TODAY, "appointed_on": TODAY}
    appoint_coordinator(built.database, BO, "team-a", person="cleo", **given)
    first = milestone(built)
    undo(built.database, BO, first)
    changes = ask(built.database, "team_changes", Selection(), Scope(Role.PM), team="team-a")
    assert changes["words"].tolist() == [
        "Milestone “Readiness workshop attended” taken back",
        "Milestone “Readiness workshop attended” reached on 1 September 2026",
        "Coordinator cleo appointed on 15 September 2026",
    ]
    assert changes["undone"].tolist() == [False, True, False]
    assert changes["newest"].tolist() == [True, False, True]
    own = Scope(Role.PARTNER, ("team-a",), own_teams=True)
    others = ask(built.database, "team_changes", Selection(), own, team="team-a")
    assert len(others) == 3
    assert "cleo" not in " ".join(others["words"])


def test_outside_neither_who_recorded_nor_what_they_noted_is_told(built: TeamBuilder) -> None:
    """Both may name people. A partner reads the notes of their own teams, which they write."""
    milestone(built, BO, note="Cleo was ill")
    stage(built, "starting", date(2026, 9, 1), Author("ada@example.org", Scope(Role.PM)))
    release(built.database, date(2026, 7, 1))
    for scope, authors, notes in (
        (Scope(Role.BOARD), ["ada@example.org", "Bo (partner)"], ["Cleo was ill"]),
        (BO.scope, ["program manager", "partner"], ["Cleo was ill"]),
        (Scope(Role.PARTNER, ("team-b",)), [], []),
    ):
        changes = answer_from(built.database, QUESTIONS["team_changes"], Selection(as_of=TODAY), scope)
        assert changes["author"].tolist() == authors
        listed = answer_from(built.database, QUESTIONS["team_milestones_list"], Selection(as_of=TODAY), scope)
        assert listed["note"].dropna().tolist() == notes
    with pytest.raises(NotAllowed):
        ask(built.database, "team_changes", Selection(as_of=TODAY), Scope(Role.LEADERSHIP))
