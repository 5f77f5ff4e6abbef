"""Needs of organizers for the program manager: raised, met, and what was recorded with its undo."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached
from dashboard.parts import page_parts, recording, row_forms
from dashboard.parts.labels import short
from dashboard.words import numbers
from dashboard.words.sentences import say
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.contract.organizer_tables import NEED_KINDS
from data_access.kept_rows import NEED
from data_access.questions.organizers.needs import OPEN, ListedNeed

_FORM, PLACE = "need", "need"


def forms(listed: Sequence[ListedNeed]) -> None:
    """A tab for each thing that can be recorded, and what was."""
    st.header("Record a need", anchor=False)
    recording.show_outcome(PLACE)
    waiting = [row for row in listed if row.state == OPEN]
    rows = [(NEED, row.need_key) for row in waiting]
    row_forms.open_on(_FORM, rows)
    tabs = (("Raise a need", lambda: _raise_form(rows)), ("A need is met", lambda: _meet_form(rows, waiting)))
    row_forms.choose("", tabs, "need_tabs")
    row_forms.changes([(NEED, "")], may_undo=True, title="Recorded of needs")


def _raise_form(rows: row_forms.Rows) -> None:
    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        names = ("kind", "note", "event_key", "city", "person_key")
        given = {name: row_forms.text(_FORM, name) for name in names}
        day = row_forms.value(_FORM, "raised_on")
        actions.raise_need(cached.current(), by, today=row_forms.today(), raised_on=day, **given)
        return "Recorded: the need is open."

    with st.form("need_raise_form", border=False):
        st.selectbox(
            "Need",
            list(NEED_KINDS),
            index=None,
            placeholder="Choose what is needed",
            format_func=NEED_KINDS.__getitem__,
            key=recording.key(_FORM, "kind"),
        )
        st.text_input("In words", max_chars=2_000, key=recording.key(_FORM, "note"))
        left, middle, right = st.columns(3)
        left.text_input("Town", max_chars=200, key=recording.key(_FORM, "city"))
        middle.text_input("Event, by its key", max_chars=200, key=recording.key(_FORM, "event_key"))
        right.text_input("Person, by their key", max_chars=200, key=recording.key(_FORM, "person_key"))
        row_forms.day(_FORM, "Raised on", "raised_on")
        row_forms.button(_FORM, "Record the need", "raise", rows, write, PLACE)


def _meet_form(rows: row_forms.Rows, waiting: Sequence[ListedNeed]) -> None:
    if not waiting:
        page_parts.nothing("No need is open.")
        return
    shown = {row.need_key: _named(row) for row in waiting}

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {"met_on": row_forms.value(_FORM, "met_on"), "note": row_forms.text(_FORM, "how")}
        need = row_forms.text(_FORM, "met")
        actions.meet_need(cached.current(), by, need, opened=opened, today=row_forms.today(), **given)
        return "Recorded: the need is met."

    with st.form("need_meet_form", border=False):
        st.selectbox(
            "Need",
            list(shown),
            index=None,
            placeholder="Choose the need",
            format_func=lambda key: shown.get(key, key),
            key=recording.key(_FORM, "met"),
        )
        row_forms.day(_FORM, "Met on", "met_on")
        row_forms.note(_FORM, "How", "how")
        row_forms.button(_FORM, "Record that it is met", "meet", rows, write, PLACE)


def _named(row: ListedNeed) -> str:
    about = short(row.event or row.place or row.person or row.note, 40)
    day = numbers.short_day(row.raised_on)
    return say("{kind}: {about}, raised {day}", kind=NEED_KINDS[row.kind], about=about, day=day)
