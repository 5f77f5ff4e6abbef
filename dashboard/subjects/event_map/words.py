"""What the event map says and offers, from answers: finding, headline numbers, layers, steps through time, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd

from dashboard.maps.cells import cell_box
from dashboard.parts.shapes import Headline
from dashboard.words import periods
from dashboard.words.numbers import number, percent, short_day
from dashboard.words.places import chosen_places
from dashboard.words.sentences import COUNTRIES, EVENTS, Counted, listed, say
from data_access.answers import Number, Text, columns_of, rows
from data_access.geography.polygons import drawn_codes
from data_access.questions.event_map.gaps import AS_EXPECTED, FEWER, MORE, CountryGap
from data_access.questions.event_map.reach import WORLD, UrbanReach
from data_access.questions.events.counts import NOWHERE, ONLINE, CountryEvents, EventsTotal
from data_access.selection import LATEST, Period, Scope, Selection

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
    """The layers open to a viewer: where members live is for the program manager and the board."""
    return [layer for layer in LAYERS if layer != "members" or scope.inside]


def selection_for(layer: str, selection: Selection) -> Selection:
    """What a layer asks for: planned events lie after today, whatever the period."""
    if layer != "planned":
        return selection
    tomorrow = selection.as_of + timedelta(days=1)
    return replace(selection, status=("planned",), period=Period(tomorrow, LATEST))


ONLINE_EVENTS = Counted("{n} online event", "{n} online events")


@dataclass(frozen=True, slots=True)
class EventsOnMap:
    """How many events there are, on the map and off it, and where there are none.

    `places` names the countries and regions that are chosen, `all_events` says that no other filter leaves events out.
    """

    total: int
    placed: int
    online: int
    countries: int
    reached: float | None
    silent: tuple[str, ...]
    fewer: tuple[str, ...]
    places: str = ""
    all_events: bool = True

    @property
    def unknown(self) -> int:
        return self.total - self.placed - self.online


def summary(
    total: pd.DataFrame,
    placed: pd.DataFrame,
    by_country: pd.DataFrame,
    reach: pd.DataFrame,
    gaps: pd.DataFrame,
    selection: Selection,
    names: Mapping[str, Mapping[str, str]],
) -> EventsOnMap:
    """From the answers of events_total, events_by_place, events_by_country, urban_reach and country_gaps."""
    [everything] = rows(EventsTotal, total)
    counted, judged = rows(CountryEvents, by_country), rows(CountryGap, gaps)
    large = [gap for gap in judged if gap.exposure is not None and gap.exposure >= LARGE and not gap.events]
    return EventsOnMap(
        total=everything.events,
        placed=int(placed["events"].sum()),
        online=sum(row.events for row in counted if row.country == ONLINE),
        countries=sum(row.country not in (NOWHERE, ONLINE) for row in counted),
        reached=next((row.share for row in rows(UrbanReach, reach) if row.level == WORLD), None),
        silent=tuple(gap.name for gap in sorted(large, key=lambda gap: -(gap.exposure or 0))),
        fewer=tuple(gap.name for gap in judged if gap.verdict == FEWER),
        places=chosen_places(selection, names),
        all_events=is_about_all_events(selection),
    )


def finding(found: EventsOnMap) -> str:
    """The page's answer in a sentence."""
    if found.silent:
        template = (
            "{events} in {countries}; none in {missing}, with more than 50 million inhabitants."
            if len(found.silent) == 1
            else "{events} in {countries}; none in {missing}, each with more than 50 million inhabitants."
        )
    elif found.fewer:
        template = "{events} in {countries}; fewer than expected in {missing}."
    else:
        template = "{events} in {countries}."
    missing = listed(found.silent or found.fewer, most=3)
    return say(template, events=EVENTS(found.total), countries=COUNTRIES(found.countries), missing=missing)


# By whether places are chosen, and whether all their events count.
_REACH = {
    (False, True): "of the world’s townspeople, within 100 km of an event of the last 12 months",
    (False, False): "of the world’s townspeople, within 100 km of such an event of the last 12 months",
    (True, True): "of the townspeople of {places}, within 100 km of an event of the last 12 months",
    (True, False): "of the townspeople of {places}, within 100 km of such an event of the last 12 months",
}
_TOWNS = {
    True: "Largest towns more than 100 km from any event of the last 12 months",
    False: "Largest towns more than 100 km from any such event of the last 12 months",
}
NOT_ON_THE_MAP = {
    (True, True): "Not on the map: {online} and {unknown} whose place is not known.",
    (True, False): "Not on the map: {online}.",
    (False, True): "Not on the map: {unknown} whose place is not known.",
    (False, False): "",
}


def more(found: EventsOnMap) -> str:
    """What is not on the map."""
    template = NOT_ON_THE_MAP[found.online > 0, found.unknown > 0]
    return say(template, online=ONLINE_EVENTS(found.online), unknown=EVENTS(found.unknown))


def headlines(found: EventsOnMap) -> list[Headline]:
    """Above the map: on it, and not on it."""
    reached = "–" if found.reached is None else percent(found.reached)
    return [
        Headline("On the map", number(found.placed), note="events with a known place"),
        Headline("Countries", number(found.countries), note="with at least one event"),
        Headline("Reach", reached, note=reach_words(found)),
        Headline("Online", number(found.online), note="never on the map"),
        Headline("Place unknown", number(found.unknown), note="never on the map"),
    ]


def is_about_all_events(selection: Selection) -> bool:
    """Whether no filter but those of place leaves events out."""
    return all(item.name in ("country", "region") for item in selection.narrowed_by)


def reach_words(found: EventsOnMap) -> str:
    """What the reach is a share of, and of which events."""
    return say(_REACH[bool(found.places), found.all_events], places=found.places)


def towns_heading(selection: Selection) -> str:
    """What the list of towns out of reach says of itself."""
    return _TOWNS[is_about_all_events(selection)]


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
class ChosenPlace:
    """A part of the world that was chosen: a country or a cell, for the whole period or one step of it."""

    country: str = ""
    box: str = ""
    step: str = ""
    layer: str = "events"

    @property
    def options(self) -> dict[str, Any]:
        """What `events_list` is asked with."""
        return {"country": self.country} if self.country else {"box": self.box}


def picked(value: object, named: Mapping[str, Period]) -> ChosenPlace | None:
    """What the browser says was chosen, if it is something that can be chosen; never trusted further."""
    found: Any = value.get("picked") if isinstance(value, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    step = found.get("step") if found.get("step") in named else ""
    layer = str(found.get("layer")) if found.get("layer") in LAYERS else "events"
    if found.get("kind") == "country" and found.get("code") in drawn_codes():
        return ChosenPlace(country=str(found["code"]), step=str(step), layer=layer)
    try:
        box = cell_box(*(int(found[name]) for name in ("z", "column", "row")))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return ChosenPlace(box=f"{box.south!r},{box.west!r},{box.north!r},{box.east!r}", step=str(step), layer=layer)


class NextStep(NamedTuple):
    """What follows a gap's own columns in the ranked table."""

    next_step: Annotated[str, Text("Next step")]
    missing: Annotated[float | None, Number("Missing", decimals=1, help="Events: expected less held")]


RANKED_GAP = (*columns_of(CountryGap), *columns_of(NextStep))


def with_next_step(gaps: pd.DataFrame, names_people: bool) -> pd.DataFrame:
    """The countries with fewer events than expected, most missing first, and what could be done about each."""
    ranked = gaps[gaps["verdict"] == FEWER].copy()
    advice = "Select the row: who could go" if names_people else "Nothing planned yet"
    ranked["next_step"] = [
        say("Planned on {day}", day=short_day(gap.next_planned_on)) if gap.next_planned_on else advice
        for gap in rows(CountryGap, ranked)
    ]
    ranked["missing"] = (ranked["expected"] - ranked["events"]).round(1)
    return ranked.sort_values("missing", ascending=False, ignore_index=True)


UNKNOWN_COUNTRY = (
    "{events} of unknown country could belong to any one of them; if all did, the verdict on {countries} of {judged} "
    "could change."
)


def unknown_words(gaps: pd.DataFrame) -> str:
    """How much the events of unknown country could change."""
    found = rows(CountryGap, gaps)
    unknown = found[0].unknown_place if found else 0
    if not unknown:
        return ""
    judged = [gap for gap in found if gap.verdict in (FEWER, MORE, AS_EXPECTED)]
    open_ = sum(gap.verdict_holds is False for gap in judged)
    return say(UNKNOWN_COUNTRY, events=EVENTS(unknown), countries=COUNTRIES(open_), judged=len(judged))
