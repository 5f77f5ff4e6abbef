"""Who looks: the viewer of this run, signed in or on their own machine, the chooser for the latter, and page guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import settings
from dashboard.asking import cached
from dashboard.asking.links import ROLE
from dashboard.door.accounts import ENDED_COOKIE, SIGN_INS, Account, scope_of
from dashboard.door.ownership import SESSIONS, Owner
from dashboard.settings.addresses import FORWARDED, is_loopback
from dashboard.words.sentences import either, say
from data_access.selection import Role, Scope, SelectionError

ROLE_NAMES: dict[Role, str] = {
    Role.PM: "Program manager",
    Role.BOARD: "Board",
    Role.LEADERSHIP: "Leadership",
    Role.PARTNER: "Partner of a team",
    Role.PUBLIC: "Public",
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, what they may see, and whether they may look as somebody else (only on their own machine).

    `account` is the sign-in, with a role here or without; `note` says why somebody signed in sees no more.
    """

    scope: Scope
    may_choose: bool
    ignored: str = ""
    account: Account | None = None
    note: str = ""

    @property
    def role(self) -> Role:
        return self.scope.role

    @property
    def name(self) -> str:
        """Who is to be named for what this viewer writes: the e-mail address, or the role where nobody signs in."""
        if self.account and self.account.verified:
            return self.account.email
        return say("{role} (dashboard)", role=ROLE_NAMES[self.role])

    @property
    def parameter(self) -> str:
        """The role as the link carries it; nothing for the one a local viewer starts with."""
        if not self.may_choose or self.role is Role.PM:
            return ""
        return f"{self.role}:{','.join(self.scope.teams)}" if self.scope.teams else str(self.role)


def current_viewer() -> Viewer:
    """Whoever looks, with the program's own minimum group, which is read from what they are answered from."""
    viewer = who_looks()
    size = cached.program(viewer.scope).min_group_size
    return replace(viewer, scope=replace(viewer.scope, min_group_size=size))


def who_looks() -> Viewer:
    """Whoever has signed in. Without sign-in the program manager on their own machine, or whom the link names.

    Anybody else is the public. Nothing is read of the program but its table of viewers.
    """
    if settings.current().oidc:
        return _signed_in()
    if not is_this_machine():
        return Viewer(Scope(Role.PUBLIC), may_choose=False)
    asked = st.query_params.get(ROLE, "")
    try:
        return Viewer(Scope.parse(asked) if asked else Scope(Role.PM), may_choose=True)
    except SelectionError as problem:
        sentence = say("The link’s role was left out: {problem}", problem=problem)
        return Viewer(Scope(Role.PM), may_choose=True, ignored=sentence)


def _signed_in() -> Viewer:
    account, idle = this_account(), settings.current().idle_minutes * 60.0
    ended = SIGN_INS.seconds_left(account, idle) <= 0 if account else st.context.cookies.get(ENDED_COOKIE) == "1"
    if account is None or ended:
        words = "Your sign-in has ended, because you signed out or were away for long. Sign in again to see more."
        return Viewer(scope_of(None, cached.current()), may_choose=False, note=words if ended else "")
    scope = scope_of(account, cached.current())
    note = ""
    if not account.verified:
        note = (
            "Your provider does not confirm your e-mail address, so you see what everybody may see. Confirm it there, "
            "sign out and in again."
        )
    elif scope.role is Role.PUBLIC:
        note = say(
            "{email} has no role here, so you see what everybody may see. The program manager can give you one; it "
            "then counts at once.",
            email=account.email,
        )
    return Viewer(scope, may_choose=False, account=account, note=note)


def this_account() -> Account | None:
    """The sign-in that this session was opened with."""
    used = settings.current().oidc
    return Account.of(st.user.to_dict(), used.trusts_email) if used else None


def owner() -> Owner:
    """Whose this run's files and uploads are."""
    viewer = current_viewer()
    return Owner.of(viewer.account, viewer.scope)


def note_session() -> None:
    """Let the server's routes know as whom this session runs."""
    context = get_script_run_ctx()
    if context is not None:
        SESSIONS.note(context.session_id, owner())


def is_this_machine() -> bool:
    """The server listens on loopback only, and no proxy stands between it and the browser."""
    if not settings.current().is_local:
        return False
    forwarded = any(name.lower() in FORWARDED for name in st.context.headers)
    return st.context.ip_address is None and not forwarded


def require(*roles: Role) -> None:
    """Stop the page with a sentence unless the viewer has one of the roles. Navigation hides pages; this protects."""
    viewer = current_viewer()
    if viewer.role not in roles:
        refuse(viewer.role, roles)


def refuse(role: Role, roles: Sequence[Role]) -> None:
    """The sentence for a page that is not open to the role; ends the run."""
    st.title("This page is not open to you")
    others = either([ROLE_NAMES[item].lower() for item in Role if item in roles])
    if not settings.current().oidc or current_viewer().account:
        st.write(say("You look as “{role}”; it is for: {roles}.", role=ROLE_NAMES[role].lower(), roles=others))
    else:
        st.write(say("You have not signed in; it is for: {roles}.", roles=others))
        sign_in_button("sign_in_here")
    home = st.session_state["uplift_home"]
    st.page_link(home, label=say("Go to {page}", page=home.title), icon=":material/arrow_back:")
    st.stop()


def sign_in_button(key: str) -> None:
    """The way in; or why there is none over plain http."""
    address = st.context.url
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        st.caption("Signing in needs https: open this site with https://.")
    else:
        st.button("Sign in", type="primary", icon=":material/login:", key=key, on_click=st.login)


def choose_viewer(viewer: Viewer, teams: Mapping[str, str]) -> None:
    """The “View as” chooser in the sidebar, with the names of teams by key; writes the choice to the address."""
    if not viewer.may_choose:
        return
    roles = [role for role in ROLE_NAMES if role is not Role.PARTNER or teams]
    if st.session_state.get("view_as") != viewer.role:
        st.session_state["view_as"] = viewer.role
    st.selectbox(
        "View as",
        roles,
        format_func=ROLE_NAMES.__getitem__,
        key="view_as",
        on_change=_look_as,
        help="On your own machine you may look through anybody’s eyes. With sign-in, everybody looks as themselves.",
    )
    if viewer.role is Role.PARTNER:
        chosen = tuple(team for team in viewer.scope.teams if team in teams)
        if st.session_state.get("view_as_teams") != list(chosen):
            st.session_state["view_as_teams"] = list(chosen)
        st.multiselect(
            "Partner’s teams",
            list(teams),
            format_func=lambda team: teams[team],
            key="view_as_teams",
            on_change=_look_as,
        )


def _look_as() -> None:
    role = Role(st.session_state["view_as"])
    if role is Role.PARTNER:
        known = [team for team, _ in cached.choices(who_looks().scope).values["team"]]
        teams = st.session_state.get("view_as_teams") or known[:1]
        st.query_params[ROLE] = f"{role}:{','.join(teams)}"
    elif role is Role.PM:
        st.query_params.pop(ROLE, None)
    else:
        st.query_params[ROLE] = str(role)
