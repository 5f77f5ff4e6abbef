"""Disputes with their runbook, the code of conduct, and the board's approval of a budget: rules, undo, two at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Author, row_changes, undo
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.schema import budget_conversions, budgets, dispute_steps, disputes, people
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.kept_rows import BUDGET, CONDUCT, DISPUTE, DISPUTE_STEP
from data_access.questions.budget.approvals import BudgetApproval
from data_access.questions.members.conduct import ListedDispute
from data_access.recorded import CLASHES
from data_access.selection import Selection
from tests.bundles import write_table
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, BOARD, TODAY, seen, stored, together


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Cy is a person; the budget of 2026 is 5,000 EUR and waits for the board."""
    made = DeskBuilder(either)
    made.add_program()
    made.add_person("cy")
    made.add_budget("5000")
    return made


def opened_dispute(built: DeskBuilder, by: Author = ADA) -> str:
    actions.open_dispute(built.database, by, today=TODAY, kind="travel", opened_on=date(2026, 9, 1))
    return str(stored(built.database, disputes)[-1]["dispute_key"])


def step(built: DeskBuilder, dispute: str, code: str, by: Author = ADA, **given: Any) -> int:
    given = {"done_on": TODAY, "opened": seen(built.database, (DISPUTE_STEP, f"{dispute}/{code}")), **given}
    return actions.do_step(built.database, by, dispute, today=TODAY, step=code, **given)


def close(built: DeskBuilder, dispute: str, by: Author = BOARD, **given: Any) -> int:
    given = {
        "outcome": "Both were heard",
        "closed_on": TODAY,
        "opened": seen(built.database, (DISPUTE, dispute)),
        **given,
    }
    return actions.close_dispute(built.database, by, dispute, today=TODAY, **given)


def test_a_dispute_goes_through_the_runbook_and_is_closed(built: DeskBuilder) -> None:
    dispute = opened_dispute(built)
    with pytest.raises(ActionRefused, match=r"The runbook comes first\. Not done yet: Hear every side"):
        close(built, dispute)
    heard, judged = step(built, dispute, "heard"), step(built, dispute, "judged", BOARD)
    closed = close(built, dispute)
    [row] = stored(built.database, disputes)
    assert (row["closed_on"], row["outcome"]) == (TODAY, "Both were heard")
    [listed] = ask(built.database, "disputes_list", Selection(as_of=TODAY), BOARD.scope).itertuples()
    assert (listed.days, listed.done, listed.next_step) == (14, 2, "Ask after a month whether it holds")
    found = ask(built.database, "disputes_list", Selection(as_of=date(2026, 9, 14)), BOARD.scope)
    [before] = rows(ListedDispute, found)
    assert (before.days, before.done, before.closed_on) == (13, 0, None)
    with built.database.program.connect() as connection:
        newest, first = row_changes(connection, (DISPUTE, dispute))
        began = first.entry_id
    assert newest.words == "dispute about travel closed on 15 September 2026: Both were heard"
    undo(built.database, BOARD, closed)
    with pytest.raises(ActionRefused, match="something else was recorded of it"):
        undo(built.database, ADA, began)
    for entry in (judged, heard, began):
        undo(built.database, ADA, entry)
    assert (stored(built.database, disputes), stored(built.database, dispute_steps)) == ([], [])


def test_disputes_refuse_what_cannot_be(built: DeskBuilder) -> None:
    dispute = opened_dispute(built)
    steps: tuple[tuple[dict[str, Any], str], ...] = (
        ({"code": "heard", "done_on": date(2026, 8, 31)}, "opened on 1 September 2026 only"),
        ({"code": "shouted"}, "Step: "),
        ({"code": ""}, "choose what was done"),
    )
    for given, words in steps:
        with pytest.raises(ActionRefused, match=words):
            step(built, dispute, **given)
    for code in ("heard", "judged"):
        step(built, dispute, code)
    with pytest.raises(ActionRefused, match="done on 15 September 2026 already"):
        step(built, dispute, "heard")
    closings: tuple[tuple[dict[str, Any], str], ...] = (
        ({"outcome": " "}, "Outcome: it is needed"),
        ({"closed_on": date(2026, 8, 31)}, "opened on 1 September 2026 only"),
    )
    for given, words in closings:
        with pytest.raises(ActionRefused, match=words):
            close(built, dispute, **given)
    seen_by_both = seen(built.database, (DISPUTE, dispute))
    assert together(
        lambda: close(built, dispute, opened=seen_by_both), lambda: close(built, dispute, ADA, opened=seen_by_both)
    ) == ["Changed", "int"]
    with pytest.raises(ActionRefused, match="closed on 15 September 2026 already"):
        close(built, dispute)
    with pytest.raises(ActionRefused, match="what it is about"):
        actions.open_dispute(built.database, ADA, today=TODAY, kind=" ", opened_on=TODAY)


def accept(built: DeskBuilder, version: str, day: date = TODAY, by: Author = ADA, **given: Any) -> int:
    given = {"opened": seen(built.database, (CONDUCT, "cy")), **given}
    return actions.accept_code(built.database, by, "cy", today=TODAY, version=version, accepted_on=day, **given)


def test_the_code_of_conduct_is_accepted_version_by_version(built: DeskBuilder) -> None:
    before = stored(built.database, people)
    first = accept(built, "1", date(2026, 3, 1))
    with pytest.raises(ActionRefused, match="accepted version 1 on 1 March 2026 already"):
        accept(built, "1")
    with pytest.raises(ActionRefused, match="a newer one cannot be accepted before"):
        accept(built, "2", date(2026, 2, 1))
    with pytest.raises(ActionRefused, match="Version: "):
        accept(built, " ")
    second = accept(built, "2")
    assert [(row["code_version"], row["code_accepted_on"]) for row in stored(built.database, people)] == [("2", TODAY)]
    built.add_member("di")
    missing = ask(built.database, "conduct_not_accepted", Selection(as_of=TODAY), ADA.scope)
    assert [(row.person_key, row.newest) for row in missing.itertuples()] == [("di", "2")]
    opened = seen(built.database, (CONDUCT, "cy"))
    assert together(lambda: accept(built, "3", opened=opened), lambda: accept(built, "4", by=BO, opened=opened)) == [
        "Changed",
        "int",
    ]
    with built.database.program.connect() as connection:
        newest = row_changes(connection, (CONDUCT, "cy"))[0]
    undo(built.database, ADA, newest.entry_id)
    undo(built.database, ADA, second)
    undo(built.database, ADA, first)
    assert stored(built.database, people)[:1] == before


def approve(built: DeskBuilder, year: int = 2026, amount: str = "5000", **given: Any) -> int:
    given = {"opened": seen(built.database, (BUDGET, f"{year}/")), "approved_on": date(2026, 1, 20), **given}
    return actions.approve_budget(built.database, BOARD, year, today=TODAY, amount=amount, **given)


def converted(built: DeskBuilder) -> dict[int, Decimal]:
    with built.database.program.connect() as connection:
        return {row.fiscal_year: row.amount for row in connection.execute(budget_conversions.select())}


def test_the_board_approves_a_budget_and_its_numbers_follow(built: DeskBuilder) -> None:
    before = (stored(built.database, budgets), converted(built))
    with pytest.raises(ActionRefused, match="the budget asks for 5,000 EUR; say why it is another"):
        approve(built, amount="4000")
    entry = approve(built, amount="4000", note="Less travel")
    [known] = rows(BudgetApproval, ask(built.database, "budget_approvals", Selection(as_of=TODAY), BOARD.scope))
    assert (known.fiscal_year, known.amount, known.approved_on) == (2026, Decimal(4000), date(2026, 1, 20))
    earlier = ask(built.database, "budget_approvals", Selection(as_of=date(2026, 1, 19)), BOARD.scope)
    assert list(earlier["approved_on"].isna()) == [True]
    assert converted(built) == {2026: Decimal(4000)}
    with pytest.raises(ActionRefused, match="approved on 20 January 2026 already"):
        approve(built)
    undo(built.database, BOARD, entry)
    assert (stored(built.database, budgets), converted(built)) == before
    new = approve(built, 2027, "6000")
    assert converted(built) == {2026: Decimal(5000), 2027: Decimal(6000)}
    undo(built.database, BOARD, new)
    assert (stored(built.database, budgets), converted(built)) == before


def test_of_two_of_the_board_who_approve_at_once_one_is_refused(built: DeskBuilder) -> None:
    opened = seen(built.database, (BUDGET, "2026/"))
    assert together(*(lambda: approve(built, opened=opened),) * 2) == ["Changed", "int"]
    with pytest.raises(ActionRefused, match="Amount: "):
        approve(built, 2028, "")


def test_files_that_disagree_are_told_and_the_recorded_stands(built: DeskBuilder, tmp_path: Path) -> None:
    approve(built)
    accept(built, "2")
    dispute = opened_dispute(built)
    for code in ("heard", "judged"):
        step(built, dispute, code)
    close(built, dispute)
    write_table(tmp_path, "budgets", {"fiscal_year": "2026", "amount": "7000", "currency": "EUR", "person_key": ""})
    write_table(tmp_path, "people", {"person_key": "cy", "code_version": "1", "code_accepted_on": "2025-01-01"})
    write_table(
        tmp_path, "disputes", {"dispute_key": dispute, "kind": "travel", "opened_on": "2026-09-01", "closed_on": ""}
    )
    write_table(tmp_path, "dispute_steps", {"dispute_key": dispute, "step": "heard", "done_on": "2026-09-02"})
    report = run_import(built.database, [tmp_path], ImportOptions(as_of=TODAY))
    assert report.committed, report.in_words()
    assert sorted(each.table for each in report.clashes) == ["budgets", "dispute_steps", "disputes", "people"]
    assert {each.problem for each in report.clashes} == {CLASHES[0]}
    assert converted(built) == {2026: Decimal(5000)}
    assert stored(built.database, people)[0]["code_version"] == "2"
    assert stored(built.database, disputes)[0]["closed_on"] == TODAY
