"""What the program manager records about a member or an applicant, from the lists of the Members page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard.asking import cached, filters, links
from dashboard.parts import blocks, named, page_parts, person_forms, recording
from dashboard.words.sentences import say
from dashboard.words.text import plain, visible
from data_access.persons.held import find_people
from data_access.questions.named.entries import PERSON
from data_access.selection import Role

_CHOSEN, _IN_PLACE = "uplift_member_chosen", "uplift_member_in_place"


def on_row(table: str, keys: Sequence[str]) -> Callable[[], None] | None:
    """What choosing a row of a list does: the person is taken to the forms; for the program manager only."""
    return (lambda: _choose(table, keys)) if filters.asked().scope.role is Role.PM else None


def _choose(table: str, keys: Sequence[str]) -> None:
    rows = st.session_state[f"table_{table}"].selection.rows
    if rows and rows[0] < len(keys):
        st.session_state[_CHOSEN] = keys[rows[0]]
        st.session_state[recording.key("member", "sought")] = keys[rows[0]]
        st.session_state.pop(_IN_PLACE, None)


def in_place(person: str) -> bool:
    """On somebody’s card, for the program manager: the buttons that open the forms there and close them, and the forms.

    Returns whether they are open.
    """
    if filters.asked().scope.role is not Role.PM:
        return False
    is_open = st.session_state.get(_IN_PLACE) == person
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"ways_{person}"):
        if is_open:
            st.button(
                "Close", icon=":material/close:", key=f"shut_{person}", on_click=_open, args=("",), type="tertiary"
            )
        else:
            st.button(
                "Record something",
                icon=":material/edit:",
                key=f"note_{person}",
                on_click=_open,
                args=(person,),
                type="tertiary",
            )
        page_parts.show(blocks.way("Everything about them", _page_of(person)), width="content")
    if is_open:
        recording.show_outcome()
        person_forms.forms(person)
    return is_open


def _page_of(person: str) -> str:
    viewer = filters.asked().viewer.parameter
    return "".join(("./person?", urlencode({"person": person} | ({links.ROLE: viewer} if viewer else {}))))


def _open(person: str) -> None:
    """Open somebody's forms on their card: nowhere else, for a form stands once on a page."""
    st.session_state[_IN_PLACE] = person
    st.session_state.pop(_CHOSEN, None)
    st.session_state.pop(recording.key("member", "sought"), None)


def record(on_card: str = "") -> None:
    """The forms about who was chosen in a list above, or is looked for; but `on_card`’s, who has them already."""
    if filters.asked().scope.role is not Role.PM:
        return
    if at := st.session_state.get(_CHOSEN):
        page_parts.opened(at)
    st.header("Record something about anybody", anchor="record")
    recording.show_outcome()
    sought = st.text_input(
        "Member or applicant: select a row above, or write a key or name",
        key=recording.key("member", "sought"),
        max_chars=200,
        on_change=lambda: st.session_state.pop(_IN_PLACE, None),
    )
    # Whose card is gone, because of what was recorded, is shown here, for the undo.
    opened = str(st.session_state.get(_CHOSEN) or st.session_state.get(_IN_PLACE, ""))
    wanted = sought.strip() or opened
    if not wanted or wanted == on_card:
        return
    with cached.current().program.connect() as connection:
        found = dict(find_people(connection, wanted))
    if not found:
        page_parts.nothing("Nobody here has such a key or name.")
        return
    key = wanted if wanted in found else next(iter(found))
    if len(found) > 1 and wanted not in found:
        key = st.selectbox("Person", list(found), format_func=lambda each: visible(found[each] or each)) or key
    st.session_state[_CHOSEN] = key
    st.session_state.pop(_IN_PLACE, None)
    st.subheader(plain(say("{name} ({key})", name=found[key] or key, key=key)), anchor=False)
    named.onward((PERSON, key, found[key] or key))
    person_forms.forms(key)
