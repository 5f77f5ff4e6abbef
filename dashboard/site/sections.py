"""The first parts of the page: the map, the three promises, the trends, the languages."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dashboard.site import charts, world
from dashboard.site.parts import Site, details, meter_rows, section, table
from dashboard.site.texts import money_words, range_words
from dashboard.words import numbers
from dashboard.words.text import counted, markup
from data_access.questions.frames import records
from data_access.selection import Period

MOST_BARS = 12
MEASURES = ("events", "attendance", "active_contributors", "countries", "languages")
WHO = ("contributors", "speakers", "members")


def map_section(site: Site) -> str:
    rows = []
    for row in world.country_rows(site.publication, site.tables):
        inhabitants = row["inhabitants"]
        rate = "" if pd.isna(inhabitants) or not inhabitants else _rate(row["recent"] / inhabitants * 1e6)
        rows.append((row["name"], row["region"], numbers.number(row["recent"]), numbers.number(row["events"]), rate))
    heads = ("Country", "Region", "Last four quarters", "Everything", "Per million, last four quarters")
    listed = table("Events by country", heads, rows, numbers=(2, 3, 4)) if rows else ""
    controls = (
        '<div class="controls" hidden><label>Show <select id="layer"></select></label>'
        '<label>Period <select id="span"></select></label></div>'
    )
    box = (
        '<div id="map" hidden role="application" aria-label="Map of the world. Arrow keys move it, plus and minus '
        'zoom. The table below says the same."></div><p id="tip" role="status" class="tip" hidden></p>'
        '<ul id="legend" class="legend" hidden aria-label="Legend"></ul>'
    )
    note = (
        '<noscript><img src="card.png" width="1200" height="630" alt="Countries with events in the last four quarters">'
        "<p>The table below says the same; the map that can be moved needs JavaScript.</p></noscript>"
    )
    opened = details(f"The map as a table: {counted(len(rows), 'row')}", listed) if rows else ""
    return section("map-section", "Where events are held", controls, box, note, opened)


def promises(site: Site) -> str:
    figures, items = site.figures, []
    places = figures["countries"]
    items.append(("where", "Where", range_words(places), "countries", site.texts["where"]))
    who = next((figures[name] for name in WHO if name in figures), figures["attendance"])
    what = "people contributed" if who["figure"] == "contributors" else str(who["label"]).lower()
    items.append(("who", "Who", range_words(who), what, site.texts["who"]))
    paid = figures.get("paid")
    amount = money_words(paid, site.currency) if paid else "Not told"
    when = f"paid in {Period(paid['starts_on'], paid['ends_on']).in_words()}" if paid else "yet"
    items.append(("money-promise", "For how much", amount, when, site.texts["money"]))
    cards = "".join(
        f'<div class="card"><h3>{markup(title)}</h3><p class="figure">{markup(value)} <span>{markup(unit)}</span></p>'
        f"<p>{markup(text)}</p></div>"
        for _, title, value, unit, text in items
    )
    return section("promises", "What the program promises to show", f'<div class="cards">{cards}</div>')


def trends(site: Site) -> str:
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
            f"<figure><figcaption><b>{markup(label)}</b> {markup(range_words(last))} in {markup(last['quarter'])}"
            f'</figcaption>{charts.columns(lows, highs, names, said)}<div class="axis" aria-hidden="true"><span>'
            f"{markup(rows[0]['quarter'])}</span><span>most {markup(numbers.number(max(highs)))}</span><span>"
            f"{markup(last['quarter'])}</span></div></figure>"
        )
    if not figures:
        return ""
    listed = table("Trends by quarter", ("Quarter", *_labels(site)), _trend_rows(site), numbers=range(1, 9))
    body = f'<div class="figures">{"".join(figures)}</div>'
    return section("trends", "How it grows", body, details("The trends as a table", listed))


def _labels(site: Site) -> list[str]:
    known = {row["measure"]: row["label"] for row in records(site.tables["trends"])}
    return [known[measure] for measure in MEASURES if measure in known]


def _trend_rows(site: Site) -> Iterator[list[str]]:
    by_quarter: dict[str, dict[str, str]] = {}
    for row in records(site.tables["trends"]):
        by_quarter.setdefault(row["quarter"], {})[row["label"]] = range_words(row)
    for quarter in sorted(by_quarter, reverse=True):
        yield [quarter, *(by_quarter[quarter].get(label, "") for label in _labels(site))]


def languages(site: Site) -> str:
    rows = records(site.tables["languages"])
    if not rows:
        return ""
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


def _reach(site: Site) -> str:
    rows = []
    for row in records(site.tables["language_reach"]):
        ends = ["not known" if pd.isna(row[end]) else numbers.percent(float(row[end])) for end in ("low", "high")]
        rows.append((row["name"], row["level"], *ends, numbers.number(int(row["inhabitants"]))))
    heads = ("Place", "Level", "At least", "At most", "Inhabitants")
    return table("Inhabitants who know a language offered", heads, rows, numbers=(2, 3, 4))


def _rate(value: float) -> str:
    return f"{value:.2g}" if value < 10 else numbers.number(value)
