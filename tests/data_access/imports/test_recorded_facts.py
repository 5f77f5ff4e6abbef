"""What people recorded beats files: decisions, payments, stages, milestones, risks and coordinators.

Each import here is of the same small bundle, or of one with a change; on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from data_access.actions import (
    ActionRefused,
    Author,
    appoint_coordinator,
    approve,
    change_stage,
    close_risk,
    decline,
    mark_paid,
    record_milestone,
    request_snapshot,
    snapshot,
    undo,
)
from data_access.database.engine import Database
from data_access.database.schema import (
    funding_requests,
    recorded_payments,
    team_milestones,
    team_risks,
    team_stages,
    teams,
)
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.questions import QUESTIONS
from data_access.recorded import CLASHES
from data_access.selection import Period, Role, Scope, Selection
from tests.bundles import write_table
from tests.tables import records

TODAY = date(2026, 9, 15)
PM = Author("pm", Scope(Role.PM))
KEPT, TAKEN = CLASHES
REQUEST = {
    "request_key": "r1",
    "person_key": "ada",
    "requested_amount": "100",
    "currency": "EUR",
    "requested_on": "2026-08-01",
    "decision": "pending",
    "decided_on": "",
    "approved_amount": "",
    "paid_amount": "",
    "paid_on": "",
}
APPROVED = {"decision": "approved", "decided_on": "2026-08-10", "approved_amount": "100"}
PAID = {"paid_amount": "90", "paid_on": "2026-08-20"}


class Desk:
    """A program whose one bundle is imported again and again."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        write_table(folder, "program", {"name": "Test", "currency": "EUR", "member_ceiling": "1000"})
        write_table(folder, "people", {"person_key": "ada"}, {"person_key": "bo"})
        write_table(folder, "memberships", {"membership_key": "m", "person_key": "ada", "started_on": "2025-01-01"})

    def imports(self, request: dict[str, str] | None = None, *, overwrite: bool = False) -> ImportReport:
        write_table(self.folder, "funding_requests", REQUEST | (request or {}))
        report = run_import(
            self.database, [self.folder], ImportOptions(as_of=TODAY, overwrite_recorded=overwrite, releases=False)
        )
        assert report.committed, report.in_words()
        return report

    @property
    def opened(self) -> Any:
        with self.database.program.connect() as connection:
            return request_snapshot(connection, "r1")

    @property
    def now(self) -> tuple[Any, ...]:
        """Decision, approved, paid."""
        [row] = self.rows(funding_requests)
        return row.decision, row.approved_amount, row.paid_amount

    def rows(self, table: Any) -> list[Any]:
        with self.database.program.connect() as connection:
            return list(connection.execute(select(table)))

    def approves(self, amount: str = "60") -> int:
        return approve(self.database, PM, "r1", opened=self.opened, today=TODAY, amount=amount)

    def pays(self, amount: str = "60") -> int:
        return mark_paid(self.database, PM, "r1", opened=self.opened, today=TODAY, amount=amount, paid_on=TODAY)


@pytest.fixture
def desk(either: Database, tmp_path: Path) -> Desk:
    made = Desk(either, tmp_path)
    made.imports()
    return made


def clashes(report: ImportReport) -> list[tuple[str, str]]:
    return [(problem.value, problem.problem) for problem in report.clashes]


def test_an_approval_survives_the_file_from_before_it_and_both_values_are_said(desk: Desk) -> None:
    desk.approves()
    report = desk.imports()
    assert desk.now == ("approved", 60, None)
    both = (
        "decision: approved recorded, pending in the file; decided_on: 2026-09-15 recorded, nothing in the file; "
        "approved_amount: 60 recorded, nothing in the file"
    )
    assert clashes(report) == [(both, KEPT)]
    assert (report.total("changed"), report.hint_count) == (0, 1)
    assert both in report.in_words()
    assert "--overwrite-recorded" in report.in_words()
    assert clashes(desk.imports()) == [(both, KEPT)], "it is said each time"
    everything = Selection(Period.parse("2026"), TODAY)
    with desk.database.program.connect() as connection:
        [shown] = records(QUESTIONS["import_hints"].ask(connection, everything, Scope(Role.PM)))
        assert (shown["problem"], shown["value"]) == (KEPT, both)


def test_a_file_that_agrees_gives_no_hint_and_one_that_was_told_to_win_does(desk: Desk) -> None:
    desk.approves()
    agreeing = {"decision": "approved", "decided_on": "2026-09-15", "approved_amount": "60"}
    assert desk.imports(agreeing).hint_count == 0
    report = desk.imports(overwrite=True)
    assert [problem for _, problem in clashes(report)] == [TAKEN]
    assert desk.now[0] == "pending"
    assert desk.imports(APPROVED).hint_count == 0, "it is the file's now"
    assert desk.now == ("approved", 100, None)


def test_what_was_not_recorded_here_is_the_files(desk: Desk) -> None:
    """The approval is ours, the payment comes from the books."""
    desk.approves()
    report = desk.imports({"decision": "approved", "decided_on": "2026-09-15", "approved_amount": "60"} | PAID)
    assert clashes(report) == []
    assert desk.now == ("approved", 60, 90)
    with pytest.raises(ActionRefused, match="paid already"):
        desk.pays()


def test_undone_it_is_in_the_files_hands_again_and_redone_it_is_not(desk: Desk) -> None:
    undone = undo(desk.database, PM, desk.approves())
    assert desk.imports(APPROVED).hint_count == 0
    assert desk.now == ("approved", 100, None)
    desk.imports()
    undo(desk.database, PM, undone)
    assert [problem for _, problem in clashes(desk.imports())] == [KEPT]
    assert desk.now == ("approved", 60, None)


def test_a_decline_stands_whatever_the_file_approves(desk: Desk) -> None:
    decline(desk.database, PM, "r1", opened=desk.opened, today=TODAY, reason="No")
    assert len(clashes(desk.imports(APPROVED))) == 1
    assert desk.now == ("declined", None, None)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("request_", [{}, APPROVED, {"decision": "declined", "decided_on": "2026-09-01"}])
def test_a_payment_is_made_once_whatever_is_imported(desk: Desk, overwrite: bool, request_: dict[str, str]) -> None:
    desk.imports(APPROVED)
    desk.pays()
    report = desk.imports(request_, overwrite=overwrite)
    assert [problem for _, problem in clashes(report)] == [KEPT]
    assert desk.now == ("approved", 100, 60)
    with pytest.raises(ActionRefused, match="paid already"):
        desk.pays()


def test_the_files_payment_is_taken_when_it_is_told_to_win(desk: Desk) -> None:
    desk.imports(APPROVED)
    desk.pays()
    assert len(clashes(desk.imports(APPROVED | PAID))) == 1
    assert desk.now == ("approved", 100, 60)
    desk.imports(APPROVED | PAID, overwrite=True)
    assert desk.now == ("approved", 100, 90)
    assert desk.rows(recorded_payments) == []


def test_the_database_itself_refuses_a_second_payment(desk: Desk) -> None:
    """Even when a hand in its shell took the first one out of the request."""
    desk.approves()
    paid = desk.pays()
    with desk.database.writing() as connection:
        connection.execute(update(funding_requests).values(paid_amount=None, paid_on=None))
    with pytest.raises(ActionRefused, match="not paid twice"):
        desk.pays()
    assert desk.now == ("approved", 60, None)
    again = insert(recorded_payments).values(request_key="r1", paid_amount=Decimal(60), paid_on=TODAY)
    with desk.database.program.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(again)
    with desk.database.writing() as connection:
        connection.execute(update(funding_requests).values(paid_amount=Decimal(60), paid_on=TODAY))
    undo(desk.database, PM, paid)
    assert desk.rows(recorded_payments) == []
    desk.pays()


def test_a_request_moved_after_its_decision_keeps_its_day(desk: Desk) -> None:
    """A decision before its request would break the span that the database checks."""
    desk.approves()
    assert len(clashes(desk.imports({"requested_on": "2026-09-20"}))) == 1
    [row] = desk.rows(funding_requests)
    assert (row.requested_on, row.decision) == (date(2026, 8, 1), "approved")


def test_an_overpaid_request_is_hinted(desk: Desk) -> None:
    report = desk.imports(APPROVED | {"paid_amount": "140", "paid_on": "2026-08-20"})
    assert [(item.value, item.problem) for item in report.hints] == [("140", "paid above the approved amount")]


def test_what_a_team_recorded_is_kept_too(desk: Desk) -> None:
    def bundle() -> None:
        write_table(desk.folder, "teams", {"team_key": "docs", "name": "Docs", "coordinator_key": "ada"})
        stage = {"team_key": "docs", "stage": "pre_work", "entered_on": "2026-01-01"}
        write_table(desk.folder, "team_stages", stage, {**stage, "stage": "pre_work", "entered_on": "2026-09-15"})
        risk = {"risk_key": "k", "team_key": "docs", "risk": "resistance", "raised_on": "2026-02-01", "closed_on": ""}
        write_table(desk.folder, "team_risks", risk)
        reached = {"team_key": "docs", "milestone": "roles_clear", "reached_on": "2026-03-01"}
        write_table(desk.folder, "team_milestones", reached)

    write_table(desk.folder, "teams", {"team_key": "docs", "name": "Docs"})
    write_table(desk.folder, "team_stages", {"team_key": "docs", "stage": "pre_work", "entered_on": "2026-01-01"})
    risk = {"risk_key": "k", "team_key": "docs", "risk": "resistance", "raised_on": "2026-02-01"}
    write_table(desk.folder, "team_risks", risk)
    desk.imports()
    about: Any = {"today": TODAY}
    recordings: tuple[tuple[Callable[..., int], dict[str, Any]], ...] = (
        (appoint_coordinator, {"person": "bo", "appointed_on": TODAY}),
        (change_stage, {"stage": "starting", "entered_on": TODAY}),
        (close_risk, {"risk_key": "k", "closed_on": TODAY}),
        (record_milestone, {"milestone": "roles_clear", "reached_on": TODAY}),
    )
    for act, given in recordings:
        with desk.database.program.connect() as connection:
            act(desk.database, PM, "docs", opened=snapshot(connection, "docs"), **about, **given)

    def recorded() -> tuple[Any, ...]:
        return (
            desk.rows(teams)[0].coordinator_key,
            sorted((str(row.entered_on), row.stage) for row in desk.rows(team_stages)),
            desk.rows(team_risks)[0].closed_on,
            desk.rows(team_milestones)[0].reached_on,
        )

    before = recorded()
    bundle()
    report = desk.imports()
    assert recorded() == before == ("bo", [("2026-01-01", "pre_work"), ("2026-09-15", "starting")], TODAY, TODAY)
    assert sorted(problem.table for problem in report.clashes) == [
        "team_milestones",
        "team_risks",
        "team_stages",
        "teams",
    ]
    desk.imports(overwrite=True)
    first = [("2026-01-01", "pre_work"), ("2026-09-15", "pre_work")]
    assert recorded() == ("ada", first, None, date(2026, 3, 1))
    assert desk.imports().clashes == []
