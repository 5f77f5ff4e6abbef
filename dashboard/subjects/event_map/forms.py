"""What became of an event: the program manager finds it, and records whether it was held and who came."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording, row_forms
from dashboard.words import numbers
from dashboard.words.sentences import Counted, say
from dashboard.words.text import plain
from data_access import actions, answers
from data_access.actions import Author, Snapshot
from data_access.kept_rows import EVENT
from data_access.questions.members.unmarked import UnmarkedEvent, events_unmarked
from data_access.selection import Role

CHOSEN = "uplift_event_chosen"
_FORM = "event"
UNMARKED = Counted(
    "{n} event is over and still marked as planned: it counts for nothing until somebody says what became of it.",
    "{n} events are over and still marked as planned: they count for nothing until somebody says what became of them.",
)
OUTCOMES = {"held": "It was held", "cancelled": "It was cancelled", "planned": "It is planned"}


def record_what_became() -> None:
    """The program manager's own part of the page."""
    now = filters.asked()
    if now.scope.role is not Role.PM:
        return
    st.header("What became of an event?", anchor="record")
    recording.show_outcome()
    waiting = answers.rows(UnmarkedEvent, cached.answer(events_unmarked, now.selection, now.scope))
    if waiting:
        st.caption(UNMARKED(len(waiting)))
    else:
        page_parts.nothing("Of every event whose day is over it is known what became of it.")
    key = _choose(waiting)
    if key:
        _form(key)
    row_forms.changes([(EVENT, "")], may_undo=True)


def _choose(waiting: list[UnmarkedEvent]) -> str | None:
    """The event: one that waits, one that was chosen in the list above, or one that is looked for."""
    sought = st.text_input("Find an event by title or key", key=recording.key(_FORM, "sought"), max_chars=200)
    listed = [(row.event_key, row.title, row.starts_on) for row in waiting]
    wanted = sought.strip() or str(st.session_state.get(CHOSEN, ""))
    if wanted:
        with cached.current().program.connect() as connection:
            listed = actions.find_events(connection, wanted)
        if not listed:
            page_parts.nothing("No event here has such a key or title.")
    if not listed:
        return None
    shown = {key: (title, day) for key, title, day in listed}
    chosen: str | None = st.selectbox(
        "Event",
        list(shown),
        index=0 if len(shown) == 1 else None,
        placeholder="Choose an event",
        format_func=lambda key: _named(*shown[key]),
        # A widget keeps its choice for as long as it is about the same events.
        key=recording.key(_FORM, f"key_{hash(tuple(shown))}"),
    )
    return chosen


def _named(title: str, day: date) -> str:
    return say("{title}, {day}", title=plain(title), day=numbers.short_day(day))


def _form(key: str) -> None:
    rows = [(EVENT, key)]

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        actions.record_event(
            cached.current(),
            by,
            key,
            opened=opened,
            today=row_forms.today(),
            status=row_forms.text(_FORM, "status"),
            attendance=row_forms.value(_FORM, "attendance"),
            new_contributors=row_forms.value(_FORM, "new"),
            note=row_forms.text(_FORM, "note"),
        )
        st.session_state.pop(CHOSEN, None)
        return "Recorded. Every number follows; “What was recorded” can undo it."

    row_forms.open_on(_FORM, rows)
    with st.form("event_form", border=False):
        st.segmented_control(
            "What became of it",
            list(OUTCOMES),
            default="held",
            format_func=OUTCOMES.__getitem__,
            required=True,
            key=recording.key(_FORM, "status"),
        )
        left, right = st.columns(2)
        left.number_input(
            "Attendance, if it is known", min_value=0, value=None, step=1, key=recording.key(_FORM, "attendance")
        )
        right.number_input(
            "New contributors, if known", min_value=0, value=None, step=1, key=recording.key(_FORM, "new")
        )
        row_forms.note(_FORM)
        row_forms.button(_FORM, "Record what became of it", "event", rows, write)
