"""Who is signed in: in the sidebar with the way in and out, and above the page when it changes what one sees."""

from __future__ import annotations

import streamlit as st

from dashboard import settings
from dashboard.asking import cached
from dashboard.asking.access import ROLE_NAMES, Viewer, sign_in_button
from dashboard.parts import blocks
from dashboard.parts.page_parts import show
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access.selection import Role


def account_panel(viewer: Viewer) -> None:
    """Who is signed in, as what, and the way in or out; in the sidebar. Nothing where nobody signs in."""
    if not settings.current().oidc:
        return
    with st.container(key="account"):
        if viewer.account is None:
            st.caption("You see what is public.")
            sign_in_button("sign_in")
            return
        name = viewer.account.email or "Signed in"
        show(blocks.account(name, _role_words(viewer)))
        st.button("Sign out", icon=":material/logout:", key="sign_out", on_click=st.logout)


def _role_words(viewer: Viewer) -> str:
    """The role, and a partner's teams; or why there is none."""
    if viewer.role is Role.PUBLIC:
        return "No role here" if viewer.account and viewer.account.verified else "E-mail address not confirmed"
    role, names = ROLE_NAMES[viewer.role], dict(cached.choices(viewer.scope).values["team"])
    teams = [names.get(team, team) for team in viewer.scope.teams]
    return say("{role}: {teams}", role=role, teams=", ".join(teams)) if teams else role


def explain_account(viewer: Viewer) -> None:
    """Say why somebody who has signed in sees no more than the public, above the page."""
    if viewer.note:
        st.info(plain(viewer.note), icon=":material/account_circle:")
