"""Money as it is released: sums to two figures, of enough members, told once; nobody's payments can be worked out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert, select

from data_access.database.schema import funding_requests
from data_access.release import history
from data_access.selection import NotAllowed, Period, Role, Selection
from tests.builders import ProgramBuilder
from tests.data_access.privacy.test_amounts import attack
from tests.desk_builders import DeskBuilder
from tests.releasing import ask_outside, release
from tests.tables import records

LEAST = 3
PEOPLE = [f"p{number}" for number in range(7)]
FIRST, SECOND = date(2025, 4, 1), date(2025, 7, 1)
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))


def pay(desk: DeskBuilder, on: date, category: str, **amounts: int) -> None:
    """So much to each of these members, on the day."""
    with desk.database.writing() as connection:
        number = len(connection.execute(select(funding_requests.c.request_key)).all())
        rows = [
            {
                "request_key": f"r{number + at:03}",
                "person_key": person,
                "category": category,
                "requested_amount": Decimal(amount),
                "approved_amount": Decimal(amount),
                "paid_amount": Decimal(amount),
                "currency": "EUR",
                "decision": "approved",
                "requested_on": on,
                "decided_on": on,
                "paid_on": on,
            }
            for at, (person, amount) in enumerate(amounts.items())
        ]
        connection.execute(insert(funding_requests), rows)
    desk.refresh()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> DeskBuilder:
    """Seven members. In the first quarter all had travel and five catering; in the second all travel, one catering.

    After each quarter there is a release, and before the second one a payment of the first came in late.
    """
    built = DeskBuilder(ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('parts') / 'p.db'}").database)
    built.add_program(fiscal_year_start="01-01", min_group_size=LEAST)
    for key in PEOPLE:
        built.add_member(key, person={"home_country": "DE"})
    built.add_budget("10000", 2025)
    built.add_event(date(2025, 2, 1), attendance=20)
    pay(built, date(2025, 2, 3), "travel", **dict.fromkeys(PEOPLE, 101))
    pay(built, date(2025, 3, 3), "catering", **dict.fromkeys(PEOPLE[:5], 50))
    release(built.database, FIRST)
    pay(built, date(2025, 5, 5), "travel", **dict.fromkeys(PEOPLE, 110))
    pay(built, date(2025, 5, 6), "catering", p3=77)
    pay(built, date(2025, 3, 31), "catering", p3=5)
    release(built.database, SECOND)
    return built


def told(desk: DeskBuilder, name: str, as_of: date, **options: Any) -> list[dict[str, Any]]:
    return records(ask_outside(desk.database, name, Selection(YEAR, as_of), **options))


def test_sums_are_told_to_two_figures_as_of_the_quarter_s_end(desk: DeskBuilder) -> None:
    """957, and 957 + 5 + 770 + 77 = 1,809."""
    [first], [second] = told(desk, "budget_summary", FIRST), told(desk, "budget_summary", SECOND)
    assert (first["paid"], first["as_of"], first["remaining"]) == (Decimal(960), date(2025, 3, 31), Decimal(9040))
    # 960 in 90 days: 960 + 960 × 275 ÷ 90.
    assert (first["year_end"], first["trailing_days"], first["state"]) == (3900, 90, "not at this pace")
    assert (second["paid"], second["as_of"], second["burn"]) == (Decimal(1800), date(2025, 6, 30), 0.18)
    assert all(pd.isna(second[name]) for name in ("committed", "pending", "pending_unknown"))


def test_a_curve_and_the_quarters_tell_the_same_sums(desk: DeskBuilder) -> None:
    """What came in late for the first quarter changes none of its sums: it is in what the year came to.

    What was paid in the second quarter alone, 847, would be the year's growth by 852 less the late payment.
    """
    known = [(row["day"], row["paid"]) for row in told(desk, "burn_curve", SECOND) if row["kind"] == "known"]
    assert known == [(date(2024, 12, 31), 0), (date(2025, 3, 31), 960), (date(2025, 6, 30), 1800)]
    quarters = told(desk, "spend_by_month", SECOND)
    assert [(row["span"], row["spend"]) for row in quarters] == [("2025-Q1", 960), ("2025-Q2", None)]


def test_parts_that_would_give_one_member_away_are_not_told(desk: DeskBuilder) -> None:
    """With travel of both quarters, catering of the second could be worked out, and it is one member's."""
    first = told(desk, "budget_by", FIRST)
    assert [(row["part"], row["burnt"], row["share"]) for row in first] == [
        ("travel", 710, 0.74),
        ("catering", 250, 0.26),
    ]
    assert told(desk, "budget_by", SECOND) == []
    assert [row["part"] for row in told(desk, "budget_by", SECOND, by="region")] == ["Western Europe"]


def test_outcomes_cost_what_is_told_of_the_sums(desk: DeskBuilder) -> None:
    """One event with 20 attendees; travel is told in the first quarter only."""
    first = {row["outcome"]: row for row in told(desk, "cost_per_outcome", FIRST)}
    assert (first["attendee"]["cost"], first["attendee"]["cost_of_travel"]) == (Decimal(48), Decimal(36))
    second = {row["outcome"]: row for row in told(desk, "cost_per_outcome", SECOND)}
    assert (second["attendee"]["cost"], second["attendee"]["cost_of_travel"]) == (Decimal(90), None)
    assert second["event"]["count"] == 1


def test_no_combination_of_all_that_was_told_singles_out_a_member(desk: DeskBuilder) -> None:
    with desk.database.reading() as connection:
        payments = history.told_before(connection, LEAST).payments
    assert attack({name: list(each) for name, each in payments.items()}, LEAST) >= 10


def test_members_near_their_ceilings_are_counted_in_ranges(desk: DeskBuilder) -> None:
    rows = told(desk, "burn_distribution", SECOND)
    assert {row["as_of"] for row in rows} == {date(2025, 6, 30)}
    assert all(row["at_most"] - row["at_least"] >= LEAST - 1 for row in rows)
    assert (rows[-1]["state"], rows[-1]["at_least"], rows[-1]["at_most"]) == ("all", 6, 8)


@pytest.mark.slow
def test_what_was_paid_to_too_few_is_told_nowhere(tmp_path: Any) -> None:
    """Two of five members; neither their sum nor what is left of the budget is in the release."""
    built = DeskBuilder(ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}").database)
    built.add_program(fiscal_year_start="01-01")
    for key in ("ada", "bo", "cy", "di", "ed"):
        built.add_member(key)
    built.add_budget("1000000", 2025)
    pay(built, date(2025, 2, 3), "travel", ada=1234, bo=4321)
    release(built.database, FIRST)
    [row] = told(built, "budget_summary", FIRST)
    assert (row["state"], row["budget"]) == ("withheld", 1_000_000)
    assert all(pd.isna(row[name]) for name in ("paid", "burnt", "remaining", "year_end"))
    assert told(built, "burn_curve", FIRST) == told(built, "budget_by", FIRST) == []
    assert built.database.release_file is not None
    content = built.database.release_file.read_bytes()
    assert not any(text in content for text in (b"1234", b"4321", b"5555", b"5600", b"994445"))


def test_partners_and_the_public_are_told_no_sums_of_budgets(desk: DeskBuilder) -> None:
    for role in (Role.PARTNER, Role.PUBLIC):
        for name in ("budget_summary", "burn_curve", "budget_by", "cost_per_outcome", "burn_distribution"):
            with pytest.raises(NotAllowed):
                ask_outside(desk.database, name, Selection(YEAR, SECOND), role)
