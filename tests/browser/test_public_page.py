"""The public process in a real browser: what it shows, and that nothing else can be had from it in any way.

The universe: a program in which everybody has words and amounts of their own, published; the process is given the
folder, and stands in a folder that also holds the program's database.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.commands.publish import publish
from dashboard.commands.release import release
from data_access.publishing.reader import open_publication
from tests.browser.conftest import WIDTHS, looks, settle
from tests.leaky_program import LeakyProgram
from tests.people_programs import AS_OF
from tests.running import Running, running_server

pytestmark = pytest.mark.browser
ELSEWHERE = (
    "/impact",
    "/budget",
    "/data",
    "/viewers",
    "/people?as=pm",
    "/?as=pm&period=2025&page=budget",
    "/main",
    "/public.db",
    "/program.db",
    "/published/program.db",
    "/published/..%2fprogram.db",
    "/published/../program.db",
    "/published/history.json",
    "/published/%2e%2e/%2e%2e/etc/passwd",
    "/static/../program.db",
    "/assets/..%2f..%2fprogram.db",
    "/map/held.year.all/0/0/0",
    "/map/events.year.all/shades",
    "/map/held.1999.all/shades",
    "/map/held.year.999/shades",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/media/0.csv",
    "/auth/login",
    "/oauth2callback",
    "/healthz",
    "/readyz",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> LeakyProgram:
    return LeakyProgram(tmp_path_factory.mktemp("public"), count=40)


@pytest.fixture(scope="module")
def folder(program: LeakyProgram, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publication") / "public"
    release(program.database, AS_OF)
    publish(program.database, folder)
    return folder


@pytest.fixture(scope="module")
def server(program: LeakyProgram, folder: Path) -> Iterator[Running]:
    """Started next to the program's database, and given its address: a public process does not read it."""
    program_folder = Path(program.database.url.removeprefix("sqlite:///")).parent
    environment = {"UPLIFT_AUDIENCE": "public", "UPLIFT_PUBLICATION": str(folder)}
    with running_server(program.database.url, program_folder, **environment) as running:
        yield running


class Overheard:
    """What a page is sent: every frame of its websocket, and every address it requests, requested once more."""

    def __init__(self, page: Page) -> None:
        self.frames: list[bytes] = []
        self.requested: dict[str, None] = {}
        page.on("request", lambda request: self.requested.setdefault(request.url))
        page.on("websocket", lambda socket: socket.on("framereceived", self._note))

    def _note(self, frame: str | bytes) -> None:
        self.frames.append(frame.encode() if isinstance(frame, str) else frame)

    def everything(self) -> bytes:
        """Streamlit's own files, which are the same for everybody, are left out."""
        addresses = [url for url in self.requested if url.startswith("http") and "/static/" not in url]
        return b"\n".join([*self.frames, *(httpx.get(url).content for url in addresses)])


def found_in(content: bytes, words: list[str]) -> list[str]:
    """The words that stand in it, in any of three encodings."""
    lower = content.lower()
    forms = ("utf-8", "utf-16-le", "utf-16-be")
    return [word for word in words if any(word.lower().encode(form) in lower for form in forms)]


def opened(context: BrowserContext, address: str, width: int = 1440) -> tuple[Page, Overheard]:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    heard = Overheard(page)
    page.goto(address)
    page.wait_for_selector(".up-footer")
    settle(page)
    return page, heard


def test_nothing_that_the_process_sends_holds_a_word_of_anybody(
    context: BrowserContext, server: Running, folder: Path, program: LeakyProgram
) -> None:
    """Every period, layer and some regions chosen; every address of the staff's server tried; every byte searched."""
    page, heard = opened(context, server.address)
    countries = open_publication(folder).table("countries")
    regions = sorted({region for region in countries["region"] if region})
    for layer in ("Per inhabitant", "Languages", "Events held"):
        page.get_by_test_id("stButtonGroup").get_by_text(layer, exact=True).click()
        settle(page)
    for expander in page.locator("details").all():
        expander.evaluate("element => { element.open = true }")
    for span, region in itertools.zip_longest(("all", "2025", "2024"), regions[:4], fillvalue=""):
        page.goto(f"{server.address}/?period={span or 'year'}&region={region}&as=pm")
        page.wait_for_selector(".up-footer")
        settle(page)
    content = heard.everything()
    forged = {"_streamlit_user": "forged", "_streamlit_user_tokens": "forged"}
    with httpx.Client(base_url=server.address, cookies=forged) as client:
        for path in ELSEWHERE:
            content += client.get(path).content
        for path in ("/_stcore/upload_file/x/y", "/_stcore/agent/interact", "/", "/published/public.db"):
            answer = client.post(path, content=b"{}")
            assert answer.status_code >= 400
            content += answer.content
        for name in ("public.db", "data/all.json", "data/figures.csv", "manifest.json"):
            content += client.get(f"/published/{name}").raise_for_status().content
    page.close()
    words = found_in(content, program.unique)
    print(f"searched {len(content):,} bytes for {len(program.unique)} unique words: {len(words)} found")
    assert len(content) > 500_000
    assert len(heard.frames) > 20
    assert not words
    assert found_in(content, [open_publication(folder).title])


def test_addresses_of_the_staffs_server_answer_nothing_of_theirs(context: BrowserContext, server: Running) -> None:
    """A page's address shows the public page or that there is none; files and routes answer 404."""
    with httpx.Client(base_url=server.address, follow_redirects=True) as client:
        for path in ELSEWHERE:
            answer = client.get(path)
            is_page = "text/html" in answer.headers.get("content-type", "")
            own = "agent" in path or path in ("/healthz", "/readyz")
            assert answer.status_code in (400, 403, 404) or is_page or own, path
        assert client.get("/_stcore/metrics").status_code == 404
        assert client.get("/published/history.json").status_code == 404
    page, _ = opened(context, f"{server.address}/?as=pm&team=x")
    assert page.get_by_text("View as").count() == 0
    assert page.get_by_test_id("stSidebarNavLink").count() == 0
    page.close()


def test_the_public_page_fits_its_screen_and_can_be_read_by_everybody(context: BrowserContext, server: Running) -> None:
    page, _ = opened(context, server.address, WIDTHS[0])
    looks(page, "public", wide=True)
    page.close()


def test_a_choice_stands_in_the_address_and_a_link_opens_it_embedded(context: BrowserContext, server: Running) -> None:
    page, _ = opened(context, f"{server.address}/?period=2025&region=Atlantis&embed=true")
    expect(page.get_by_text("The link’s region “Atlantis” was left out")).to_be_visible()
    expect(page.get_by_role("combobox", name="Period")).to_have_value("2025")
    page.get_by_role("combobox", name="Period").click()
    page.get_by_role("option", name="Everything").click()
    expect(page).to_have_url(re.compile("period=all"))
    page.close()


def test_a_publication_that_is_away_is_said_and_one_that_came_is_shown(
    context: BrowserContext, server: Running, folder: Path
) -> None:
    """Without a restart: a folder is swapped in whole, and the next run of the page reads it."""
    page, _ = opened(context, server.address)
    away = folder.rename(folder.with_name("away"))
    try:
        page.reload()
        expect(page.get_by_text("Nothing is published here at the moment.")).to_be_visible()
        assert httpx.get(f"{server.address}/readyz").status_code == 503
    finally:
        away.rename(folder)
    page.reload()
    page.wait_for_selector(".up-footer")
    page.close()
    assert "Traceback" not in server.log
