"""Waiting times: against scipy, and against worked examples that textbooks print."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from data_access.statistics.survival import Durations, kaplan_meier, log_rank

# Weeks of remission (Freireich and others, Blood 21, 1963, 699–716), as Cox (1972) and many textbooks print them:
# positive = relapsed, negative = still in remission when last seen.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def weeks(signed: list[int]) -> Durations:
    return Durations.of([abs(value) for value in signed], [value > 0 for value in signed])


def test_the_remission_data_give_the_published_curve() -> None:
    """Survival of the treated after each relapse, as Kalbfleisch and Prentice and Collett print it."""
    curve = kaplan_meier(weeks(TREATED))
    printed = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    found = {int(day): round(1 - share, 3) for day, share in zip(curve.days, curve.share, strict=True)}
    assert {week: found[week] for week in printed} == printed
    assert dict(zip(curve.days, curve.at_risk, strict=True))[10.0] == 15
    assert curve.quantile(0.5) == 23
    assert kaplan_meier(weeks(PLACEBO)).quantile(0.5) == 8


def test_greenwoods_standard_error_is_the_published_one() -> None:
    """At week 6: 0.0764; the plain interval is 1.96 of it above (below, it would end under 0)."""
    curve = kaplan_meier(weeks(TREATED), method="linear")
    assert (curve.high[0] - curve.share[0]) / 1.959964 == pytest.approx(0.0764, abs=0.0001)


def test_the_remission_data_give_the_published_log_rank() -> None:
    """16.79 with one degree of freedom."""
    found = log_rank([weeks(TREATED), weeks(PLACEBO)])
    assert found is not None
    assert (round(found.statistic, 2), found.degrees_of_freedom) == (16.79, 1)
    assert found.p_value == pytest.approx(4.17e-5, rel=0.01)


def test_a_curve_that_ends_below_a_half_has_no_median() -> None:
    """Missing, never a guess."""
    assert kaplan_meier(Durations.of([1, 5, 5], [True, False, False])).quantile(0.5) is None


def test_nobody_and_one_group_are_no_error() -> None:
    """Nothing to draw, nothing to compare."""
    nobody = Durations.of([], [])
    assert len(kaplan_meier(nobody).days) == 0
    assert log_rank([nobody, weeks(TREATED)]) is None
    assert log_rank([Durations.of([3], [False]), Durations.of([4], [False])]) is None


people = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=30)


@given(people)
def test_the_curve_is_scipys(rows: list[tuple[int, bool]]) -> None:
    """Values and intervals, histogram or not."""
    days, reached = [row[0] for row in rows], [row[1] for row in rows]
    curve = kaplan_meier(Durations.of(days, reached))
    expected = stats.ecdf(stats.CensoredData.right_censored(days, ~np.array(reached))).sf
    assert curve.share == pytest.approx(1 - expected.probabilities)
    assert list(curve.at_risk) == [sum(day >= moment for day in days) for moment in curve.days]
    assert (np.diff(curve.share) >= -1e-12).all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy says where there is no interval
        for method in ("log-log", "linear"):
            ours = kaplan_meier(Durations.of(days, reached), method=method)
            interval = expected.confidence_interval(method=method)
            inside = (expected.probabilities > 0) & (expected.probabilities < 1)
            assert ours.low[inside] == pytest.approx(1 - np.clip(interval.high.probabilities[inside], 0, 1))
            assert ours.high[inside] == pytest.approx(1 - np.clip(interval.low.probabilities[inside], 0, 1))


@given(people, people)
def test_two_groups_are_compared_as_scipy_does(one: list[tuple[int, bool]], two: list[tuple[int, bool]]) -> None:
    """Our statistic is the square of scipy's."""
    found = log_rank([Durations.of(*zip(*one, strict=True)), Durations.of(*zip(*two, strict=True))])
    both = [
        stats.CensoredData.right_censored([day for day, _ in rows], [not reached for _, reached in rows])
        for rows in (one, two)
    ]
    if found is None:
        return
    expected = stats.logrank(*both)
    assert found.statistic == pytest.approx(expected.statistic**2, rel=1e-6, abs=1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)


@given(st.lists(people, min_size=3, max_size=4))
def test_the_order_of_groups_does_not_matter(groups: list[list[tuple[int, bool]]]) -> None:
    """Nor does leaving out the last group instead of the first."""
    made = [Durations.of(*zip(*rows, strict=True)) for rows in groups]
    one, other = log_rank(made), log_rank(made[::-1])
    assert (one is None) == (other is None)
    if one and other:
        assert one.statistic == pytest.approx(other.statistic, rel=1e-6, abs=1e-9)
        assert one.degrees_of_freedom == other.degrees_of_freedom
