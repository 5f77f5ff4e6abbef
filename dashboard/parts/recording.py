"""Writing from a page: one attempt, its outcome, the question to be confirmed, and the lines with their undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import streamlit as st

from dashboard.asking import cached, copies
from dashboard.asking.access import Viewer, current_viewer
from dashboard.parts import blocks
from dashboard.parts.page_parts import show
from dashboard.words import numbers
from dashboard.words.text import plain
from data_access import actions
from data_access.actions import ActionRefused, Author, Changed, NeedsConfirmation
from data_access.selection import NotAllowed

# Given who writes, and the codes of what they have confirmed; returns what was done.
Write = Callable[[Author, frozenset[str]], str]
FORM, UNDO = "form", "undo"
_OUTCOME, _ROUND, _TO_CONFIRM = "uplift_outcome", "uplift_round", "uplift_to_confirm"


class RecordedChange(Protocol):
    """What every list of recorded changes has of each; only the newest of its subject can be undone."""

    @property
    def entry_id(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def author(self) -> str | None: ...
    @property
    def undone(self) -> bool: ...
    @property
    def newest(self) -> bool: ...


def author(viewer: Viewer) -> Author:
    """Who writes, as the audit names them."""
    return Author(viewer.name, viewer.scope)


def key(form: str, name: str) -> str:
    """A widget's key; a new round of keys empties the forms once something was written."""
    return f"{form}_{name}_{st.session_state.get(_ROUND, 0)}"


def refuse(words: str) -> None:
    """Say why nothing was attempted."""
    st.session_state[_OUTCOME] = ("refused", words, FORM)


def attempt(write: Write, confirmed: frozenset[str] = frozenset(), place: str = FORM) -> None:
    """Write, as the viewer of this moment, and keep the outcome for its place. For callbacks."""
    st.session_state.pop(_TO_CONFIRM, None)
    try:
        st.session_state[_OUTCOME] = ("done", write(author(current_viewer()), confirmed), place)
    except NeedsConfirmation as doubts:
        st.session_state[_TO_CONFIRM] = (str(doubts), confirmed | doubts.codes, write, place)
    except Changed as changed:
        st.session_state[_OUTCOME] = ("changed", str(changed), place)
    except (ActionRefused, NotAllowed) as refused:
        st.session_state[_OUTCOME] = ("refused", str(refused), place)
    else:
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        copies.refresh_soon(cached.current())


def show_outcome(*places: str) -> None:
    """Show the outcome of the last attempt, or what has to be confirmed; of these places, or of any."""
    if st.session_state.get(_OUTCOME, ("", "", ""))[2] in (places or (FORM, UNDO)):
        kind, words, _ = st.session_state.pop(_OUTCOME)
        if kind == "done":
            st.success(plain(words), icon=":material/check_circle:")
        elif kind == "changed":
            st.warning(plain(words), icon=":material/sync_problem:")
        else:
            st.error(plain(words), icon=":material/block:")
    if _TO_CONFIRM in st.session_state and st.session_state[_TO_CONFIRM][3] in (places or (FORM, UNDO)):
        words, codes, write, place = st.session_state[_TO_CONFIRM]
        st.warning(plain(" ".join([words, "Nothing is written yet."])), icon=":material/help:")
        with st.container(horizontal=True, gap="small"):
            st.button("Do it all the same", type="primary", key="confirm", on_click=attempt, args=(write, codes, place))
            st.button("Leave it", key="leave_it", on_click=_leave_it)


def _leave_it() -> None:
    st.session_state.pop(_TO_CONFIRM, None)


def change_line(change: RecordedChange, words: str, *, may_undo: bool) -> None:
    """A recorded change: what, who if it may be known, when, and the button that undoes it, where it can be undone."""
    entry = change.entry_id
    moment = numbers.short_moment(change.happened_at)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"change_{entry}"):
        show(blocks.change_line(words, change.author, moment, change.undone))
        if change.newest and not change.undone and may_undo:
            st.button("Undo", icon=":material/undo:", key=f"undo_{entry}", on_click=_undo, args=(entry,))


def _undo(entry: int) -> None:
    def write(by: Author, confirmed: frozenset[str]) -> str:
        actions.undo(cached.current(), by, entry, confirmed)
        return "Undone. The change and its undoing both stay in the record."

    attempt(write, place=UNDO)
