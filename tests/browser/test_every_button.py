"""Every button of every page is pressed: each does something, downloads bring a file, and nothing fails unseen.

Each page is looked at besides: its first load pushes nothing, its tab has its name, and at one of the widths, by day or
night in turns, all of it can be read (`make axe` looks at all of them).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.navigation import PAGES, PageEntry
from tests.browser.conftest import assert_accessible, assert_readable, settle
from tests.browser.looking import LARGEST_JUMP, faults, jumped, note_jumps
from tests.full_program import full_program
from tests.running import Running, running_server

pytestmark = pytest.mark.browser
# Three pages are for `make test`, all others for `make long`: it has no time for all the buttons that there are.
SOME = ("this-week", "funnel", "viewers")
IN_TURNS = [
    pytest.param(entry, id=entry.url_path, marks=[] if entry.url_path in SOME else [pytest.mark.long])
    for entry in PAGES
]

# What can be pressed, by the key of its element: Streamlit writes it into a class.
KEYS = """() => [...document.querySelectorAll('.stMain [class*="st-key-"]')]
  .filter(box => box.querySelector('button:not([disabled])') && !box.querySelector('[class*="st-key-"]'))
  .filter(box => box.checkVisibility())
  .filter(box => box.matches('.stButton, .stDownloadButton, .stFormSubmitButton') || box.querySelector(
    ':scope .stButton, :scope .stDownloadButton, :scope .stFormSubmitButton'))
  .map(box => [...box.classList].find(name => name.startsWith('st-key-')))
  .filter(name => name !== 'st-key-redraw')"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of their own: what is pressed may write."""
    folder = tmp_path_factory.mktemp("buttons")
    with running_server(full_program(f"sqlite:///{folder / 'uplift.db'}").database.url, folder) as running:
        yield running


def opened(page: Page, address: str) -> float:
    """How far its first load pushed what was on the page; then it is unfolded."""
    page.goto(address)
    page.wait_for_selector(".up-footer")
    settle(page)
    push = jumped(page)
    unfold(page)
    return push


def unfold(page: Page) -> None:
    """Open what is folded: a closed part's buttons cannot be pressed."""
    folded = page.locator(".stMain .stExpander details:not([open]) > summary")
    while folded.count():
        folded.first.click()
        page.wait_for_timeout(50)
    settle(page)


def press(page: Page, key: str, folder: Path) -> str:
    """What a download brought, else nothing."""
    button = page.locator(f".{key} button").first
    if page.locator(f".{key} .stDownloadButton, .{key}.stDownloadButton").count() == 0:
        button.click()
        settle(page)
        return ""
    with page.expect_download() as download:
        button.click()
    path = folder / key
    download.value.save_as(path)
    return path.read_text(encoding="utf-8-sig", errors="replace")  # a workbook is no text


def test_a_name_is_found_and_leads_on_and_back_leads_to_the_same_view(context: BrowserContext, full: Running) -> None:
    """With the keyboard alone: a person, one of their events, and back to the filtered page one came from."""
    page, wrong = context.new_page(), list[str]()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{full.address}/strategy?country=DE&period=2026-Q3")
    page.wait_for_selector(".up-footer")
    settle(page)
    finding = page.locator("h1.up-finding")
    before = finding.inner_text()
    page.keyboard.press("Control+k")
    page.keyboard.type("áda")
    expect(page.get_by_role("option", name="Ada", exact=False).first).to_have_attribute("aria-selected", "true")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(finding).to_contain_text("Ada: ")
    expect(page).to_have_title("Ada – Test program")
    expect(page.locator(".up-find")).to_be_hidden()
    page.locator(".up-timeline a", has_text="Event e").first.click()
    expect(finding).to_contain_text("was held on")
    assert "/event?key=" in page.url
    page.go_back()
    expect(finding).to_contain_text("Ada: ")
    page.go_back()
    expect(finding).to_have_text(before)
    assert page.url.endswith("/strategy?country=DE&period=2026-Q3")
    # What the grid of a table does with a name that leads on.
    page.evaluate("window.open('Ada ⇢ /person?key=ada', '_blank')")
    expect(finding).to_contain_text("Ada: ")
    settle(page)
    page.close()
    context.clear_cookies()
    assert not wrong


@pytest.mark.parametrize("entry", IN_TURNS)
def test_each_button_of_the_page_works(
    context: BrowserContext, full: Running, entry: PageEntry, tmp_path: Path
) -> None:
    page, wrong = context.new_page(), list[str]()
    turn = PAGES.index(entry)
    page.emulate_media(color_scheme="dark" if turn % 2 else "light")
    page.set_viewport_size({"width": (1024, 1280, 1440, 1920, 1100)[turn % 5], "height": 900})
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    address = f"{full.address}/{entry.url_path}"
    note_jumps(page)
    assert opened(page, address) < LARGEST_JUMP
    assert page.title().startswith(f"{entry.title} – "), page.title()
    assert_readable(page)
    assert faults(page)[:6] == []
    keys: list[str] = list(dict.fromkeys(page.evaluate(KEYS)))
    # All pictures write their file in one way: one of them says whether it works.
    files = [key for key in keys if key.startswith("st-key-csv_")]
    keys = [key for key in keys if key not in files[1:]]
    brought = "nothing pressed yet"
    for key in keys:
        if not brought:  # No download: what it does to the page may still be on its way.
            opened(page, address)
        if key.startswith("st-key-month_") and page.locator(f".{key}").count() == 0:
            continue  # Its card was hidden by the button before it.
        brought = press(page, key, tmp_path)
        assert "download" not in key or brought, f"{key} brought nothing"
        if brought:
            heading, *lines = brought.splitlines()
            assert heading, key
            assert lines, f"{key} brought no rows"
        assert page.locator(".stException").count() == 0, key
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.close()
    context.clear_cookies()
    assert not wrong, (keys, wrong)
    assert "Traceback" not in full.log, full.log[-3000:]
