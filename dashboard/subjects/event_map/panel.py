"""The event map and the list next to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import htpy as h
import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.maps.show import SOURCES, show_layer
from dashboard.parts import page_parts, tables
from dashboard.subjects.event_map import words as event_map_words
from dashboard.subjects.event_map.words import LAYERS, PLAYED, Place
from dashboard.words.text import counted, plain
from data_access.geography.countries import country
from data_access.questions.events.counts import events_by_country
from data_access.questions.events.event_list import events_list
from data_access.selection import STAFF, Period, Selection

_PLACE, _HANDLED = "uplift_map_place", "uplift_map_handled"


def map_and_list() -> None:
    """Layers above, the map, and beside it the events of what was chosen on it.

    A fragment: choosing runs this part of the page alone. Moving the map, zooming and playing run nothing at all.
    """
    _panel()


@st.fragment
def _panel() -> None:
    now = filters.asked()
    offered = event_map_words.layers_for(now.scope)
    if st.session_state.get("map_layer") not in offered:
        st.session_state["map_layer"] = offered[0]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        layer = st.segmented_control(
            "Layer",
            offered,
            format_func=LAYERS.__getitem__,
            required=True,
            key="map_layer",
            label_visibility="collapsed",
        )
        page_parts.show(h.p(".up-skip")[h.a(href="#gaps", target="_self")["Skip the map"]], width="content")
    layer = layer or offered[0]
    listed = event_map_words.steps(now.selection, now.offered.first, now.offered.last)
    named = {name: period for unit in listed.values() for name, period in unit}
    drawn, beside = st.columns([2.3, 1], gap="medium")
    with drawn:
        chosen = event_map_words.selection_for(layer, now.selection)
        answer = show_layer(layer, chosen, listed if layer in PLAYED else {})
        streets = " Streets: © OpenStreetMap contributors." if settings.current().tiles_url else ""
        page_parts.remark(f"{SOURCES}{streets}")
    with beside:
        if now.scope.role in STAFF:
            _list(_chosen(answer, named), named)
        else:
            _counts()


def _chosen(answer: Any, named: dict[str, Period]) -> Place | None:
    """What was chosen last, on the map or in the box beside it."""
    told = answer.get("picked") if isinstance(answer, dict) else None
    if told and told != st.session_state.get(_HANDLED):
        st.session_state[_HANDLED] = told
        st.session_state[_PLACE] = event_map_words.picked(answer, named)
        place = st.session_state[_PLACE]
        st.session_state["map_country"] = place.country or None if place else None
    found: Place | None = st.session_state.get(_PLACE)
    return found


def _country_chosen() -> None:
    code = st.session_state.get("map_country")
    st.session_state[_PLACE] = Place(country=code) if code else None


def _forget() -> None:
    st.session_state[_PLACE] = None
    st.session_state["map_country"] = None


def _list(place: Place | None, named: dict[str, Period]) -> None:
    now = filters.asked()
    known = dict(now.offered.values.get("country", ()))
    code = place.country if place else ""
    if code and code not in known:
        found = country(code)
        known[code] = found.name if found else code
    st.selectbox(
        "Events in",
        sorted(known, key=known.__getitem__),
        index=None,
        format_func=lambda value: plain(known.get(value) or value),
        placeholder="Choose here or on the map",
        key="map_country",
        on_change=_country_chosen,
    )
    if place is None:
        _counts()
        return
    selection = event_map_words.selection_for(place.layer, now.selection)
    if place.step in named:
        selection = replace(selection, period=named[place.step])
    events = cached.answer(events_list, selection, now.scope, **place.options)
    total = int(events["total"].iloc[0]) if len(events) else 0
    where = f"in {known[code]}" if code else "around the chosen circle"
    st.subheader(plain(f"{counted(total, 'event')} {where}"), anchor=False)
    st.caption(plain(place.step or _period(place, selection)))
    if events.empty:
        page_parts.remark("None in this period. The table of gaps below says who could go and what is planned.")
    else:
        text = st.text_input("Find in the list", placeholder="Title, place or language", key="map_find")
        if text:
            searched = events[["title", "city", "country", "language"]].fillna("").agg(" ".join, axis=1)
            events = events[searched.str.contains(text, case=False, regex=False)]
        tables.table_with_download(
            events.drop(columns="total"),
            "events_here",
            alt="Events of the chosen place",
            columns=LIST_COLUMNS,
            shown=["starts_on", "title", "city", "scale", "language", "attendance"],
            height=330,
        )
        if total > len(events) and not text:
            st.caption(f"The newest {len(events):,} of {total:,}. Narrow the period for the others.")
    st.button("Show all countries", type="tertiary", icon=":material/close:", key="map_forget", on_click=_forget)


def _period(place: Place, selection: Selection) -> str:
    words = "planned, after today" if place.layer == "planned" else selection.period.in_words()
    return words[:1].upper() + words[1:]


def _counts() -> None:
    now = filters.asked()
    by_country = cached.answer(events_by_country, now.selection, now.scope)
    located = by_country[~by_country["country"].isin(["", "online"])]
    st.subheader("Events by country", anchor=False)
    tables.table_with_download(
        located,
        "events_by_country",
        alt="Countries by number of events",
        columns=COUNT_COLUMNS,
        shown=["name", "events", "attendance"],
        height=420,
    )


COUNT_COLUMNS = {
    "name": st.column_config.TextColumn("Country", width=105),
    "events": st.column_config.NumberColumn("Events", format="localized", width=60),
    "attendance": st.column_config.NumberColumn("Attendance", format="localized", width=85),
}
LIST_COLUMNS = {
    "starts_on": st.column_config.DateColumn("Date", format="D MMM YYYY", width=90),
    "title": st.column_config.TextColumn("Event", width="medium"),
    "city": "Place",
    "scale": "Scale",
    "language": "Language",
    "attendance": st.column_config.NumberColumn("Attendance", format="localized", width="small"),
}
