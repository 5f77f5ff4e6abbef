"""The parts of the Languages page that draw: the map of language reach with its table, the trend, the materials."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep, put
from dashboard.maps.show import SOURCES, show_layer
from dashboard.parts import behind, page_parts
from dashboard.parts.figures import Opened, show_figure, show_trends
from dashboard.parts.originals import ORIGIN_NAMES, originals_picture
from dashboard.subjects.event_map.words import picked
from dashboard.subjects.languages import charts, tables, words
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access.answers import rows
from data_access.geography.countries import country
from data_access.geography.languages import language_name
from data_access.questions.languages.gaps import CountryCoverage, language_coverage
from data_access.questions.languages.materials import MaterialsInLanguage
from data_access.questions.named.entries import COUNTRY

_COUNTRY, _HANDLED = "language_country", "uplift_language_map_choice"


@st.fragment
def language_map() -> None:
    """The reach of the languages offered in each country, with the table that says the same."""
    now = filters.asked()
    layer = st.segmented_control(
        "Languages offered",
        list(words.LAYERS),
        format_func=words.LAYERS.__getitem__,
        required=True,
        **keep("language_layer", words.LAYERS, "languages"),
        label_visibility="collapsed",
    )
    drawn, listed = st.columns([2.3, 1], gap="medium")
    with drawn:
        answer = show_layer(layer or "languages", now.selection, {}, key="language_map")
        page_parts.remark(
            say(
                "{sources} Shares: Unicode CLDR. Hatched: CLDR lists none of the languages for the country.",
                sources=SOURCES,
            )
        )
    with listed:
        _take_choice(answer)
        coverage = cached.answer(language_coverage, now.selection, now.scope)
        names = {row.country: row.name for row in rows(CountryCoverage, coverage)}
        code = st.selectbox(
            "Languages of",
            sorted(names, key=names.__getitem__),
            index=None,
            format_func=lambda value: visible(names.get(value) or value),
            placeholder="Choose here or on the map",
            **keep(_COUNTRY, names),
        )
        if code:
            tables.country_table(code)
        else:
            tables.coverage_table(coverage, online=layer == "languages_online")


def _take_choice(answer: object) -> None:
    """Choose the country that was clicked on the map, once: the box next to the map may choose another later."""
    choice = answer.get("picked") if isinstance(answer, dict) else None
    if choice and choice != st.session_state.get(_HANDLED):
        st.session_state[_HANDLED] = choice
        place = picked(answer, {})
        st.session_state[_COUNTRY] = place.country or None if place else None
        put(_COUNTRY, st.session_state[_COUNTRY])


def trend_picture(by_quarter: pd.DataFrame, spoken: pd.DataFrame) -> None:
    """Events a quarter in the most used languages."""
    panels = words.trend_panels(by_quarter, spoken)
    if panels:
        st.header("Events by language over time", anchor=False)
        now = filters.asked().selection
        spoken_in = {panel.opens: replace(now, language=(panel.opens,)) for panel in panels if panel.opens}
        show_trends(panels, now, "language_trends", lambda mark: behind.of_span(mark, now, spoken_in))


def events_in(mark: str) -> Opened:
    """The events of a cell of the matrix: those of a country in a language."""
    now, (code, _, tag) = filters.asked(), mark.partition(".")
    held = replace(now.selection, country=(code,), language=(tag,))
    land = country(code)
    where = say("{country}, {language}", country=land.name if land else code, language=language_name(tag))
    return behind.events_of(held, where)._replace(about=[(COUNTRY, code, land.name if land else code)])


def materials_picture(materials: pd.DataFrame) -> None:
    """Originals against translations, language by language."""
    st.header("Written in it, or translated?", anchor=False)
    if materials.empty:
        page_parts.remark("No material was published in this period.")
        return
    st.caption("Plain: originals. Hatched: translations.")
    shown = rows(MaterialsInLanguage, materials.head(words.MOST_BARS))
    picture = originals_picture(charts.originals_bars(shown), page_parts.theme_type())

    def in_language(mark: str) -> Opened:
        code, _, origin = mark.rpartition(".")
        names = {row.language: row.name for row in shown}
        where = say("{language}, {origin}", language=names[code], origin=ORIGIN_NAMES[origin])
        return behind.materials_of(filters.asked().selection, where, language=code, origin=origin)

    show_figure(picture, key="originals", rows=in_language)
