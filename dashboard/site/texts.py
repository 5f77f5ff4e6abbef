"""The words of a publication: what it found, its three promises, and how each number is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from dashboard.words import numbers
from dashboard.words.definitions import definition
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.publishing.collect import Collected
from data_access.questions.frames import records
from data_access.selection import Period

DEFINITIONS = (
    "events",
    "attendance",
    "countries",
    "languages",
    "rate",
    "active_contributors",
    "people",
    "disclosure",
    "levels",
    "conversion",
    "program_steps",
    "events_by_language",
    "talks",
    "original_share",
    "language_reach",
    "presence",
    "public_people",
    "public_money",
    "public_periods",
    "unknown_place",
    "borders",
)
Figure = Mapping[str, Any]


def definition_rows(collected: Collected) -> pd.DataFrame:
    """The table `definitions`."""
    rows = []
    for position, name in enumerate(DEFINITIONS):
        title, text = definition(name, collected.program)
        rows.append((name, position, title, text))
    return pd.DataFrame(rows, columns=["name", "position", "title", "text"])


def text_rows(collected: Collected) -> pd.DataFrame:
    """The table `texts`: the finding, one promise each for where, who and for how much, privacy and sources."""
    figures = {row["figure"]: row for row in records(collected.tables["figures"])}
    title = collected.program.name
    rows = [
        ("title", title, title),
        ("period", "Period", _period_words(collected.year)),
        ("finding", "What was achieved", finding(figures, collected.year)),
        ("where", "Where", _where(figures, collected)),
        ("who", "Who", _who(figures)),
        ("money", "For how much", _money(figures, collected.program.currency)),
        ("privacy", "What protects people", definition("public_people", collected.program)[1]),
        ("sources", "Sources", SOURCES),
    ]
    numbered = [(name, position, heading, text) for position, (name, heading, text) in enumerate(rows)]
    return pd.DataFrame(numbered, columns=["name", "position", "title", "text"])


SOURCES = (
    "Inhabitants and languages of countries: Unicode CLDR. Regions: UN M49, or the program’s own. Outlines: Natural "
    "Earth. Map: Leaflet. Made with Uplift."
)


def range_words(row: Figure, prefix: str = "") -> str:
    """`782`, `645 to 649`, `fewer than 5`; nothing for what is not counted."""
    if pd.isna(row[f"{prefix}at_least"]):
        return ""
    return people_words(int(row[f"{prefix}at_least"]), int(row[f"{prefix}at_most"]))


def money_words(row: Figure, currency: str, prefix: str = "") -> str:
    """`$40,000 to $45,000`, `less than $5,000`."""
    low, high = (int(row[f"{prefix}{end}"]) for end in ("at_least", "at_most"))
    ends = [numbers.money(end, currency).removesuffix(".00") for end in (low, high)]
    return f"{ends[0]} to {ends[1]}" if low else f"less than {ends[1]}"


def finding(figures: Mapping[str, Figure], year: Period) -> str:
    """The sentence at the top, made from the data."""
    events = figures["events"]
    if not events["at_least"]:
        return f"No events were held from {_period_words(year)}."
    said = [counted(int(events["at_least"]), "event")]
    places, spoken = (int(figures[name]["at_least"]) for name in ("countries", "languages"))
    said.append(f"in {counted(places, 'country', 'countries')}" if places else "online")
    if spoken:
        said.append(f"and {counted(spoken, 'language')}")
    return f"{' '.join(said)} from {_period_words(year)}{_change(events)}."


def _change(row: Figure) -> str:
    before = row.get("before_at_least")
    if before is None or pd.isna(before):
        return ""
    difference = int(row["at_least"]) - int(before)
    if not difference:
        return ", as many as the year before"
    return f", {abs(difference):,} {'more' if difference > 0 else 'fewer'} than the year before"


def _period_words(period: Period) -> str:
    last = period.end - timedelta(days=1)
    return f"{period.start:%B} {period.start.year} to {last:%B} {last.year}"


def _where(figures: Mapping[str, Figure], collected: Collected) -> str:
    row = figures["countries"]
    everywhere = len(collected.tables["countries"])
    before = row.get("before_at_least")
    said = counted(int(row["at_least"]), "country", "countries")
    earlier = "" if before is None or pd.isna(before) else f"{int(before):,} the year before; "
    return f"{said} with events: {earlier}{everywhere - int(row['at_least']):,} countries and territories had none."


def _who(figures: Mapping[str, Figure]) -> str:
    said = []
    for name, verb in (("contributors", "contributed"), ("speakers", "spoke at events"), ("members", "were members")):
        if name in figures:
            said.append(f"{range_words(figures[name])} people {verb}")
    said.append(f"events report {range_words(figures['attendance'])} visits")
    words = "; ".join(said) + "."
    return words[:1].upper() + words[1:]


def _money(figures: Mapping[str, Figure], currency: str) -> str:
    if "paid" not in figures:
        return "No year is over in which enough members were paid for a sum to be told."
    row = figures["paid"]
    words = f"{money_words(row, currency)} paid to members in {Period(row['starts_on'], row['ends_on']).in_words()}"
    if row.get("before_at_least") is None or pd.isna(row["before_at_least"]):
        return f"{words}."
    return f"{words}, after {money_words(row, currency, 'before_')} the year before."
