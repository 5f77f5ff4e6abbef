"""Groups of applicants against the others: what ranges leave open is no clear difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.questions.people.counts import ShownPeople, shown
from data_access.questions.people.steps import LESS, MORE, NO_DIFFERENCE, _compare

Ends = tuple[int, int]


def counts(*ends: Ends) -> list[ShownPeople]:
    return shown(ends)


def test_exact_counts_far_apart_are_a_clear_difference() -> None:
    """3 of 25 against 14 of 22, as a two-by-two table says too (Fisher’s exact test: p = 0.0004)."""
    few, others = (
        _compare(*counts((3, 3), (25, 25), (14, 14), (22, 22))),
        _compare(*counts((14, 14), (22, 22), (3, 3), (25, 25))),
    )
    assert (few.verdict, others.verdict) == (LESS, MORE)
    assert few.share == pytest.approx(0.12)
    assert few.others == pytest.approx(14 / 22)


def test_ranges_whose_middles_differ_say_nothing_where_their_ends_may_agree() -> None:
    """The middles are 7 of 22 and 13 of 21; but 9 of 20 against 10 of 22 is possible as well."""
    found = _compare(*counts((5, 9), (20, 24), (5, 22), (10, 32)))
    assert found.verdict == NO_DIFFERENCE
    assert found.low is not None
    assert found.high is not None
    assert found.low < 5 / 24
    assert found.high > 9 / 20


@given(
    st.tuples(st.integers(5, 40), st.integers(0, 40), st.integers(5, 40), st.integers(0, 40)),
    st.tuples(*[st.integers(0, 4)] * 4),
)
def test_a_verdict_on_ranges_holds_for_the_exact_counts_within_them(
    found: tuple[int, int, int, int], within: tuple[int, int, int, int]
) -> None:
    hits, more, other_hits, other_more = found
    exact = (hits, hits + more, other_hits, other_hits + other_more)
    ranges = [(max(value - below, 0), max(value - below, 0) + 4) for value, below in zip(exact, within, strict=True)]
    seen = _compare(*counts(*ranges)).verdict
    if seen in (LESS, MORE):
        known = _compare(*counts(*[(value, value) for value in exact]))
        assert known.verdict == seen or min(exact[1], exact[3]) < 10
