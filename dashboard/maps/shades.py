"""Countries in classes: which class each belongs to, how the class is called and coloured, and what its hover says.

The answer is data, not drawing: numbers, codes, and sentences that the browser sets as text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.parts.theme import DIVERGING
from dashboard.words.numbers import number, percent

TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Class:
    """One line of the legend: its words, its colours in light and dark, and whether it is hatched."""

    label: str
    light: str
    dark: str
    hatched: bool = False


@dataclass
class Shades:
    """Parallel lists: the country, the index of its class, and the sentence for it."""

    title: str
    classes: list[Class]
    code: list[str] = field(default_factory=list)
    shade: list[int] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def add(self, code: str, shade: int, text: str) -> None:
        self.code.append(code)
        self.shade.append(shade)
        self.text.append(text)


# On a dark page the scale runs from dark to light, so that "more" stands out from the background in both themes.
_SEQUENTIAL = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")  # ColorBrewer's Blues, all visible beside "none"
_DARK_SEQUENTIAL = ("#173a5e", "#1f5a91", "#3182bd", "#6baed6", "#c6dbef")
_DARK_DIVERGING = ("#fdb863", "#b35806", "#39414c", "#7b68a6", "#cbc0e8")
_NOTHING = Class("none", "#f7f8fa", "#1d2530")
_HATCHED = Class(TOO_FEW, "#c3cad3", "#46505d", hatched=True)


def _sequential(labels: Sequence[str]) -> list[Class]:
    return [Class(label, light, dark) for label, light, dark in zip(labels, _SEQUENTIAL, _DARK_SEQUENTIAL, strict=True)]


def _diverging(labels: Sequence[str]) -> list[Class]:
    return [Class(label, light, dark) for label, light, dark in zip(labels, DIVERGING, _DARK_DIVERGING, strict=True)]


EVENT_BREAKS = (3, 10, 30, 100)


def event_shades(counted: pd.DataFrame) -> Shades:
    """Events held, in steps of about three times, the same for every period so that periods compare."""
    labels = ("1 or 2", "3 to 9", "10 to 29", "30 to 99", "100 and more")
    shades = Shades("Events held", [_NOTHING, *_sequential(labels)])
    for row in _rows(counted[counted["events"] > 0]):
        count = int(row.events)
        shades.add(row.country, 1 + sum(count >= edge for edge in EVENT_BREAKS), f"{row.name}: {_events(count)}")
    return shades


def rate_shades(gaps: pd.DataFrame) -> Shades:
    """Events per million inhabitants, in steps of about three times around the middle country with events."""
    rates = gaps.loc[gaps["events"] > 0, "rate_per_million"].dropna()
    middle = float(rates.median()) if len(rates) else 1.0
    unit = 10.0 ** round(math.log10(middle)) if middle > 0 else 1.0
    breaks = [unit * factor for factor in (0.1, 0.3, 1, 3)]
    labels = [
        f"under {_short(breaks[0])}",
        *(f"{_short(low)} to {_short(high)}" for low, high in pairwise(breaks)),
        f"{_short(breaks[-1])} and more",
    ]
    shades = Shades("Events per million inhabitants", [_NOTHING, *_sequential(labels)])
    for row in _rows(gaps):
        rate = _value(row.rate_per_million)
        events = _events(int(row.events))
        if rate is None:
            shades.add(row.country, 0 if not row.events else 1, f"{row.name}: {events}; inhabitants not known")
            continue
        index = 0 if not row.events else 1 + sum(rate >= edge for edge in breaks)
        shades.add(row.country, index, f"{row.name}: {events}, {_short(rate)} per million inhabitants")
    return shades


GAP_BREAKS = (0.5, 0.8, 1.25, 2.0)
GAP_LABELS = (
    "less than half of expected",
    "fewer",
    "about as expected",
    "more",
    "more than twice",
)


def gap_shades(gaps: pd.DataFrame) -> Shades:
    """The shrunken ratio of held to expected events; what chance alone explains too easily is hatched."""
    shades = Shades("Events held, against a share by inhabitants", [*_diverging(GAP_LABELS), _HATCHED])
    for row in _rows(gaps):
        shrunken, low, high = _value(row.shrunken), _value(row.low), _value(row.high)
        if shrunken is None or low is None or high is None:
            continue
        index = 5 if row.verdict == TOO_FEW else sum(shrunken >= edge for edge in GAP_BREAKS)
        text = (
            f"{row.name}: {_events(int(row.events))}, {_short(float(row.expected))} expected; ratio "
            f"{_short(float(row.ratio))} (95% between {_short(low)} and {_short(high)}), evened out {_short(shrunken)}"
        )
        shades.add(row.country, index, f"{text}: {row.verdict}")
    return shades


def change_shades(changes: pd.DataFrame) -> Shades:
    """Events more or fewer than in the period before."""
    known = changes.dropna(subset=["previous"])
    differences = (known["events"] - known["previous"]).astype(int)
    moved = differences[differences != 0].abs()
    large = max(5, _rounded(float(moved.quantile(0.9)))) if len(moved) else 5
    labels = (
        f"at least {large} fewer",
        "fewer",
        "no change",
        "more",
        f"at least {large} more",
    )
    shades = Shades("Change against the period before", _diverging(labels))
    for row, difference in zip(_rows(known), differences, strict=True):
        index = (difference > -large) + (difference >= 0) + (difference > 0) + (difference >= large)
        words = {"new": "new", "gone": "none now", "same": "no change"}.get(row.state, f"{difference:+,}")
        shades.add(
            row.country, int(index), f"{row.name}: {_events(int(row.events))}, {int(row.previous):,} before ({words})"
        )
    return shades


def reach_shades(reached: pd.DataFrame) -> Shades:
    """The share of townspeople who live near an event."""
    labels = ("under 20%", "20% to 40%", "40% to 60%", "60% to 80%", "80% and more")
    shades = Shades(
        "Townspeople within 100 km of an event", [Class("nobody", _NOTHING.light, _NOTHING.dark), *_sequential(labels)]
    )
    for row in _rows(reached[reached["level"] == "country"]):
        share = _value(row.share)
        if share is None:
            continue
        index = 0 if share == 0 else 1 + min(4, int(share * 5))
        shades.add(
            row.country,
            index,
            f"{row.name}: {percent(share)} of {number(int(row.urban_population))} townspeople live within reach",
        )
    return shades


def language_shades(coverage: pd.DataFrame, online: bool = False) -> Shades:
    """The least share of inhabitants who know a language offered there; where CLDR lists none of them, hatched."""
    labels = ("under 20% know one", "20% to 40%", "40% to 60%", "60% to 80%", "80% and more")
    nothing = Class("no event names a language", _NOTHING.light, _NOTHING.dark)
    unknown = Class("not known", _HATCHED.light, _HATCHED.dark, hatched=True)
    shades = Shades("Inhabitants who know a language offered", [nothing, *_sequential(labels), unknown])
    ends = ("online_low", "online_high", "online_state") if online else ("low", "high", "state")
    for row in _rows(coverage):
        low, high, state = (getattr(row, name) for name in ends)
        least, most = _value(low), _value(high)
        if state == "nothing offered":
            shades.add(row.country, 0, f"{row.name}: no event names a language")
        elif least is None or most is None:
            shades.add(row.country, 6, f"{row.name}: CLDR lists none of the languages offered")
        else:
            known = percent(least) if percent(least) == percent(most) else f"{percent(least)} to {percent(most)}"
            text = f"{row.name}: {known} of the inhabitants know a language offered"
            shades.add(row.country, 1 + min(4, int(least * 5)), text)
    return shades


SHADES: dict[str, tuple[str, Callable[[pd.DataFrame], Shades]]] = {
    "rate": ("country_gaps", rate_shades),
    "gap": ("country_gaps", gap_shades),
    "change": ("change_by_country", change_shades),
    "reach": ("urban_reach", reach_shades),
    "languages": ("language_coverage", language_shades),
    "languages_online": ("language_coverage", partial(language_shades, online=True)),
}


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """Rows whose columns are attributes; pandas cannot say which type each has."""
    yield from table.itertuples(index=False)


def _value(value: Any) -> float | None:
    if value is None or value is pd.NA:
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def _events(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _short(value: float) -> str:
    """Two significant figures below ten: 0.033, 1.5, 12, 1,200."""
    if value == 0 or value >= 10:
        return f"{value:,.0f}"
    digits = max(0, 1 - math.floor(math.log10(value)))
    return f"{value:.{min(digits, 6)}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def _rounded(value: float) -> int:
    """1, 2, 5, 10, 20, 50 … at or below the value."""
    if value < 1:
        return 1
    unit = 10 ** math.floor(math.log10(value))
    return next(int(unit * factor) for factor in (5, 2, 1) if unit * factor <= value)
