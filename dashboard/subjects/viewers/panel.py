"""The Viewers page's parts: everybody with a role, and the record of changes with its undo."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.asking.access import ROLE_NAMES
from dashboard.parts import page_parts, recording
from dashboard.parts.shapes import Headline
from dashboard.parts.tables import table_with_download
from dashboard.subjects.viewers import forms, tables
from dashboard.words import numbers
from dashboard.words.sentences import Counted
from data_access import actions, answers
from data_access.selection import Role
from data_access.viewers import KnownViewer, all_viewers

QUESTION = "Who may look, and as what?"
HAVE_A_ROLE = Counted("{n} account has a role here.", "{n} accounts have a role here.")
_LABELS = {
    Role.PM: "Program managers",
    Role.BOARD: "Board",
    Role.LEADERSHIP: "Leadership",
    Role.PARTNER: "Partners of teams",
}


def known() -> list[KnownViewer]:
    """Everybody with a role, read with each run; the forms of this run are opened on the same state."""
    with cached.current().program.connect() as connection:
        forms.open_on(actions.viewers_snapshot(connection))
        return all_viewers(connection)


def heading(found: Sequence[KnownViewer]) -> None:
    """How many may look, and what everybody else gets."""
    finding = HAVE_A_ROLE(len(found)) if found else "Nobody has a role yet."
    if settings.current().oidc:
        more = "Everybody else, signed in or not, sees what is public: Impact and the event map, people as ranges."
    else:
        more = "Nobody signs in here yet: this server is for its own machine. Roles count once sign-in is configured."
    page_parts.heading(QUESTION, finding, more)
    counts = {role: sum(viewer.role is role for viewer in found) for role in forms.GIVEN}
    page_parts.headline_numbers([Headline(_LABELS[role], numbers.number(count)) for role, count in counts.items()])


def table(found: Sequence[KnownViewer]) -> None:
    """Address, role and teams."""
    if not found:
        page_parts.empty(
            "Nobody could do anything after signing in.",
            "Give yourself the program manager’s role first, below or with `uplift viewer add`.",
        )
        return
    st.header("Everybody with a role", anchor=False)
    names = forms.team_names()
    rows = [
        tables.ViewerRow(
            viewer.email, ROLE_NAMES[viewer.role], ", ".join(names.get(team, team) for team in viewer.teams)
        )
        for viewer in found
    ]
    table_with_download(
        answers.table(tables.ViewerRow, rows),
        "viewers",
        alt="Accounts with their role",
        columns=tables.ViewerRow,
        shown=["email", "role", "teams"] if any(viewer.teams for viewer in found) else ["email", "role"],
        widths=tables.WIDTHS,
    )


def changes() -> None:
    """Who gave what to whom, newest first; the newest of each account can be undone."""
    st.header("Recorded changes", anchor=False)
    recording.show_outcome(recording.UNDO)
    with cached.current().program.connect() as connection:
        found = actions.viewer_changes(connection)
    if not found:
        page_parts.nothing("Nothing has been changed yet.")
    for row in found:
        recording.change_line(row, row.words, may_undo=True)
