"""What leadership sees of how money divides gives no few members away: an attacker with every answer, by ranks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from data_access.database.engine import Database
from data_access.database.schema import funding_conversions, funding_requests, ledger
from data_access.questions import QUESTIONS
from data_access.questions.budget.breakdown import ELSEWHERE
from data_access.selection import Period, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.desk_builders import DeskBuilder
from tests.tables import records

LEAST = 3
LEADERSHIP, PM = Scope(Role.LEADERSHIP, min_group_size=LEAST), Scope(Role.PM)
PEOPLE = [f"p{number}" for number in range(7)]
CATEGORIES = ("travel", "catering", "supplies", "")
ENDS = (date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31))
ONE_DAY = timedelta(days=1)  # a quarter is over on the day after its last


@dataclass(frozen=True)
class Payment:
    person: str
    category: str
    quarter: int
    amount: int


PAYMENTS = st.lists(
    st.builds(
        Payment,
        st.sampled_from(PEOPLE),
        st.sampled_from(CATEGORIES),
        st.integers(0, 3),
        st.integers(1, 500),
    ),
    min_size=4,
    max_size=50,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> DeskBuilder:
    """Seven members, and what the test at hand has paid them."""
    built = DeskBuilder(ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('parts') / 'p.db'}").database)
    built.add_program(fiscal_year_start="01-01")
    for key in PEOPLE:
        built.add_member(key)
    return built


def with_payments(desk: DeskBuilder, payments: list[Payment]) -> Database:
    rows = [
        {
            "request_key": f"r{number}",
            "person_key": paid.person,
            "category": paid.category or None,
            "requested_amount": Decimal(paid.amount),
            "approved_amount": Decimal(paid.amount),
            "paid_amount": Decimal(paid.amount),
            "currency": "EUR",
            "decision": "approved",
            "requested_on": ENDS[paid.quarter].replace(day=1),
            "decided_on": ENDS[paid.quarter].replace(day=2),
            "paid_on": ENDS[paid.quarter].replace(day=3 + number % 20),
        }
        for number, paid in enumerate(payments)
    ]
    with desk.database.writing() as connection:
        for table in (ledger, funding_conversions, funding_requests):
            connection.execute(delete(table))
        connection.execute(insert(funding_requests), rows)
    desk.refresh()
    return desk.database


def released(database: Database, name: str, as_of: date, **options: str) -> list[dict[str, Any]]:
    selection = Selection(Period(date(2025, 1, 1), date(2026, 1, 1)), as_of)
    with database.reading() as connection:
        return records(QUESTIONS[name].ask(connection, selection, LEADERSHIP, **options))


def released_sums(database: Database, payments: list[Payment]) -> list[frozenset[int]]:
    """Each sum that leadership sees on any day, as the payments in it; fails where an amount is not that sum."""
    found = []

    def learn(amount: object, as_of: date, categories: set[str]) -> None:
        if amount is None or amount != amount:  # missing
            return
        inside = [
            number
            for number, paid in enumerate(payments)
            if ENDS[paid.quarter] <= as_of and paid.category in categories
        ]
        assert amount == sum(payments[number].amount for number in inside)
        found.append(frozenset(inside))

    for as_of in (*ENDS, date(2025, 5, 7), date(2026, 2, 1)):
        [whole] = released(database, "budget_summary", as_of)
        learn(whole["paid"], whole["as_of"], set(CATEGORIES))
        parts = released(database, "budget_by", as_of)
        alone = {str(row["part"]) for row in parts} - {ELSEWHERE}
        for row in parts:
            categories = set(CATEGORIES) - alone if row["part"] == ELSEWHERE else {str(row["part"])}
            learn(row["burnt"], row["as_of"], categories)
        costs = released(database, "cost_per_outcome", as_of)
        assert all(row["cost_of_travel"] is None or "travel" in alone for row in costs)
    return found


def isolated(sums: list[frozenset[int]], payments: list[Payment]) -> list[tuple[str, ...]]:
    """The sets of too few members of whose payments something can be computed from the sums alone.

    Adding and subtracting sums gives every vector of their row space; one that holds payments of these members only
    exists where leaving their columns out lowers the rank.
    """
    matrix = np.array([[number in inside for number in range(len(payments))] for inside in set(sums)], dtype=float)
    if not len(matrix):
        return []
    rank = np.linalg.matrix_rank(matrix)
    return [
        few
        for few in itertools.combinations(PEOPLE, LEAST - 1)
        if np.linalg.matrix_rank(matrix[:, [paid.person not in few for paid in payments]]) < rank
    ]


@pytest.mark.slow
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(payments=PAYMENTS)
def test_no_sums_of_any_days_disclose_fewer_members_than_the_minimum(
    desk: DeskBuilder, payments: list[Payment]
) -> None:
    assert not isolated(released_sums(with_payments(desk, payments), payments), payments)


def everybody(quarter: int, *categories: str) -> list[Payment]:
    return [Payment(person, category, quarter, 10 + quarter) for person in PEOPLE for category in categories]


def test_a_quarter_in_which_few_were_paid_for_something_is_released_with_the_next(desk: DeskBuilder) -> None:
    """One member was paid for catering in the second quarter: had each quarter shown catering, subtraction shows it."""
    payments = [*everybody(0, "travel", "catering"), *everybody(1, "travel"), Payment("p3", "catering", 1, 77)]
    payments += everybody(2, "travel", "catering")
    database = with_payments(desk, payments)
    answers = [released(database, "budget_by", end + ONE_DAY) for end in ENDS[:3]]
    names = [{str(row["part"]): row["burnt"] for row in rows} for rows in answers]
    assert names[0] == names[1] == {"travel": 70, "catering": 70}
    assert set(names[2]) == {"travel", "catering"}
    assert not isolated(released_sums(database, payments), payments)
    plain = [frozenset(n for n, paid in enumerate(payments) if paid.quarter <= q and paid.category == c)
             for q in range(3) for c in ("travel", "catering")]  # fmt: skip
    assert isolated(plain, payments), "the attacker of this test cannot attack"


def test_a_part_of_few_is_shown_with_the_others(desk: DeskBuilder) -> None:
    payments = [*everybody(0, "travel", "catering", "lodging"), Payment("p3", "supplies", 0, 5)]
    [*alone, rest] = released(with_payments(desk, payments), "budget_by", ENDS[0] + ONE_DAY)
    assert (len(alone), rest["part"], rest["burnt"]) == (2, ELSEWHERE, 75)


@pytest.mark.parametrize("by", ["region", "cohort", "scale"])
def test_each_breakdown_is_as_of_its_own_day(desk: DeskBuilder, by: str) -> None:
    """All of it is one part here, so that it follows the totals."""
    payments = [*everybody(0, "travel"), *everybody(1, "travel")]
    database = with_payments(desk, payments)
    rows = released(database, "budget_by", date(2025, 8, 1), by=by)
    assert [(row["part"], row["burnt"], row["as_of"]) for row in rows] == [("", 70 + 77, ENDS[1])]
