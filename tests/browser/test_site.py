"""The static site in a real browser: from a disk and from a plain server, with nothing else to reach."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Route

from dashboard.commands.publish import publish
from tests.dashboard.site.conftest import hostile_program

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a program with hostile names."""
    folder = tmp_path_factory.mktemp("public_site")
    publish(hostile_program(folder).database, folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of Python's own file server in the folder: no server of ours."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Visit]:
    """Opens the site; afterwards asserts that no script failed and nothing but its own files was requested."""
    wrong: list[str] = []
    contexts = []

    def refuse(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def visit_it(address: str, width: int = 1440, theme: str = "light", script: bool = True) -> Page:
        def only_ours(route: Route) -> None:
            if route.request.url.startswith((address.removesuffix("index.html"), "data:")):
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        context = browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=script,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", only_ours)
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", refuse)
        page.goto(address)
        if script:
            page.wait_for_selector("html[data-map=ready]")
        return page

    yield visit_it
    for context in contexts:
        context.close()
    assert not wrong


@pytest.mark.parametrize("from_disk", [True, False], ids=["file", "http"])
def test_the_site_works_from_a_disk_and_from_any_server(visit: Visit, site: Path, served: str, from_disk: bool) -> None:
    """The map is painted and answers, for every layer and period; nothing that the names say is run."""
    page = visit((site / "index.html").as_uri() if from_disk else served)
    page.wait_for_selector("#map canvas")
    germany = "() => { const box = document.querySelector('#map canvas'); return box.width > 0; }"
    assert page.evaluate(germany)
    for layer in page.locator("#layer option").all_text_contents():
        page.select_option("#layer", label=layer)
        for period in page.locator("#span option").all_text_contents():
            page.select_option("#span", label=period)
            assert page.locator("#legend li").count() >= 3
    page.select_option("#layer", "events")
    page.select_option("#span", "all")
    _over_brazil(page)
    assert (page.locator("#tip").text_content() or "").startswith("Brazil: ")
    with page.expect_download() as download:
        page.locator("#downloads a").first.click()
    assert download.value.suggested_filename == "definitions.csv"


def _over_brazil(page: Page) -> None:
    """Rest the pointer on the middle of Brazil, as Leaflet has it on the map."""
    box = page.locator("#map").bounding_box()
    assert box
    # The map shows 295 degrees of longitude from 130° west in its middle; Brazil's middle is near 52° west, 10° south.
    for share in range(28, 40):
        page.mouse.move(box["x"] + box["width"] * share / 100, box["y"] + box["height"] * 0.64)
        if "Brazil" in (page.locator("#tip").text_content() or ""):
            return


def test_it_is_read_without_a_script(visit: Visit, site: Path) -> None:
    """The finding, the promises, the tables and the picture of the world; no empty box where the map would be."""
    page = visit((site / "index.html").as_uri(), script=False)
    assert "events in" in (page.locator("h1").text_content() or "")
    assert page.locator("noscript img, img[src='card.png']").first.is_visible()
    assert not page.locator("#map").is_visible()
    page.locator("summary").first.click()
    assert page.locator("table").first.is_visible()
    assert page.locator("tbody tr").count() > 30


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_it_is_accessible_and_fits(visit: Visit, site: Path, width: int, theme: str) -> None:
    """No violation of axe's rules, on the phone with everything open; nothing scrolls sideways; both themes."""
    page = visit((site / "index.html").as_uri(), width=width, theme=theme)
    if width < 500:
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    # Without preloading: axe would fetch the style sheets, and the page's policy lets nothing be fetched.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [(rule["id"], [node["html"][:150] for node in rule["nodes"][:3]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"


def test_it_prints_with_its_tables(visit: Visit, site: Path) -> None:
    """What is folded is opened for print, controls are not printed."""
    page = visit((site / "index.html").as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator(".controls").is_visible()
    assert page.locator("table").last.is_visible()
