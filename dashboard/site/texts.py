"""The words of a publication: what it found, its three promises, and how each number is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import pandas as pd

from dashboard.words import numbers
from dashboard.words.definitions import definition
from dashboard.words.ranges import people_words
from dashboard.words.sentences import COUNTRIES, EVENTS, LANGUAGES, say, sentence_case
from data_access.answers import rows
from data_access.publishing.collect import Collected
from data_access.publishing.rounding import as_rounded
from data_access.publishing.rows import PublishedFigure
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
    "original_share",
    "language_reach",
    "presence",
    "public_people",
    "public_money",
    "public_periods",
    "unknown_place",
    "borders",
)
Figures = Mapping[str, PublishedFigure]


class Ranged(Protocol):
    """A row that is published as a range, both ends included."""

    @property
    def at_least(self) -> int: ...

    @property
    def at_most(self) -> int: ...


def definition_rows(collected: Collected) -> pd.DataFrame:
    """The table `definitions`."""
    listed = []
    for position, name in enumerate(DEFINITIONS):
        title, text = definition(name, collected.program)
        listed.append((name, position, title, text))
    return pd.DataFrame(listed, columns=["name", "position", "title", "text"])


def text_rows(collected: Collected) -> pd.DataFrame:
    """The table `texts`: the finding, one promise each for where, who and for how much, privacy and sources."""
    figures = {row.figure: row for row in rows(PublishedFigure, collected.tables["figures"])}
    title = collected.program.name
    listed = [
        ("title", title, title),
        ("period", "Period", _period_words(collected.year)),
        ("finding", "What was achieved", finding(figures, collected.year)),
        ("where", "Where", _where(figures, collected)),
        ("who", "Who", _who(figures)),
        ("money", "For how much", _money(figures, collected.program.currency)),
        ("privacy", "What protects people", definition("public_people", collected.program)[1]),
        ("sources", "Sources", SOURCES),
    ]
    numbered = [(name, position, heading, text) for position, (name, heading, text) in enumerate(listed)]
    return pd.DataFrame(numbered, columns=["name", "position", "title", "text"])


SOURCES = (
    "Inhabitants and languages of countries: Unicode CLDR. Regions: UN M49, or the program’s own. Outlines: Natural "
    "Earth. Map: Leaflet. Made with Uplift."
)


def range_words(row: Ranged) -> str:
    """`782`, `645 to 649`, `fewer than 5`."""
    return people_words(row.at_least, row.at_most)


def money_words(at_least: int, at_most: int, currency: str) -> str:
    """`about $120,000` where the ends are those of what was rounded; else `$40,000 to $45,000`, `less than $5,000`."""
    if (amount := as_rounded(at_least, at_most)) is not None:
        return say("about {amount}", amount=numbers.money(amount, currency).removesuffix(".00"))
    low, high = (numbers.money(end, currency).removesuffix(".00") for end in (at_least, at_most))
    return say("{low} to {high}", low=low, high=high) if at_least else say("less than {high}", high=high)


def finding(figures: Figures, year: Period) -> str:
    """The sentence at the top, made from the data."""
    events, period = figures["events"], _period_words(year)
    if not events.at_least:
        return say("No events were held from {period}.", period=period)
    places, spoken = (figures[name].at_least for name in ("countries", "languages"))
    template = _HELD[bool(places), bool(spoken)]
    held = say(
        template,
        events=EVENTS(events.at_least),
        countries=COUNTRIES(places),
        languages=LANGUAGES(spoken),
        period=period,
    )
    if events.before_at_least is None:
        return say("{held}.", held=held)
    difference = events.at_least - events.before_at_least
    if not difference:
        return say("{held}, as many as the year before.", held=held)
    if difference > 0:
        return say("{held}, {n} more than the year before.", held=held, n=difference)
    return say("{held}, {n} fewer than the year before.", held=held, n=-difference)


# By whether any was held in a country, and whether a language is recorded of any.
_HELD = {
    (True, True): "{events} in {countries} and {languages} from {period}",
    (True, False): "{events} in {countries} from {period}",
    (False, True): "{events} online and {languages} from {period}",
    (False, False): "{events} online from {period}",
}


def _period_words(period: Period) -> str:
    first, last = numbers.month(period.start), numbers.month(period.end - timedelta(days=1))
    return say("{first} to {last}", first=first, last=last)


def _where(figures: Figures, collected: Collected) -> str:
    row = figures["countries"]
    places = COUNTRIES(row.at_least)
    others = len(collected.tables["countries"]) - row.at_least
    if row.before_at_least is None:
        return say("{countries} with events: {n} countries and territories had none.", countries=places, n=others)
    return say(
        "{countries} with events: {before} the year before; {n} countries and territories had none.",
        countries=places,
        before=row.before_at_least,
        n=others,
    )


_WHO = {
    "contributors": "{n} people contributed",
    "speakers": "{n} people spoke at events",
    "members": "{n} people were members",
    "attendance": "events report {n} visits",
}


def _who(figures: Figures) -> str:
    facts = [say(template, n=range_words(figures[name])) for name, template in _WHO.items() if name in figures]
    return say("{facts}.", facts=sentence_case("; ".join(facts)))


def _money(figures: Figures, currency: str) -> str:
    if "paid" not in figures:
        return "In no year that is over were enough members paid for a sum to be published."
    row = figures["paid"]
    amount, period = money_words(row.at_least, row.at_most, currency), Period(row.starts_on, row.ends_on).in_words()
    if row.before_at_least is None or row.before_at_most is None:
        return sentence_case(say("{amount} paid to members in {period}.", amount=amount, period=period))
    words = say(
        "{amount} paid to members in {period}, after {before} the year before.",
        amount=amount,
        period=period,
        before=money_words(row.before_at_least, row.before_at_most, currency),
    )
    return sentence_case(words)
