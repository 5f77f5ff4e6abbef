"""The part of the Data page about messages: what goes to whom, what became of it, and one more."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.asking.access import Viewer
from dashboard.parts import page_parts, recording
from dashboard.subjects.messages import blocks, forms, words
from data_access import actions
from data_access.actions import Author
from data_access.actions.deliveries import newest_deliveries
from data_access.selection import Role
from data_access.subscriptions import all_subscriptions

SHOWN_CHANGES = 5


def section(viewer: Viewer) -> None:
    """The viewer's own subscriptions, for the program manager all; stopping one, one more, what was recorded."""
    st.header("Messages", anchor="messages")
    is_manager = viewer.role is Role.PM
    if not is_manager and viewer.account is None:
        page_parts.nothing("Messages go to the address that somebody signs in with, and nobody signs in here.")
        return
    if is_manager and settings.current().mail is None:
        page_parts.remark("E-mail is not set up yet: set `UPLIFT_SMTP_HOST` and `UPLIFT_MAIL_FROM`. Feeds work.")
    recording.show_outcome(forms.FORM, recording.UNDO)
    if address := st.session_state.pop(forms.NEW_FEED, ""):
        st.caption("The feed’s address. Whoever has it reads the feed; it is shown this once.")
        st.code(address, language=None, wrap_lines=True)
    with cached.current().program.connect() as connection:
        found = all_subscriptions(connection, None if is_manager else viewer.name)
        newest = newest_deliveries(connection, [each.key for each in found])
        changes = actions.subscription_changes(connection) if is_manager else []
    now = datetime.now(UTC).replace(tzinfo=None)
    if not found:
        page_parts.nothing("Nothing is sent to anybody yet." if is_manager else "Nothing is sent to you yet.")
    for each in found:
        last = newest.get(each.key)
        about, way_out = st.columns([6, 1], vertical_alignment="center")
        with about:
            said = words.line(each)
            page_parts.show(blocks.line(said, words.last(last, now), trouble=words.is_trouble(last, now)))
        with way_out:
            key = f"stop_{each.key}"
            st.button("Stop", icon=":material/notifications_off:", key=key, on_click=_stop, args=(each.key,))
    with st.expander("Have messages sent", icon=":material/notifications:"):
        forms.add(viewer)
    if changes:
        with st.expander("Changes to messages", icon=":material/history:"):
            for row in changes[:SHOWN_CHANGES]:
                recording.change_line(row, row.words, may_undo=True)


def _stop(key: str) -> None:
    def write(by: Author, confirmed: frozenset[str]) -> str:
        return f"{actions.unsubscribe(cached.current(), by, key)}."

    recording.attempt(write, place=forms.FORM)
