"""Counts of people and shares as ranges in words."""

from __future__ import annotations

import pytest

from dashboard.words.ranges import people_words, share_words


@pytest.mark.parametrize(
    ("low", "high", "words"), [(12, 12, "12"), (10, 14, "10 to 14"), (0, 4, "fewer than 5"), (0, 0, "0")]
)
def test_a_count_is_a_number_a_range_or_fewer_than_the_smallest_group(low: int, high: int, words: str) -> None:
    assert people_words(low, high) == words


@pytest.mark.parametrize(
    ("low", "high", "words"), [(0.544, 0.609, "54% to 61%"), (0.2141, 0.2142, "21%"), (0.0, 0.0, "0%")]
)
def test_two_shares_that_are_written_alike_are_written_once(low: float, high: float, words: str) -> None:
    assert share_words(low, high) == words
