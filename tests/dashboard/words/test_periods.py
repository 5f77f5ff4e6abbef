"""Which periods are offered, what they are called, and which one a page opens with."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.words.periods import (
    ALL_TIME,
    before_words,
    choices,
    during,
    is_open_month,
    opening_period,
    trend_selection,
)
from data_access.selection import Period, Selection

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(days, days, days)
def test_a_page_opens_with_four_whole_quarters(as_of: date, one: date, other: date) -> None:
    period = opening_period(as_of, min(one, other), max(one, other))
    assert period.in_months == 12
    assert period == period.whole_quarters()


@given(days)
def test_a_program_that_goes_on_opens_with_complete_quarters(as_of: date) -> None:
    assert not opening_period(as_of, date(1980, 1, 1), as_of).is_open(as_of)


def test_a_program_whose_data_ended_opens_where_they_end() -> None:
    period = opening_period(date(2026, 9, 15), date(2014, 1, 1), date(2019, 5, 20))
    assert period == Period(date(2018, 7, 1), date(2019, 7, 1))


def test_a_program_that_began_this_quarter_opens_with_it() -> None:
    period = opening_period(date(2026, 9, 15), date(2026, 8, 1), date(2026, 9, 1))
    assert period.end == date(2026, 10, 1)


@given(days, days, days)
def test_no_two_periods_share_a_name(as_of: date, one: date, other: date) -> None:
    listed = choices(as_of, min(one, other), max(one, other))
    assert len(set(listed.values())) == len(listed)


def test_periods_in_words() -> None:
    assert ALL_TIME.in_words() == "all time"
    assert Period(date(2025, 7, 1), date(2026, 7, 1)).in_words() == "July 2025 to June 2026"
    assert Period(date(2025, 1, 1), date(2026, 1, 1)).in_words() == "2025"
    assert Period(date(2025, 1, 1), date(2025, 1, 2)).in_words() == "1 January 2025 to 1 January 2025"
    assert before_words(Period(date(2025, 1, 1), date(2025, 4, 1))) == "the quarter before"
    assert before_words(Period(date(2025, 1, 1), date(2025, 1, 11))) == "the 10 days before"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (ALL_TIME, "so far"),
        (Period.parse("2019"), "in 2019"),
        (Period.parse("2019-Q3"), "in the third quarter of 2019"),
        (Period.parse("2019-03"), "in March 2019"),
        (Period(date(2018, 4, 1), date(2019, 4, 1)), "from April 2018 to March 2019"),
        (Period(date(2019, 2, 1), date(2019, 5, 1)), "from February 2019 to April 2019"),
        (Period(date(2019, 5, 2), date(2019, 5, 4)), "from 2 May 2019 to 3 May 2019"),
    ],
)
def test_what_happened_during_a_period_is_said_in_whole_phrases(period: Period, words: str) -> None:
    assert during(period) == words


def test_a_trend_shows_the_period_before_and_at_least_a_year() -> None:
    quarter = Selection(period=Period(date(2026, 4, 1), date(2026, 7, 1)))
    assert trend_selection(quarter).period == Period(date(2025, 6, 1), date(2026, 7, 1))
    year = Selection(period=Period(date(2025, 1, 1), date(2026, 1, 1)))
    assert trend_selection(year).period == Period(date(2024, 1, 1), date(2026, 1, 1))


def test_a_month_is_open_on_its_last_day() -> None:
    assert is_open_month(date(2026, 9, 1), date(2026, 9, 30))
    assert not is_open_month(date(2026, 9, 1), date(2026, 10, 1))
