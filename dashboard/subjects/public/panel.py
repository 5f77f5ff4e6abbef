"""The public page: what was chosen, its numbers, the map, and the parts that it shares with the static site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, NamedTuple

import htpy as h
import pandas as pd
import streamlit as st

from dashboard import settings
from dashboard.maps import base, show
from dashboard.parts import blocks, page_parts, theme
from dashboard.parts.figures import show_published
from dashboard.parts.html import render, style_sheet
from dashboard.parts.shapes import Headline, Panel
from dashboard.parts.tables import config_of
from dashboard.parts.trends import trend_picture
from dashboard.site import charts, people_sections, sections, world
from dashboard.site.page import OWN, history_words, published_words
from dashboard.site.published import Published
from dashboard.site.routes import HELD, REACHED, address
from dashboard.words import numbers
from dashboard.words.counts import LEAST_BASE
from dashboard.words.sentences import COUNTRIES, EVENTS, ROWS, say, sentence_case
from dashboard.words.text import plain, visible
from data_access.answers import Count, Text, columns_of
from data_access.selection import Period, add_months

_SHAPES = ".fill,.pale{fill:var(--accent)}.pale{fill-opacity:.45}.track{fill:var(--line)}.base{fill:var(--context)}"
LAYERS = {HELD: "Events held", "held_rate": "Per inhabitant", REACHED: "Languages"}
HEIGHT = 520
ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Choice:
    """A span of time by its name, and a region, or "" for the whole world."""

    span: str
    region: str

    def events(self, now: Published) -> pd.DataFrame:
        """The rows of `events_by_country` that were chosen."""
        found = now.spans[self.span].of(now.tables["events_by_country"])
        return found[found["region"] == self.region] if self.region else found


def require() -> None:
    """Stop the page unless this process is the public's: among the staff's pages there is nothing for it to show."""
    if settings.current().audience != settings.PUBLIC:
        st.title("This page is not open to you")
        st.write("It is shown by `uplift serve --audience public`.")
        st.stop()


def choose(now: Published) -> Choice:
    """The two choices, above the page: they stand in the address, so that a link opens the same."""
    labels = {name: span.label for name, span in now.spans.items()}
    with st.container(horizontal=True, key="public_choice"):
        span = _linked("Period", list(labels), labels, "period")
        region = _linked("Region", ["", *now.regions], {"": "The whole world"}, "region")
    return Choice(span, region)


_IGNORED = {
    "period": "The link’s period “{asked}” was left out: it is not published.",
    "region": "The link’s region “{asked}” was left out: it is not published.",
}


def show_ignored(now: Published) -> None:
    """What a link asked for and this publication does not have."""
    for name, offered in (("period", now.spans), ("region", now.regions)):
        asked = st.query_params.get(name, "")
        if asked and asked not in offered:
            st.warning(plain(say(_IGNORED[name], asked=asked[:60])))


def _linked(label: str, options: list[str], words: dict[str, str], key: str) -> str:
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key, "")
        st.session_state[key] = asked if asked in options else options[0]

    def follow() -> None:
        value = st.session_state[key]
        if value == options[0]:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = value

    chosen = st.selectbox(
        label,
        options,
        format_func=lambda value: visible(words.get(str(value), str(value))),
        key=key,
        on_change=follow,
        width=280,
    )
    return str(chosen or "")


def finding(now: Published, chosen: Choice) -> str:
    """The sentence at the top."""
    if chosen == Choice(world.YEAR, ""):
        return now.site.texts.finding
    events = chosen.events(now)
    total, places = int(events["events"].sum()), _countries(events)
    template = _FINDINGS[bool(chosen.region), bool(total), bool(places)]
    return say(template, events=EVENTS(total), countries=COUNTRIES(places), region=chosen.region)


# By whether a region was chosen, any event was held, and any in a country.
_FINDINGS = {
    (False, False, False): "No event was held in this period.",
    (True, False, False): "No event was held in {region} in this period.",
    (False, True, False): "{events} in no country: all were online or of unknown place.",
    (True, True, False): "{events} in {region}, in no country: all were online or of unknown place.",
    (False, True, True): "{events} in {countries}.",
    (True, True, True): "{events} in {region}, in {countries}.",
}


def second(now: Published, chosen: Choice) -> str:
    """The days that were chosen, in words."""
    span = now.spans[chosen.span]
    words = Period(span.start, min(span.end, now.publication.day("period_end"))).in_words()
    return say("{period}.", period=sentence_case(words))


def headlines(now: Published, chosen: Choice) -> list[Headline]:
    """Numbers of events exactly; visits as they were published for each quarter."""
    return now.once(("headlines", chosen), lambda: _headlines(now, chosen))


def _headlines(now: Published, chosen: Choice) -> list[Headline]:
    events = chosen.events(now)
    total = int(events["events"].sum())
    items = [Headline("Events", numbers.number(total)), Headline("Countries", numbers.number(_countries(events)))]
    if chosen.region:
        everywhere = int(Choice(chosen.span, "").events(now)["events"].sum())
        return [*items, of_all_events(total, everywhere)]
    online = int(events.loc[events["country"] == ONLINE, "events"].sum())
    spoken = now.spans[chosen.span].of(now.tables["languages_by_quarter"])
    tags = set(spoken["language"]) - {"und"}
    visits = now.spans[chosen.span].of(now.tables["trends"].query("measure == 'attendance'"))
    items += [Headline("Online events", numbers.number(online)), Headline("Languages", numbers.number(len(tags)))]
    if len(visits) and visits["at_most"].sum():
        low, high = (numbers.compact(int(visits[end].sum())) for end in ("at_least", "at_most"))
        visited = low if low == high else say("{low} to {high}", low=low, high=high)
        items.append(Headline("Visits", visited, note="as events report them"))
    return items


def of_all_events(total: int, everywhere: int) -> Headline:
    """The share of a region, with the two counts it is made of; of fewer than ten events the counts alone."""
    label, note = "Of all events", "in the same period"
    if everywhere < LEAST_BASE:
        return Headline(label, say("{n} of {all}", n=total, all=everywhere) if everywhere else "–", note=note)
    note = say("{n} of {events} in the same period", n=total, events=EVENTS(everywhere))
    return Headline(label, numbers.percent(total / everywhere), note=note)


def _countries(events: pd.DataFrame) -> int:
    placed = events[(events["country"].str.len() == 2) & (events["events"] > 0)]
    return int(placed["country"].nunique())


def show_map(now: Published, chosen: Choice) -> None:
    """The map of the choice, and the same as a table."""
    st.header("Where", anchor=False)
    layer = st.segmented_control(
        "The map shows",
        list(LAYERS),
        format_func=LAYERS.__getitem__,
        default=HELD,
        required=True,
        key="public_layer",
        label_visibility="collapsed",
    )
    layer = str(layer or HELD)
    group = base.shown(
        layer=layer,
        theme=page_parts.theme_type(),
        token=address(layer, chosen.span, chosen.region, now),
        steps={},
        borders=settings.current().map_borders,
        tiles_url=settings.current().tiles_url,
    )
    show.draw(group, "public_map", HEIGHT)
    page_parts.remark(show.SOURCES)
    listed = now.once(("listed", chosen), lambda: _listed(now, chosen))
    with st.expander(say("The map as a table: {rows}", rows=ROWS(len(listed))), icon=":material/table:"):
        st.dataframe(
            listed,
            hide_index=True,
            alt="Events held by country",
            column_config={column.name: config_of(column) for column in columns_of(HeldByCountry)},
            key="public_countries",
        )


class HeldByCountry(NamedTuple):
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    events: Annotated[int, Count("Events", "events")]


def _listed(now: Published, chosen: Choice) -> pd.DataFrame:
    listed = chosen.events(now).groupby(["name", "region"], sort=False)["events"].sum().reset_index()
    listed = listed[listed["events"] > 0].sort_values(["events", "name"], ascending=[False, True])
    return listed.assign(name=[plain(name) for name in listed["name"]])


def show_trend(now: Published, chosen: Choice) -> None:
    """Events by quarter of the whole time that is published, in the region."""
    looked, region = page_parts.theme_type(), chosen.region
    boundary = now.spans[chosen.span].start if chosen.span == world.YEAR else None
    panel = now.once(("trend", region), lambda: _trend(now, region))
    if not any(panel.values):
        return
    st.header("How it grows", anchor=False)
    if boundary:
        st.caption("Coloured: the last four quarters. Grey: before them.")
    picture = now.once(("figure", region, boundary, looked), lambda: trend_picture([panel], boundary, looked))
    show_published(picture, "public_trend", published_words(now.publication))


def _trend(now: Published, region: str) -> Panel:
    events = now.tables["events_by_country"]
    by_quarter = (events[events["region"] == region] if region else events).groupby("starts_on")["events"].sum()
    starts, day = [], now.publication.day("period_start")
    while day < now.publication.day("period_end"):
        starts.append(day)
        day = add_months(day, 3)
    values = [float(by_quarter.get(day, 0)) for day in starts]
    where = say("in {region}", region=region) if region else ""
    return Panel("Events", where, "bar", starts, values, [False] * len(starts))


def show_promises(now: Published) -> None:
    """Where, who and for how much, each with one figure; of the last year, and of the whole program."""
    _shared(now, "promises", lambda: sections.promises(now.site))


def show_rest(now: Published) -> None:
    """What the static site shows too: of the whole program, whatever was chosen above."""

    def parts() -> list[h.Element | None]:
        return [
            sections.trends(now.site, "More trends of the whole program"),
            sections.languages(now.site),
            people_sections.funnels(now.site),
            people_sections.people(now.site),
            people_sections.money(now.site),
            people_sections.presence(now.site),
            people_sections.download_list(now.site),
            people_sections.definitions(now.site),
        ]

    _shared(now, "rest", parts)


def _shared(now: Published, name: str, make: Callable[[], h.Node]) -> None:
    looked = page_parts.theme_type()
    palette = theme.PALETTES[looked]
    colours = "".join(f"--{key}:{getattr(palette, key)};" for key in palette.__slots__)
    page_parts.show(style_sheet(f".up-site{{{colours}{_style()}}}"))
    page_parts.show(now.once((name, looked), lambda: render(_with_images(make(), colours))))


def _with_images(parts: h.Node, colours: str) -> h.Element:
    """Charts as images of their own: Streamlit lets no drawing into its page, for what a drawing could do there."""
    css = f":root{{{colours}}}{_SHAPES}"
    return h.div(".up-site")[charts.SHOWN_AS.provider(lambda drawing: drawing.image(css), parts)]


@cache
def _style() -> str:
    """The site's style sheet, for its own parts alone: it is nested in their class."""
    return (OWN / "site.css").read_text(encoding="utf-8")


def footer(now: Published) -> None:
    """Which release it is, when it was published, and from which data."""
    sentences = (published_words(now.publication), history_words(now.publication), now.site.texts.sources)
    page_parts.show(blocks.footer(" ".join(filter(None, sentences))))
    st.button("Redraw", key="redraw")  # never seen: the page's script presses it when the theme changes
