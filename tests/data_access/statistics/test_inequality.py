"""Evenness: effective numbers, Simpson, Lorenz and Gini, against closed forms and published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.statistics.inequality import (
    effective_interval,
    effective_number,
    gini,
    gini_interval,
    lorenz,
    simpson,
    top_share,
)

COUNTS = st.lists(st.integers(0, 500), min_size=1, max_size=12)
AMOUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=60)


@pytest.mark.parametrize("groups", [1, 2, 7, 50])
def test_equal_groups_are_worth_as_many_as_there_are(groups: int) -> None:
    """Hill's number of order 1 of S equal groups is S; Simpson is 1 − 1/S."""
    assert effective_number([9] * groups) == pytest.approx(groups)
    assert simpson([9] * groups) == pytest.approx(1 - 1 / groups)


def test_shannon_simpson_and_gini_match_scikit_bio() -> None:
    """The values that scikit-bio's own tests expect; its Pielou evenness is the entropy over that of equal groups."""
    assert simpson([1, 0, 2, 5, 2]) == pytest.approx(0.66)
    assert simpson([5]) == 0
    assert np.log2(effective_number([1, 1, 1, 1, 0])) == pytest.approx(2)
    assert np.log(effective_number([1, 1, 196, 1, 1])) / np.log(5) == pytest.approx(0.078, abs=5e-4)
    assert gini([4.5, 6.7, 3.4, 15.0, 18.0, 3.5, 6.7, 14.1]) == pytest.approx(0.32771210013908214, rel=1e-14)


def test_the_interval_follows_the_published_variance() -> None:
    """Computed by hand from Hutcheson's formula for 60 and 40 of 100."""
    entropy = -(0.6 * np.log(0.6) + 0.4 * np.log(0.4))
    variance = (0.6 * np.log(0.6) ** 2 + 0.4 * np.log(0.4) ** 2 - entropy**2) / 100 + 1 / (2 * 100**2)
    low, high = effective_interval([60, 40])
    assert low == pytest.approx(np.exp(entropy - 1.959964 * np.sqrt(variance)), rel=1e-6)
    assert high == pytest.approx(min(np.exp(entropy + 1.959964 * np.sqrt(variance)), 2), rel=1e-6)


@given(COUNTS)
def test_the_effective_number_lies_between_one_and_the_groups_found(counts: list[int]) -> None:
    """And inside its interval."""
    found = effective_number(counts)
    if not sum(counts):
        assert np.isnan(found)
        assert np.isnan(simpson(counts))
        return
    low, high = effective_interval(counts)
    assert 1 - 1e-9 <= found <= sum(1 for count in counts if count) + 1e-9
    assert low - 1e-9 <= found <= high + 1e-9


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([1, 1, 1, 1], 0.0),
        ([0, 0, 0, 1], 0.75),
        ([1, 2, 3, 4], 0.25),
        ([4, 5, 6, 7, 8, 10], 1 / 6),
        ([7], 0.0),
    ],
)
def test_gini_by_trapezoids_matches_hand_computed_values(amounts: list[int], expected: float) -> None:
    """One person with all of it among n has (n − 1)/n."""
    assert gini(amounts) == pytest.approx(expected)


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(amounts: list[int]) -> None:
    """The second definition: mean absolute difference of all pairs, divided by twice the mean."""
    values = np.array(amounts, dtype=float)
    if not values.sum():
        assert np.isnan(gini(amounts))
        return
    pairs = np.abs(values[:, None] - values[None, :]).mean()
    assert gini(amounts) == pytest.approx(pairs / (2 * values.mean()), abs=1e-9)


@given(AMOUNTS)
def test_the_lorenz_curve_rises_from_nothing_to_all_and_stays_under_equality(amounts: list[int]) -> None:
    """And the top tenth has a tenth at least."""
    people, amount = lorenz(amounts)
    assert (people[0], amount[0]) == (0, 0)
    assert (people[-1], amount[-1]) == (1, 1)
    assert (np.diff(amount) >= -1e-12).all()
    assert (amount <= people + 1e-9).all()
    assert top_share(amounts) >= 0.1 - 1e-9


def test_the_bootstrap_interval_holds_the_coefficient_and_narrows_with_people() -> None:
    """Exponential amounts have Gini 1/2; the same amounts give the same interval."""
    random = np.random.default_rng(3)
    few, many = random.exponential(100, 60), random.exponential(100, 3_000)
    low, high = gini_interval(many)
    assert low < 0.5 < high
    assert high - low < 0.05 < np.subtract(*gini_interval(few)[::-1])
    assert gini_interval(few) == gini_interval(few[::-1])


def test_too_little_has_no_interval() -> None:
    """One person, or nothing to share."""
    assert np.isnan(gini_interval([5])[0])
    assert np.isnan(gini_interval([0, 0, 0])[0])


def test_the_bootstrap_counts_equal_amounts_together_and_says_the_same() -> None:
    """Drawing how often each amount occurs is drawing people: a plain loop gives the same interval, nearly."""
    amounts = np.repeat([0, 10, 20, 80], [12, 20, 15, 3])
    random = np.random.default_rng(1)
    drawn = [gini(random.choice(amounts, len(amounts))) for _ in range(4_000)]
    assert gini_interval(amounts, draws=4_000) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.012)
