"""How evenly something is spread over people or groups: effective numbers, Simpson, Lorenz and Gini. No I/O."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first used: a page without them starts sooner

Numbers = npt.NDArray[np.float64]


def effective_number(counts: npt.ArrayLike) -> float:
    """The Hill number of order 1: exp of Shannon's entropy. As many equally large groups would be as diverse.

    Hill, Ecology 54 (1973), 427–432. Missing (nan) for no counts at all; 1 for one group.
    """
    shares = _shares(counts)
    return float(np.exp(-(shares * np.log(shares)).sum())) if len(shares) else float("nan")


def effective_interval(counts: npt.ArrayLike, confidence: float = 0.95) -> tuple[float, float]:
    """Interval (low, high) of the effective number, from the large-sample variance of the entropy.

    Var H ≈ (Σ p ln² p − H²) / n + (S − 1) / (2 n²) (Hutcheson, Journal of Theoretical Biology 29, 1970, 151–154). The
    number of groups that were found is the upper limit, 1 the lower.
    """
    numbers = np.asarray(counts, dtype=np.float64)
    shares = _shares(numbers)
    if not len(shares):
        return float("nan"), float("nan")
    total, groups = numbers.sum(), len(shares)
    entropy = -(shares * np.log(shares)).sum()
    variance = ((shares * np.log(shares) ** 2).sum() - entropy**2) / total + (groups - 1) / (2 * total**2)
    reach = float(scipy.stats.norm.ppf((1 + confidence) / 2)) * np.sqrt(max(variance, 0.0))
    return float(max(np.exp(entropy - reach), 1.0)), float(min(np.exp(entropy + reach), groups))


def simpson(counts: npt.ArrayLike) -> float:
    """Simpson's index 1 − Σ p²: the chance that two people drawn with replacement are of different groups (0 to 1)."""
    shares = _shares(counts)
    return float(1 - (shares**2).sum()) if len(shares) else float("nan")


def _shares(counts: npt.ArrayLike) -> Numbers:
    numbers = np.asarray(counts, dtype=np.float64)
    total = numbers.sum()
    return numbers[numbers > 0] / total if total > 0 else numbers[:0]


def lorenz(amounts: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """The Lorenz curve: cumulated shares (of people, of the amount), poorest first, from (0, 0) to (1, 1)."""
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    total = ordered.sum()
    if not len(ordered) or total <= 0:
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    people = np.arange(len(ordered) + 1) / len(ordered)
    return people, np.concatenate([[0.0], np.cumsum(ordered) / total])


def gini(amounts: npt.ArrayLike) -> float:
    """The Gini coefficient by trapezoids under the Lorenz curve: 0 all have the same, towards 1 one has all.

    Without the small-sample factor n ÷ (n − 1). Missing (nan) when nobody has anything.
    """
    if np.asarray(amounts, dtype=np.float64).sum() <= 0:
        return float("nan")
    people, amount = lorenz(amounts)
    return float(1 - 2 * np.trapezoid(amount, people))


def gini_interval(
    amounts: npt.ArrayLike, confidence: float = 0.95, draws: int = 1_000, seed: int = 0
) -> tuple[float, float]:
    """Interval (low, high) of the Gini coefficient: percentile bootstrap over people, the same for the same amounts.

    Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Missing (nan) for fewer than two people.
    """
    values, counts = np.unique(np.asarray(amounts, dtype=np.float64), return_counts=True)
    size = int(counts.sum())
    if size < 2 or values.sum() <= 0:
        return float("nan"), float("nan")
    random = np.random.default_rng(seed)
    found = []
    for first in range(0, draws, _at_once(len(values))):
        # How often each amount is drawn: people with the same amount need not be drawn one by one.
        times = random.multinomial(size, counts / size, min(_at_once(len(values)), draws - first))
        amount = times * values
        below = np.cumsum(amount, axis=1) - amount / 2
        totals = amount.sum(axis=1)
        with np.errstate(invalid="ignore"):  # a draw of people who all have nothing has no coefficient
            found.append(1 - 2 * (times * below).sum(axis=1) / (size * totals))
    drawn = np.concatenate(found)
    tail = (1 - confidence) / 2
    return float(np.nanquantile(drawn, tail)), float(np.nanquantile(drawn, 1 - tail))


def _at_once(size: int) -> int:
    return max(1, 2_000_000 // max(size, 1))


def top_share(amounts: npt.ArrayLike, share: float = 0.1) -> float:
    """What share of the amount the top `share` of people has, part of a person counted in part."""
    people, amount = lorenz(amounts)
    return float(1 - np.interp(1 - share, people, amount))
