"""The event map's page for a selection that stands beside another one: countries as bars, for there is one map."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.asking import cached, filters
from dashboard.parts import findings, page_parts, theme
from dashboard.parts.beside import Side
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.subjects.event_map import words
from dashboard.words import numbers
from dashboard.words.sentences import EVENTS, say
from data_access.answers import rows
from data_access.questions.event_map.gaps import country_gaps
from data_access.questions.event_map.reach import urban_reach
from data_access.questions.events.counts import (
    NOWHERE,
    ONLINE,
    CountryEvents,
    events_by_country,
    events_by_place,
    events_total,
)
from data_access.selection import Selection

_BAR, _MOST = 44, 10


def side(own: Selection) -> Side:
    """Where its events are and are not, and the countries with most of them."""
    now = filters.asked()
    by_country = cached.answer(events_by_country, own, now.scope)
    found = words.summary(
        cached.answer(events_total, own, now.scope),
        cached.answer(events_by_place, own, now.scope),
        by_country,
        cached.answer(urban_reach, own, now.scope),
        cached.answer(country_gaps, own, now.scope),
        own,
        now.names,
    )
    if not found.total:
        return Side("No event was found.")
    countries = [row for row in rows(CountryEvents, by_country) if row.country not in (NOWHERE, ONLINE)]
    picture = countries_picture(countries, page_parts.theme_type()) if countries else None
    said = " ".join(filter(None, (words.finding(found), words.more(found))))
    return Side(said, words.headlines(found), picture)


def countries_picture(countries: Sequence[CountryEvents], theme_type: theme.ThemeType) -> Picture:
    """A bar a country: its events, most first."""
    shown = sorted(countries, key=lambda row: (-row.events, row.name))[:_MOST]
    canvas = Canvas(theme_type, _BAR * len(shown) + 12, left=4, right=4, top=4, bottom=4)
    said = [say("{country}: {events}", country=row.name, events=EVENTS(row.events)) for row in shown]
    canvas.bars(range(len(shown)), [row.events for row in shown], horizontal=True, width=0.34, said=said)
    canvas.listed_above([[Bold(short(row.name, 40))] for row in shown], lift=8)
    for number, row in enumerate(shown):
        told = numbers.number(row.events)
        canvas.label(told, y=number, xanchor="right", yanchor="bottom", yshift=8, size=12, colour=canvas.palette.muted)
    canvas.x_axis(visible=False, range=[0, max((row.events for row in shown), default=1)])
    most = findings.of_counts(
        [(row.name, row.events) for row in shown],
        "Most events in {name}: {n}.",
        "None has more events than {name}: {n}.",
    )
    return canvas.picture(" ".join(say("{said}.", said=each) for each in said), most)
