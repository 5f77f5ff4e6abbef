"""The event map in a real browser: moved, filtered, chosen from, played, saved; no other server is contacted.

The universe: the believable program, and events whose title, city, team and language try to act as markup, template or
script. `open_page` fails a test on any console error and on any request that does not go to our own server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import ARTIFACTS, PATIENCE, WIDTHS, Open, assert_accessible, in_theme, pictured, settle
from tests.builders import believable_program
from tests.running import Running, running_server

pytestmark = pytest.mark.browser

LAYERS = {
    "events": "Events",
    "rate": "Per inhabitant",
    "gap": "Gaps",
    "reach": "Reach",
    "change": "Change",
    "planned": "Planned",
    "members": "Members",
}
PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "{{7*7}} {{ cycler.__init__.__globals__.os.getpid() }}",
    "${alert(1)} `${alert(1)}`",
    "</script><script>alert(1)</script>",
    "C:\\path\\2019 {% raw %}",
    "\u202egnp.exe",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("map")
    built = believable_program(f"sqlite:///{folder / 'uplift.db'}")
    built.set_population(DE=83_000_000, FR=68_000_000, IN=1_428_000_000, BR=216_000_000, KE=55_000_000, JP=124_000_000)
    for number, payload in enumerate(PAYLOADS):
        day = date(2026, 5, 9 + number)
        built.add_event(payload, day, "JP", city=payload, team_key=payload, languages=(payload[:30],))
    built.add_event("Next spring", date(2026, 11, 3), "KE", status="planned")
    with running_server(built.database.url, folder) as running:
        yield running


def frame_of(page: Page) -> Frame:
    page.wait_for_selector("iframe[title*=folium]")
    found = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    found.wait_for_function("document.documentElement.dataset.shown")
    return found


def show(page: Page, layer: str) -> Frame:
    if layer != "events":
        page.get_by_test_id("stButtonGroup").first.get_by_text(LAYERS[layer], exact=True).click()
    frame = frame_of(page)
    frame.wait_for_function("layer => document.documentElement.dataset.shown.startsWith(layer + ' ')", arg=layer)
    settle(page)
    return frame


def total(frame: Frame) -> int:
    return int(
        frame.evaluate("[...window.uplift.shown.cells.buttons.values()].reduce((sum, b) => sum + b.uplift.n, 0)")
    )


def drag(page: Page, frame: Frame, dx: int, dy: int) -> None:
    box = frame.locator("#map_div").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()
    page.wait_for_timeout(400)


@pytest.mark.parametrize("width", [pytest.param(WIDTHS[0], marks=pytest.mark.long), WIDTHS[1]])
def test_every_layer_is_drawn_with_its_legend_in_words(open_page: Open, width: int) -> None:
    """In the dark, where shades are harder to distinguish; the last one also by day."""
    page = open_page("/event-map", width, "dark")
    page.set_viewport_size({"width": width, "height": 1300 if width > 600 else 1500})
    for layer in LAYERS:
        frame = show(page, layer)
        assert frame.locator(".up-legend summary").inner_text()
        if layer in ("rate", "gap", "reach", "change"):
            assert frame.locator(".up-legend li").count() >= 5
        assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        pictured(page, f"map_{layer}_dark_{width}")
    in_theme(page, "light")
    frame_of(page).wait_for_function("document.documentElement.dataset.theme === 'light'")
    pictured(page, f"map_{layer}_light_{width}")


def test_moving_the_map_asks_for_cells_and_runs_nothing(open_page: Open) -> None:
    """The counts of all circles stay the total while nothing has left the view."""
    page = open_page("/event-map")
    cells: list[str] = []
    frame = show(page, "events")
    page.on("request", lambda request: cells.append(request.url) if "/map/" in request.url else None)
    page.evaluate("""() => {
        window.sent = 0;
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (...given) { window.sent += 1; return send.apply(this, given); };
    }""")
    shown = int(frame.locator(".up-bar output").inner_text().split(": ")[1].split(" ")[0])
    assert total(frame) == shown
    for _ in range(3):
        drag(page, frame, -60, 20)
    frame.locator(".leaflet-control-zoom-in").click()
    frame.wait_for_timeout(800)
    frame.locator(".up-cell").first.wait_for(state="attached")
    assert cells
    assert page.evaluate("window.sent") == 0, "the map made the page run"
    assert 0 < frame.locator(".up-cell").count() <= 400


def test_circles_add_up_at_every_zoom_and_across_the_date_line(open_page: Open) -> None:
    page = open_page("/event-map")
    frame = show(page, "events")
    all_of_them = total(frame)
    for zoom in (1, 2):
        frame.evaluate("zoom => map_div.setView([20, 10], zoom, { animate: false })", zoom)
        frame.wait_for_timeout(500)
        assert total(frame) >= all_of_them if zoom == 1 else total(frame) <= all_of_them
    frame.evaluate("map_div.setView([30, 180], 3, { animate: false })")
    frame.wait_for_function("window.uplift.shown.cells.buttons.size > 0")
    assert "near 35.7, 139.7" in (frame.locator(".up-cell").first.get_attribute("aria-label") or "")
    frame.evaluate("map_div.setView([35.7, 139.7], 18, { animate: false })")
    frame.wait_for_function("window.uplift.shown.cells.buttons.size === 1")


def test_a_new_filter_keeps_the_view_and_shows_other_cells(open_page: Open) -> None:
    page = open_page("/event-map")
    frame = show(page, "events")
    frame.evaluate("() => { window.marked = true; map_div.setView([40, 60], 2.5, { animate: false }); }")
    before = frame.locator(".up-bar output").inner_text()
    page.get_by_role("combobox", name="Country").first.click()
    page.keyboard.type("Kenya")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(frame.locator(".up-bar output")).not_to_have_text(before)
    assert frame.evaluate("window.marked && map_div.getZoom()") == 2.5
    page.emulate_media(color_scheme="dark")
    frame.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert frame.evaluate("window.marked && map_div.getZoom()") == 2.5


def test_a_circle_and_a_country_open_the_list_with_the_keyboard_and_the_mouse(open_page: Open) -> None:
    page = open_page("/event-map")
    frame = show(page, "events")
    circle = frame.locator(".up-cell").first
    name = circle.get_attribute("aria-label") or ""
    assert name.endswith("press Enter for the list")
    circle.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{name.split()[0]} events around the chosen circle")).to_be_visible()
    frame.evaluate("map_div.setView([-3, 20], 4, { animate: false })")
    frame.wait_for_timeout(300)
    point = frame.evaluate("(() => { const p = map_div.latLngToContainerPoint([0.5, 38]); return [p.x, p.y]; })()")
    frame.locator("#map_div").click(position={"x": point[0], "y": point[1]})
    expect(page.get_by_role("heading", name="in Kenya")).to_be_visible()
    page.get_by_role("button", name="Show the countries").click()
    expect(page.get_by_role("heading", name="Events by country")).to_be_visible()


def test_time_plays_without_a_rerun_and_can_be_stopped(open_page: Open) -> None:
    page = open_page("/event-map")
    frame = show(page, "events")
    said = frame.locator(".up-bar output")
    frame.locator(".up-play").click()
    expect(said).to_contain_text("2024 Q2:")
    expect(said).to_contain_text("2024 Q4:")
    frame.locator(".up-play").click()
    frame.wait_for_timeout(300)
    stopped = said.inner_text()
    frame.wait_for_timeout(1_500)
    assert said.inner_text() == stopped
    frame.locator(".up-bar select").select_option("year")
    slider = frame.get_by_label("Time")
    slider.focus()
    page.keyboard.press("End")
    expect(said).to_contain_text("2026:")
    assert "2026" in (slider.get_attribute("aria-valuetext") or "")


def test_the_view_is_saved_as_a_picture(open_page: Open) -> None:
    page = open_page("/event-map")
    for layer in ("events", "gap"):
        frame = show(page, layer)
        with page.expect_download() as download:
            frame.get_by_role("button", name="Save picture").click()
        assert download.value.suggested_filename == f"uplift-map-{layer}.png"
        content = download.value.path().read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) > 20_000
        ARTIFACTS.mkdir(exist_ok=True)
        download.value.save_as(ARTIFACTS / f"map_saved_{layer}.png")


def test_text_from_data_does_nothing_on_the_map_page(open_page: Open) -> None:
    """A dialog, a script error or a request elsewhere would fail in `open_page`."""
    page = open_page("/event-map")
    frame = show(page, "events")
    frame.evaluate("map_div.setView([35.7, 139.7], 6, { animate: false })")
    frame.wait_for_function("window.uplift.shown.cells.buttons.size === 1")
    frame.locator(".up-cell").first.click()
    expect(page.get_by_role("heading", name="events around the chosen circle")).to_be_visible()
    page.get_by_role("textbox", name="Find in the list").fill("<img src=x")
    page.keyboard.press("Enter")
    settle(page)
    for where in (page, frame):
        assert where.locator("img[src=x]").count() == 0
        assert "49 " not in (where.locator("body").inner_text().split("getpid")[0][-200:])


def test_the_map_can_be_skipped_and_read_by_everybody(open_page: Open) -> None:
    page = open_page("/event-map")
    frame = show(page, "gap")
    page.get_by_role("link", name="Skip the map").click()
    assert page.url.endswith("#gaps")
    expect(page.get_by_role("heading", name="Where are we not?")).to_be_in_viewport()
    for where in (page, frame):
        assert_accessible(where)


def test_a_hundred_pans_leave_nothing_behind(open_page: Open) -> None:
    page = open_page("/event-map")
    frame = show(page, "events")
    client = page.context.new_cdp_session(page)

    def heap() -> float:
        client.send("HeapProfiler.collectGarbage")
        return float(client.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    pan = """async n => {
        for (let i = 0; i < n; i += 1) {
            map_div.panBy([i % 2 ? 180 : -180, 0], { animate: false });
            await new Promise((resolve) => setTimeout(resolve, 15));
        }
    }"""
    frame.evaluate(pan, 20)
    before = heap()
    frame.evaluate(pan, 100)
    assert heap() - before < 3
    assert frame.locator("#map_div *").count() < 900


@pytest.mark.long
def test_map_tiles_that_do_not_come_are_given_up_and_our_own_map_stays(
    browser: Browser, server: Running, tmp_path: Path
) -> None:
    """Nobody listens on port 9: the layer of the operator's tile server drops itself."""
    url = f"sqlite:///{Path(server.log_path).parent / 'uplift.db'}"
    with running_server(url, tmp_path, UPLIFT_TILES_URL="http://127.0.0.1:9/{z}/{x}/{y}.png") as running:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{running.address}/event-map")
        frame = frame_of(page)
        frame.wait_for_function("window.uplift.shown.tiles === null")
        assert frame.locator(".up-cell").count() > 0
        assert "OpenStreetMap" in page.locator(".stMain").inner_text()
        page.close()
