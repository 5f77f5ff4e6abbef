"""The sentence at the top of the site, in each of its wordings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.site.texts import finding, money_words
from data_access.privacy.amounts import rounded
from data_access.publishing.rounding import as_rounded, ends_of_rounded
from data_access.publishing.rows import PublishedFigure
from data_access.selection import Period

YEAR = Period(date(2025, 7, 1), date(2026, 7, 1))


def figure(name: str, count: int, before: int | None = None) -> PublishedFigure:
    return PublishedFigure(name, 0, name.title(), name, count, count, before, before, YEAR.start, YEAR.end)


@pytest.mark.parametrize(
    ("events", "before", "places", "spoken", "said"),
    [
        (0, 3, 0, 0, "No events were held from July 2025 to June 2026."),
        (1, None, 1, 1, "1 event in 1 country and 1 language from July 2025 to June 2026."),
        (9, 2, 0, 2, "9 events online and 2 languages from July 2025 to June 2026, 7 more than the year before."),
        (9, 11, 3, 0, "9 events in 3 countries from July 2025 to June 2026, 2 fewer than the year before."),
        (1234, 1234, 0, 0, "1,234 events online from July 2025 to June 2026, as many as the year before."),
    ],
)
def test_the_finding_says_where_in_which_languages_and_how_many_more(
    events: int, before: int | None, places: int, spoken: int, said: str
) -> None:
    figures = {
        "events": figure("events", events, before),
        "countries": figure("countries", places),
        "languages": figure("languages", spoken),
    }
    assert finding(figures, YEAR) == said


@pytest.mark.parametrize("amount", ["118230", "9", "42", "7.46", "999999", "0.5", "1250", "50000"])
def test_what_was_rounded_is_told_as_one_number(amount: str) -> None:
    """Its ends hold the sum itself, and say again what it was rounded to, where that is whole."""
    told = rounded(Decimal(amount))
    low, high = ends_of_rounded(told)
    assert low <= Decimal(amount) <= high
    assert as_rounded(low, high) == (told if told == int(told) else None)


@given(step=st.sampled_from([1, 5, 10, 50, 100, 500, 5_000, 10_000]), number=st.integers(0, 500))
def test_no_range_of_an_earlier_version_is_taken_for_a_rounded_sum(step: int, number: int) -> None:
    """They began at multiples of their width, which was 1, 5, 10, 50 …"""
    assert as_rounded(number * step, number * step + step) is None


def test_money_is_a_range_or_one_rounded_number() -> None:
    assert money_words(115_000, 125_000, "USD") == "about $120,000"
    assert money_words(40_000, 45_000, "USD") == "$40,000 to $45,000"
    assert money_words(0, 50, "USD") == "less than $50"
