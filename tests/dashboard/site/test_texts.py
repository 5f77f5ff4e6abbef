"""The sentence at the top of the site, in each of its wordings."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.site.texts import finding, money_words
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


def test_money_is_a_range() -> None:
    assert money_words(40_000, 45_000, "USD") == "$40,000 to $45,000"
    assert money_words(0, 50, "USD") == "less than $50"
