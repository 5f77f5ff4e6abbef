"""The schema of `public.db`: what the public page, the static site and the downloads are made of.

Counts of people have no exact value, only `at_least` and `at_most` (both included); `people` is the middle, missing
where the range reaches down to 0 ("fewer than 5"). Dates are ISO text, quarters are named like `2026-Q3`, and days of
spans are the first (`starts_on`) and the first after it (`ends_on`).

Formats, with the same tables and columns. 2: what was released; visits and materials are exact, talks are missing, and
money is what was rounded to two figures. 1, by earlier versions: visits, talks and materials are ranges of people, and
money is in ranges [at_least, at_most) of quarters and years.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Integer, MetaData, String, Table, Text

FORMAT = 2
READABLE = (1, FORMAT)
public = MetaData()


def _people() -> list[Column[int]]:
    return [
        Column("people", Integer, comment="the middle of the range; missing where it reaches down to 0"),
        Column("at_least", Integer, nullable=False),
        Column("at_most", Integer, nullable=False),
    ]


def _quarter() -> list[Column[object]]:
    return [
        Column("quarter", String(7), primary_key=True, comment="like 2026-Q3"),
        Column("starts_on", Date, nullable=False),
    ]


publication = Table(
    "publication",
    public,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    comment="Facts about this publication: format, title, currency, data_version, data_as_of, published_at, as_of, "
    "period_start, period_end, year_start, year_end, min_group_size, new_history",
)
texts = Table(
    "texts",
    public,
    Column("name", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    comment="The finding, the three promises, and what is said of privacy and sources, in plain words",
)
definitions = Table(
    "definitions",
    public,
    Column("name", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    comment="How each number is counted",
)
figures = Table(
    "figures",
    public,
    Column("figure", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("unit", String(20), nullable=False, comment="events, people, money …"),
    Column("at_least", Integer, nullable=False),
    Column("at_most", Integer, nullable=False),
    Column("before_at_least", Integer, comment="the same of the year before, where it is published"),
    Column("before_at_most", Integer),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    comment="The headline numbers of the last whole year; what is exact has equal ends",
)
countries = Table(
    "countries",
    public,
    Column("country", String(2), primary_key=True, comment="ISO 3166-1 alpha-2"),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("inhabitants", Integer, comment="CLDR; missing: not known"),
    comment="Every country and territory, those without events included",
)
events_by_country = Table(
    "events_by_country",
    public,
    *_quarter(),
    Column("country", String(6), primary_key=True, comment="ISO 3166-1 alpha-2, “online”, or empty: unknown place"),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False, comment="“Online” and “Unknown place” are regions here"),
    Column("events", Integer, nullable=False),
    comment="Held events by quarter and country; what has no row is zero",
)
trends = Table(
    "trends",
    public,
    *_quarter(),
    Column("measure", String(40), primary_key=True, comment="events, countries, languages, attendance, …"),
    Column("label", Text, nullable=False),
    Column("at_least", Integer, nullable=False),
    Column("at_most", Integer, nullable=False),
    comment="Every measure for every quarter; active_contributors is a count of people",
)
languages = Table(
    "languages",
    public,
    Column("language", String(12), primary_key=True, comment="BCP-47 without country and script; und: not recorded"),
    Column("name", Text, nullable=False),
    Column("events", Integer, nullable=False),
    Column("share", Float, comment="of all events; an event in two languages counts in both"),
    Column("countries", Integer, nullable=False),
    Column("talks_at_least", Integer, comment="missing since format 2"),
    Column("talks_at_most", Integer),
    Column("originals_at_least", Integer, nullable=False, comment="materials translated from no other"),
    Column("originals_at_most", Integer, nullable=False),
    Column("translations_at_least", Integer, nullable=False),
    Column("translations_at_most", Integer, nullable=False),
    Column("people_at_least", Integer, comment="people known to the program who speak it"),
    Column("people_at_most", Integer),
    comment="Languages in which events were held, over the whole period",
)
languages_by_quarter = Table(
    "languages_by_quarter",
    public,
    *_quarter(),
    Column("language", String(12), primary_key=True),
    Column("name", Text, nullable=False),
    Column("events", Integer, nullable=False),
    comment="Held events by quarter and language; what has no row is zero",
)
language_reach = Table(
    "language_reach",
    public,
    Column("level", String(10), primary_key=True, comment="world, region or country"),
    Column("country", String(2), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("inhabitants", Integer, nullable=False),
    Column("unknown_inhabitants", Integer, nullable=False),
    Column("low", Float, comment="share of inhabitants who know a language offered, at least; missing: not known"),
    Column("high", Float),
    Column("state", String(20), nullable=False, comment="known, unknown, or nothing offered"),
    comment="Whom the languages of the last four whole quarters reach (Unicode CLDR)",
)
funnel = Table(
    "funnel",
    public,
    Column("funnel", String(20), primary_key=True, comment="contributors or program"),
    Column("cohort", String(4), primary_key=True, comment="the calendar year of entry"),
    Column("position", Integer, primary_key=True),
    Column("step", String(40), nullable=False),
    *_people(),
    Column("share", Float, comment="of the step before, among those whose time is over"),
    Column("low", Float),
    Column("high", Float),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    comment="How far the people of each calendar year of entry came",
)
shares = Table(
    "shares",
    public,
    Column("population", String(20), primary_key=True, comment="speakers, members, contributors"),
    Column("starts_on", Date, primary_key=True),
    Column("ends_on", Date, primary_key=True),
    Column("dimension", String(200), primary_key=True, comment="empty: everybody"),
    Column("kind", String(20), primary_key=True, comment="all, value, other, not disclosed"),
    Column("value", String(200), primary_key=True),
    Column("position", Integer, nullable=False),
    *_people(),
    Column("share", Float),
    Column("low", Float),
    Column("high", Float),
    comment="People by what they say of themselves, in the last four whole quarters",
)
spending = Table(
    "spending",
    public,
    Column("level", String(10), primary_key=True, comment="year, or so far: what is over of a fiscal year"),
    Column("starts_on", Date, primary_key=True),
    Column("ends_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("at_least", Integer, nullable=False),
    Column("at_most", Integer, nullable=False, comment="what lies between was rounded to the middle"),
    comment="Money paid to members by fiscal years, rounded to two figures",
)
presence = Table(
    "presence",
    public,
    Column("region", Text, primary_key=True),
    Column("weeks_with_events", Integer, nullable=False),
    Column("weeks", Integer, nullable=False),
    Column("share", Float),
    Column("longest_silence", Integer),
    Column("events", Integer, nullable=False),
    comment="In how many weeks of the last four whole quarters each region had an event",
)
__all__ = ["FORMAT", "READABLE", "public"]
