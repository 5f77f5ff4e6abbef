"""The Viewers page's forms: give a role or another one, take one away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import ROLE_NAMES
from dashboard.parts import page_parts, recording
from dashboard.words.sentences import say
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.selection import Role
from data_access.viewers import KnownViewer

GIVEN = (Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PARTNER)
_OPENED = "uplift_viewers_opened"


def open_on(snapshot: Snapshot) -> None:
    """Keep what the forms of this run are opened on."""
    st.session_state[_OPENED] = snapshot


def change(found: Sequence[KnownViewer]) -> None:
    """Give a role or another one; take it away."""
    st.header("Change who may look", anchor=False)
    recording.show_outcome(recording.FORM)
    given, taken = st.tabs(["Give a role", "Take a role away"], key="viewer_tabs")
    with given:
        _give_form()
    with taken:
        _take_form(found)


def team_names() -> dict[str, str]:
    """The teams' names by their keys."""
    return dict(cached.choices(filters.asked().scope).values["team"])


def _give_form() -> None:
    names = team_names()
    with st.form("viewer_form", border=False):
        st.text_input(
            "E-mail address",
            placeholder="ada@example.org",
            max_chars=254,
            key=_key("email"),
            help="As the provider names it; capitals make no difference. This role replaces one given before.",
        )
        st.selectbox("Role", GIVEN, index=None, format_func=ROLE_NAMES.__getitem__, key=_key("role"))
        st.multiselect("Teams (of a partner)", list(names), format_func=lambda team: names[team], key=_key("teams"))
        _button("Give the role", "give", _give)


def _give(by: Author, opened: Snapshot) -> str:
    email, role = str(_value("email") or ""), _value("role")
    if role is None:
        raise actions.ActionRefused("Choose a role.")
    done = actions.set_viewer(cached.current(), by, email, str(role), _value("teams") or (), opened=opened)
    return say("{change}. It counts at once.", change=done)


def _take_form(found: Sequence[KnownViewer]) -> None:
    if not found:
        page_parts.nothing("Nobody has a role.")
        return
    with st.form("viewer_remove_form", border=False):
        emails = [viewer.email for viewer in found]
        st.selectbox("Account", emails, index=None, placeholder="Choose an account", key=_key("taken"))
        _button("Take the role away", "take", _take)


def _take(by: Author, opened: Snapshot) -> str:
    email = _value("taken")
    if email is None:
        raise actions.ActionRefused("Choose an account.")
    done = actions.remove_viewer(cached.current(), by, str(email), opened=opened)
    return say("{change}. It counts at once.", change=done)


def _key(name: str) -> str:
    return recording.key("viewer", name)


def _value(name: str) -> Any:
    return st.session_state.get(_key(name))


def _button(label: str, name: str, write: Callable[[Author, Snapshot], str]) -> None:
    st.form_submit_button(label, type="primary", key=_key(f"{name}_submit"), on_click=_submit, args=(write,))


def _submit(write: Callable[[Author, Snapshot], str]) -> None:
    """Write against the state that the viewer saw, as the viewer of this moment."""
    opened = st.session_state.get(_OPENED, {})
    recording.attempt(lambda by, _: write(by, opened))
