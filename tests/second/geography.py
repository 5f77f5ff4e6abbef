"""Observed against expected events per country, with the exact interval of the ratio."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import chi2

from data_access.selection import Selection
from tests.second.bundle import Bundle
from tests.second.events import held


@dataclass(frozen=True, slots=True)
class Gap:
    events: int
    expected: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        return self.events / self.expected

    @property
    def verdict(self) -> str:
        if self.high < 1:
            return "fewer"
        if self.low > 1 and self.events >= 3:
            return "more"
        return "as expected" if self.low >= 0.5 and self.high <= 2 else "too few to tell"


def gaps(bundle: Bundle, asked: Selection) -> dict[str, Gap]:
    """Of each country with inhabitants that is asked for."""
    inhabitants = {
        country: number
        for country, number in bundle.inhabitants.items()
        if number
        and (not asked.country or country in asked.country)
        and (not asked.region or bundle.regions[country] in asked.region)
    }
    counts = dict.fromkeys(inhabitants, 0)
    for event in held(bundle, asked):
        if event.mode != "online" and event.country in counts:
            counts[event.country] += 1
    whole, everybody = sum(counts.values()), sum(inhabitants.values())
    found = {}
    for country, number in inhabitants.items():
        expected = whole * number / everybody
        if expected:
            low, high = poisson(counts[country])
            found[country] = Gap(counts[country], expected, low / expected, high / expected)
    return found


def poisson(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson count's mean (Garwood's)."""
    low = float(chi2.ppf(0.025, 2 * count) / 2) if count else 0.0
    return low, float(chi2.ppf(0.975, 2 * count + 2) / 2)
