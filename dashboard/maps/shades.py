"""Countries in classes: which class each belongs to, how the class is called and coloured, and what its hover says.

The answer is data, not drawing: numbers, codes, and sentences that the browser sets as text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.parts.theme import DIVERGING
from dashboard.words.counts import percent_range
from dashboard.words.numbers import percent, signed, two_figures
from dashboard.words.ranges import people_words
from dashboard.words.sentences import EVENTS, say
from data_access.answers import rows
from data_access.questions.event_map.gaps import TOO_FEW, CountryChange, CountryGap, change_by_country, country_gaps
from data_access.questions.event_map.reach import COUNTRY, UrbanReach, urban_reach
from data_access.questions.events.counts import CountryEvents
from data_access.questions.languages.gaps import CountryCoverage, language_coverage
from data_access.questions.languages.reach import NOTHING_OFFERED
from data_access.questions.people.diversity_map import NOBODY, SHOWN, CountryDiversity, diversity_by_country


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
_SEQUENTIAL = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")  # ColorBrewer's Blues, all unlike "none"
_DARK_SEQUENTIAL = ("#173a5e", "#1f5a91", "#3182bd", "#6baed6", "#c6dbef")
_DARK_DIVERGING = ("#fdb863", "#b35806", "#39414c", "#7b68a6", "#cbc0e8")
_NOTHING = Class("none", "#f7f8fa", "#1d2530")
_HATCHED = Class(TOO_FEW, "#c3cad3", "#46505d", hatched=True)


def _sequential(labels: Sequence[str]) -> list[Class]:
    return [Class(label, light, dark) for label, light, dark in zip(labels, _SEQUENTIAL, _DARK_SEQUENTIAL, strict=True)]


def _diverging(labels: Sequence[str]) -> list[Class]:
    return [Class(label, light, dark) for label, light, dark in zip(labels, DIVERGING, _DARK_DIVERGING, strict=True)]


EVENT_BREAKS = (3, 10, 30, 100)
COUNTED = "{country}: {events}"


def event_shades(counted: pd.DataFrame) -> Shades:
    """Events held, in steps of about three times, the same for every period so that periods compare."""
    labels = ("1 or 2", "3 to 9", "10 to 29", "30 to 99", "100 and more")
    shades = Shades("Events held", [_NOTHING, *_sequential(labels)])
    for row in rows(CountryEvents, counted[counted["events"] > 0]):
        index = 1 + sum(row.events >= edge for edge in EVENT_BREAKS)
        shades.add(row.country, index, say(COUNTED, country=row.name, events=EVENTS(row.events)))
    return shades


RATE_KNOWN = "{country}: {events}, {rate} per million inhabitants"
RATE_UNKNOWN = "{country}: {events}; inhabitants not known"


def rate_shades(gaps: pd.DataFrame) -> Shades:
    """Events per million inhabitants, in steps of about three times around the middle country with events."""
    rates = gaps.loc[gaps["events"] > 0, "rate_per_million"].dropna()
    middle = float(rates.median()) if len(rates) else 1.0
    unit = 10.0 ** round(math.log10(middle)) if middle > 0 else 1.0
    breaks = [unit * factor for factor in (0.1, 0.3, 1, 3)]
    labels = [
        say("under {rate}", rate=two_figures(breaks[0])),
        *(say("{low} to {high}", low=two_figures(low), high=two_figures(high)) for low, high in pairwise(breaks)),
        say("{rate} and more", rate=two_figures(breaks[-1])),
    ]
    shades = Shades("Events per million inhabitants", [_NOTHING, *_sequential(labels)])
    for row in rows(CountryGap, gaps):
        rate, events = row.rate_per_million, EVENTS(row.events)
        if rate is None:
            shades.add(row.country, 1 if row.events else 0, say(RATE_UNKNOWN, country=row.name, events=events))
            continue
        index = 1 + sum(rate >= edge for edge in breaks) if row.events else 0
        shades.add(row.country, index, say(RATE_KNOWN, country=row.name, events=events, rate=two_figures(rate)))
    return shades


GAP_BREAKS = (0.5, 0.8, 1.25, 2.0)
GAP_LABELS = (
    "less than half of expected",
    "fewer",
    "about as expected",
    "more",
    "more than twice",
)
GAP = (
    "{country}: {events}, {expected} expected; ratio {ratio} (95% between {low} and {high}), evened out {shrunken}: "
    "{verdict}"
)


def gap_shades(gaps: pd.DataFrame) -> Shades:
    """The shrunken ratio of held to expected events; what chance alone explains too easily is hatched."""
    shades = Shades("Events held, against a share by inhabitants", [*_diverging(GAP_LABELS), _HATCHED])
    for row in rows(CountryGap, gaps):
        if row.expected is None or row.ratio is None or row.shrunken is None or row.low is None or row.high is None:
            continue
        index = 5 if row.verdict == TOO_FEW else sum(row.shrunken >= edge for edge in GAP_BREAKS)
        text = say(
            GAP,
            country=row.name,
            events=EVENTS(row.events),
            expected=two_figures(row.expected),
            ratio=two_figures(row.ratio),
            low=two_figures(row.low),
            high=two_figures(row.high),
            shrunken=two_figures(row.shrunken),
            verdict=row.verdict,
        )
        shades.add(row.country, index, text)
    return shades


CHANGED = {
    "new": "{country}: {events}, {previous} before (new)",
    "gone": "{country}: {events}, {previous} before (none now)",
    "same": "{country}: {events}, {previous} before (no change)",
    "more": "{country}: {events}, {previous} before ({change})",
    "fewer": "{country}: {events}, {previous} before ({change})",
}


def change_shades(changes: pd.DataFrame) -> Shades:
    """Events more or fewer than in the period before."""
    known = [
        (row, row.previous, row.events - row.previous)
        for row in rows(CountryChange, changes)
        if row.previous is not None
    ]
    moved = pd.Series([abs(change) for _, _, change in known if change])
    large = max(5, _rounded(float(moved.quantile(0.9)))) if len(moved) else 5
    labels = (
        say("at least {n} fewer", n=large),
        "fewer",
        "no change",
        "more",
        say("at least {n} more", n=large),
    )
    shades = Shades("Change against the period before", _diverging(labels))
    for row, previous, change in known:
        index = (change > -large) + (change >= 0) + (change > 0) + (change >= large)
        text = say(
            CHANGED[row.state],
            country=row.name,
            events=EVENTS(row.events),
            previous=previous,
            change=signed(change),
        )
        shades.add(row.country, index, text)
    return shades


WITHIN_REACH = "{country}: {share} of {people} townspeople live within reach"


def reach_shades(reached: pd.DataFrame) -> Shades:
    """The share of townspeople who live near an event."""
    labels = ("under 20%", "20% to 40%", "40% to 60%", "60% to 80%", "80% and more")
    shades = Shades(
        "Townspeople within 100 km of an event", [Class("nobody", _NOTHING.light, _NOTHING.dark), *_sequential(labels)]
    )
    for row in rows(UrbanReach, reached[reached["level"] == COUNTRY]):
        if row.share is None:
            continue
        index = 0 if row.share == 0 else 1 + min(4, int(row.share * 5))
        text = say(WITHIN_REACH, country=row.name, share=percent(row.share), people=row.urban_population)
        shades.add(row.country, index, text)
    return shades


NO_LANGUAGE = "{country}: no event names a language"
NOT_LISTED = "{country}: CLDR lists none of the languages offered"
KNOW_ABOUT = "{country}: {share} of the inhabitants know a language offered"
KNOW_BETWEEN = "{country}: {low} to {high} of the inhabitants know a language offered"


def language_shades(coverage: pd.DataFrame, online: bool = False) -> Shades:
    """The least share of inhabitants who know a language offered there; where CLDR lists none of them, hatched.

    `coverage` is the answer of `language_coverage`, or its columns country, name, low, high and state.
    """
    labels = ("under 20% know one", "20% to 40%", "40% to 60%", "60% to 80%", "80% and more")
    nothing = Class("no event names a language", _NOTHING.light, _NOTHING.dark)
    unknown = Class("not known", _HATCHED.light, _HATCHED.dark, hatched=True)
    shades = Shades("Inhabitants who know a language offered", [nothing, *_sequential(labels), unknown])
    for row in rows(CountryCoverage, coverage):
        own = (row.low, row.high, row.state)
        low, high, state = (row.online_low, row.online_high, row.online_state) if online else own
        if state == NOTHING_OFFERED:
            shades.add(row.country, 0, say(NO_LANGUAGE, country=row.name))
        elif low is None or high is None:
            shades.add(row.country, 6, say(NOT_LISTED, country=row.name))
        else:
            least, most = percent(low), percent(high)
            template = KNOW_ABOUT if least == most else KNOW_BETWEEN
            text = say(template, country=row.name, share=least, low=least, high=most)
            shades.add(row.country, 1 + min(4, int(low * 5)), text)
    return shades


DIVERSITY_BREAKS = (0.1, 0.25, 0.5, 0.75)
DIVERSITY = {
    True: "{country} ({region}): {value}: {people} of {all}, {share} ({interval})",
    False: "{country} ({region}): {value}: {people} of about {all}, about {share} ({interval})",
}
FEW_OF = "{country} ({region}): {value}: {people} of {all}, too few for a share"
TOO_FEW_TOLD = "{country} ({region}): too few people for a share"
NOBODY_DISCLOSED = "{country} ({region}): nobody disclosed it"


def diversity_shades(told: pd.DataFrame) -> Shades:
    """The share of one value among the people of each country's region; of too few people, hatched."""
    labels = ("under 10%", "10% to 25%", "25% to 50%", "50% to 75%", "75% and more")
    nobody = Class("nobody disclosed it", _NOTHING.light, _NOTHING.dark)
    few = Class("too few for a share", _HATCHED.light, _HATCHED.dark, hatched=True)
    shades = Shades("Share of the people of the region", [nobody, *_sequential(labels), few])
    for row in rows(CountryDiversity, told):
        exact = row.at_least == row.at_most
        if row.state == NOBODY:
            index, template = 0, NOBODY_DISCLOSED
        elif row.state == SHOWN:
            index, template = 1 + sum((row.share or 0) >= edge for edge in DIVERSITY_BREAKS), DIVERSITY[exact]
        else:
            index, template = 6, FEW_OF if exact and row.of_people else TOO_FEW_TOLD
        text = say(
            template,
            country=row.name,
            region=row.region,
            value=row.value,
            people=people_words(row.at_least, row.at_most),
            all=row.of_people or 0,
            share=percent(row.share or 0),
            interval=percent_range(row.low or 0, row.high or 0),
        )
        shades.add(row.country, index, text)
    return shades


SHADES: dict[str, tuple[Callable[..., pd.DataFrame], Callable[[pd.DataFrame], Shades]]] = {
    "rate": (country_gaps, rate_shades),
    "gap": (country_gaps, gap_shades),
    "change": (change_by_country, change_shades),
    "reach": (urban_reach, reach_shades),
    "languages": (language_coverage, language_shades),
    "languages_online": (language_coverage, partial(language_shades, online=True)),
    "diversity": (diversity_by_country, diversity_shades),
}


def _rounded(value: float) -> int:
    """1, 2, 5, 10, 20, 50 … at or below the value."""
    if value < 1:
        return 1
    unit = 10 ** math.floor(math.log10(value))
    return next(int(unit * factor) for factor in (5, 2, 1) if unit * factor <= value)
