"""The report on the Impact page: for whom, and a button for each kind of file, made when it is pressed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts.downloads import download_button
from dashboard.report.compose import compose, the_period
from dashboard.report.files import NAMES, written
from dashboard.words.numbers import locale_of_request, reader
from dashboard.words.sentences import say
from data_access.database.engine import NoReleaseError
from data_access.selection import Role, Scope

# Who may make one, and for whom: nobody makes a report of what they may not see.
FOR = {
    Role.PM: (Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PUBLIC),
    Role.BOARD: (Role.BOARD, Role.LEADERSHIP, Role.PUBLIC),
    Role.LEADERSHIP: (Role.LEADERSHIP, Role.PUBLIC),
}
LABELS = {
    Role.PM: "Program manager: exact",
    Role.BOARD: "Board: exact",
    Role.LEADERSHIP: "Leadership: as released",
    Role.PUBLIC: "The public: as released, without teams and money",
}
KINDS = {
    "pdf": ("PDF", "application/pdf"),
    "html": ("Page", "text/html"),
    "pptx": ("Slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}


def offer() -> None:
    """The report on the period of the page, of the whole program."""
    now = filters.asked()
    readers = [role for role in FOR.get(now.scope.role, ()) if role in (Role.PM, Role.BOARD) or _is_released()]
    if not readers:
        return
    st.header("Take it along", anchor="report")
    explained = (
        "A report on {period}: what was achieved against the targets, the map, gaps, languages, funnel, teams, money, "
        "risks, and what is asked of its reader. It names no person, and each number says where it comes from."
    )
    st.caption(say(explained, period=the_period(now.selection.period)))
    if now.selection.narrowed_by:
        st.caption("It is of the whole program: filters do not narrow it.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        role = st.selectbox("For whom", readers, format_func=LABELS.__getitem__, key="report_for", width=340)
        for kind, (label, mime) in KINDS.items():
            download_button(label, _maker(role, kind), NAMES[kind], mime, f"report_{kind}")


def _is_released() -> bool:
    now = filters.asked()
    try:
        return cached.released_quarter(Scope(Role.LEADERSHIP), now.selection.as_of) is not None
    except NoReleaseError:
        return False


def _maker(role: Role, kind: str) -> Callable[[], bytes]:
    now, locale = filters.asked(), locale_of_request()

    def made() -> bytes:
        with reader(locale.replace("_", "-")):
            scope = Scope(role, min_group_size=now.scope.min_group_size)
            report, personal = compose(cached.current(), scope, now.selection.period, now.selection.as_of)
            for name, rows in personal.items():
                cached.note_read(name, scope, people=rows)
            return written(report, kind)

    return made
