"""The map of the site: what each country's colour and hover say, for each layer and period, as data for the browser.

The same outlines, painter and classes as the event map's. Texts are set as text by the browser, never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard.maps import assets
from dashboard.maps.shades import Shades, event_shades, language_shades, rate_shades
from data_access.geography.polygons import PATH as OUTLINES
from data_access.publishing.reader import Publication
from data_access.questions.frames import records

MOST_YEARS = 8
YEAR = "year"


def map_data(publication: Publication, tables: Mapping[str, pd.DataFrame], borders: bool) -> bytes:
    """A script that hands the browser the layers: title, and by period classes, shades and texts."""
    spans = _spans(publication, tables["events_by_country"])
    layers = {
        "events": {
            "title": "Events held",
            "spans": {name: event_shades(table).as_data() for name, (_, table) in spans.items()},
        },
        "rate": {
            "title": "Events per million inhabitants",
            "spans": {
                name: rate_shades(_with_rates(table, tables["countries"])).as_data()
                for name, (_, table) in spans.items()
            },
        },
        "languages": {"title": "Inhabitants who know a language offered", "spans": {YEAR: _reach(tables).as_data()}},
    }
    names = dict(zip(tables["countries"]["country"], tables["countries"]["name"], strict=True))
    data = {
        "layers": layers,
        "spans": [{"name": name, "label": label} for name, (label, _) in spans.items()],
        "names": names,
        "borders": borders,
    }
    return f"window.upliftSite={json.dumps(data, separators=(',', ':'))};\n".encode()


def outlines() -> bytes:
    """The countries as a script: a page that is opened from a disk may not fetch."""
    return b"window.upliftCountries=" + OUTLINES.read_bytes().strip() + b";\n"


def scripts() -> dict[str, bytes]:
    """Leaflet and our painter, as they are served to the event map."""
    return {name: assets.asset(name).content for name in ("leaflet.js", "leaflet.css", "map_world.js")}


def _spans(publication: Publication, events: pd.DataFrame) -> dict[str, tuple[str, pd.DataFrame]]:
    """The periods that can be chosen: the last year, everything, and single years, newest first."""
    placed = events[events["country"].str.len() == 2]
    start, end = publication.day("year_start"), publication.day("period_end")
    found = {
        YEAR: ("The last four quarters", placed[placed["starts_on"] >= start]),
        "all": ("Everything", placed),
    }
    first = publication.day("period_start").year
    last = end.year if end.month > 1 else end.year - 1
    for year in range(last, max(first - 1, last - MOST_YEARS), -1):
        inside = placed[(placed["starts_on"] >= date(year, 1, 1)) & (placed["starts_on"] < date(year + 1, 1, 1))]
        label = f"{year}, its first {(end.month - 1) // 3} quarters" if year == end.year else str(year)
        found[str(year)] = (label.replace("first 1 quarters", "first quarter"), inside)
    return {name: (label, _summed(table)) for name, (label, table) in found.items()}


def _summed(events: pd.DataFrame) -> pd.DataFrame:
    return events.groupby(["country", "name"])["events"].sum().reset_index()


def _with_rates(events: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    inhabitants = events.merge(countries[["country", "inhabitants"]], on="country", how="left")["inhabitants"]
    return events.assign(rate_per_million=events["events"].astype("Float64") / inhabitants * 1e6)


def _reach(tables: Mapping[str, pd.DataFrame]) -> Shades:
    reach = tables["language_reach"]
    return language_shades(reach[reach["level"] == "country"])


def country_rows(publication: Publication, tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """The map as a table: every country with events, most in the last year first."""
    events = tables["events_by_country"]
    start = publication.day("year_start")
    ever = events.groupby(["country", "name", "region"], sort=False)["events"].sum().reset_index()
    recent = events[events["starts_on"] >= start].groupby("country")["events"].sum()
    ever["recent"] = [int(recent.get(code, 0)) for code in ever["country"]]
    inhabitants = tables["countries"].set_index("country")["inhabitants"]
    ever["inhabitants"] = ever["country"].map(inhabitants)
    ordered = ever.sort_values(["recent", "events", "name"], ascending=[False, False, True])
    return records(ordered)
