"""The first parts of the page: the map, the three promises, the trends, the languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import htpy as h

from dashboard.site import charts, world
from dashboard.site.parts import Site, details, meter_rows, section, table
from dashboard.site.texts import money_words, range_words
from dashboard.words import numbers
from dashboard.words.ranges import people_words, share_words
from dashboard.words.sentences import EVENTS, ROWS, say
from data_access.answers import rows
from data_access.publishing.rows import PublishedLanguage, PublishedReach, PublishedTrend
from data_access.selection import Period

MOST_BARS = 12
MEASURES = ("events", "attendance", "active_contributors", "countries", "languages")
WHO = ("contributors", "speakers", "members")


def map_section(site: Site) -> h.Element:
    lines = []
    for row in world.country_rows(site.publication, site.tables):
        rate = _rate(row.recent / row.inhabitants * 1e6) if row.inhabitants else ""
        lines.append((row.name, row.region, numbers.number(row.recent), numbers.number(row.events), rate))
    heads = ("Country", "Region", "Last four quarters", "Everything", "Per million, last four quarters")
    listed = table("Events by country", heads, lines, numbers=(2, 3, 4))
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
    opened = details(say("The map as a table: {rows}", rows=ROWS(len(lines))), listed) if lines else None
    return section("map-section", "Where events are held", controls, box, note, opened)


def promises(site: Site) -> h.Element:
    figures, items = site.figures, []
    places = figures["countries"]
    items.append(("Where", range_words(places), "countries", site.texts.where))
    who = next((figures[name] for name in WHO if name in figures), figures["attendance"])
    what = "people contributed" if who.figure == "contributors" else who.label.lower()
    items.append(("Who", range_words(who), what, site.texts.who))
    paid = figures.get("paid")
    amount, when = "Not published", "yet"
    if paid:
        amount = money_words(paid.at_least, paid.at_most, site.currency)
        when = say("paid in {period}", period=Period(paid.starts_on, paid.ends_on).in_words())
    items.append(("For how much", amount, when, site.texts.money))
    cards = [
        h.div(".card")[h.h3[title], h.p(".figure")[value, " ", h.span[unit]], h.p[text]]
        for title, value, unit, text in items
    ]
    return section("promises", "What the program promises to show", h.div(".cards")[cards])


def trends(site: Site, title: str = "How it grows") -> h.Element | None:
    published = rows(PublishedTrend, site.tables["trends"])
    figures = []
    for measure in MEASURES:
        quarters = [row for row in published if row.measure == measure]
        if not any(row.at_most for row in quarters):
            continue
        lows, highs = [row.at_least for row in quarters], [row.at_most for row in quarters]
        names = [say("{quarter}: {range}", quarter=row.quarter, range=range_words(row)) for row in quarters]
        first, last = quarters[0], quarters[-1]
        said = say(
            "{what} by quarter, from {first} to {last}: {range} in the last.",
            what=first.label,
            first=first.quarter,
            last=last.quarter,
            range=range_words(last),
        )
        figures.append(
            h.figure[
                h.figcaption[
                    h.b[first.label],
                    " ",
                    say("{range} in {quarter}", range=range_words(last), quarter=last.quarter),
                ],
                charts.columns(lows, highs, names, said),
                h.div(".axis", aria_hidden="true")[
                    h.span[first.quarter],
                    h.span[say("most {n}", n=max(highs))],
                    h.span[last.quarter],
                ],
            ]
        )
    if not figures:
        return None
    label_of = {row.measure: row.label for row in published}
    labels = [label_of[measure] for measure in MEASURES if measure in label_of]
    listed = table("Trends by quarter", ("Quarter", *labels), _trend_lines(published, labels), numbers=range(1, 9))
    return section("trends", title, h.div(".figures")[figures], details("The trends as a table", listed))


def _trend_lines(published: Sequence[PublishedTrend], labels: Sequence[str]) -> Iterator[list[str]]:
    by_quarter: dict[str, dict[str, str]] = {}
    for row in published:
        by_quarter.setdefault(row.quarter, {})[row.label] = range_words(row)
    for quarter in sorted(by_quarter, reverse=True):
        yield [quarter, *(by_quarter[quarter].get(label, "") for label in labels)]


_RANGED = {
    "talks": "Talks",
    "originals": "Originals",
    "translations": "Translations",
    "people": "People who speak it",
}


def languages(site: Site) -> h.Element | None:
    spoken = rows(PublishedLanguage, site.tables["languages"])
    if not spoken:
        return None
    most = max(row.events for row in spoken)
    bars = [(row.name, EVENTS(row.events), charts.bar(row.events, row.events, most)) for row in spoken[:MOST_BARS]]
    # What was not released of any language has no column.
    known = [name for name in _RANGED if any(row.range(name) for row in spoken)]
    heads = ("Language", "Events", "Countries", *(_RANGED[name] for name in known))
    listed = [
        (
            row.name,
            numbers.number(row.events),
            numbers.number(row.countries),
            *(people_words(*ends) if (ends := row.range(name)) else "" for name in known),
        )
        for row in spoken
    ]
    more = "The languages as a table"
    if len(spoken) > MOST_BARS:
        more = say("The languages as a table: all {n}", n=len(spoken))
    reached = rows(PublishedReach, site.tables["language_reach"])
    return section(
        "languages",
        "In which languages",
        meter_rows(bars),
        details(more, table("Languages of events", heads, listed, numbers=range(1, len(heads)))),
        details("Whom they reach, country by country", _reach(reached)),
        lead=_reached_words(reached),
    )


def _reached_words(reached: Sequence[PublishedReach]) -> str:
    world_row = next((row for row in reached if row.level == "world"), None)
    if world_row is None or world_row.low is None or world_row.high is None:
        return ""
    return say(
        "{share} of the world’s inhabitants know a language that events or materials of the last year offered.",
        share=share_words(world_row.low, world_row.high),
    )


def _reach(reached: Sequence[PublishedReach]) -> h.Element:
    lines = []
    for row in reached:
        ends = ["not known" if end is None else numbers.percent(end) for end in (row.low, row.high)]
        lines.append((row.name, row.level, *ends, numbers.number(row.inhabitants)))
    heads = ("Place", "Level", "At least", "At most", "Inhabitants")
    return table("Inhabitants who know a language offered", heads, lines, numbers=(2, 3, 4))


def _rate(value: float) -> str:
    return numbers.two_figures(value) if value < 10 else numbers.number(value)
