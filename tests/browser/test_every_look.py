"""Every page × role × theme × width, with all that folds open and in its whole length (`make axe`; takes a while)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, TimeoutError

from dashboard.navigation import PAGES
from data_access.selection import Role
from tests.browser.conftest import PATIENCE, assert_accessible, assert_readable, in_theme, tall
from tests.browser.looking import LARGEST_JUMP, faults, note_jumps
from tests.browser.test_every_button import opened
from tests.full_program import full_program
from tests.running import Running, running_server

pytestmark = [pytest.mark.browser, pytest.mark.bench]

SIZES = (390, 768, 1024, 1280, 1440, 1920)
AS = {Role.PARTNER: "partner:team-a"}
OPEN = [(entry.url_path, role) for entry in PAGES for role in Role if role in entry.roles]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("looks")
    with running_server(full_program(f"sqlite:///{folder / 'uplift.db'}").database.url, folder) as running:
        yield running


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.mark.parametrize(("path", "role"), OPEN, ids=lambda value: str(getattr(value, "value", value)))
def test_a_page_can_be_read_by_everybody_at_every_width_in_both_themes(
    visitor: BrowserContext, full: Running, path: str, role: Role
) -> None:
    page, wrong = visitor.new_page(), dict[str, Any]()
    page.set_viewport_size({"width": 1440, "height": 900})
    note_jumps(page)
    if (push := opened(page, f"{full.address}/{path}?as={AS.get(role, role.value)}")) > LARGEST_JUMP:
        wrong["jumps"] = push
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        if problem := said_by(lambda: assert_readable(page)):
            wrong[f"{width} light"] = problem
        page.set_viewport_size({"width": width, "height": 900})
        if found := faults(page):
            wrong[f"{width} text"] = found[:10]
        # The theme changes colours, and nothing else that axe or an eye could find.
        in_theme(page, "dark")
        with tall(page):
            if problem := said_by(lambda: assert_accessible(page, ["color-contrast"])):
                wrong[f"{width} dark"] = problem
        in_theme(page, "light")
    page.close()
    assert not wrong


def said_by(check: Callable[[], None]) -> str:
    """What a check that failed says; the others go on."""
    try:
        check()
    except (AssertionError, TimeoutError) as problem:
        return str(problem)[:500]
    return ""
