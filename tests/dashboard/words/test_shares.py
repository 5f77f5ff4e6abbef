"""Shares at a limit: only what is exactly 100% is written so, and a table says why it does not add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.words.numbers import percent, rounding, share_as_shown


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0%"),
        (0.00001, "0.1%"),
        (0.004, "0.4%"),
        (0.12, "12%"),
        (0.994, "99%"),
        (0.996, "99.6%"),
        (0.9999999, "99.99%"),
        (999.99 / 1000, "99.99%"),
        (1.0, "100%"),
        (1.0000001, "100.01%"),
        (1.004, "100.4%"),
        (1.02, "102%"),
        (-0.996, "-99.6%"),
    ],
)
def test_a_share_is_100_percent_only_when_it_is(share: float, words: str) -> None:
    assert percent(share) == words


@given(share=st.floats(0, 10))
def test_no_rounding_carries_a_share_to_a_limit_or_past_it(share: float) -> None:
    shown = share_as_shown(share)
    assert (shown == 0, shown < 1, shown == 1) == (share == 0, share < 1, share == 1)
    assert abs(shown - share) <= 0.00501


@pytest.mark.parametrize(
    ("shares", "adds_up"),
    [
        ([0.5, 0.5], True),
        ([1 / 3, 1 / 3, 1 / 3], False),
        ([0.996, 0.004], True),
        ([0.2, None], True),  # not all of it is shown: nobody expects 100%
        ([], True),
    ],
)
def test_a_table_whose_shares_do_not_add_up_says_why(shares: list[float | None], adds_up: bool) -> None:
    assert (rounding(shares) == "") is adds_up
