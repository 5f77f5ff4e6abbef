"""Projections: the line, the width that its record demands, and what a short record gives."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data_access.selection import add_months
from data_access.statistics.projection import NARROWEST, TRAILING_DAYS, Flows, Origin, Projection, project

FIRST = date(2020, 1, 1)


def origin(day: date) -> Origin:
    return Origin(day, min(TRAILING_DAYS, (day - date(day.year, 1, 1)).days + 1), date(day.year, 12, 31))


def month_ends(last: date) -> list[Origin]:
    ends = (add_months(FIRST, ahead) - timedelta(days=1) for ahead in range(1, 120))
    return [origin(day) for day in ends if day <= last]


def spending(amounts: np.ndarray, last: date) -> Flows:
    by_day = {FIRST + timedelta(days=at): float(amount) for at, amount in enumerate(amounts) if amount}
    return Flows({day: amount for day, amount in by_day.items() if day <= last}, last)


def projected(amounts: np.ndarray, day: date) -> Projection:
    return project(spending(amounts, day), origin(day), month_ends(day))


def test_the_line_goes_on_as_in_the_days_before() -> None:
    """10 a day: 900 in ninety days, so 920 in the 92 days that are left of the year."""
    found = projected(np.full(600, 10.0), date(2020, 9, 30))
    assert found.by(date(2020, 12, 31))[1] == pytest.approx(920)


def test_there_is_no_range_before_a_year_of_lines_is_known() -> None:
    """Lines count from the first ninety days on, and twelve ends of months must have been followed by another."""
    amounts = np.full(1200, 10.0)
    assert projected(amounts, date(2021, 3, 15)).by(date(2021, 12, 31))[::2] == (None, None)
    assert projected(amounts, date(2021, 4, 30)).width is not None
    assert projected(np.zeros(1200), date(2022, 6, 30)).width is None, "nothing was spent: no width fits"


def test_a_good_record_makes_no_range_narrower_than_chance() -> None:
    found = projected(np.full(1200, 10.0), date(2022, 6, 30))
    assert found.width == NARROWEST
    assert (found.held, found.made) == (9, 9), "2021 alone is over, from the end of March on"


def test_a_bad_record_makes_the_range_wider_until_it_would_have_held() -> None:
    """Each half year ten times the one before, then a tenth: lines of a quarter are far off, and the range says so."""
    amounts = np.concatenate([np.full(182, 100.0 if half % 2 else 10.0) for half in range(8)])
    found = projected(amounts, date(2023, 3, 31))
    low, middle, high = found.by(date(2023, 12, 31))
    assert found.width is not None
    assert found.width > 3 * NARROWEST
    assert low is not None
    assert high is not None
    assert middle - low == pytest.approx(high - middle)


def test_the_record_of_a_day_is_made_of_what_was_known_on_it() -> None:
    """What is spent later changes neither line nor range nor record."""
    random = np.random.default_rng(3)
    amounts = random.exponential(50, 1400) * (random.random(1400) < 0.1)
    day = date(2022, 9, 30)
    later = amounts.copy()
    later[(day - FIRST).days + 1 :] *= 100
    assert projected(amounts, day) == projected(later, day)


def test_the_days_on_which_an_amount_is_reached_are_in_order() -> None:
    found = Projection(date(2020, 9, 30), 90, 900.0, variance=100.0, width=1.0)
    early, probable, late = found.reaches(500, date(2020, 12, 31))
    assert early is not None
    assert late is not None
    assert probable == date(2020, 11, 19)
    assert early < date(2020, 11, 19) < late
    assert Projection(date(2020, 9, 30), 90, 900.0).reaches(500, date(2020, 12, 31)) == (None, probable, None)
