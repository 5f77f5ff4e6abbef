"""The Viewers page's parts: everybody with a role, the two forms, and the record of changes with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.asking.access import ROLE_NAMES
from dashboard.parts import page_parts, recording
from dashboard.parts.shapes import Headline
from dashboard.parts.tables import table_with_download
from dashboard.words.text import counted
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.selection import Role
from data_access.viewers import KnownViewer, all_viewers

QUESTION = "Who may look, and as what?"
GIVEN = (Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PARTNER)
_LABELS = {
    Role.PM: "Program managers",
    Role.BOARD: "Board",
    Role.LEADERSHIP: "Leadership",
    Role.PARTNER: "Partners of teams",
}
_OPENED = "uplift_viewers_opened"
COLUMNS: dict[str, Any] = {
    "email": st.column_config.TextColumn("E-mail address", width=210),
    "role": st.column_config.TextColumn("Role", width=130),
    "teams": st.column_config.TextColumn("Teams", width=260),
}


def known() -> list[KnownViewer]:
    """Everybody with a role, read anew with each run; and what the forms of this run are opened on."""
    with cached.current().program.connect() as connection:
        st.session_state[_OPENED] = actions.viewers_snapshot(connection)
        return all_viewers(connection)


def heading(found: Sequence[KnownViewer]) -> None:
    """How many may look, and what everybody else gets."""
    if found:
        finding = f"{counted(len(found), 'account has', 'accounts have')} a role here."
    else:
        finding = "Nobody has a role yet."
    if settings.current().oidc:
        more = "Everybody else, signed in or not, sees what is public: Impact and the event map, people as ranges."
    else:
        more = "Nobody signs in here yet: this server is for its own machine. Roles count once sign-in is configured."
    page_parts.heading(QUESTION, finding, more)
    counts = {role: sum(viewer.role is role for viewer in found) for role in GIVEN}
    page_parts.headline_numbers([Headline(_LABELS[role], f"{count:,}") for role, count in counts.items()])


def table(found: Sequence[KnownViewer]) -> None:
    """Address, role and teams."""
    if not found:
        page_parts.empty(
            "Nobody could do anything after signing in.",
            "Give yourself the program manager’s role first, below or with `uplift viewer add`.",
        )
        return
    st.header("Everybody with a role", anchor=False)
    names = _teams()
    rows = [
        (viewer.email, ROLE_NAMES[viewer.role], ", ".join(names.get(team, team) for team in viewer.teams))
        for viewer in found
    ]
    shown = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    columns = list(COLUMNS) if any(viewer.teams for viewer in found) else ["email", "role"]
    table_with_download(shown, "viewers", alt="Accounts with their role", columns=COLUMNS, shown=columns)


def _teams() -> dict[str, str]:
    return dict(cached.choices().values["team"])


def forms(found: Sequence[KnownViewer]) -> None:
    """Give a role or another one; take it away."""
    st.header("Change who may look", anchor=False)
    recording.tell(recording.FORM)
    given, taken = st.tabs(["Give a role", "Take a role away"], key="viewer_tabs")
    with given:
        _give_form()
    with taken:
        _take_form(found)


def _give_form() -> None:
    names = _teams()
    with st.form("viewer_form", border=False):
        st.text_input(
            "E-mail address",
            placeholder="ada@example.org",
            max_chars=254,
            key=_key("email"),
            help="As the provider names it. Capitals make no difference. Who has a role already gets this one instead.",
        )
        st.selectbox("Role", GIVEN, index=None, format_func=ROLE_NAMES.__getitem__, key=_key("role"))
        st.multiselect("Teams (of a partner)", list(names), format_func=lambda team: names[team], key=_key("teams"))
        _button("Give the role", "give", _give)


def _give(by: Author, opened: Snapshot) -> str:
    email, role = str(_value("email") or ""), _value("role")
    if role is None:
        raise actions.ActionRefused("Choose a role.")
    done = actions.set_viewer(cached.current(), by, email, str(role), _value("teams") or (), opened=opened)
    return f"{done}. It counts at once."


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
    return f"{actions.remove_viewer(cached.current(), by, str(email), opened=opened)}. It counts at once."


def _key(name: str) -> str:
    return recording.key("viewer", name)


def _value(name: str) -> Any:
    return st.session_state.get(_key(name))


def _button(label: str, name: str, write: Callable[[Author, Snapshot], str]) -> None:
    st.form_submit_button(label, type="primary", key=_key(f"{name}_submit"), on_click=_submit, args=(write,))


def _submit(write: Callable[[Author, Snapshot], str]) -> None:
    """Against the state that the viewer saw, with the viewer of this moment."""
    opened = st.session_state.get(_OPENED, {})
    recording.attempt(lambda by, _: write(by, opened))


def changes() -> None:
    """Who gave what to whom, newest first; the newest of each account can be undone."""
    st.header("Recorded changes", anchor=False)
    recording.tell(recording.UNDO)
    with cached.current().program.connect() as connection:
        found = actions.viewer_changes(connection)
    if not found:
        page_parts.nothing("Nothing has been changed yet.")
    for row in found:
        recording.change_line(row, row["words"], may_undo=True)
