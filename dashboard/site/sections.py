"""The first parts of the page: the map, the three promises, the trends, the languages."""

from __future__ import annotations

from collections.abc import Iterator

import htpy as h
import pandas as pd

from dashboard.site import charts, world
from dashboard.site.parts import Site, details, meter_rows, section, table
from dashboard.site.texts import money_words, range_words
from dashboard.words import numbers
from dashboard.words.text import counted
from data_access.questions.frames import records
from data_access.selection import Period

MOST_BARS = 12
MEASURES = ("events", "attendance", "active_contributors", "countries", "languages")
WHO = ("contributors", "speakers", "members")


def map_section(site: Site) -> h.Element:
    rows = []
    for row in world.country_rows(site.publication, site.tables):
        inhabitants = row["inhabitants"]
        rate = "" if pd.isna(inhabitants) or not inhabitants else _rate(row["recent"] / inhabitants * 1e6)
        rows.append((row["name"], row["region"], numbers.number(row["recent"]), numbers.number(row["events"]), rate))
    heads = ("Country", "Region", "Last four quarters", "Everything", "Per million, last four quarters")
    listed = table("Events by country", heads, rows, numbers=(2, 3, 4))
    controls = h.div(".controls", hidden=True)[
        h.label["Show ", h.select("#layer")],
        h.label["Period ", h.select("#span")],
    ]
    said = "Map of the world. Arrow keys move it, plus and minus zoom. The table below says the same."
    box = h.fragment[
        h.div("#map", hidden=True, role="application", aria_label=said),
        h.p("#tip.tip", role="status", hidden=True),
        h.ul("#legend.legend", hidden=True, aria_label="Legend"),
    ]
    note = h.noscript[
        h.img(src="card.png", width="1200", height="630", alt="Countries with events in the last four quarters"),
        h.p["The table below says the same; the map that can be moved needs JavaScript."],
    ]
    opened = details(f"The map as a table: {counted(len(rows), 'row')}", listed) if rows else None
    return section("map-section", "Where events are held", controls, box, note, opened)


def promises(site: Site) -> h.Element:
    figures, items = site.figures, []
    places = figures["countries"]
    items.append(("Where", range_words(places), "countries", site.texts["where"]))
    who = next((figures[name] for name in WHO if name in figures), figures["attendance"])
    what = "people contributed" if who["figure"] == "contributors" else str(who["label"]).lower()
    items.append(("Who", range_words(who), what, site.texts["who"]))
    paid = figures.get("paid")
    amount = money_words(paid, site.currency) if paid else "Not told"
    when = f"paid in {Period(paid['starts_on'], paid['ends_on']).in_words()}" if paid else "yet"
    items.append(("For how much", amount, when, site.texts["money"]))
    cards = [
        h.div(".card")[h.h3[title], h.p(".figure")[value, " ", h.span[unit]], h.p[text]]
        for title, value, unit, text in items
    ]
    return section("promises", "What the program promises to show", h.div(".cards")[cards])


def trends(site: Site, title: str = "How it grows") -> h.Element | None:
    trends = site.tables["trends"]
    figures = []
    for measure in MEASURES:
        rows = records(trends[trends["measure"] == measure])
        if not rows or not any(row["at_most"] for row in rows):
            continue
        lows, highs = ([int(row[end]) for row in rows] for end in ("at_least", "at_most"))
        names = [f"{row['quarter']}: {range_words(row)}" for row in rows]
        label, last = str(rows[0]["label"]), rows[-1]
        said = f"{label} by quarter, from {rows[0]['quarter']} to {last['quarter']}: {range_words(last)} in the last."
        figures.append(
            h.figure[
                h.figcaption[h.b[label], f" {range_words(last)} in {last['quarter']}"],
                charts.columns(lows, highs, names, said),
                h.div(".axis", aria_hidden="true")[
                    h.span[rows[0]["quarter"]],
                    h.span["most ", numbers.number(max(highs))],
                    h.span[last["quarter"]],
                ],
            ]
        )
    if not figures:
        return None
    listed = table("Trends by quarter", ("Quarter", *_labels(site)), _trend_rows(site), numbers=range(1, 9))
    return section("trends", title, h.div(".figures")[figures], details("The trends as a table", listed))


def _labels(site: Site) -> list[str]:
    known = {row["measure"]: row["label"] for row in records(site.tables["trends"])}
    return [known[measure] for measure in MEASURES if measure in known]


def _trend_rows(site: Site) -> Iterator[list[str]]:
    by_quarter: dict[str, dict[str, str]] = {}
    for row in records(site.tables["trends"]):
        by_quarter.setdefault(row["quarter"], {})[row["label"]] = range_words(row)
    for quarter in sorted(by_quarter, reverse=True):
        yield [quarter, *(by_quarter[quarter].get(label, "") for label in _labels(site))]


def languages(site: Site) -> h.Element | None:
    rows = records(site.tables["languages"])
    if not rows:
        return None
    most = max(int(row["events"]) for row in rows)
    bars = [
        (
            row["name"],
            counted(int(row["events"]), "event"),
            charts.bar(int(row["events"]), int(row["events"]), most),
        )
        for row in rows[:MOST_BARS]
    ]
    reach = records(site.tables["language_reach"].query("level == 'world'"))
    lead = ""
    if reach and not pd.isna(reach[0]["low"]):
        ends = [numbers.percent(float(reach[0][end])) for end in ("low", "high")]
        known = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
        lead = f"{known} of the world’s inhabitants know a language that events or materials of the last year offered."
    heads = ("Language", "Events", "Countries", "Talks", "Originals", "Translations", "People who speak it")
    listed = [
        (
            row["name"],
            numbers.number(int(row["events"])),
            numbers.number(int(row["countries"])),
            *(range_words(row, f"{what}_") for what in ("talks", "originals", "translations", "people")),
        )
        for row in rows
    ]
    more = f"The languages as a table: all {len(rows)}" if len(rows) > MOST_BARS else "The languages as a table"
    return section(
        "languages",
        "In which languages",
        meter_rows(bars),
        details(more, table("Languages of events", heads, listed, numbers=range(1, 7))),
        details("Whom they reach, country by country", _reach(site)),
        lead=lead,
    )


def _reach(site: Site) -> h.Element:
    rows = []
    for row in records(site.tables["language_reach"]):
        ends = ["not known" if pd.isna(row[end]) else numbers.percent(float(row[end])) for end in ("low", "high")]
        rows.append((row["name"], row["level"], *ends, numbers.number(int(row["inhabitants"]))))
    heads = ("Place", "Level", "At least", "At most", "Inhabitants")
    return table("Inhabitants who know a language offered", heads, rows, numbers=(2, 3, 4))


def _rate(value: float) -> str:
    return f"{value:.2g}" if value < 10 else numbers.number(value)
