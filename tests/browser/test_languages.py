"""The Languages page in a real browser: the matrix, the map of reach and its table, on a desk and on a phone.

The universe: the believable program with inhabitants, and an event whose language tries to act as markup. `open_page`
fails a test on any console error and on any request that does not go to our own server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import WIDTHS, Open, assert_accessible, settle
from tests.builders import believable_program
from tests.running import Running, running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("languages")
    built = believable_program(f"sqlite:///{folder / 'uplift.db'}")
    built.set_population(DE=83_000_000, FR=68_000_000, IN=1_428_000_000, BR=216_000_000, KE=55_000_000, JP=124_000_000)
    for _ in range(40):
        built.add_event("Hostile", date(2026, 5, 9), "JP", languages=("<img src=x onerror=alert(1)>", "{{7*7}}"))
    built.add_event("In English in Japan", date(2026, 5, 9), "JP", languages=("en",))
    with running_server(built.database.url, folder) as running:
        yield running


def frame_of(page: Page, layer: str = "languages") -> Frame:
    page.wait_for_selector("iframe[title*=folium]")
    found = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    found.wait_for_function("layer => document.documentElement.dataset.shown === layer + ' 0'", arg=layer)
    settle(page)
    return found


def test_the_map_is_drawn_with_a_legend_in_words_and_can_be_read_by_everybody(open_page: Open) -> None:
    page = open_page("/languages?period=2026", WIDTHS[0])
    frame = frame_of(page)
    assert frame.locator(".up-legend summary").inner_text() == "Inhabitants who know a language offered there"
    words = frame.locator(".up-legend li").all_text_contents()
    assert words[0] == "no event names a language"
    assert words[-1] == "not known"
    assert "repeating-linear-gradient" in (frame.locator(".up-legend li i").last.get_attribute("style") or "")
    assert page.locator("img[src=x]").count() == 0
    assert_accessible(frame)


def test_a_country_chosen_on_the_map_shows_its_languages(open_page: Open) -> None:
    page = open_page("/languages?period=2026")
    frame = frame_of(page)
    frame.evaluate("map_div.setView([-3, 20], 4, { animate: false })")
    frame.wait_for_timeout(300)
    point = frame.evaluate("(() => { const p = map_div.latLngToContainerPoint([0.5, 38]); return [p.x, p.y]; })()")
    frame.locator("#map_div").scroll_into_view_if_needed()
    frame.locator("#map_div").click(position={"x": point[0], "y": point[1]})
    expect(page.get_by_role("heading", name="Languages of Kenya")).to_be_visible()


def test_online_languages_can_be_added_everywhere(open_page: Open) -> None:
    page = open_page("/languages?period=2026")
    frame_of(page)
    page.get_by_text("With online events", exact=True).click()
    frame = frame_of(page, "languages_online")
    assert frame.locator(".up-legend summary").inner_text().endswith("offered there or online")
