"""The further parts of the page: funnels, people, money, presence, downloads, definitions."""

from __future__ import annotations

from collections.abc import Sequence

import htpy as h

from dashboard.site import charts, downloads
from dashboard.site.parts import Cell, Site, details, meter_rows, section, table
from dashboard.site.texts import money_words, range_words
from dashboard.words import numbers
from dashboard.words.sentences import REGIONS, ROWS, say, sentence_case
from dashboard.words.steps import STEP_NAMES
from data_access.answers import rows
from data_access.publishing.rows import (
    PublishedDefinition,
    PublishedPresence,
    PublishedShare,
    PublishedSpending,
    PublishedStep,
)
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
    everything = rows(PublishedStep, site.tables["funnel"])
    parts = []
    for name, title in FUNNELS.items():
        steps = [row for row in everything if row.funnel == name]
        if steps:
            parts.append(_funnel(title, steps))
    return section("funnel", "How people become contributors", *parts) if parts else None


def _funnel(title: str, steps: Sequence[PublishedStep]) -> h.Node:
    """The last year of entry as bars, and all years as a table."""
    last = [row for row in steps if row.cohort == steps[-1].cohort]
    most = last[0].at_most
    bars = [(_step_name(row), _reached_words(row), charts.bar(row.at_least, row.at_most, most)) for row in last]
    heads = ("Step", "Year of entry", "People", "Of those before, time over", "95% between")
    listed = []
    for row in steps:
        share = "" if row.share is None else numbers.percent(row.share)
        listed.append((_step_name(row), row.cohort, range_words(row), share, _between(row)))
    caption = say("{funnel}, by year of entry", funnel=title)
    return (
        h.h3[say("{funnel}: who entered in {year}", funnel=title, year=last[0].cohort)],
        meter_rows(bars),
        details("All years as a table", table(caption, heads, listed, numbers=(1, 2, 3, 4))),
    )


def _step_name(row: PublishedStep) -> str:
    return STEP_NAMES.get(row.step, row.step)


def _reached_words(row: PublishedStep) -> str:
    people = range_words(row)
    if row.share is None:
        return say("{people} people", people=people)
    template = "{people} people; {share} of those before whose time was over"
    return say(template, people=people, share=numbers.percent(row.share))


def _between(row: PublishedStep | PublishedShare) -> str:
    """The interval of a share; nothing where none is published."""
    if row.low is None or row.high is None:
        return ""
    return say("{low} to {high}", low=numbers.percent(row.low), high=numbers.percent(row.high))


def people(site: Site) -> h.Element | None:
    everything = rows(PublishedShare, site.tables["shares"])
    parts = []
    for population, title in POPULATIONS.items():
        shares = [row for row in everything if row.population == population]
        if not shares:
            continue
        window = Period(shares[0].starts_on, shares[0].ends_on).in_words()
        heading = say("{who}: {people} ({period})", who=title, people=range_words(shares[0]), period=window)
        answered = [row for row in shares if row.kind != "all"]
        body = [_dimension(name, answered) for name in dict.fromkeys(row.dimension for row in answered)]
        parts.append(details(heading, body) if body else h.p[heading])
    if not parts:
        return None
    lead = (
        "What people say of themselves, and nothing that is guessed; the marks are shares with 95% intervals. Shares "
        "are of those who disclosed it, and those of “Not disclosed” of all; made of the middles of ranges, they need "
        "not add up to 100%."
    )
    return section("people", "Who takes part", *parts, lead=lead)


_UNNAMED = {"other": "Other, each too few to name", "not disclosed": "Not disclosed"}


def _dimension(name: str, answered: Sequence[PublishedShare]) -> h.Element:
    lines = []
    for row in answered:
        if row.dimension != name:
            continue
        share, picture = "–", None
        if row.share is not None and row.low is not None and row.high is not None:
            share, picture = numbers.percent(row.share), charts.interval(row.share, row.low, row.high)
        label = _UNNAMED.get(row.kind, row.value)
        lines.append((label, range_words(row), Cell(share, picture), _between(row) or "–"))
    title = sentence_case(name)
    return table(title, (title, "People", "Share", "95% between"), lines, numbers=(1, 2, 3))


def money(site: Site) -> h.Element | None:
    spans = rows(PublishedSpending, site.tables["spending"])
    if not spans:
        return None
    years = [row for row in spans if row.level == "year"]
    most = max((row.at_most for row in years), default=0)
    bars = [(*_paid(row, site.currency), charts.bar(row.at_least, row.at_most, most)) for row in years]
    listed = [_paid(row, site.currency) for row in reversed(spans)]
    whole = table("Money paid to members", ("Span", "Paid"), listed, numbers=(1,))
    lead = "What was paid to members for travel, lodging, supplies and catering, so that nobody’s amount can be told."
    return section("money", "For how much", meter_rows(bars) if bars else None, details("All spans", whole), lead=lead)


def _paid(row: PublishedSpending, currency: str) -> tuple[str, str]:
    """The span, and what was paid in it."""
    period = Period(row.starts_on, row.ends_on).in_words()
    return sentence_case(period), money_words(row.at_least, row.at_most, currency)


def presence(site: Site) -> h.Element | None:
    regions = [row for row in rows(PublishedPresence, site.tables["presence"]) if row.events]
    if not regions:
        return None
    regions.sort(key=lambda row: (-row.weeks_with_events, row.region))
    bars = [
        (
            row.region,
            say("{n} of {weeks} weeks", n=row.weeks_with_events, weeks=row.weeks),
            charts.bar(row.weeks_with_events, row.weeks_with_events, row.weeks or 1),
        )
        for row in regions
    ]
    lead = say(
        "In how many weeks of the last year each region had an event; {regions} had any.", regions=REGIONS(len(regions))
    )
    return section("presence", "Constant presence", details("Region by region", meter_rows(bars)), lead=lead)


def download_list(site: Site) -> h.Element:
    def link(file: str, words: str, download: bool = True) -> h.Element:
        return h.a(href=f"{site.files}{file}", download=download)[words]

    items = [
        h.li[
            link(downloads.csv_name(name), _TITLES[name]),
            " ",
            h.span(".muted")[say("CSV, {rows}", rows=ROWS(len(site.tables[name])))],
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
    items = [(h.dt[row.title], h.dd[row.text]) for row in rows(PublishedDefinition, site.tables["definitions"])]
    return section(
        "definitions",
        "How is this counted?",
        details("All definitions", h.dl[items]),
        lead=site.texts.privacy,
    )
