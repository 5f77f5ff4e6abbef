"""Statistics of observed against expected counts, and of shares: numpy and scipy only, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first used: a page without them starts sooner

Numbers = npt.NDArray[np.float64]

# The prior's shape on a log scale: from "nearly all regions have none" to "all regions are alike".
_LOG_SHAPE = (-8.0, 16.0)
_LOG_RATE = (-16.0, 24.0)


@dataclass(frozen=True, slots=True)
class GammaPrior:
    """How the true ratios are distributed over the regions: gamma with `shape` and `rate` (both without unit)."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """The ratio towards which a region with little evidence is drawn."""
        return self.shape / self.rate

    def shrunken(self, observed: npt.ArrayLike, expected: npt.ArrayLike) -> Numbers:
        """The posterior mean (observed + shape) ÷ (expected + rate): between a region's own ratio and the mean."""
        counts, expectations = _numbers(observed), _numbers(expected)
        return (counts + self.shape) / (expectations + self.rate)


def poisson_interval(
    observed: npt.ArrayLike, expected: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Numbers, Numbers]:
    """Exact interval (low, high) of the ratio observed ÷ expected, for Poisson counts. No unit.

    The interval of the count is Garwood's (Biometrika 28, 1936, 437–442): each tail holds (1 − confidence) / 2. The
    expected numbers count as known. Where nothing is expected, both ends are missing (nan).
    """
    counts, expectations = _numbers(observed), _numbers(expected)
    tail = (1 - confidence) / 2
    # Halves of chi-squared quantiles are the gamma distribution's; `scipy.stats` would take half a second to load.
    low = np.where(counts > 0, scipy.special.gammaincinv(np.maximum(counts, 1), tail), 0.0)
    high = scipy.special.gammaincinv(counts + 1, 1 - tail)
    return _ratio(low, expectations), _ratio(high, expectations)


def ratio(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Numbers:
    """Observed ÷ expected, missing (nan) where nothing is expected."""
    return _ratio(_numbers(observed), _numbers(expected))


def fit_gamma_prior(observed: npt.ArrayLike, expected: npt.ArrayLike) -> GammaPrior | None:
    """The gamma prior that makes the observed counts most likely (empirical Bayes); None where nothing was observed.

    Gamma-Poisson model of Clayton and Kaldor (Biometrics 43, 1987, 671–681): given the prior, counts are negative
    binomial, and the marginal likelihood is maximised over log(shape) and log(rate). Regions without an expected
    number say nothing and are left out. Counts that vary no more than chance allows end at the largest shape.
    """
    counts, expectations = _numbers(observed), _numbers(expected)
    said = expectations > 0
    counts, expectations = counts[said], expectations[said]
    if len(counts) < 2 or counts.sum() == 0:
        return None
    mean = counts.sum() / expectations.sum()

    def loss(point: Numbers) -> tuple[float, Numbers]:
        shape, rate = np.exp(point)
        likelihood = (
            scipy.special.gammaln(counts + shape)
            - scipy.special.gammaln(shape)
            - shape * np.log1p(expectations / rate)
            - counts * np.log(expectations + rate)
        )
        by_shape = scipy.special.digamma(counts + shape) - scipy.special.digamma(shape) - np.log1p(expectations / rate)
        by_rate = shape / rate - (counts + shape) / (expectations + rate)
        return -likelihood.sum(), -np.array([shape * by_shape.sum(), rate * by_rate.sum()])

    # The likelihood has one summit but a flat ridge towards equal ratios: start in the valley and near the ridge.
    starts = [(np.log(shape), np.log(shape / mean)) for shape in (0.3, 3.0, 300.0)]
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1_000}
    bounds = [_LOG_SHAPE, _LOG_RATE]
    found = [
        scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        for start in starts
    ]
    best = min(found, key=lambda result: float(result.fun))
    shape, rate = np.exp(best.x)
    return GammaPrior(float(shape), float(rate))


def overdispersion(observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Pearson's chi² ÷ degrees of freedom of observed against expected counts: 1 is what chance alone would give.

    One degree of freedom is spent on the total (McCullagh and Nelder, Generalized Linear Models, 1989, §4.5). Missing
    (nan) with fewer than two regions in which something is expected.
    """
    counts, expectations = _numbers(observed), _numbers(expected)
    said = expectations > 0
    if said.sum() < 2:
        return float("nan")
    counts, expectations = counts[said], expectations[said]
    return float(((counts - expectations) ** 2 / expectations).sum() / (len(counts) - 1))


def wilson_interval(
    successes: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Numbers, Numbers]:
    """Interval (low, high) of a share, between 0 and 1 (Wilson, JASA 22, 1927, 209–212, without continuity correction).

    Without trials the share can be anything: 0 to 1.
    """
    hits, count = _numbers(successes), _numbers(trials)
    z = float(scipy.special.ndtri(1 - (1 - confidence) / 2))
    known = np.maximum(count, 1)
    share = hits / known
    middle = (share + z**2 / (2 * known)) / (1 + z**2 / known)
    half = z / (1 + z**2 / known) * np.sqrt(share * (1 - share) / known + z**2 / (4 * known**2))
    low = np.where(hits > 0, np.maximum(middle - half, 0.0), 0.0)
    high = np.where(hits < count, np.minimum(middle + half, 1.0), 1.0)
    return low, high


def _numbers(values: npt.ArrayLike) -> Numbers:
    return np.asarray(values, dtype=np.float64)


def _ratio(counts: Numbers, expectations: Numbers) -> Numbers:
    missing = np.full(np.broadcast(counts, expectations).shape, np.nan)
    np.divide(counts, expectations, out=missing, where=expectations > 0)
    return missing


def share_difference(
    hits: float, trials: float, other_hits: float, other_trials: float, confidence: float = 0.95
) -> tuple[float, float, float]:
    """(difference, low, high) of two shares, hits ÷ trials − other_hits ÷ other_trials.

    Newcombe's interval from the two Wilson intervals (Statistics in Medicine 17, 1998, 873–890, method 10). All
    missing (nan) where one of the two has no trials.
    """
    if trials <= 0 or other_trials <= 0:
        return float("nan"), float("nan"), float("nan")
    share, other = hits / trials, other_hits / other_trials
    (low, other_low), (high, other_high) = wilson_interval([hits, other_hits], [trials, other_trials], confidence)
    down = np.sqrt((share - low) ** 2 + (other_high - other) ** 2)
    up = np.sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return share - other, float(share - other - down), float(share - other + up)


def mean_interval(
    count: int, total: float, squares: float, confidence: float = 0.95
) -> tuple[float, float | None, float | None]:
    """(mean, low, high) of so many values with this sum and sum of squares: Student's t interval of the mean.

    In the unit of the values. The ends are None for a single value, which says nothing of how values vary. Raises
    ZeroDivisionError without a value.
    """
    mean = total / count
    if count < 2:
        return mean, None, None
    variance = max(squares - count * mean**2, 0.0) / (count - 1)
    half = float(scipy.stats.t.ppf(1 - (1 - confidence) / 2, count - 1)) * (variance / count) ** 0.5
    return mean, mean - half, mean + half


def median_interval(values: npt.ArrayLike, confidence: float = 0.95) -> tuple[float, float | None, float | None]:
    """(median, low, high) of the values, in their unit: the ends are two of the values, whatever they are spread like.

    Their ranks are those between which the sign test cannot reject a median (David and Nagaraja, Order Statistics,
    2003, §7.1). The ends are None for fewer than 6 values at 95 %. Raises ValueError without a value.
    """
    ordered = np.sort(_numbers(values))
    if not len(ordered):
        raise ValueError("There is no median of nothing.")
    rank = int(scipy.stats.binom.ppf((1 - confidence) / 2, len(ordered), 0.5))
    middle = float(np.median(ordered))
    return (middle, float(ordered[rank - 1]), float(ordered[-rank])) if rank else (middle, None, None)
