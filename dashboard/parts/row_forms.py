"""Forms for what is recorded row by row: opened on a state, written against it, and listed with their undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.parts import page_parts, recording
from dashboard.words.sentences import say, sentence_case
from data_access import actions
from data_access.actions import Author, RecordedRow, Snapshot
from data_access.imports.rows import clipped

SHOWN_CHANGES = 10
Rows = Sequence[tuple[str, str]]
# Given who writes, what the form was opened on, and what has been confirmed; returns what was done.
WriteRow = Callable[[Author, Snapshot, frozenset[str]], str]


def open_on(form: str, rows: Rows) -> None:
    """Remember the state of the rows (subject, key): of the version that the page shows, or the page runs again."""
    with cached.current().program.connect() as connection:
        st.session_state[_opened(form)] = (tuple(rows), actions.row_snapshot(connection, *rows))
    if cached.current().version() != cached.program_version():
        st.rerun()


def button(form: str, label: str, name: str, rows: Rows, write: WriteRow, place: str = recording.FORM) -> None:
    """The button that records what the form holds."""
    key = recording.key(form, f"{name}_submit")
    st.form_submit_button(label, type="primary", key=key, on_click=_submit, args=(form, tuple(rows), write, place))


def _submit(form: str, rows: Rows, write: WriteRow, place: str) -> None:
    """Write before the page runs again: against the state that the viewer saw, as the viewer of this moment."""
    seen, opened = st.session_state.get(_opened(form), ((), {}))
    if seen != rows:
        recording.refuse("The page was reloaded in the meantime. Nothing was changed; try again.")
        return
    recording.attempt(lambda by, confirmed: write(by, opened, confirmed), place=place)


def _opened(form: str) -> str:
    return f"uplift_{form}_opened"


def asked_for() -> str:
    """Which form the address asks for, as the page of the week does."""
    return str(st.query_params.get("record", ""))


def value(form: str, name: str) -> Any:
    """What a field of the form holds at this moment."""
    return st.session_state.get(recording.key(form, name))


def text(form: str, name: str) -> str:
    """The same as text."""
    return str(value(form, name) or "").strip()


def today() -> date:
    """The day by which is recorded."""
    return settings.current().today()


def day(form: str, label: str, name: str, *, future: bool = False) -> None:
    """A field for a day, today at the latest unless it may lie in the future."""
    latest = None if future else today()
    st.date_input(label, value=today(), max_value=latest, format="YYYY-MM-DD", key=recording.key(form, name))


def note(form: str, label: str = "Note", name: str = "note") -> None:
    """A field for a remark that the record keeps."""
    st.text_input(label, max_chars=2_000, key=recording.key(form, name))


def changes(rows: Rows, *, may_undo: bool, title: str = "What was recorded") -> None:
    """The newest changes of the rows, each with its undo; with "" for a key those of all rows of the subject."""
    with cached.current().program.connect() as connection:
        found = actions.row_changes(connection, *rows)
    if not found:
        return
    label = say("{title} ({n})", title=title, n=len(found))
    with st.expander(label, icon=":material/history:", expanded=True):
        for row in found[:SHOWN_CHANGES]:
            recording.change_line(row, _line(row), may_undo=may_undo)


def _line(row: RecordedRow) -> str:
    words = sentence_case(row.words)
    return say("{change}: {note}", change=words, note=clipped(row.note, 200)) if row.note else words


def choose(label: str, tabs: Sequence[tuple[str, Callable[[], None]]], key: str) -> None:
    """Small forms, a tab each; nothing but a remark where there are none."""
    if not tabs:
        page_parts.nothing(label)
        return
    for tab, (_, form) in zip(st.tabs([title for title, _ in tabs], key=key), tabs, strict=True):
        with tab:
            form()
