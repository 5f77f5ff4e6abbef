"""What is approved and not paid, however old, counts against the fiscal year that runs: one number everywhere.

The fiscal year 2026 begins on 1 April; the day is 1 September 2026, the program's currency the euro, a dollar is 0.50.

ada  approved 100 in 2024, never paid · approved 40 dollars (20) in May 2026 · paid 300 in June 2026
bo   approved 60 dollars (30) in February 2026, paid 70 dollars (35) in September, after the day · asks for 8 since 2024
cy   approved 5 in 2025, paid 5 in March 2026, before the year · asks for 12 dollars (6)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.money.ledger import EVERYTHING, fiscal_year, fiscal_year_of, program_totals, standings
from data_access.program import load_program
from data_access.questions.budget.summary import BudgetSummary
from data_access.selection import Period, Selection
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder

AS_OF = date(2026, 9, 1)
NOW = Selection(as_of=AS_OF)


def approved(amount: str, on: date, **more: Any) -> dict[str, Any]:
    return {"decision": "approved", "approved_amount": Decimal(amount), "decided_on": on, **more}


def paid(amount: str, on: date) -> dict[str, Any]:
    return {"paid_amount": Decimal(amount), "paid_on": on}


@pytest.fixture
def desk(either: Database) -> DeskBuilder:
    built = DeskBuilder(either)
    built.add_program(fiscal_year_start="04-01")
    for key in ("ada", "bo", "cy"):
        built.add_member(key)
    built.add_rate("USD", date(2023, 1, 1), "0.5")
    built.add_budget("1000", 2026)
    dollars = {"currency": "USD"}
    built.add_request("100", "ada", **approved("100", date(2024, 5, 1)))
    built.add_request("40", "ada", **approved("40", date(2026, 5, 1)), **dollars)
    built.add_request("300", "ada", **approved("300", date(2026, 5, 2)), **paid("300", date(2026, 6, 1)))
    built.add_request("60", "bo", **approved("60", date(2026, 2, 1)), **paid("70", date(2026, 9, 2)), **dollars)
    built.add_request("8", "bo", requested_on=date(2024, 1, 1))
    built.add_request("5", "cy", **approved("5", date(2025, 5, 1)), **paid("5", date(2026, 3, 31)))
    built.add_request("12", "cy", requested_on=date(2026, 8, 1), **dollars)
    return built


def summary(desk: DeskBuilder, selection: Selection = NOW) -> Any:
    [row] = rows(BudgetSummary, ask(desk.database, "budget_summary", selection))
    return row


def test_old_approvals_count_against_the_running_year_and_are_told_apart(desk: DeskBuilder) -> None:
    """100 + 20 + 30 are committed, 130 of them from earlier years; 8 + 6 are pending; 300 is paid in the year."""
    row = summary(desk)
    assert (row.paid, row.committed, row.carried_over, row.pending) == (300, 150, 130, 14)
    assert (row.burnt, row.remaining) == (450, 550)


def test_members_parts_curve_and_ledger_agree_with_the_program(desk: DeskBuilder) -> None:
    row, members = summary(desk), ask(desk.database, "budget_burn", NOW)
    parts = ask(desk.database, "budget_by", NOW, by="region")
    for name in ("paid", "committed", "pending"):
        assert members[name].sum() == parts[name].sum() == getattr(row, name)
    assert members.set_index("person_key")["carried_over"].to_dict() == {"ada": 100, "bo": 30, "cy": 0}
    today = ask(desk.database, "burn_curve", NOW).set_index("day").loc[AS_OF]
    assert (today["paid"], today["committed"]) == (300, 150)
    with desk.database.reading() as connection:
        program = load_program(connection)
        year = fiscal_year_of(AS_OF, program)
        assert program_totals(connection, year, AS_OF).carried_over == 130
        assert standings(connection, program, year, AS_OF, ["ada"])["ada"].committed == 120
        # As recorded, whatever the day: bo's is paid.
        assert program_totals(connection, year, EVERYTHING).committed == 120


def test_the_queue_of_requests_adds_up_to_the_same_sums(desk: DeskBuilder) -> None:
    """A day later, when bo's payment is not in the future of what the queue reads."""
    later = Selection(as_of=date(2026, 9, 2))
    row = summary(desk, later)
    unpaid = ask(desk.database, "request_queue", later, waiting="to pay")
    pending = ask(desk.database, "request_queue", later)
    assert (unpaid["amount"].sum(), pending["amount"].sum()) == (row.committed, row.pending) == (120, 14)


@pytest.mark.parametrize(
    ("day", "sums"),
    [
        (date(2026, 3, 31), (5, 130, 100)),  # bo's of February counts against the year that still runs
        (date(2026, 4, 1), (5, 0, 0)),
    ],
)
def test_what_is_unpaid_leaves_a_year_on_the_day_after_its_last(
    desk: DeskBuilder, day: date, sums: tuple[int, int, int]
) -> None:
    """On its last day the year is open; the day after, paid alone is left, and the curve ends there."""
    before = Selection(Period(date(2025, 4, 1), date(2026, 4, 1)), day)
    row = summary(desk, before)
    assert (row.paid, row.committed, row.carried_over) == sums
    curve = ask(desk.database, "burn_curve", before)
    assert curve["kind"].unique().tolist() == ["known"]
    assert curve.iloc[-1]["burnt"] == row.burnt
    assert row.year_end is None


def test_carried_over_money_is_no_spending_of_this_year(desk: DeskBuilder) -> None:
    """The pace is made of what moved since the year began: 20 and 300, not the 130 that it began with."""
    row = summary(desk, Selection(as_of=date(2026, 6, 10)))
    assert row.year_end == pytest.approx(450 + 320 * 294 / 71, abs=0.01)


def test_a_year_to_come_has_nothing_committed(desk: DeskBuilder) -> None:
    with desk.database.reading() as connection:
        year = fiscal_year(2027, load_program(connection))
        found = program_totals(connection, year, AS_OF)
    assert not any((found.paid, found.committed, found.pending))


def test_a_ceiling_and_a_budget_of_zero_are_ceilings(desk: DeskBuilder) -> None:
    """Burning over zero is over; having spent nothing of zero is not, and nothing is left; no ceiling is none."""
    desk.add_budget("0", 2026, "ada")
    desk.add_budget("0", 2026, "cy")
    desk.add_budget("0", 2024)
    found = ask(desk.database, "budget_burn", NOW).set_index("person_key")
    assert found["state"].to_dict() == {"ada": "over", "bo": "not at this pace", "cy": "not at this pace"}
    assert (found.loc["ada", "remaining"], found.loc["cy", "remaining"]) == (-420, 0)
    assert found.loc["ada", "burn"] is None or found.isna().loc["ada", "burn"]
    spent = summary(desk, Selection(Period.parse("2024"), date(2024, 12, 1)))
    assert (spent.budget, spent.remaining, spent.burn, spent.state) == (0, -100, None, "over")
    unspent = summary(desk, Selection(Period.parse("2024"), date(2024, 4, 20)))
    assert (unspent.budget, unspent.remaining, unspent.state) == (0, 0, "used up")
