"""The map of the site: what each country's colour and hover say, for each layer and period, as data for the browser.

The same outlines, painter and classes as the event map's. Texts are set as text by the browser, never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from dashboard.maps import assets
from dashboard.maps.shades import Shades, event_shades, language_shades, rate_shades
from dashboard.words.sentences import Counted, say
from data_access.answers import rows
from data_access.geography.polygons import PATH as OUTLINES
from data_access.publishing.reader import Publication
from data_access.publishing.rows import PublishedCountry, PublishedCountryQuarter

MOST_YEARS = 8
YEAR = "year"


def map_data(publication: Publication, tables: Mapping[str, pd.DataFrame], borders: bool) -> bytes:
    """A script that hands the browser the layers: title, and by period classes, shades and texts."""
    offered = spans(publication)
    held = {name: by_country(tables["events_by_country"], span) for name, span in offered.items()}
    layers = {
        "events": {
            "title": "Events held",
            "spans": {name: event_shades(table).as_data() for name, table in held.items()},
        },
        "rate": {
            "title": "Events per million inhabitants",
            "spans": {name: rates(table, tables["countries"]).as_data() for name, table in held.items()},
        },
        "languages": {"title": "Inhabitants who know a language offered", "spans": {YEAR: reach(tables).as_data()}},
    }
    names = dict(zip(tables["countries"]["country"], tables["countries"]["name"], strict=True))
    data = {
        "layers": layers,
        "spans": [{"name": name, "label": span.label} for name, span in offered.items()],
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


@dataclass(frozen=True, slots=True)
class Span:
    """Days that can be chosen together: from the first to the one before `end`."""

    label: str
    start: date
    end: date

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of quarters that lie in it."""
        return table[(table["starts_on"] >= self.start) & (table["starts_on"] < self.end)]


def spans(publication: Publication) -> dict[str, Span]:
    """The periods that can be chosen: the last year, everything, and single years, newest first."""
    start, end = publication.day("period_start"), publication.day("period_end")
    found = {
        YEAR: Span("The last four quarters", publication.day("year_start"), end),
        "all": Span("Everything", start, end),
    }
    last = end.year if end.month > 1 else end.year - 1
    for year in range(last, max(start.year - 1, last - MOST_YEARS), -1):
        label = _begun(year, (end.month - 1) // 3) if year == end.year else str(year)
        found[str(year)] = Span(label, date(year, 1, 1), date(year + 1, 1, 1))
    return found


_BEGUN = Counted("{year}, its first quarter", "{year}, its first {n} quarters")


def _begun(year: int, quarters: int) -> str:
    return say(_BEGUN.form(quarters), year=str(year), n=quarters)


def by_country(events: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Events held in the span by country: country, name, events."""
    placed = span.of(events[events["country"].str.len() == 2])
    return placed.groupby(["country", "name"])["events"].sum().reset_index()


def rates(events: pd.DataFrame, countries: pd.DataFrame) -> Shades:
    """Events per million inhabitants, from `by_country`."""
    inhabitants = events.merge(countries[["country", "inhabitants"]], on="country", how="left")["inhabitants"]
    return rate_shades(events.assign(rate_per_million=events["events"].astype("Float64") / inhabitants * 1e6))


def reach(tables: Mapping[str, pd.DataFrame]) -> Shades:
    """Whom the languages of the last year reach, by country."""
    reached = tables["language_reach"]
    return language_shades(reached[reached["level"] == "country"])


class CountryLine(NamedTuple):
    """A country with its events, ever and in the last year."""

    name: str
    region: str
    recent: int
    events: int
    inhabitants: int | None


def country_rows(publication: Publication, tables: Mapping[str, pd.DataFrame]) -> list[CountryLine]:
    """The map as a table: every country with events, most in the last year first."""
    start = publication.day("year_start")
    inhabitants = {row.country: row.inhabitants for row in rows(PublishedCountry, tables["countries"])}
    found: dict[tuple[str, str, str], CountryLine] = {}
    for row in rows(PublishedCountryQuarter, tables["events_by_country"]):
        place = (row.country, row.name, row.region)
        known = found.get(place) or CountryLine(row.name, row.region, 0, 0, inhabitants.get(row.country))
        recent = row.events if row.starts_on >= start else 0
        found[place] = known._replace(recent=known.recent + recent, events=known.events + row.events)
    return sorted(found.values(), key=lambda line: (-line.recent, -line.events, line.name))
