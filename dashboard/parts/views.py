"""Saved views: in the sidebar of every page, those one keeps, those that others share, and the way to keep one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters, links
from dashboard.asking.access import Viewer
from dashboard.parts import recording
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access import actions
from data_access.actions import Author, SavedView
from data_access.actions.saved_views import LONGEST_NAME
from data_access.selection import STAFF

PLACE = "views"
_NAME, _SHARED, _CHANGED, _NEW_NAME = "name", "shared", "changed", "new_name"


def menu(viewer: Viewer, page: str, pages: Mapping[str, st.Page]) -> None:
    """The menu of who has a role here. `page` is the address of the page one is on, `pages` are those open to them.

    What stands in it is read when it is opened.
    """
    if viewer.role not in STAFF:
        return
    box = st.expander("Saved views", icon=":material/bookmarks:", key="saved_views", on_change="rerun")
    if not box.open:
        return
    with cached.current().program.connect() as connection:
        # A view of a page that is not open to its reader is not offered to them.
        found = [view for view in actions.views_for(connection, viewer.name) if view.page in pages]
    with box:
        recording.show_outcome(PLACE)
        for view in found:
            st.page_link(
                pages[view.page],
                label=plain(view.name),
                icon=":material/bookmark:" if view.own else ":material/group:",
                query_params=address(view, viewer),
            )
        if not found:
            st.caption("None yet. Keep the view you look at under a name, for yourself or for others.")
        _save_form(page)
        if mine := [view for view in found if view.own]:
            _change_form(mine)


def address(view: SavedView, viewer: Viewer) -> dict[str, str]:
    """The parameters that open the view, as whoever looks."""
    return view.query | ({links.ROLE: viewer.parameter} if viewer.parameter else {})


def _save_form(page: str) -> None:
    with st.form("save_view", border=False):
        st.text_input("Name of this view", max_chars=LONGEST_NAME, key=_key(_NAME), placeholder="North, this year")
        st.checkbox("Share it with all who may open the page", key=_key(_SHARED))
        st.form_submit_button(
            "Save this view",
            key=_key("save"),
            on_click=recording.attempt,
            args=(_saving(page),),
            kwargs={"place": PLACE},
        )


def _saving(page: str) -> recording.Write:
    now = filters.asked()
    chosen = filters.own_parameters() | links.write(now.selection, now.opening)

    def write(by: Author, confirmed: frozenset[str]) -> str:
        name, shared = str(_value(_NAME) or ""), bool(_value(_SHARED))
        day = settings.current().today()
        actions.save_view(cached.current(), by, name=name, page=page, query=chosen, shared=shared, today=day)
        return say("“{name}” is kept.", name=" ".join(name.split()))

    return write


def _change_form(mine: list[SavedView]) -> None:
    by_key = {view.view_key: view for view in mine}
    with st.popover("Change a view", icon=":material/edit:", width="stretch"):
        key = st.selectbox("View", list(by_key), format_func=lambda each: by_key[each].name, key=_key(_CHANGED))
        view = by_key[key or mine[0].view_key]
        st.text_input("New name", max_chars=LONGEST_NAME, key=_key(_NEW_NAME))
        with st.container(horizontal=True, gap="small"):
            _button("Rename", "rename", view)
            _button("Keep it for me" if view.shared else "Share it", "share", view)
            _button("Delete", "delete", view)


def _button(label: str, what: str, view: SavedView) -> None:
    def write(by: Author, confirmed: frozenset[str]) -> str:
        database = cached.current()
        if what == "rename":
            actions.rename_view(database, by, view.view_key, str(_value(_NEW_NAME) or ""))
            return "The view has its new name."
        if what == "share":
            actions.share_view(database, by, view.view_key, not view.shared)
            return "You alone see the view now." if view.shared else "All who may open its page see the view now."
        actions.delete_view(database, by, view.view_key)
        return say("“{name}” is deleted.", name=view.name)

    st.button(label, key=_key(what), on_click=recording.attempt, args=(write,), kwargs={"place": PLACE})


def _key(name: str) -> str:
    return recording.key("view", name)


def _value(name: str) -> object:
    return st.session_state.get(_key(name))
