"""Signed in: what each role may open, who reads what, whose name a change bears, and the Viewers page itself.

The program is empty but for a team `docs`; the accounts are one for each role, `unknown` without any.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.door.accounts import SIGN_INS
from dashboard.navigation import PAGES
from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.database.schema import audit
from data_access.selection import Role, Scope
from data_access.viewers import all_viewers
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard, signed_in
from tests.pages.test_impact import HOSTILE
from tests.security_table import pages_of
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.slow

BY = Author("tests", Scope(Role.PM))
ROLES = (Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PARTNER)
EVERYBODY = (*ROLES, "unknown", "unverified", "nobody")


@pytest.fixture
def built(program: ProgramBuilder) -> Database:
    TeamBuilder(program.database).add_team("docs")
    program.add_import()
    for role in ROLES:
        actions.set_viewer(program.database, BY, email_of(role), role, ["docs"] if role is Role.PARTNER else [])
    return program.database


def email_of(role: str) -> str:
    return f"{role}@example.org"


def looking(monkeypatch: pytest.MonkeyPatch, built: Database, who: str) -> Dashboard:
    """The unverified one claims to be the program manager."""
    if who == "unverified":
        return signed_in(monkeypatch, built.url, email_of(Role.PM), email_verified=False)
    return signed_in(monkeypatch, built.url, "" if who == "nobody" else email_of(who))


def read(text: object) -> str:
    """Markdown as it reads: without what keeps it from being markup or a link."""
    return str(text).replace("\\", "").replace("\u2060", "")


def refused(shown: Dashboard) -> bool:
    return any(title.value == "This page is not open to you" for title in shown.at.title)


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_opens_for_a_role_that_may_not_see_it(
    monkeypatch: pytest.MonkeyPatch, built: Database, who: str
) -> None:
    """By its address, as the navigation does not show it; the last page that is open does open."""
    role = Role(who) if who in ROLES else Role.PUBLIC
    shown = looking(monkeypatch, built, who)
    opened = pages_of(role, [entry.title for entry in PAGES])
    closed = [entry for entry in PAGES if entry.title not in opened]
    assert {entry.title for entry in PAGES if role in entry.roles} == opened, "SECURITY.md says otherwise"
    for entry in closed:
        assert refused(shown.open(entry.url_path)), entry.title
    assert not refused(shown.open([entry for entry in PAGES if entry.title in opened][-1].url_path))
    assert bool(closed) == (role is not Role.PM)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("unknown", "unknown@example.org has no role here, so you see what everybody may see"),
        ("unverified", "Your provider does not confirm your e-mail address"),
        ("nobody", ""),
        ("board", ""),
    ],
)
def test_who_sees_less_than_expected_is_told_why(
    monkeypatch: pytest.MonkeyPatch, built: Database, who: str, says: str
) -> None:
    shown = looking(monkeypatch, built, who).open("impact")
    notices = " ".join(read(info.value) for info in shown.at.info)
    assert says in notices
    assert bool(says) == bool(notices)
    assert {str(button.key) for button in shown.at.button} & {"sign_in", "sign_out"} == (
        {"sign_in"} if who == "nobody" else {"sign_out"}
    )


def test_with_sign_in_nobody_chooses_the_role_to_look_as(monkeypatch: pytest.MonkeyPatch, built: Database) -> None:
    for who in ("pm", "unknown", "nobody"):
        shown = looking(monkeypatch, built, who).open("budget", **{"as": "pm"})
        assert not [box for box in shown.at.selectbox if box.key == "view_as"]
        assert refused(shown) is (who != "pm")


def test_a_role_taken_away_while_signed_in_is_gone_with_the_next_run(
    monkeypatch: pytest.MonkeyPatch, built: Database
) -> None:
    shown = looking(monkeypatch, built, "board").open("budget")
    assert not refused(shown)
    actions.remove_viewer(built, BY, email_of(Role.BOARD))
    assert refused(shown.run())
    actions.set_viewer(built, BY, email_of(Role.BOARD), "leadership")
    assert not refused(shown.run())


def test_a_sign_in_that_was_not_used_for_long_is_over_with_the_next_run(
    monkeypatch: pytest.MonkeyPatch, built: Database
) -> None:
    shown = signed_in(monkeypatch, built.url, email_of(Role.PM), iat=int(time.time()) - 8 * 3600 - 5, sub="idle")
    assert refused(shown.open("budget"))
    assert "Your sign-in has ended" in read(shown.at.info[0].value)
    assert not SIGN_INS._ended


def give(shown: Dashboard, email: str, role: Role, *teams: str) -> Dashboard:
    field(shown.at.text_input, "viewer_email").set_value(email)
    field(shown.at.selectbox, "viewer_role").set_value(role)
    field(shown.at.multiselect, "viewer_teams").set_value(list(teams))
    field(shown.at.button, "viewer_give_submit").click()
    return shown.run()


def field(widgets: Iterable[Any], name: str) -> Any:
    [found] = [item for item in widgets if str(item.key).startswith(f"{name}_")]
    return found


def test_the_program_manager_gives_and_takes_roles_and_both_are_recorded_by_address(
    monkeypatch: pytest.MonkeyPatch, built: Database
) -> None:
    shown = looking(monkeypatch, built, "pm").open("viewers")
    assert shown.finding == "4 accounts have a role here."
    give(shown, "Bo@example.org", Role.PARTNER, "docs")
    assert "bo@example.org is now partner of docs. It counts at once." in read(shown.at.success[0].value)
    field(shown.at.selectbox, "viewer_taken").set_value("board@example.org")
    field(shown.at.button, "viewer_take_submit").click()
    shown.run()
    with built.program.connect() as connection:
        emails = [viewer.email for viewer in all_viewers(connection)]
        newest = connection.execute(select(audit).order_by(audit.c.entry_id.desc())).first()
    assert "bo@example.org" in emails
    assert "board@example.org" not in emails
    assert newest is not None
    assert (newest.author, newest.role, newest.subject) == ("pm@example.org", "pm", "viewer")
    shown.at.button(key=f"undo_{newest.entry_id}").click()
    shown.run()
    assert shown.finding == "5 accounts have a role here."


@pytest.mark.parametrize(
    ("email", "role", "teams", "says"),
    [
        ("ada", Role.BOARD, (), "is not an e-mail address"),
        (HOSTILE, Role.BOARD, (), "is not an e-mail address"),
        ("ada@example.org", Role.PARTNER, (), "A partner needs a team"),
        ("pm@example.org", Role.BOARD, (), "is the last program manager"),
    ],
)
def test_what_cannot_be_given_is_explained_next_to_the_form(
    monkeypatch: pytest.MonkeyPatch, built: Database, email: str, role: Role, teams: tuple[str, ...], says: str
) -> None:
    shown = give(looking(monkeypatch, built, "pm").open("viewers"), email, role, *teams)
    assert says in read(shown.at.error[0].value)
    assert shown.finding == "4 accounts have a role here."


def test_a_form_that_somebody_overtook_says_so_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, built: Database
) -> None:
    shown = looking(monkeypatch, built, "pm").open("viewers")
    actions.set_viewer(built, Author("eve@example.org", Scope(Role.PM)), "ada@example.org", "board")
    give(shown, "ada@example.org", Role.LEADERSHIP)
    assert "eve@example.org changed this" in read(shown.at.warning[0].value)
    with built.program.connect() as connection:
        assert "ada@example.org" in [item.email for item in all_viewers(connection) if item.role is Role.BOARD]


def test_before_anybody_has_a_role_the_page_says_how_to_begin(monkeypatch: pytest.MonkeyPatch, bare: str) -> None:
    shown = Dashboard(monkeypatch, bare).open("viewers")
    assert shown.finding == "Nobody has a role yet."
    assert "uplift viewer add" in shown.text
    assert "Nobody signs in here yet" in shown.text
