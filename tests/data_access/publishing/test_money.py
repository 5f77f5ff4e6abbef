"""Money in public: ranges from which no member's amount can be worked out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.program import Program, load_program
from data_access.publishing import money
from data_access.publishing.money import QUARTERS, YEAR, Spent, published_spending
from data_access.selection import Period
from tests.builders import ProgramBuilder
from tests.data_access.attacker import Attacker

PERIOD = Period(date(2024, 1, 1), date(2026, 10, 1))


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    return made


def published(built: ProgramBuilder) -> list[Spent]:
    with built.database.reading() as connection:
        return published_spending(connection, PERIOD, load_program(connection))


def test_a_quarter_of_enough_members_is_published_as_a_range(built: ProgramBuilder) -> None:
    """Six members with 100 each: 600, to the next 100, because no one was paid more than that."""
    for number in range(6):
        built.add_payment("100", date(2025, 5, 2), f"m{number}")
    quarter, year = Period(date(2025, 4, 1), date(2025, 7, 1)), Period(date(2025, 1, 1), date(2026, 1, 1))
    assert published(built) == [Spent(QUARTERS, quarter, 600, 700), Spent(YEAR, year, 600, 700)]


def test_quarters_of_few_members_are_published_together_or_not_at_all(built: ProgramBuilder) -> None:
    """Three in spring and three in summer make a span; two in autumn wait, and count in the year alone."""
    for number in range(8):
        day = date(2025, 5, 1) if number < 3 else date(2025, 8, 1) if number < 6 else date(2025, 11, 1)
        built.add_payment("10", day, f"m{number}")
    spans = {(spent.level, str(spent.period)): (spent.at_least, spent.at_most) for spent in published(built)}
    assert spans == {("quarters", "2025-04-01..2025-10-01"): (60, 70), ("year", "2025-01-01..2026-01-01"): (80, 90)}


def test_a_year_that_is_not_over_has_no_sum_and_few_members_none_at_all(built: ProgramBuilder) -> None:
    """2026 is published by quarters; four members in 2024 not at all."""
    for number in range(5):
        built.add_payment("10", date(2026, 2, 1), f"m{number}")
        if number < 4:
            built.add_payment("10", date(2024, 2, 1), f"m{number}")
    assert [(spent.level, spent.period.start) for spent in published(built)] == [(QUARTERS, date(2026, 1, 1))]


def test_a_fiscal_year_of_whole_quarters_is_the_programs(tmp_path: Path) -> None:
    """From April to March; one that begins in the middle of a quarter gives way to the calendar year."""
    for start, expected in (("04-01", "2024-04-01..2025-04-01"), ("05-17", "2025-01-01..2026-01-01")):
        made = ProgramBuilder(f"sqlite:///{tmp_path / start}.db")
        made.add_program(fiscal_year_start=start)
        for number in range(5):
            made.add_payment("10", date(2025, 2, 1), f"m{number}")
        assert [str(spent.period) for spent in published(made) if spent.level == YEAR] == [expected]


amounts = st.decimals("0.01", 9_000, places=2)
payments = st.dictionaries(
    st.sampled_from([date(2025, month, 1) for month in (1, 4, 7, 10)]),
    st.dictionaries(st.sampled_from("abcdefg"), amounts, min_size=1),
    min_size=1,
)


@settings(max_examples=15, deadline=None)
@given(paid=payments)
def test_years_and_quarters_together_leave_each_member_uncertain(paid: dict[date, dict[str, Decimal]]) -> None:
    """The truth is in the range; no range gets narrower by the others; none is narrower than anybody's amount."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(money, "_by_quarter", lambda connection, period: paid)
        found = published_spending(None, PERIOD, Program(currency="EUR"))  # type: ignore[arg-type]  # not asked
    attacker = Attacker()
    quarter_at = {start: attacker.count() for start in paid}
    unknowns = []
    for spent in found:
        inside = [start for start in paid if spent.period.start <= start < spent.period.end]
        total = sum(amount for start in inside for amount in paid[start].values())
        by_member: dict[str, Decimal] = {}
        for start in inside:
            for member, amount in paid[start].items():
                by_member[member] = by_member.get(member, Decimal(0)) + amount
        assert spent.at_least <= total < spent.at_most
        assert len(by_member) >= 5
        assert spent.at_most - spent.at_least >= max(by_member.values())
        unknowns.append(attacker.count(spent.at_least, spent.at_most))
        attacker.adds_up(unknowns[-1], [quarter_at[start] for start in inside])
    for spent, (low, high) in zip(found, attacker.bounds_of(unknowns), strict=True):
        assert high - low >= spent.at_most - spent.at_least - 1e-6
