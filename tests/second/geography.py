"""Observed against expected events per country, with the exact interval of the ratio."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from scipy.stats import chi2

from data_access.selection import Selection
from tests.second.bundle import Bundle
from tests.second.events import held
from tests.second.floor import stays


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


def members(bundle: Bundle, day: date) -> dict[str, int]:
    """How many live in each country of those who are members on the day; the last day is one of membership."""
    there = [person for person, mine in stays(bundle, day).items() if mine[-1].last in (None, day)]
    return dict(Counter(bundle.people[person].country for person in there if bundle.people[person].country))


def gaps(bundle: Bundle, asked: Selection, exposure: dict[str, int]) -> dict[str, Gap]:
    """Of each country with exposure that is asked for."""
    inhabitants = {
        country: number
        for country, number in exposure.items()
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
