"""What the event map says and offers, from answers: finding, headline numbers, layers, steps through time, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.maps.cells import cell_box
from dashboard.parts.shapes import Headline
from dashboard.words import periods
from dashboard.words.numbers import number, percent, short_day
from dashboard.words.text import counted
from data_access.geography.polygons import drawn_codes
from data_access.selection import LATEST, Period, Role, Scope, Selection

LARGE = 50_000_000
MOST_QUARTERS, MOST_YEARS = 40, 20

LAYERS: dict[str, str] = {
    "events": "Events",
    "rate": "Per inhabitant",
    "gap": "Gaps",
    "reach": "Reach",
    "change": "Change",
    "planned": "Planned",
    "members": "Members",
}
# What follows the period, and so can be played through.
PLAYED = frozenset({"events", "rate", "gap", "reach", "change"})


def layers_for(scope: Scope) -> list[str]:
    """The layers open to a viewer: where members live is for the program manager alone."""
    return [layer for layer in LAYERS if layer != "members" or scope.role is Role.PM]


def selection_for(layer: str, selection: Selection) -> Selection:
    """What a layer asks for: planned events lie after today, whatever the period."""
    if layer != "planned":
        return selection
    tomorrow = selection.as_of + timedelta(days=1)
    return replace(selection, status=("planned",), period=Period(tomorrow, LATEST))


@dataclass(frozen=True, slots=True)
class Summary:
    """How many events there are, on the map and off it, and where there are none."""

    total: int
    placed: int
    online: int
    countries: int
    reached: float | None
    silent: tuple[str, ...]
    fewer: tuple[str, ...]

    @property
    def unknown(self) -> int:
        return self.total - self.placed - self.online


def summary(
    total: pd.DataFrame, placed: pd.DataFrame, by_country: pd.DataFrame, reach: pd.DataFrame, gaps: pd.DataFrame
) -> Summary:
    """From the answers of events_total, events_by_place, events_by_country, urban_reach and country_gaps."""
    located = by_country[~by_country["country"].isin(["", "online"])]
    online = by_country.loc[by_country["country"] == "online", "events"]
    world = reach.loc[reach["level"] == "world", "share"].dropna()
    large = gaps[(gaps["exposure"].fillna(0) >= LARGE) & (gaps["events"] == 0)].sort_values("exposure", ascending=False)
    return Summary(
        total=int(total["events"].iloc[0]),
        placed=int(placed["events"].sum()),
        online=int(online.sum()),
        countries=len(located),
        reached=float(world.iloc[0]) if len(world) else None,
        silent=tuple(large["name"]),
        fewer=tuple(gaps.loc[gaps["verdict"] == "fewer", "name"]),
    )


def finding(found: Summary) -> str:
    """The page's answer in a sentence."""
    where = f"{counted(found.total, 'event')} in {counted(found.countries, 'country', 'countries')}"
    if not found.silent:
        return f"{where}{'; ' + few(found.fewer) if found.fewer else ''}."
    none = _listed(found.silent)
    each = "each " if len(found.silent) > 1 else ""
    return f"{where}; none in {none}, {each}with more than 50 million inhabitants."


def few(names: tuple[str, ...]) -> str:
    """`fewer than expected in Nigeria, Chad and 10 more`."""
    return f"fewer than expected in {_listed(names)}"


def more(found: Summary) -> str:
    """What is not on the map."""
    parts = []
    if found.online:
        parts.append(f"{counted(found.online, 'online event')}")
    if found.unknown:
        parts.append(f"{counted(found.unknown, 'event')} whose place is not known")
    return f"Not on the map: {' and '.join(parts)}." if parts else ""


def _listed(names: tuple[str, ...], most: int = 3) -> str:
    shown = list(names[:most])
    rest = len(names) - len(shown)
    last = f"{rest} more" if rest else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


def headlines(found: Summary) -> list[Headline]:
    """Above the map: on it, and not on it."""
    reached = "–" if found.reached is None else percent(found.reached)
    return [
        Headline("On the map", number(found.placed), note="events with a known place"),
        Headline("Countries", number(found.countries), note="with at least one event"),
        Headline("Reach", reached, note="of the world’s townspeople, within 100 km"),
        Headline("Online", number(found.online), note="never on the map"),
        Headline("Place unknown", number(found.unknown), note="never on the map"),
    ]


def steps(selection: Selection, first: date | None, last: date | None) -> dict[str, list[tuple[str, Period]]]:
    """Quarters and years of the program to play through, oldest first, up to today."""
    if first is None or last is None:
        return {}
    end = min(last, selection.as_of)
    quarters: list[tuple[str, Period]] = []
    quarter = Period.quarter_of(end)
    while quarter.end > first and len(quarters) < MOST_QUARTERS:
        quarters.append((periods.quarter_name(quarter), quarter))
        quarter = quarter.previous()
    years = range(max(first.year, end.year - MOST_YEARS + 1), end.year + 1)
    return {
        "quarter": quarters[::-1],
        "year": [(str(year), Period(date(year, 1, 1), date(year + 1, 1, 1))) for year in years],
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the world that was chosen: a country or a cell, for the whole period or one step of it."""

    country: str = ""
    box: str = ""
    step: str = ""
    layer: str = "events"

    @property
    def options(self) -> dict[str, str]:
        """What `events_list` is asked with."""
        return {"country": self.country} if self.country else {"box": self.box}


def picked(value: object, named: Mapping[str, Period]) -> Place | None:
    """What the browser says was chosen, if it is something that can be chosen; never trusted further."""
    found: Any = value.get("picked") if isinstance(value, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    step = found.get("step") if found.get("step") in named else ""
    layer = str(found.get("layer")) if found.get("layer") in LAYERS else "events"
    if found.get("kind") == "country" and found.get("code") in drawn_codes():
        return Place(country=str(found["code"]), step=str(step), layer=layer)
    try:
        box = cell_box(*(int(found[name]) for name in ("z", "column", "row")))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return Place(box=f"{box.south!r},{box.west!r},{box.north!r},{box.east!r}", step=str(step), layer=layer)


def with_next_step(gaps: pd.DataFrame, is_pm: bool) -> pd.DataFrame:
    """The countries with fewer events than expected, most missing first, and what could be done about each."""
    ranked = gaps[gaps["verdict"] == "fewer"].copy()
    advice = "Select the row: who could go" if is_pm else "Nothing planned yet"
    ranked["next_step"] = [
        f"Planned on {short_day(day)}" if isinstance(day, date) else advice for day in ranked["next_planned_on"]
    ]
    ranked["missing"] = (ranked["expected"] - ranked["events"]).round(1)
    return ranked.sort_values("missing", ascending=False, ignore_index=True)


def unknown_words(gaps: pd.DataFrame) -> str:
    """How much the events of unknown country could change."""
    if gaps.empty or not int(gaps["unknown_place"].iloc[0]):
        return ""
    unknown = int(gaps["unknown_place"].iloc[0])
    judged = gaps[gaps["verdict"].isin(["fewer", "more", "as expected"])]
    open_ = int((~judged["verdict_holds"].fillna(True).astype(bool)).sum())
    return (
        f"{counted(unknown, 'event')} of unknown country could belong to any one of them; if all did, the verdict on "
        f"{counted(open_, 'country', 'countries')} of {len(judged)} could change."
    )
