"""Currencies of the sample: who asks in which, how amounts are rounded, and monthly exchange rates to the dollar."""

from __future__ import annotations

from datetime import date

import numpy as np

from sample_data.draws import stream
from sample_data.timeline import Timeline, add_months

PROGRAM_CURRENCY = "USD"
_EURO = ("AT", "BE", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LV", "NL", "PT", "SI", "SK", "PL",
         "CZ", "HU", "RO", "BG", "RS", "SE", "DK", "NO", "CH")  # fmt: skip
_OWN = {"GB": "GBP", "IN": "INR", "BR": "BRL", "JP": "JPY", "KE": "KES", "MX": "MXN", "CA": "CAD"}
# Neither of the built-in rate tables lists the South Sudanese pound, and the sample gives no rate for it either.
WITHOUT_RATE = "SSP"
CURRENCY_OF = {**dict.fromkeys(_EURO, "EUR"), **_OWN}
# Dollars for one unit at the beginning of 2021 … 2027.
_LEVELS = {
    "EUR": (1.2216, 1.1318, 1.0683, 1.1050, 1.0390, 1.1720, 1.1650),
    "GBP": (1.3650, 1.3510, 1.2040, 1.2710, 1.2510, 1.3440, 1.3400),
    "INR": (0.01369, 0.01343, 0.01209, 0.01202, 0.01168, 0.01115, 0.01120),
    "BRL": (0.1930, 0.1795, 0.1890, 0.2060, 0.1620, 0.1810, 0.1830),
    "JPY": (0.00969, 0.00869, 0.00763, 0.00709, 0.00636, 0.00638, 0.00650),
    "KES": (0.00914, 0.00884, 0.00810, 0.00638, 0.00773, 0.00774, 0.00772),
    "MXN": (0.0502, 0.0488, 0.0513, 0.0589, 0.0484, 0.0556, 0.0550),
    "CAD": (0.7850, 0.7910, 0.7380, 0.7550, 0.6950, 0.7290, 0.7300),
}
# Units per dollar when no official rate is known; only used to make amounts of a likely size.
_ROUGH = {WITHOUT_RATE: 1300.0}
_WITHOUT_CENTS = frozenset({"JPY"})
_STEP = {"JPY": 500, "INR": 100, "KES": 100, "MXN": 50, "BRL": 10, WITHOUT_RATE: 1000}


def monthly_rates(timeline: Timeline, seed: int) -> dict[str, list[tuple[date, str]]]:
    """For each currency the rate on the first of each month, as decimal text, from before the program to today."""
    rng = stream(seed, "rates")
    months = [add_months(timeline.start, month) for month in range(-1, timeline.month_of(timeline.today) + 1)]
    years = np.arange(2021, 2028) + 0.0
    at = np.array([day.year + (day.month - 1) / 12 for day in months])
    return {
        currency: [
            (day, f"{value:.4g}" if value < 0.1 else f"{value:.4f}")
            for day, value in zip(
                months, np.interp(at, years, levels) * rng.uniform(0.985, 1.015, len(at)), strict=True
            )
        ]
        for currency, levels in _LEVELS.items()
    }


class Converter:
    """Dollars from other currencies at the monthly rates; amounts are whole minor units."""

    def __init__(self, rates: dict[str, list[tuple[date, str]]]) -> None:
        self._rates = {
            currency: {day.year * 12 + day.month: float(rate) for day, rate in values}
            for currency, values in rates.items()
        }

    def rate(self, currency: str, on: date) -> float:
        """Dollars for one unit of the currency."""
        if currency == PROGRAM_CURRENCY:
            return 1.0
        if currency in _ROUGH:
            return 1 / _ROUGH[currency]
        known = self._rates[currency]
        return known[min(max(on.year * 12 + on.month, min(known)), max(known))]

    def dollars(self, minor: int, currency: str, on: date) -> float:
        """An amount's worth in dollars."""
        return minor / scale_of(currency) * self.rate(currency, on)


def scale_of(currency: str) -> int:
    """Minor units in one unit."""
    return 1 if currency in _WITHOUT_CENTS else 100


def in_minor_units(amount: float, currency: str, round_to_step: bool) -> int:
    """An amount as people write it: an estimate in round numbers, or what a receipt says."""
    scale = scale_of(currency)
    if not round_to_step:
        return max(round(amount * scale), 1)
    step = _STEP.get(currency, 5 if amount < 200 else 10)
    return max(round(amount / step), 1) * step * scale


def as_text(minor: int, currency: str) -> str:
    """Minor units as a plain decimal."""
    return str(minor) if currency in _WITHOUT_CENTS else f"{minor // 100}.{minor % 100:02d}"
