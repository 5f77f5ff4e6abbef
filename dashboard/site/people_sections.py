"""The further parts of the page: funnels, people, money, presence, downloads, definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import htpy as h
import pandas as pd

from dashboard.site import charts, downloads
from dashboard.site.parts import Cell, Site, details, meter_rows, section, table
from dashboard.site.texts import money_words, range_words
from dashboard.subjects.funnel.words import STEP_NAMES
from dashboard.words import numbers
from dashboard.words.text import counted
from data_access.questions.frames import records
from data_access.selection import Period

POPULATIONS = {
    "contributors": "People who contributed",
    "speakers": "People who spoke at events",
    "members": "Members",
}
FUNNELS = {"contributors": "From joining to the core", "program": "From application to membership"}
_TITLES = {
    "definitions": "Definitions",
    "figures": "Headline numbers",
    "countries": "Countries with inhabitants",
    "events_by_country": "Events by quarter and country",
    "trends": "Trends by quarter",
    "languages": "Languages",
    "languages_by_quarter": "Events by quarter and language",
    "language_reach": "Language reach",
    "funnel": "Funnels by year of entry",
    "shares": "People by what they say of themselves",
    "spending": "Money paid",
    "presence": "Presence by region",
}


def funnels(site: Site) -> h.Element | None:
    everything = site.tables["funnel"]
    parts = []
    for name, title in FUNNELS.items():
        rows = records(everything[everything["funnel"] == name])
        if not rows:
            continue
        last = [row for row in rows if row["cohort"] == rows[-1]["cohort"]]
        most = int(last[0]["at_most"])
        bars = [
            (
                STEP_NAMES.get(row["step"], row["step"]),
                f"{range_words(row)} people{_of_before(row)}",
                charts.bar(int(row["at_least"]), int(row["at_most"]), most),
            )
            for row in last
        ]
        heads = ("Step", "Year of entry", "People", "Of the step before", "95% between")
        listed = [
            (STEP_NAMES.get(row["step"], row["step"]), row["cohort"], range_words(row), *_share_words(row))
            for row in rows
        ]
        caption = f"{title}, by year of entry"
        parts.append(
            (
                h.h3[f"{title}: who entered in {last[0]['cohort']}"],
                meter_rows(bars),
                details("All years as a table", table(caption, heads, listed, numbers=(1, 2, 3, 4))),
            )
        )
    return section("funnel", "How people become contributors", *parts) if parts else None


def people(site: Site) -> h.Element | None:
    shares = site.tables["shares"]
    parts = []
    for population, title in POPULATIONS.items():
        rows = records(shares[(shares["population"] == population)])
        if not rows:
            continue
        window = Period(rows[0]["starts_on"], rows[0]["ends_on"]).in_words()
        heading = f"{title}: {range_words(rows[0])} ({window})"
        said = [row for row in rows if row["kind"] != "all"]
        body = [_dimension(name, said) for name in dict.fromkeys(row["dimension"] for row in said)]
        parts.append(details(heading, body) if body else h.p[heading])
    if not parts:
        return None
    lead = "What people say of themselves, and nothing that is guessed; the marks are shares with 95% intervals."
    return section("people", "Who takes part", *parts, lead=lead)


def _dimension(name: str, said: list[dict[str, Any]]) -> h.Element:
    rows = []
    for row in said:
        if row["dimension"] != name:
            continue
        label = {"other": "Other, each too few to name", "not disclosed": "Not disclosed"}.get(
            row["kind"], row["value"]
        )
        told = not pd.isna(row["share"])
        picture = charts.interval(float(row["share"]), float(row["low"]), float(row["high"])) if told else None
        share = numbers.percent(float(row["share"])) if told else "–"
        between = f"{numbers.percent(float(row['low']))} to {numbers.percent(float(row['high']))}" if told else "–"
        rows.append((label, range_words(row), Cell(share, picture), between))
    title = name[:1].upper() + name[1:]
    return table(title, (title, "People", "Share", "95% between"), rows, numbers=(1, 2, 3))


def money(site: Site) -> h.Element | None:
    spending = site.tables["spending"]
    if spending.empty:
        return None
    years = records(spending[spending["level"] == "year"])
    most = max((int(row["at_most"]) for row in years), default=0)
    bars = [
        (
            _sentence_case(Period(row["starts_on"], row["ends_on"]).in_words()),
            money_words(row, site.currency),
            charts.bar(int(row["at_least"]), int(row["at_most"]), most),
        )
        for row in years
    ]
    listed = [
        (_sentence_case(Period(row["starts_on"], row["ends_on"]).in_words()), money_words(row, site.currency))
        for row in reversed(records(spending))
    ]
    spans = table("Money paid to members", ("Span", "Paid"), listed, numbers=(1,))
    lead = "What was paid to members for travel, lodging, supplies and catering, as ranges that hide each amount."
    return section("money", "For how much", meter_rows(bars) if bars else None, details("All spans", spans), lead=lead)


def presence(site: Site) -> h.Element | None:
    rows = [row for row in records(site.tables["presence"]) if row["events"]]
    if not rows:
        return None
    rows.sort(key=lambda row: (-int(row["weeks_with_events"]), row["region"]))
    bars = [
        (
            row["region"],
            f"{row['weeks_with_events']} of {row['weeks']} weeks",
            charts.bar(int(row["weeks_with_events"]), int(row["weeks_with_events"]), int(row["weeks"]) or 1),
        )
        for row in rows
    ]
    lead = f"In how many weeks of the last year each region had an event; {counted(len(rows), 'region')} had any."
    return section("presence", "Constant presence", details("Region by region", meter_rows(bars)), lead=lead)


def download_list(site: Site) -> h.Element:
    def link(file: str, words: str, download: bool = True) -> h.Element:
        return h.a(href=f"{site.files}{file}", download=download)[words]

    items = [
        h.li[
            link(downloads.csv_name(name), _TITLES[name]),
            " ",
            h.span(".muted")["CSV, ", counted(len(site.tables[name]), "row")],
        ]
        for name in downloads.CSV_TABLES
    ]
    whole = h.p[
        link(downloads.JSON_FILE, "Everything as JSON"),
        " · ",
        link("public.db", "as a SQLite database"),
        " · ",
        link(downloads.DATASET_FILE, "description of the data set", download=False),
        " · ",
        link("manifest.json", "checksums", download=False),
    ]
    return section("downloads", "Downloads", h.ul(".files")[items], whole)


def definitions(site: Site) -> h.Element:
    items = [(h.dt[row["title"]], h.dd[row["text"]]) for row in records(site.tables["definitions"])]
    return section(
        "definitions",
        "How is this counted?",
        details("All definitions", h.dl[items]),
        lead=site.texts["privacy"],
    )


def _of_before(row: Mapping[str, Any]) -> str:
    return "" if pd.isna(row["share"]) else f", {numbers.percent(float(row['share']))} of the step before"


def _share_words(row: Mapping[str, Any]) -> tuple[str, str]:
    if pd.isna(row["share"]):
        return "", ""
    low, high = (numbers.percent(float(row[end])) for end in ("low", "high"))
    return numbers.percent(float(row["share"])), f"{low} to {high}"


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
