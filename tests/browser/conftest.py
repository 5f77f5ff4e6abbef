"""A real server and a real browser.

The universe: the believable program of `tests.builders` on 15 September 2026, with one event, team and space of hostile
names. A browser page fails its test when the console logs an error, a script fails, or anything but our own
server is contacted.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Frame, Page, Request, expect, sync_playwright

from data_access.database.engine import Database
from data_access.program import mark_as_sample
from tests.builders import ProgramBuilder, believable_program
from tests.running import Running, running_server

PICTURES = bool(os.environ.get("PICTURES"))
ARTIFACTS = Path(__file__).resolve().parents[1] / ".artifacts"
# The shell first: it draws the same without a window's own interface, in three quarters of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing outside this machine is found
)
# A window's widths, and the themes it is looked at in: changing them costs less than opening a page once more.
WIDTHS, THEMES = (390, 1440), ("light", "dark")
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} ${alert(1)} :smile: **b** [x](javascript:alert(1)) \u202egnp.exe"

Open = Callable[..., Page]
# Milliseconds that a page is waited for: other tests use the machine too.
PATIENCE = 120_000
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("browser")
    built = believable_program(f"sqlite:///{folder / 'uplift.db'}")
    built.add_event(HOSTILE, date(2026, 5, 9), team_key=HOSTILE, space_key="=HYPERLINK(1)", languages=())
    with running_server(built.database.url, folder) as running:
        yield running


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[tuple[Running, Database]]:
    """The sample program, as `make run` marks it. A server of its own: this test writes."""
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program("Sample")
    built.add_event("Made up", date(2026, 7, 1))
    built.add_import()
    with built.database.writing() as connection:
        mark_as_sample(connection)
    with running_server(built.database.url, tmp_path) as running:
        yield running, built.database


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor's browser: what it keeps of a server's files makes every later page open faster."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def open_page(context: BrowserContext, server: Running, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens pages; afterwards asserts that nothing went wrong in any of them."""
    wrong: list[str] = []
    pages: list[Page] = []

    def only_ours(request: Request) -> None:
        if not request.url.startswith((server.address, "data:", "blob:")):
            wrong.append(f"asked for {request.url}")

    def refuse(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_it(path: str = "/", width: int = 1440, theme: str = "light") -> Page:
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.on("request", only_ours)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", refuse)
        page.goto(server.address + path)
        page.wait_for_selector(".up-footer")
        settle(page)
        return page

    yield open_it
    for page in pages:
        if wrong:
            ARTIFACTS.mkdir(exist_ok=True)
            page.screenshot(path=ARTIFACTS / f"failed_{request.node.name}.png")
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.close()
    context.clear_cookies()
    assert not wrong


def settle(page: Page) -> None:
    """Wait until the script has run and what it requested is drawn."""
    page.wait_for_selector(".stApp[data-test-script-state='notRunning']")
    page.wait_for_function('() => !document.querySelector(\'[data-stale="true"], [data-testid="stSkeleton"]\')')
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stPlotlyChart')].every(chart => chart.querySelector('.main-svg'))"
    )


def in_theme(page: Page, theme: str) -> None:
    """The browser's colour scheme changes, as it does at nightfall."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.wait_for_function(
        "theme => getComputedStyle(document.querySelector('.stApp')).colorScheme === theme", arg=theme
    )
    settle(page)


def assert_readable(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing serious or critical."""
    # A chart takes its width a moment after it is drawn; what stays too wide ends here as a time-out.
    page.wait_for_function("() => (m => m.scrollWidth <= m.clientWidth)(document.querySelector('.stMain'))")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with tall(page):
        assert_accessible(page)


@contextmanager
def tall(page: Page) -> Iterator[None]:
    """The window shows the page to its end: of what is scrolled away, axe cannot measure the contrast."""
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(int(height) + 80, 8000)})
    settle(page)
    yield
    page.set_viewport_size(size)


def assert_accessible(where: Page | Frame, rules: Sequence[str] = ("wcag2a", "wcag2aa", "wcag21aa")) -> None:
    """Axe finds nothing serious or critical by the rules, or the sets of rules, of these names."""
    found = Axe().run(where, options={"runOnly": list(rules)})
    serious = [item for item in found.response["violations"] if item["impact"] in ("serious", "critical")]
    assert not [f"{item['id']}: {[node['html'][:200] for node in item['nodes']]}" for item in serious]


def looks(page: Page, name: str, *, wide: bool = False) -> None:
    """Opened on a phone by day, the page can be read there; and `wide`, in a wide window by night.

    What fits depends on the width and what has contrast on the theme; pictures are taken of all four. The test of every
    button looks at every page in a wide window, so `wide` is for what it does not open.
    """
    both = zip(WIDTHS, THEMES, strict=True) if wide else [(WIDTHS[0], THEMES[0])]
    for width, theme in itertools.product(WIDTHS, THEMES) if PICTURES else both:
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
        in_theme(page, theme)
        assert_readable(page)
        whole(page, f"{name}_{theme}_{width}")


def whole(page: Page, name: str) -> None:
    """A picture of the whole page, to be looked at: `make pictures` takes them."""
    if PICTURES:
        with tall(page):
            pictured(page, name)


def pictured(page: Page, name: str) -> None:
    """A picture of what the window shows, for `make pictures` alone."""
    if PICTURES:
        ARTIFACTS.mkdir(exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=ARTIFACTS / f"{name}.png")
