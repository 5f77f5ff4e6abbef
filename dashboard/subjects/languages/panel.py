"""The map of language reach, with the table that says the same."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.maps.show import SOURCES, show_layer
from dashboard.parts import page_parts
from dashboard.subjects.event_map.words import picked
from dashboard.subjects.languages import tables, words
from dashboard.words.text import plain
from data_access.questions.languages.gaps import language_coverage


def language_map() -> None:
    """The reach of the languages offered in each country, with the table that says the same."""
    _language_panel()


@st.fragment
def _language_panel() -> None:
    now = filters.asked()
    layer = st.segmented_control(
        "Languages offered",
        list(words.LAYERS),
        format_func=words.LAYERS.__getitem__,
        default="languages",
        required=True,
        key="language_layer",
        label_visibility="collapsed",
    )
    drawn, beside = st.columns([2.3, 1], gap="medium")
    with drawn:
        answer = show_layer(layer or "languages", now.selection, {}, key="language_map")
        page_parts.remark(f"{SOURCES} Shares: Unicode CLDR. Hatched: CLDR lists none of the languages for the country.")
    with beside:
        told = answer.get("picked") if isinstance(answer, dict) else None
        if told and told != st.session_state.get("uplift_language_map_told"):
            st.session_state["uplift_language_map_told"] = told
            place = picked(answer, {})
            st.session_state["language_country"] = place.country or None if place else None
        coverage = cached.answer(language_coverage, now.selection, now.scope)
        names = dict(zip(coverage["country"], coverage["name"], strict=True))
        if st.session_state.get("language_country") not in names:
            st.session_state["language_country"] = None
        code = st.selectbox(
            "Languages of",
            sorted(names, key=names.__getitem__),
            index=None,
            format_func=lambda value: plain(names.get(value) or value),
            placeholder="Choose here or on the map",
            key="language_country",
        )
        if code:
            tables.country_table(code)
        else:
            tables.coverage_table(coverage, online=layer == "languages_online")
