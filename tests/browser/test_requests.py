"""A request from pending to paid in a real browser; and its pages fit the screen and can be read by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import audit, funding_requests
from tests.browser.conftest import HOSTILE, WIDTHS, looks, settle
from tests.browser.test_teams import opened
from tests.builders import ProgramBuilder
from tests.desk_builders import DeskBuilder
from tests.running import Running, running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Database]]:
    """Ada asks for 120 and, with a hostile event, for 950; Bo is at risk. A server of their own: these tests write."""
    folder = tmp_path_factory.mktemp("desk")
    program = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}")
    made = DeskBuilder(program.database)
    made.add_program()
    made.add_cohort(places=4)
    made.add_member("ada", cohort_key="c1")
    made.add_member("bo", person={"name": HOSTILE})
    made.take_part("ada", date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3))
    made.add_event(date(2026, 10, 1), "hostile", "planned", city=HOSTILE)
    made.add_request("120", key="small")
    made.add_request("950", key="large", requested_on=date(2026, 3, 1), event_key="hostile")
    program.add_import()
    with running_server(program.database.url, folder) as running:
        yield running, program.database


@pytest.fixture
def look(context: BrowserContext, desk: tuple[Running, Database]) -> Iterator[list[Page]]:
    """Pages to be closed."""
    pages: list[Page] = []
    yield pages
    for page in pages:
        page.close()
    context.clear_cookies()


@pytest.mark.long
@pytest.mark.parametrize("path", ["/members", "/requests?request=large"], ids=["members", "requests"])
def test_the_pages_fit_the_screen_and_can_be_read_by_everybody(
    context: BrowserContext, desk: tuple[Running, Database], look: list[Page], path: str
) -> None:
    page = opened(context, desk[0], look, path, WIDTHS[0])
    assert page.locator(".stMain img[src=x]").count() == 0
    looks(page, path[1:8])


def test_a_request_walks_from_pending_to_paid(
    context: BrowserContext, desk: tuple[Running, Database], look: list[Page]
) -> None:
    running, database = desk
    page = opened(context, running, look, "/requests")
    expect(page.locator("h1", has_text="2 requests wait for a decision")).to_be_visible()
    # By keys to the second row; on to the other request; and back by a click anywhere on the row.
    grid, small = (
        page.locator(".st-key-table_request_queue [data-testid=data-grid-canvas]"),
        page.get_by_role("heading", name="ada requests 120 EUR"),
    )
    grid.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[id^=glide-cell-]:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(small).to_be_in_viewport()
    page.get_by_role("button", name="Next request").click()
    expect(page.get_by_text("The event is on 1 October 2026 in")).to_be_visible()
    settle(page)
    grid.click(position={"x": 300, "y": 36 + 35 * 1.5}, force=True)
    expect(small).to_be_in_viewport()
    expect(page.get_by_label("What if it is approved")).to_contain_text("this 120 = 120 of 1,000 EUR; 880 left")
    page.get_by_role("textbox", name="Amount in EUR").fill("130")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("130 EUR is more than the 120 requested.")).to_be_visible()
    page.get_by_role("button", name="Do it all the same").click()
    expect(page.get_by_text("It now waits for its payment")).to_be_visible()
    expect(page.locator("h1", has_text="1 request waits for a decision")).to_be_visible()
    page.get_by_role("textbox", name="Paid amount in EUR").fill("99.50")
    page.get_by_role("button", name="Mark as paid").click()
    expect(page.get_by_text("Recorded as paid.")).to_be_visible()
    with database.reading() as connection:
        found = connection.execute(select(funding_requests).where(funding_requests.c.request_key == "small")).one()
        assert (found.decision, float(found.approved_amount), float(found.paid_amount)) == ("approved", 130, 99.5)
    # Until the page ran again, the first one undoes the approval.
    expect(page.get_by_text("99.50 EUR paid on")).to_be_visible()
    page.get_by_role("button", name=re.compile("Undo")).first.click()
    expect(page.get_by_text("Undone. The change and its undoing both stay in the record.")).to_be_visible()
    with database.reading() as connection:
        assert [row.action for row in connection.execute(select(audit))] == ["approval", "payment", "undo"]
