"""The event map and the list next to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import htpy as h
import pandas as pd
import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.asking.linked import keep, put
from dashboard.maps.show import SOURCES, show_layer
from dashboard.parts import page_parts, tables
from dashboard.parts.named import onward
from dashboard.subjects.event_map import forms, profile_words, words
from dashboard.subjects.event_map.words import LAYERS, PLAYED, ChosenPlace
from dashboard.words.sentences import EVENTS, say, sentence_case
from dashboard.words.text import plain, visible
from data_access.answers import rows
from data_access.geography.countries import country
from data_access.questions.events.counts import NOWHERE, ONLINE, CountryEvents, events_by_country
from data_access.questions.events.event_list import ListedEvent, events_list
from data_access.questions.named.entries import COUNTRY
from data_access.questions.regions.profile import RegionProfile, region_profile
from data_access.selection import STAFF, Period, Role, Selection

_PLACE, _HANDLED, _ASKED = "uplift_map_place", "uplift_map_handled", "uplift_map_asked"
_COUNTRY = "map_country"
_RUN_ALL = "uplift_map_run_all"
STREETS = "Streets: © OpenStreetMap contributors."
IN_COUNTRY, AROUND_CIRCLE = "{events} in {country}", "{events} around the chosen circle"


@st.fragment
def map_and_list() -> None:
    """Layers above, the map, and next to it the events of what was chosen on it.

    A fragment: choosing runs this part of the page alone. Moving the map, zooming and playing run nothing at all.
    """
    if st.session_state.pop(_RUN_ALL, False):
        st.rerun()
    now = filters.asked()
    offered = words.layers_for(now.scope)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        layer = st.segmented_control(
            "Layer",
            offered,
            format_func=LAYERS.__getitem__,
            required=True,
            **keep("map_layer", offered, offered[0]),
            label_visibility="collapsed",
        )
        page_parts.show(h.p(".up-skip")[h.a(href="#gaps", target="_self")["Skip the map"]], width="content")
    layer = layer or offered[0]
    listed = words.steps(now.selection, now.offered.first, now.offered.last)
    named = {name: period for unit in listed.values() for name, period in unit}
    drawn, aside = st.columns([2.3, 1], gap="medium")
    with drawn:
        chosen = words.selection_for(layer, now.selection)
        answer = show_layer(layer, chosen, listed if layer in PLAYED else {})
        page_parts.remark(" ".join([SOURCES, STREETS]) if settings.current().tiles_url else SOURCES)
    with aside:
        if now.scope.role in STAFF:
            _list(_chosen(answer, named), named)
        else:
            _counts()


def _chosen(answer: Any, named: dict[str, Period]) -> ChosenPlace | None:
    """What was chosen last, on the map or in the box next to it."""
    clicked = answer.get("picked") if isinstance(answer, dict) else None
    if clicked and clicked != st.session_state.get(_HANDLED):
        st.session_state[_HANDLED] = clicked
        st.session_state[_PLACE] = words.picked(answer, named)
        place = st.session_state[_PLACE]
        st.session_state[_COUNTRY] = place.country or None if place else None
        put(_COUNTRY, st.session_state[_COUNTRY])
    elif (asked := st.query_params.get(_COUNTRY, "")) != st.session_state.get(_ASKED, ""):
        st.session_state[_PLACE] = ChosenPlace(country=asked.upper()) if country(asked) else None
    st.session_state[_ASKED] = st.query_params.get(_COUNTRY, "")
    found: ChosenPlace | None = st.session_state.get(_PLACE)
    return found


def _country_chosen() -> None:
    code = st.session_state.get(_COUNTRY)
    st.session_state[_PLACE] = ChosenPlace(country=code) if code else None


def _forget() -> None:
    st.session_state[_PLACE] = st.session_state[_COUNTRY] = None
    put(_COUNTRY, None)


def _list(place: ChosenPlace | None, named: dict[str, Period]) -> None:
    """The chooser of a country, and the events of what is chosen; all countries when nothing is."""
    known = dict(filters.asked().offered.values.get("country", ()))
    code = place.country if place else ""
    if code and code not in known:
        found = country(code)
        known[code] = found.name if found else code
    st.selectbox(
        "Events in",
        sorted(known, key=known.__getitem__),
        index=None,
        format_func=lambda value: visible(known.get(value) or value),
        placeholder="Choose here or on the map",
        **keep(_COUNTRY, known, then=_country_chosen),
    )
    if place is None:
        _counts()
        return
    _events_of(place, known.get(code, ""), named)
    st.button("Show the countries", type="tertiary", icon=":material/close:", key="map_forget", on_click=_forget)


def _events_of(place: ChosenPlace, name: str, named: dict[str, Period]) -> None:
    now = filters.asked()
    selection = words.selection_for(place.layer, now.selection)
    if place.step in named:
        selection = replace(selection, period=named[place.step])
    events = cached.answer(events_list, selection, now.scope, **place.options)
    newest = rows(ListedEvent, events.head(1))
    total = newest[0].total if newest else 0
    heading = IN_COUNTRY if place.country else AROUND_CIRCLE
    st.subheader(plain(say(heading, events=EVENTS(total), country=name)), anchor=False)
    st.caption(plain(place.step or _period(place, selection)))
    if place.country:
        profiles = cached.answer(region_profile, now.selection, now.scope, by="country")
        onward((COUNTRY, place.country, name or place.country))
        for row in rows(RegionProfile, profiles[profiles["among"] == place.country]):
            st.markdown(plain(profile_words.profile_words(row)))
    if events.empty:
        page_parts.remark("None in this period. The table of gaps below says who could go and what is planned.")
        return
    text = st.text_input("Find in the list", placeholder="Title, place or language", **keep("map_find", None, ""))
    if text:
        if total > len(events):
            events = _all_events(selection, place)
        searched = events[["title", "city", "country", "language"]].fillna("").agg(" ".join, axis=1)
        events = events[searched.str.contains(text, case=False, regex=False)]
    keys = list(events["event_key"])
    if now.scope.role is Role.PM:
        st.caption("Select a row to record what became of the event, below the map.")
    tables.table_with_download(
        events.drop(columns="total", errors="ignore"),
        "events_here",
        alt="Events of the chosen place",
        columns=ListedEvent,
        shown=["starts_on", "title", "city", "scale", "language", "attendance"],
        widths={"starts_on": 90, "title": "medium", "attendance": "small"},
        height=330,
        on_select=(lambda: _event_chosen(keys)) if now.scope.role is Role.PM else None,
        whole=None if text else tables.Whole(total, lambda: _all_events(selection, place)),
    )


def _event_chosen(keys: list[str]) -> None:
    """Hand the event to the form below the map: another part of the page, so all of it runs again."""
    selected = st.session_state["table_events_here"].selection.rows
    st.session_state[forms.CHOSEN] = keys[selected[0]] if selected and selected[0] < len(keys) else ""
    st.session_state[_RUN_ALL] = True


def _all_events(selection: Selection, place: ChosenPlace) -> pd.DataFrame:
    found = cached.answer(events_list, selection, filters.asked().scope, **place.options, limit=0)
    return found.drop(columns="total")


def _period(place: ChosenPlace, selection: Selection) -> str:
    return "Planned, after today" if place.layer == "planned" else sentence_case(selection.period.in_words())


def _counts() -> None:
    now = filters.asked()
    by_country = cached.answer(events_by_country, now.selection, now.scope)
    located = by_country[~by_country["country"].isin([NOWHERE, ONLINE])]
    st.subheader("Events by country", anchor=False)
    tables.table_with_download(
        located,
        "events_by_country",
        alt="Countries by number of events",
        columns=CountryEvents,
        shown=["name", "events", "attendance"],
        widths={"name": 105, "events": 60, "attendance": 85},
        height=420,
    )
