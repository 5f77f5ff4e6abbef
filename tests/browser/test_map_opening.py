"""The map opens on what it holds, in a wide window and on a phone: every circle is in view.

The universe: events around ±180°, one in Paris, one in Honolulu.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from tests.browser.conftest import WIDTHS, Open
from tests.browser.test_event_map import frame_of, show
from tests.bundles import EVENT, write_table
from tests.running import Running, running_server

pytestmark = [pytest.mark.browser, pytest.mark.long]

PLACES = (
    *(("FJ", -16.80, 179.99), ("FJ", -16.85, -179.915), ("FJ", -16.5, 180.0), ("FJ", -16.5, -180.0)),
    *(("NZ", -41.29, 174.78), ("WS", -13.83, -171.77), ("US", 21.31, -157.86), ("FR", 48.86, 2.35)),
)
IN_VIEW = """() => {
    const map = document.querySelector("#map_div").getBoundingClientRect();
    return [...window.uplift.shown.cells.buttons.values()].reduce((sum, button) => {
        const box = button.getBoundingClientRect();
        const inside = box.left >= map.left && box.right <= map.right && box.top >= map.top && box.bottom <= map.bottom;
        return sum + (inside ? button.uplift.n : 0);
    }, 0);
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("opening")
    rows = (
        EVENT | {"event_key": f"e{number}", "country": country, "latitude": str(latitude), "longitude": str(longitude)}
        for number, (country, latitude, longitude) in enumerate(PLACES)
    )
    database = Database(f"sqlite:///{folder / 'uplift.db'}")
    initialise(database.program)
    run_import(database, [write_table(folder, "events", *rows)])
    database.close()
    with running_server(database.url, folder) as running:
        yield running


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("query", "events"), [("", 8), ("?country=FJ", 4), ("?country=FJ,US", 5), ("?country=FR", 1)])
def test_every_circle_is_in_view_when_the_page_opens(open_page: Open, width: int, query: str, events: int) -> None:
    frame = show(open_page(f"/event-map{query}", width), "events")
    frame.wait_for_function(f"({IN_VIEW})() === {events}")


def test_a_view_that_nobody_moved_follows_the_filter(open_page: Open) -> None:
    page = open_page("/event-map")
    before = show(page, "events").evaluate("map_div.getZoom()")
    page.get_by_role("combobox", name="Country").first.click()
    page.keyboard.type("France")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    frame_of(page).wait_for_function(f"({IN_VIEW})() === 1 && map_div.getZoom() > {before}")
