"""Intervals against scipy's exact tests; empirical Bayes against another likelihood, another search, and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from data_access.statistics import intervals

# Lip cancer in the 56 counties of Scotland, 1975–1980: the observed and expected cases of Clayton and Kaldor (1987).
# fmt: off
LIP_OBSERVED = np.array([
    9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11, 5, 3,
    7, 8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0,
], dtype=float)
LIP_EXPECTED = np.array([
    1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7,
    8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8,
    4.3, 14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8,
], dtype=float)
# fmt: on

COUNTS = st.integers(0, 5_000)
EXPECTATIONS = st.floats(0.001, 5_000)


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (20, 12.22, 30.89)]
)
def test_the_poisson_interval_is_that_of_garwoods_table(count: int, low: float, high: float) -> None:
    """95 % limits as printed in textbooks, to two decimals; nothing observed starts at exactly zero."""
    found_low, found_high = intervals.poisson_interval(count, 1.0)
    assert (round(float(found_low), 2), round(float(found_high), 2)) == (low, high)


@given(COUNTS, EXPECTATIONS, st.sampled_from([0.8, 0.95, 0.99]))
def test_each_end_of_the_poisson_interval_leaves_exactly_its_tail(count: int, expected: float, level: float) -> None:
    """The definition, by scipy's Poisson distribution: at either end so many or so few events have half of the rest."""
    low, high = (float(end) * expected for end in intervals.poisson_interval(count, expected, level))
    assert stats.poisson.cdf(count, high) == pytest.approx((1 - level) / 2, rel=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx((1 - level) / 2, rel=1e-6)
    assert low <= count <= high


def test_where_nothing_is_expected_there_is_no_ratio() -> None:
    """Missing, not infinite."""
    for value in (*intervals.poisson_interval([3, 0], [0.0, 0.0]), intervals.ratio([3, 0], [0.0, 0.0])):
        assert np.isnan(value).all()


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.9, 0.95]))
def test_the_wilson_interval_is_scipys(hits: int, trials: int, level: float) -> None:
    """As `binomtest(…).proportion_ci(method="wilson")`."""
    hits = min(hits, trials)
    expected = stats.binomtest(hits, trials).proportion_ci(level, method="wilson")
    low, high = intervals.wilson_interval(hits, trials, level)
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_a_share_of_nobody_can_be_anything() -> None:
    """Without trials the interval is the whole range."""
    assert [float(end) for end in intervals.wilson_interval(0, 0)] == [0.0, 1.0]


def test_the_prior_of_the_scottish_counties_is_the_summit_of_scipys_negative_binomial_likelihood() -> None:
    """Clayton and Kaldor's data, the likelihood and the search both written another way."""

    def loss(point: np.ndarray) -> float:
        shape, rate = np.exp(point)
        return -float(stats.nbinom.logpmf(LIP_OBSERVED, shape, rate / (rate + LIP_EXPECTED)).sum())

    options = {"xatol": 1e-10, "fatol": 1e-12}
    summit = np.exp(optimize.minimize(loss, [0.0, 0.0], method="Nelder-Mead", options=options).x)
    prior = intervals.fit_gamma_prior(LIP_OBSERVED, LIP_EXPECTED)
    assert prior is not None
    assert (prior.shape, prior.rate) == pytest.approx(tuple(summit), rel=1e-5)


def test_the_shrunken_ratios_of_the_scottish_counties_average_to_the_priors_mean() -> None:
    """One of Clayton and Kaldor's two equations; the small county with 6.4 times the expected cases shrinks to 4.0."""
    prior = intervals.fit_gamma_prior(LIP_OBSERVED, LIP_EXPECTED)
    assert prior is not None
    shrunken = prior.shrunken(LIP_OBSERVED, LIP_EXPECTED)
    assert shrunken.mean() == pytest.approx(prior.mean, rel=1e-6)
    assert (LIP_OBSERVED / LIP_EXPECTED)[0] == pytest.approx(6.43, abs=0.005)
    assert shrunken[0] == pytest.approx(4.0, abs=0.005)
    assert shrunken[-1] > 0


def test_shrunken_ratios_come_nearer_to_the_truth_than_raw_ones() -> None:
    """Simulated from the model: 300 regions with known ratios; the prior is found again and the error falls."""
    chance = np.random.default_rng(1)
    truth = chance.gamma(2.0, 0.5, 300)
    expected = chance.uniform(0.1, 10, 300)
    observed = chance.poisson(truth * expected)
    prior = intervals.fit_gamma_prior(observed, expected)
    assert prior is not None
    assert prior.mean == pytest.approx(1.0, abs=0.15)
    assert prior.shape == pytest.approx(2.0, rel=0.35)
    raw_error = np.abs(observed / expected - truth).mean()
    assert np.abs(prior.shrunken(observed, expected) - truth).mean() < 0.8 * raw_error


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0.01, 500)), min_size=2, max_size=60))
def test_a_shrunken_ratio_lies_between_the_ratio_and_the_priors_mean(regions: list[tuple[int, float]]) -> None:
    """It never overshoots, whatever the counts."""
    observed, expected = (np.array(column, dtype=float) for column in zip(*regions, strict=True))
    prior = intervals.fit_gamma_prior(observed, expected)
    if prior is None:
        assert observed.sum() == 0
        return
    own, shrunken = observed / expected, prior.shrunken(observed, expected)
    slack = 1e-9 * (1 + own + prior.mean)
    assert (shrunken >= np.minimum(own, prior.mean) - slack).all()
    assert (shrunken <= np.maximum(own, prior.mean) + slack).all()


def test_counts_that_vary_no_more_than_chance_shrink_to_their_mean() -> None:
    """Equal ratios say that all regions are alike: the prior becomes narrow."""
    prior = intervals.fit_gamma_prior([10, 20, 30, 40], [5.0, 10.0, 15.0, 20.0])
    assert prior is not None
    assert prior.shrunken([0], [1.0])[0] == pytest.approx(2.0, rel=1e-3)


def test_without_any_event_there_is_nothing_to_shrink_towards() -> None:
    """None, rather than a division by zero."""
    assert intervals.fit_gamma_prior([0, 0, 0], [1.0, 2.0, 3.0]) is None
    assert intervals.fit_gamma_prior([5], [1.0]) is None


def test_overdispersion_is_chi_squared_over_its_degrees_of_freedom() -> None:
    """As scipy's chi-squared test; by hand for two regions: (4²/6 + 4²/6) ÷ 1."""
    assert intervals.overdispersion([10, 2], [6.0, 6.0]) == pytest.approx(16 / 3)
    observed, expected = [7, 12, 20, 1], [10.0, 10.0, 10.0, 10.0]
    assert intervals.overdispersion(observed, expected) == pytest.approx(
        stats.chisquare(observed, expected).statistic / 3
    )
    assert np.isnan(intervals.overdispersion([4], [4.0]))


def test_the_difference_of_two_shares_matches_newcombes_example() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80 is 0.2000 (0.0524 to 0.3339) by method 10."""
    found = intervals.share_difference(56, 70, 48, 80)
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_the_difference_of_shares_without_trials_is_missing() -> None:
    """There is nothing to compare."""
    assert np.isnan(intervals.share_difference(0, 0, 1, 2)).all()
