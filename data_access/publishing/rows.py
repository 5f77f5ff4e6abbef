"""The rows of `public.db`, typed: one for each table of `data_access.publishing.tables`, with its columns in order."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from data_access.answers import Amount, Code, Count, Day, Key, Number, Share, Text


class PublishedFact(NamedTuple):
    name: Annotated[str, Key("Fact")]
    value: Annotated[str, Text("Value")]


class PublishedText(NamedTuple):
    name: Annotated[str, Key("Key")]
    position: Annotated[int, Number("Position")]
    title: Annotated[str, Text("Title")]
    text: Annotated[str, Text("Text")]


class PublishedDefinition(NamedTuple):
    name: Annotated[str, Key("Key")]
    position: Annotated[int, Number("Position")]
    title: Annotated[str, Text("Title")]
    text: Annotated[str, Text("Text")]


class PublishedFigure(NamedTuple):
    figure: Annotated[str, Key("Key")]
    position: Annotated[int, Number("Position")]
    label: Annotated[str, Text("Figure")]
    unit: Annotated[str, Code("Unit", help="events, people, money …")]
    at_least: Annotated[int, Number("At least")]
    at_most: Annotated[int, Number("At most")]
    before_at_least: Annotated[int | None, Number("The year before, at least", help="Where it is published")]
    before_at_most: Annotated[int | None, Number("The year before, at most", help="Where it is published")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("First day after")]


class PublishedCountry(NamedTuple):
    country: Annotated[str, Key("Country code", help="ISO 3166-1 alpha-2")]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    inhabitants: Annotated[int | None, Count("Inhabitants", "inhabitants", help="Empty: not known")]


class PublishedCountryQuarter(NamedTuple):
    quarter: Annotated[str, Key("Quarter")]
    starts_on: Annotated[date, Day("First day")]
    country: Annotated[str, Key("Country code", help="ISO 3166-1 alpha-2, “online”, or empty: unknown place")]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    events: Annotated[int, Count("Events", "events")]


class PublishedTrend(NamedTuple):
    quarter: Annotated[str, Key("Quarter")]
    starts_on: Annotated[date, Day("First day")]
    measure: Annotated[str, Code("Measure")]
    label: Annotated[str, Text("What is measured")]
    at_least: Annotated[int, Number("At least")]
    at_most: Annotated[int, Number("At most")]


class PublishedLanguage(NamedTuple):
    language: Annotated[str, Key("Language tag", help="BCP-47; und: not recorded")]
    name: Annotated[str, Text("Language")]
    events: Annotated[int, Count("Events", "events")]
    share: Annotated[float | None, Share("Of all events")]
    countries: Annotated[int, Count("Countries", "countries")]
    talks_at_least: Annotated[int | None, Count("Talks, at least", "talks")]
    talks_at_most: Annotated[int | None, Count("Talks, at most", "talks")]
    originals_at_least: Annotated[int, Count("Originals, at least", "materials")]
    originals_at_most: Annotated[int, Count("Originals, at most", "materials")]
    translations_at_least: Annotated[int, Count("Translations, at least", "materials")]
    translations_at_most: Annotated[int, Count("Translations, at most", "materials")]
    people_at_least: Annotated[int | None, Count("People who speak it, at least", "people")]
    people_at_most: Annotated[int | None, Count("People who speak it, at most", "people")]

    def range(self, counted: str) -> tuple[int, int] | None:
        """The least and the most of talks, originals, translations or people; None where it is not published."""
        low, high = getattr(self, f"{counted}_at_least"), getattr(self, f"{counted}_at_most")
        return None if low is None or high is None else (low, high)


class PublishedLanguageQuarter(NamedTuple):
    quarter: Annotated[str, Key("Quarter")]
    starts_on: Annotated[date, Day("First day")]
    language: Annotated[str, Key("Language tag")]
    name: Annotated[str, Text("Language")]
    events: Annotated[int, Count("Events", "events")]


class PublishedReach(NamedTuple):
    level: Annotated[str, Code("Level", help="world, region or country")]
    country: Annotated[str, Key("Country code")]
    name: Annotated[str, Text("Place")]
    region: Annotated[str, Text("Region")]
    inhabitants: Annotated[int, Count("Inhabitants", "inhabitants")]
    unknown_inhabitants: Annotated[int, Count("Of unknown language", "inhabitants")]
    low: Annotated[float | None, Share("At least", help="Empty: not known")]
    high: Annotated[float | None, Share("At most", help="Empty: not known")]
    state: Annotated[str, Code("State", help="known, unknown, or nothing offered")]


class PublishedStep(NamedTuple):
    funnel: Annotated[str, Code("Funnel", help="contributors or program")]
    cohort: Annotated[str, Text("Year of entry")]
    position: Annotated[int, Number("Position")]
    step: Annotated[str, Code("Step")]
    people: Annotated[int | None, Count("People", "people", help="The middle of the range")]
    at_least: Annotated[int, Count("People, at least", "people")]
    at_most: Annotated[int, Count("People, at most", "people")]
    share: Annotated[float | None, Share("Of the step before")]
    low: Annotated[float | None, Share("95% from")]
    high: Annotated[float | None, Share("95% to")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("First day after")]


class PublishedShare(NamedTuple):
    population: Annotated[str, Code("Population", help="speakers, members, contributors")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("First day after")]
    dimension: Annotated[str, Text("Dimension", help="Empty: everybody")]
    kind: Annotated[str, Code("Kind", help="all, value, other, not disclosed")]
    value: Annotated[str, Text("Value")]
    position: Annotated[int, Number("Position")]
    people: Annotated[int | None, Count("People", "people", help="The middle of the range")]
    at_least: Annotated[int, Count("People, at least", "people")]
    at_most: Annotated[int, Count("People, at most", "people")]
    share: Annotated[float | None, Share("Share")]
    low: Annotated[float | None, Share("95% from")]
    high: Annotated[float | None, Share("95% to")]


class PublishedSpending(NamedTuple):
    level: Annotated[str, Code("Level", help="year, or so far: what is over of a fiscal year")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("First day after")]
    currency: Annotated[str, Code("Currency")]
    at_least: Annotated[int, Amount("At least")]
    at_most: Annotated[int, Amount("At most")]


class PublishedPresence(NamedTuple):
    region: Annotated[str, Text("Region")]
    weeks_with_events: Annotated[int, Count("Weeks with events", "weeks")]
    weeks: Annotated[int, Count("Weeks", "weeks")]
    share: Annotated[float | None, Share("Of all weeks")]
    longest_silence: Annotated[int | None, Number("Longest silence", "weeks")]
    events: Annotated[int, Count("Events", "events")]


ROWS: dict[str, type[NamedTuple]] = {
    "publication": PublishedFact,
    "texts": PublishedText,
    "definitions": PublishedDefinition,
    "figures": PublishedFigure,
    "countries": PublishedCountry,
    "events_by_country": PublishedCountryQuarter,
    "trends": PublishedTrend,
    "languages": PublishedLanguage,
    "languages_by_quarter": PublishedLanguageQuarter,
    "language_reach": PublishedReach,
    "funnel": PublishedStep,
    "shares": PublishedShare,
    "spending": PublishedSpending,
    "presence": PublishedPresence,
}
