"""The form for what became of an event: whether it was held, and who came."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.asking import cached
from dashboard.parts import recording, row_forms
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.kept_rows import EVENT

OUTCOMES = {"held": "It was held", "cancelled": "It was cancelled", "planned": "It is planned"}


def form(key: str, name: str, done: Callable[[], object] = lambda: None) -> None:
    """The form about the event, under a name of its own on the page; `done` is called once it is written."""
    rows = [(EVENT, key)]

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        actions.record_event(
            cached.current(),
            by,
            key,
            opened=opened,
            today=row_forms.today(),
            status=row_forms.text(name, "status"),
            attendance=row_forms.value(name, "attendance"),
            new_contributors=row_forms.value(name, "new"),
            note=row_forms.text(name, "note"),
        )
        done()
        return "Recorded. Every number follows; “What was recorded” on the event map can undo it."

    row_forms.open_on(name, rows)
    with st.form(f"{name}_form", border=False):
        st.segmented_control(
            "What became of it",
            list(OUTCOMES),
            default="held",
            format_func=OUTCOMES.__getitem__,
            required=True,
            key=recording.key(name, "status"),
        )
        left, right = st.columns(2)
        left.number_input(
            "Attendance, if it is known", min_value=0, value=None, step=1, key=recording.key(name, "attendance")
        )
        right.number_input(
            "New contributors, if known", min_value=0, value=None, step=1, key=recording.key(name, "new")
        )
        row_forms.note(name)
        row_forms.button(name, "Record what became of it", "event", rows, write)
