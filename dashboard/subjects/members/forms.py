"""What the program manager records about a member or an applicant, from the lists of the Members page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import named, page_parts, person_forms, recording
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access.persons.held import find_people
from data_access.questions.named.entries import PERSON
from data_access.selection import Role

_CHOSEN = "uplift_member_chosen"


def on_row(table: str, keys: Sequence[str]) -> Callable[[], None] | None:
    """What choosing a row of a list does: the person is taken to the forms; for the program manager only."""
    return (lambda: _choose(table, keys)) if filters.asked().scope.role is Role.PM else None


def _choose(table: str, keys: Sequence[str]) -> None:
    rows = st.session_state[f"table_{table}"].selection.rows
    if rows and rows[0] < len(keys):
        st.session_state[_CHOSEN] = keys[rows[0]]
        st.session_state[recording.key("member", "sought")] = keys[rows[0]]


def record() -> None:
    """The forms about who was chosen in a list above, or is looked for."""
    if filters.asked().scope.role is not Role.PM:
        return
    if at := st.session_state.get(_CHOSEN):
        page_parts.opened(at)
    st.header("Record something", anchor="record")
    recording.show_outcome()
    sought = st.text_input(
        "Member or applicant: select a row above, or write a key or name",
        key=recording.key("member", "sought"),
        max_chars=200,
    )
    wanted = sought.strip() or str(st.session_state.get(_CHOSEN, ""))
    if not wanted:
        return
    with cached.current().program.connect() as connection:
        found = dict(find_people(connection, wanted))
    if not found:
        page_parts.nothing("Nobody here has such a key or name.")
        return
    key = wanted if wanted in found else next(iter(found))
    if len(found) > 1 and wanted not in found:
        key = st.selectbox("Person", list(found), format_func=lambda each: plain(found[each] or each)) or key
    st.session_state[_CHOSEN] = key
    st.subheader(plain(say("{name} ({key})", name=found[key] or key, key=key)), anchor=False)
    named.onward((PERSON, key, found[key] or key))
    person_forms.forms(key)
