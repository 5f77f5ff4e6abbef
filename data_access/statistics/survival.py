"""Time until something happens, with people for whom it has not happened yet (censored): numpy and scipy, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first used: a page without them starts sooner

from data_access.statistics.intervals import Numbers, wilson_interval

Method = Literal["linear", "log-log"]


@dataclass(frozen=True, slots=True)
class Durations:
    """How long each person was observed, in days, and whether the wait ended in the step (True) or is still open."""

    days: npt.NDArray[np.float64]
    reached: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, days: npt.ArrayLike, reached: npt.ArrayLike, people: npt.ArrayLike = 1) -> Durations:
        """From rows of (days, reached, people): a histogram, or one row a person."""
        counts = np.broadcast_to(np.asarray(people, dtype=np.int64), np.shape(np.asarray(days)))
        return cls(
            np.repeat(np.asarray(days, dtype=np.float64), counts),
            np.repeat(np.asarray(reached, dtype=np.bool_), counts),
        )

    def __len__(self) -> int:
        return len(self.days)

    def censored(self) -> scipy.stats.CensoredData:
        return scipy.stats.CensoredData.right_censored(self.days, ~self.reached)


@dataclass(frozen=True, slots=True)
class Curve:
    """A Kaplan–Meier estimate at each day on which something happened or somebody was censored.

    `share` is the share that has taken the step by that day (1 − survival), between `low` and `high`; `at_risk` is how
    many had not taken it and were still observed just before.
    """

    days: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    at_risk: npt.NDArray[np.int64]

    def quantile(self, part: float) -> float | None:
        """The first day by which at least `part` of the people has taken the step; None where the curve ends below."""
        # Shares come from products of fractions: 0.5 may read 0.49999999999999994.
        reached = np.nonzero(self.share >= part - 1e-12)[0]
        return float(self.days[reached[0]]) if len(reached) else None


def kaplan_meier(durations: Durations, confidence: float = 0.95, method: Method = "log-log") -> Curve:
    """The product-limit estimate (Kaplan and Meier, JASA 53, 1958, 457–481) with Greenwood's variance.

    Intervals are taken on the log-log scale, which keeps them between 0 and 1 (Kalbfleisch and Prentice, 2002, §1.4);
    `linear` is Greenwood's own, cut at 0 and 1. Where nobody has taken the step, or everybody, there is no variance
    and the interval is missing (nan) on the log-log scale.
    """
    if not len(durations):
        nothing = np.array([], dtype=np.float64)
        return Curve(nothing, nothing, nothing, nothing, np.array([], dtype=np.int64))
    survival = scipy.stats.ecdf(durations.censored()).sf
    days = np.asarray(survival.quantiles, dtype=np.float64)
    at_risk = len(durations) - np.searchsorted(np.sort(durations.days), days, side="left")
    left = np.asarray(survival.probabilities, dtype=np.float64)
    low, high = _interval(left, at_risk, _at(np.sort(durations.days[durations.reached]), days), confidence, method)
    return Curve(days, 1 - left, 1 - high, 1 - low, at_risk.astype(np.int64))


def _interval(
    left: Numbers, at_risk: npt.NDArray[np.int64], steps: npt.NDArray[np.int64], confidence: float, method: Method
) -> tuple[Numbers, Numbers]:
    """The ends of the interval of survival. scipy has the same numbers, but warns where there is none."""
    z = scipy.stats.norm.ppf(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(steps / (at_risk * (at_risk - steps)))
        if method == "linear":
            half = z * np.sqrt(variance) * left
            return np.clip(left - half, 0, 1), np.clip(left + half, 0, 1)
        scale = np.log(-np.log(left))
        half = z * np.sqrt(variance) / np.log(left)
        ends = np.exp(-np.exp(scale - half)), np.exp(-np.exp(scale + half))
    inside = (left > 0) & (left < 1)
    low, high = (np.where(inside, end, np.nan) for end in ends)
    return np.minimum(low, high), np.maximum(low, high)


def chained_share(steps: Sequence[Durations], horizon: float) -> tuple[float, float, float] | None:
    """(share, low, high): who will have taken all steps, each within `horizon` days of the one before; None: not known.

    The product of the steps' Kaplan–Meier estimates, its variance from Greenwood's by the delta method, and Wilson's
    95 % interval for the number of people whose shares would vary as much (Dorey and Korn, Statistics in Medicine 6,
    1987, 679–687): where nobody is censored it is Wilson's own. Not known where nobody was observed to the horizon.
    """
    shares, variances, sizes = [], [], []
    for durations in steps:
        if not len(durations):
            return None
        moments = np.unique(durations.days[durations.reached & (durations.days <= horizon)])
        at_risk = len(durations) - np.searchsorted(np.sort(durations.days), moments, side="left")
        taken = _at(np.sort(durations.days[durations.reached]), moments)
        left = float(np.prod(1 - taken / at_risk))
        if left > 1e-12 and durations.days.max() < horizon:
            return None
        staying = at_risk > taken
        shares.append(1 - left)
        variances.append(left**2 * float(np.sum(taken[staying] / (at_risk * (at_risk - taken))[staying])))
        sizes.append(int((durations.reached | (durations.days >= horizon)).sum()))
    share = float(np.prod(shares))
    others = [float(np.prod([part for at, part in enumerate(shares) if at != number])) for number in range(len(shares))]
    variance = sum(own * other**2 for own, other in zip(variances, others, strict=True))
    people = min(share * (1 - share) / variance, len(steps[0])) if variance > 0 else min(sizes)
    low, high = wilson_interval(share * people, people)
    return share, float(low), float(high)


@dataclass(frozen=True, slots=True)
class LogRank:
    """Whether the groups take the step at the same pace: chi-squared `statistic`, and the chance of one as large."""

    statistic: float
    degrees_of_freedom: int
    p_value: float


def log_rank(groups: Sequence[Durations]) -> LogRank | None:
    """The log-rank test of k groups (Mantel 1966; Peto and Peto 1972; Klein and Moeschberger 2003, §7.3).

    Observed minus expected steps of k − 1 groups, over their hypergeometric covariance. For two groups the statistic
    is the square of the one of `scipy.stats.logrank`. None where fewer than two groups can be compared.
    """
    filled = [group for group in groups if len(group)]
    if len(filled) < 2:
        return None
    moments = np.unique(np.concatenate([group.days[group.reached] for group in filled]))
    at_risk = np.array([len(group) - np.searchsorted(np.sort(group.days), moments, side="left") for group in filled])
    steps = np.array([_at(np.sort(group.days[group.reached]), moments) for group in filled])
    total, taken = at_risk.sum(axis=0), steps.sum(axis=0)
    share = at_risk / np.maximum(total, 1)
    difference = (steps - share * taken).sum(axis=1)
    spread = np.where(total > 1, taken * (total - taken) / np.maximum(total - 1, 1), 0.0)
    covariance = -(share * spread) @ share.T
    np.fill_diagonal(covariance, (share * (1 - share) * spread).sum(axis=1))
    # One group follows from the others, and groups that are never at risk together say nothing: a pseudo-inverse.
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True)) if len(moments) else 0
    if rank == 0:
        return None
    statistic = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    return LogRank(statistic, rank, float(scipy.stats.chi2.sf(statistic, rank)))


def _at(ordered: Numbers, moments: Numbers) -> npt.NDArray[np.int64]:
    """How many of the ordered values lie at each of the moments."""
    counts = np.searchsorted(ordered, moments, side="right") - np.searchsorted(ordered, moments, side="left")
    return counts.astype(np.int64)
