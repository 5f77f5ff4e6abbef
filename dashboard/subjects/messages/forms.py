"""The form for one more subscription: of one's own, or for the program manager anybody's."""

from __future__ import annotations

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.asking.access import ROLE_NAMES, Viewer
from dashboard.parts import recording, row_forms
from dashboard.settings.messages import known_webhooks
from dashboard.words.sentences import say
from data_access import actions
from data_access.actions import ActionRefused, Author
from data_access.selection import Role
from data_access.subscriptions import (
    CHANNEL_WORDS,
    EMAIL,
    FEED,
    ONCE,
    PACE_WORDS,
    PACES,
    TOPICS,
    WEBHOOK,
    topics_open_to,
)

FORM = "messages"
NEW_FEED = "uplift_new_feed"
_GIVEN = (Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PARTNER)


def add(viewer: Viewer) -> None:
    """Who, of what, how often, and for the program manager as whom."""
    is_manager = viewer.role is Role.PM
    webhooks = known_webhooks() if is_manager else []
    channels = [EMAIL, FEED, *([WEBHOOK] if webhooks else [])]
    with st.form("messages_form", border=False):
        st.selectbox("How", channels, format_func=CHANNEL_WORDS.__getitem__, key=_key("channel"))
        if is_manager:
            st.text_input(
                "To",
                value=viewer.account.email if viewer.account else "",
                placeholder="ada@example.org",
                max_chars=254,
                key=_key("address"),
                help="An e-mail address; for a feed also a name.",
            )
        if webhooks:
            st.selectbox("Webhook", webhooks, index=None, key=_key("webhook"))
        topics = topics_open_to(viewer.role)
        st.multiselect("Of what", topics, format_func=lambda topic: TOPICS[topic].label, key=_key("topics"))
        st.selectbox("How often", PACES, format_func=PACE_WORDS.__getitem__, key=_key("pace"))
        if is_manager:
            names = dict(cached.choices(filters.asked().scope).values["team"])
            st.selectbox(
                "As whom",
                _GIVEN,
                index=None,
                placeholder="As the Viewers page has it",
                format_func=ROLE_NAMES.__getitem__,
                key=_key("role"),
                help="For an address that has no role here, and for webhooks. Without one: what everybody may know.",
            )
            st.multiselect("Teams (of a partner)", list(names), format_func=names.__getitem__, key=_key("teams"))
            st.text_input("Person’s key", max_chars=200, key=_key("person"), help="Erasing that person ends it.")
        st.form_submit_button("Have it sent", type="primary", key=_key("submit"), on_click=_submit)


def _submit() -> None:
    recording.attempt(lambda by, _: _subscribe(by), place=FORM)


def _subscribe(by: Author) -> str:
    channel = str(row_forms.value(FORM, "channel") or EMAIL)
    address = row_forms.text(FORM, "webhook" if channel == WEBHOOK else "address") or by.name
    if channel == WEBHOOK and not row_forms.value(FORM, "webhook"):
        raise ActionRefused("Choose a webhook.")
    role = row_forms.value(FORM, "role")
    done = actions.subscribe(
        cached.current(),
        by,
        channel,
        address,
        row_forms.value(FORM, "topics") or (),
        str(row_forms.value(FORM, "pace") or ONCE),
        today=row_forms.today(),
        role=str(role) if role else "",
        team_keys=row_forms.value(FORM, "teams") or (),
        person=row_forms.text(FORM, "person"),
    )
    if done.secret:
        st.session_state[NEW_FEED] = f"{settings.current().site}/feeds/own.atom?token={done.secret}"
    return say("{change}.", change=done.words)


def _key(name: str) -> str:
    return recording.key(FORM, name)
