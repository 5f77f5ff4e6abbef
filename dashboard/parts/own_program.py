"""The way from the sample, or from nothing, to a program of one's own: a quiet line on every page, and the dialog."""

from __future__ import annotations

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, copies
from dashboard.asking.access import Viewer, current_viewer
from dashboard.parts import blocks
from dashboard.parts.page_parts import show
from dashboard.words.needs import lacking, needs_words
from dashboard.words.text import plain
from data_access.actions import ActionRefused, Author, NewProgram, start_program
from data_access.answers import rows
from data_access.questions.data.needs import PageNeed, page_needs
from data_access.selection import NotAllowed, Role, Selection

START = "Start my own program"
SAMPLE = "This is a sample program: its people and events are made up."
NO_PROGRAM = "This program is empty: it waits for your files."
LEADS_ON = "Bring it on the Data page"
REPLACES = (
    "The sample program goes: its people and events, what was recorded here, and what was released of it. Who may look "
    "stays. Where the database is a file, a copy of it is kept beside it."
)
_ASKED, _DONE = "uplift_start_asked", "uplift_program_started"


def notice(viewer: Viewer, page: str) -> None:
    """Say that this is the sample; or what the page lacks, to whom can bring it. The dialog opens when it was asked."""
    if said := st.session_state.pop(_DONE, ""):
        st.success(plain(said), icon=":material/check_circle:")
    sample, manager = cached.holds_sample(viewer.scope), viewer.role is Role.PM
    if manager and st.session_state.pop(_ASKED, False):
        _dialog()
    if sample:
        _line(SAMPLE, START if manager else "")
    elif manager:
        _what_is_missing(page)


def needs(viewer: Viewer) -> list[PageNeed]:
    """What every page is made of, and how many rows have it; for whoever is inside."""
    return rows(PageNeed, cached.answer(page_needs, Selection(), viewer.scope))


def _what_is_missing(page: str) -> None:
    known = needs(current_viewer())
    if not any(need.rows for need in known):
        _line(NO_PROGRAM, START, leads_on=page != "Data")
    elif page != "Data" and (missing := lacking(known, page)):
        _line(needs_words(page, missing), leads_on=True)


def _line(words: str, action: str = "", *, leads_on: bool = False) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="own_program"):
        show(blocks.none(words), width="content")
        if action:
            st.button(action, type="tertiary", icon=":material/flag:", key="start_program", on_click=_ask)
        if leads_on:
            st.page_link(st.session_state["uplift_data_page"], label=LEADS_ON, icon=":material/upload:")


def _ask() -> None:
    st.session_state[_ASKED] = True


@st.dialog(START)
def _dialog() -> None:
    sample = cached.holds_sample(current_viewer().scope)
    if sample:
        st.warning(REPLACES, icon=":material/delete_sweep:")
    with st.form("start_form", border=False):
        name = st.text_input("Name", max_chars=200, key="start_name")
        currency = st.text_input("Currency", placeholder="EUR", max_chars=3, key="start_currency")
        year = st.text_input("Fiscal year start", "01-01", max_chars=5, help="Month and day.", key="start_year")
        floor = st.text_input(
            "Floor of events per quarter", "3", max_chars=4, help="How many a member should hold.", key="start_floor"
        )
        ceiling = st.text_input(
            "Member ceiling",
            help="The most that one member may be granted in a fiscal year; empty: no ceiling.",
            key="start_ceiling",
        )
        label = "Replace the sample and start" if sample else "Start"
        pressed = st.form_submit_button(label, type="primary", key="start_submit")
    if pressed:
        _start(NewProgram(name, currency, year, floor, ceiling), replace=sample)


def _start(wanted: NewProgram, *, replace: bool) -> None:
    viewer, today = current_viewer(), settings.current().today()
    by = Author(viewer.name, viewer.scope)
    try:
        st.session_state[_DONE] = start_program(cached.current(), by, wanted, today=today, replace=replace)
    except (ActionRefused, NotAllowed) as refused:
        st.error(plain(str(refused).replace("`", "")), icon=":material/block:")
        return
    copies.refresh_soon(cached.current())
    st.switch_page(st.session_state["uplift_data_page"])
