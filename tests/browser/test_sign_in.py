"""Signing in for real: a provider in its own process, the server, and Chromium; and what each role gets of each route.

The universe: the believable program with one account a role; `unknown` has none, `unverified` claims the program
manager's address, which the provider does not confirm. One provider and one server for all of these tests.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import select

from dashboard.door.accounts import USER_COOKIE
from dashboard.maps.tokens import MapRequest, Tokens
from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.database.schema import teams
from data_access.selection import Role, Scope, Selection
from tests.browser.conftest import PATIENCE, WIDTHS, looks, settle
from tests.builders import believable_program
from tests.running import Running, free_port, running_server
from tests.security_table import allowed, cells
from tests.signing_in import SECRET, claims_of, cookie_of, environment_of, oidc_of, running_provider

pytestmark = pytest.mark.browser

BY = Author("tests", Scope(Role.PM))
ROLES = (Role.PM, Role.BOARD, Role.LEADERSHIP, Role.PARTNER)
NOBODY = ("unknown", "unverified", "nobody")


@dataclass
class Place:
    """What runs, and the pages that a test opened in it."""

    running: Running
    database: Database
    team: str
    environment: dict[str, str]
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, width: int = 1440, theme: str = "light") -> BrowserContext:
        size: ViewportSize = {"width": width, "height": 900 if width > 600 else 844}
        made = self.browser.new_context(viewport=size, color_scheme="dark" if theme == "dark" else "light")
        made.set_default_timeout(PATIENCE)
        self.contexts.append(made)
        return made

    def open(self, context: BrowserContext, path: str = "/") -> Page:
        page = context.new_page()
        page.goto(self.running.address + path)
        page.wait_for_selector(".up-footer, .stMain h1")
        settle(page)
        return page

    def sign_in(self, page: Page, who: str) -> None:
        """Through the provider's own form, as a person does."""
        page.get_by_role("button", name="Sign in").first.click()
        page.get_by_role("button", name=who, exact=True).click()
        page.wait_for_selector(".st-key-sign_out, .up-footer")
        settle(page)

    def cookie(self, who: str) -> dict[str, str]:
        """The headers of somebody who has signed in, for a request without a browser."""
        if who == "nobody":
            return {}
        email = email_of("pm" if who == "unverified" else who)
        claims = claims_of(email, email_verified=who != "unverified", sub=f"http {who}")
        return {"cookie": cookie_of(oidc_of(self.environment), claims)}


def email_of(who: str) -> str:
    return f"{who}@example.org"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("sign_in")
    database = believable_program(f"sqlite:///{folder / 'uplift.db'}").database
    with database.program.connect() as connection:
        team = connection.execute(select(teams.c.team_key).order_by(teams.c.team_key)).scalars().first() or ""
    for role in ROLES:
        actions.set_viewer(database, BY, email_of(role), role, [team] if role is Role.PARTNER else [])
    users = {who: {"email": email_of(who).title(), "email_verified": True} for who in (*ROLES, "unknown")}
    users["unverified"] = {"email": email_of("pm"), "email_verified": False}
    port = free_port()
    with running_provider(folder, users) as provider:
        environment = environment_of(provider, port) | {"UPLIFT_TRUSTED_PROXY": "127.0.0.1"}
        with running_server(database.url, folder, PORT=str(port), **environment) as running:
            yield Place(running, database, team, environment, browser)
            log = running.log
            assert "example.org" not in log.lower()
            assert not re.search(r"\?(code|state|provider)=", log)


@pytest.fixture
def place(made: Place) -> Iterator[Place]:
    yield made
    for context in made.contexts:
        context.close()
    made.contexts.clear()


def test_signing_in_leads_back_to_the_page_and_signing_out_closes_it_everywhere(place: Place) -> None:
    context = place.context()
    page = place.open(context, "/viewers?period=2025")
    expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
    place.sign_in(page, "pm")
    assert page.url == f"{place.running.address}/viewers?period=2025"
    expect(page.locator(".up-account")).to_contain_text("pm@example.org")
    expect(page.locator(".up-account")).to_contain_text("Program manager")
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies[USER_COOKIE]["httpOnly"]
    assert cookies[USER_COOKIE]["sameSite"] == "Lax"
    copied = {"cookie": f"{USER_COOKIE}={cookies[USER_COOKIE]['value']}"}
    assert metrics(place, copied) == 200
    other = place.open(context, "/viewers")
    expect(other.locator(".up-account")).to_contain_text("pm@example.org")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("button", name="End session").click()  # the provider asks too
    expect(other.get_by_role("button", name="Sign in").first).to_be_visible()
    # The first page's connection is closed within seconds; it comes back signed out.
    expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
    assert metrics(place, copied) == 404
    assert re.search(r"happened: sign-in\b.*happened: sign-out\b", place.running.log, re.DOTALL)


def metrics(place: Place, headers: dict[str, str]) -> int:
    return httpx.get(f"{place.running.address}/_stcore/metrics", headers=headers).status_code


@pytest.mark.parametrize(
    ("who", "says", "named"),
    [
        ("unknown", "has no role here", "No role here"),
        ("unverified", "does not confirm your e-mail address", "E-mail address not confirmed"),
    ],
)
def test_an_account_without_a_role_sees_the_public_pages_and_a_sentence(
    place: Place, who: str, says: str, named: str
) -> None:
    page = place.open(place.context(), "/viewers")
    place.sign_in(page, who)
    expect(page.get_by_text(says)).to_be_visible()
    assert page.locator(".stMain a[href^='mailto:']").count() == 0
    expect(page.locator(".up-account")).to_contain_text(named)
    assert page.get_by_test_id("stSidebarNavLink").count() == 2


def test_a_forged_cookie_is_nobodys(place: Place) -> None:
    context = place.context()
    forged = place.cookie("pm")["cookie"].partition("=")[2][:-4] + "AAAA"
    context.add_cookies([{"name": USER_COOKIE, "value": forged, "url": place.running.address}])
    page = place.open(context, "/viewers")
    expect(page.get_by_role("button", name="Sign in").first).to_be_visible()
    assert page.get_by_test_id("stSidebarNavLink").count() == 2


def test_each_role_gets_of_each_route_what_is_its_own(place: Place) -> None:
    """The table: who asks × whose address it is. An address that was passed on opens nothing."""
    asked = {role: MapRequest("events", Selection(as_of=date(2026, 9, 15)), scope_of(place, role)) for role in Role}
    signed = Tokens(place.database.url, SECRET)
    table: dict[str, list[str]] = {}
    with httpx.Client(base_url=place.running.address) as client:
        for who in (*ROLES, *NOBODY):
            headers, opened = place.cookie(who), []
            ways = {f"map:{role}": f"/map/{signed.sign(asked[role])}/0/0/0" for role in Role}
            ways |= {path: path for path in ("/_stcore/metrics", "/healthz", "/readyz", "/media/0123abc.csv")}
            opened += [name for name, path in ways.items() if client.get(path, headers=headers).status_code == 200]
            if client.put("/_stcore/upload_file/a-session/a-file", headers=headers).status_code != 404:
                opened.append("upload")
            table[who] = opened
    for who, opened in table.items():
        print(f"{who:<12} {' '.join(opened)}")
    assert table == {who: routes_of(Role(who) if who in ROLES else Role.PUBLIC) for who in (*ROLES, *NOBODY)}


def routes_of(role: Role) -> list[str]:
    """What SECURITY.md's table says; without a file of one's own no download opens."""
    own = {"yes": [f"map:{role}"], "the public’s": ["map:public"]}[cells("a map address")[role]]
    metrics = ["/_stcore/metrics"] if role in allowed("imports, uploads") else []
    return [*own, *metrics, *(["/healthz", "/readyz"] if role in allowed("`/healthz`") else [])]


def test_the_named_proxys_word_on_https_counts_on_the_real_server(place: Place) -> None:
    """And with plain http behind it, nobody signs in."""
    login = f"{place.running.address}/auth/login?provider=x"
    forwarded = {"x-forwarded-for": "203.0.113.9", "host": "uplift.example.org"}
    plain = httpx.get(login, headers={**forwarded, "x-forwarded-proto": "http"})
    assert (plain.status_code, "needs https" in plain.text) == (403, True)
    assert "strict-transport-security" not in plain.headers
    secure = httpx.get(login, headers={**forwarded, "x-forwarded-proto": "https"})
    assert secure.status_code == 302
    assert "strict-transport-security" in secure.headers


def test_expired_and_forged_ways_in_lead_to_the_first_page_and_sign_nobody_in(place: Place) -> None:
    """The short-lived token of the way to the provider, and the answer that nobody asked the provider for."""
    key = OctKey.import_key(oidc_of(place.environment).cookie_secret)
    tokens = {
        age: jwt.encode({"alg": "HS256"}, {"provider": "default", "exp": int(time.time()) + age}, key)
        for age in (60, -60)
    }
    with httpx.Client(base_url=place.running.address) as client:
        assert "/oauth2/authorize?" in client.get("/auth/login", params={"provider": tokens[60]}).headers["location"]
        for path in (f"/auth/login?provider={tokens[-60]}", "/auth/login", "/oauth2callback?code=x&state=guessed"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (302, "/")
            assert USER_COOKIE not in answer.headers.get("set-cookie", "")


def scope_of(place: Place, role: Role) -> Scope:
    return Scope(role, (place.team,) if role is Role.PARTNER else ())


def test_a_role_taken_away_closes_the_page_its_map_and_its_download(place: Place) -> None:
    actions.set_viewer(place.database, BY, "second@example.org", "pm")
    context = place.context()
    page = place.open(context, "/viewers")
    place.sign_in(page, "pm")
    with page.expect_request(re.compile(r"/media/.*\.csv")) as asked, page.expect_download():
        page.get_by_role("button", name="Download as CSV").click()
    file = asked.value.url
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
    token = Tokens(place.database.url, SECRET).sign(
        MapRequest("members", Selection(as_of=date(2026, 9, 15)), Scope(Role.PM))
    )
    cells = f"{place.running.address}/map/{token}/0/0/0"

    def opened() -> list[int]:
        return [httpx.get(url, headers={"cookie": cookies}).status_code for url in (file, cells)]

    assert opened() == [200, 200]
    assert httpx.get(file, headers=place.cookie("board")).status_code == 404
    assert httpx.get(file).status_code == 404
    actions.set_viewer(place.database, BY, "pm@example.org", "leadership")
    try:
        assert opened() == [404, 404]
        page.get_by_role("tab", name="Take a role away").click()
        page.get_by_role("button", name="Take the role away").click()
        expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
    finally:
        actions.set_viewer(place.database, BY, "pm@example.org", "pm")


def test_the_viewers_page_fits_both_screens_and_can_be_read_by_everybody(place: Place) -> None:
    context = place.context(WIDTHS[0])
    name, _, value = place.cookie("pm")["cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": place.running.address}])
    page = place.open(context, "/viewers")
    expect(page.locator("h1", has_text="a role here")).to_be_visible()
    looks(page, "viewers")
