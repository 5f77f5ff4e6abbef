"""Fiscal years that begin on any day: their quarters, the days left, and when they are over."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data_access.money.ledger import fiscal_year, fiscal_year_of
from data_access.program import Program

STARTS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")


@given(day=st.dates(date(1999, 1, 1), date(2040, 12, 31)), start=STARTS)
@example(date(2024, 2, 29), "02-29")
@example(date(2023, 3, 1), "02-29")
@example(date(2024, 12, 31), "12-31")
def test_quarters_make_up_the_year_and_days_left_go_down_to_one(day: date, start: str) -> None:
    """Four quarters of about three months, without gap or overlap; each day lies in one; the last day is still open."""
    year = fiscal_year_of(day, Program(fiscal_year_start=start))
    quarters = year.quarters
    assert [quarters[0][0], quarters[-1][1]] == [year.start, year.end]
    assert all(end == begins for (_, end), (begins, _) in pairwise(quarters))
    assert len(quarters) == 4
    assert all(88 <= (end - begins).days <= 93 for begins, end in quarters)
    assert sum(begins <= day < end for begins, end in quarters) == 1
    assert year.runs_on(day)
    assert not year.is_over(day)
    assert year.days_left(day) == (year.end - day).days >= 1
    assert year.days_left(day) + year.days_gone(day) == year.days + 1, "the day itself is in both"
    assert year.days_left(year.last_day) == 1
    assert (year.is_over(year.end), year.days_left(year.end)) == (True, 0)


@pytest.mark.parametrize(
    ("start", "begins"),
    [
        ("04-06", ["2026-04-06", "2026-07-06", "2026-10-06", "2027-01-06"]),
        ("07-15", ["2026-07-15", "2026-10-15", "2027-01-15", "2027-04-15"]),
        ("12-31", ["2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30"]),
        ("02-29", ["2026-03-01", "2026-06-01", "2026-09-01", "2026-12-01"]),
        ("11-30", ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"]),
    ],
)
def test_quarters_begin_on_the_years_day_of_the_month(start: str, begins: list[str]) -> None:
    year = fiscal_year(2026, Program(fiscal_year_start=start))
    assert [first.isoformat() for first, _ in year.quarters] == begins
    assert year.quarters[-1][1] - timedelta(days=1) == year.last_day
