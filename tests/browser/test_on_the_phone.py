"""A working day on the phone, by touch alone: a request is approved, a milestone recorded, a person found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import funding_requests, team_milestones
from tests.browser.conftest import PATIENCE, pictured, settle
from tests.browser.looking import faults
from tests.builders import ProgramBuilder
from tests.desk_builders import DeskBuilder
from tests.running import Running, running_server
from tests.team_builders import TeamBuilder

pytestmark = [pytest.mark.browser, pytest.mark.long]

# What a finger hits: less is hit by chance (WCAG 2.2, 2.5.8).
LEAST = 24


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Database]]:
    """Ada asks for 120 for an event that is near; Docs learns. A server of their own: this writes."""
    folder = tmp_path_factory.mktemp("phone")
    program = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}")
    made = DeskBuilder(program.database)
    made.add_program()
    made.add_cohort(places=4)
    made.add_member("ada", cohort_key="c1", person={"name": "Ada Lovelace"})
    made.take_part("ada", date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3))
    made.add_event(date(2026, 9, 20), "near", "planned")
    made.add_request("120", key="small", event_key="near")
    TeamBuilder(program.database).add_team("docs", ("learning", date(2026, 3, 1)), name="Docs crew")
    program.add_import()
    with running_server(program.database.url, folder) as running:
        yield running, program.database


@pytest.fixture
def phone(browser: Browser, desk: tuple[Running, Database]) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    context.set_default_timeout(PATIENCE)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(desk[0].address)
    yield page
    context.close()
    assert not wrong


def tap(target: Locator) -> None:
    """Touch it where a finger would, which needs it to be large enough and nothing to lie over it."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= LEAST, (target, box)
    target.tap()


def readable(page: Page, name: str) -> None:
    page.wait_for_selector(".up-footer")
    settle(page)
    assert faults(page) == []
    pictured(page, f"phone_{name}")


def test_a_request_is_approved_a_milestone_recorded_and_a_person_found_by_touch(
    phone: Page, desk: tuple[Running, Database]
) -> None:
    readable(phone, "week")
    tap(phone.get_by_role("link", name="Decide the request"))
    expect(phone.get_by_role("heading", name="Ada Lovelace requests 120 EUR")).to_be_in_viewport()
    readable(phone, "request")
    tap(phone.get_by_role("button", name="Approve", exact=True))
    expect(phone.get_by_text("It now waits for its payment")).to_be_in_viewport()

    tap(phone.get_by_test_id("stExpandSidebarButton"))
    tap(phone.get_by_test_id("stSidebarNavLink").filter(has_text="Teams"))
    tap(phone.get_by_role("button", name="Docs crew"))
    expect(phone.locator("h1", has_text="Docs crew:")).to_be_visible()
    readable(phone, "team")
    tap(phone.get_by_role("button", name="Record the milestone"))
    expect(phone.get_by_text("Recorded: milestone")).to_be_in_viewport()

    tap(phone.get_by_role("button", name="Find a person"))
    phone.keyboard.type("love")
    tap(phone.get_by_role("option", name="Ada Lovelace"))
    expect(phone.locator("h1", has_text="Ada Lovelace: ")).to_be_visible()
    readable(phone, "person")

    with desk[1].reading() as connection:
        assert connection.execute(select(funding_requests.c.decision)).scalar() == "approved"
        assert connection.execute(select(team_milestones.c.team_key)).scalar() == "docs"
