"""What became of an event: the program manager finds it, and records whether it was held and who came."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import event_forms, page_parts, recording, row_forms
from dashboard.words import numbers
from dashboard.words.sentences import Counted, say
from dashboard.words.text import visible
from data_access import actions, answers
from data_access.kept_rows import EVENT
from data_access.questions.members.unmarked import UnmarkedEvent, events_unmarked
from data_access.selection import Role

CHOSEN = "uplift_event_chosen"
# In the address: the event that a link chooses.
SHOWN_EVENT = "event"
_FORM = "event"
UNMARKED = Counted(
    "{n} event is over and still marked as planned: it counts for nothing until somebody says what became of it.",
    "{n} events are over and still marked as planned: they count for nothing until somebody says what became of them.",
)


def record_what_became() -> None:
    """The program manager's own part of the page."""
    now = filters.asked()
    if now.scope.role is not Role.PM:
        return
    if at := st.session_state.get(CHOSEN):
        page_parts.opened(at)
    st.header("What became of an event?", anchor="record")
    recording.show_outcome()
    waiting = answers.rows(UnmarkedEvent, cached.answer(events_unmarked, now.selection, now.scope))
    if waiting:
        st.caption(UNMARKED(waiting[0].total))
    else:
        page_parts.nothing("Of every event whose day is over it is known what became of it.")
    key = _choose(waiting)
    if key:
        event_forms.form(key, _FORM, lambda: st.session_state.pop(CHOSEN, None))
    row_forms.changes([(EVENT, "")], may_undo=True)


def _choose(waiting: list[UnmarkedEvent]) -> str | None:
    """The event: one that waits, one that a link or the list above chose, or one that is looked for."""
    sought = st.text_input("Find an event by title or key", key=recording.key(_FORM, "sought"), max_chars=200)
    listed = [(row.event_key, row.title, row.starts_on) for row in waiting]
    wanted = sought.strip() or str(st.session_state.get(CHOSEN, "")) or st.query_params.get(SHOWN_EVENT, "")
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
    return say("{title}, {day}", title=visible(title), day=numbers.short_day(day))
