"""Two people edit one team at once, in two browsers: one is written, the other is warned, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import audit
from tests.browser.conftest import HOSTILE, PATIENCE, WIDTHS, looks, settle, whole
from tests.builders import ProgramBuilder
from tests.running import Running, running_server
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Database]]:
    """Docs learns and QA prepares; a third team has a hostile name. A server of their own: these tests write."""
    folder = tmp_path_factory.mktemp("teams")
    program = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}")
    program.add_program()
    program.add_event()
    built = TeamBuilder(program.database)
    built.add_team("docs", ("starting", date(2026, 1, 1)), ("learning", date(2026, 3, 1)), name="Docs crew")
    built.add_team("qa", ("pre_work", date(2026, 6, 1)), name="QA crew")
    built.add_team(HOSTILE, ("pre_work", date(2026, 6, 1)), name=HOSTILE, partner=HOSTILE)
    people = built.add_contributors("docs", 12, date(2026, 5, 1), quantity=3)
    built.add_risk("docs", HOSTILE)
    built.add_milestone("docs", "gaps_identified", date(2026, 4, 1), "https://wiki.example.org/gaps")
    built.add_mentorship(people[0], people[1], "Berlin circle")
    program.add_import()
    with running_server(program.database.url, folder) as running:
        yield running, program.database


@pytest.fixture
def look(context: BrowserContext, teams: tuple[Running, Database]) -> Iterator[list[Page]]:
    """Pages to be closed; none of them may have logged an error."""
    pages: list[Page] = []
    yield pages
    for page in pages:
        page.close()
    context.clear_cookies()


def opened(context: BrowserContext, running: Running, pages: list[Page], path: str, width: int = 1440) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    pages.append(page)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(running.address + path)
    page.wait_for_selector(".up-footer")
    settle(page)
    return page


@pytest.mark.long
@pytest.mark.parametrize("path", ["/teams", "/teams?show_team=docs"], ids=["board", "team"])
def test_the_board_and_a_team_fit_the_screen_and_can_be_read_by_everybody(
    context: BrowserContext, teams: tuple[Running, Database], look: list[Page], path: str
) -> None:
    page = opened(context, teams[0], look, path, WIDTHS[0])
    expect(page.locator("h1", has_text="Docs crew:" if "show" in path else "3 teams:")).to_be_visible()
    assert page.locator(".stMain img[src=x]").count() == 0
    looks(page, "team" if "show" in path else "teams", wide="show" in path)


@pytest.mark.long
def test_two_browsers_edit_one_team_at_once(
    browser: Browser, context: BrowserContext, teams: tuple[Running, Database], look: list[Page]
) -> None:
    running, database = teams
    manager = opened(context, running, look, "/teams?show_team=docs")
    another = browser.new_context()
    another.set_default_timeout(PATIENCE)
    partner = opened(another, running, look, "/teams?as=partner:docs&show_team=docs")
    for page, note in ((manager, "Ready, says the manager"), (partner, "Ready, says the partner")):
        page.get_by_role("tab", name="Stage").click()
        page.get_by_role("textbox", name="Note").locator("visible=true").fill(note)
    manager.get_by_role("button", name="Record the stage").click()
    expect(manager.get_by_text("Recorded: the team is in “Growing tenfold”.")).to_be_visible()
    partner.get_by_role("button", name="Record the stage").click()
    alert = partner.get_by_test_id("stAlert").filter(has_text="changed this on")
    expect(alert).to_contain_text("The program manager changed this on")
    expect(alert).to_contain_text("nothing was lost")
    partner.get_by_role("tab", name="Stage").click()
    expect(partner.get_by_role("textbox", name="Note").locator("visible=true")).to_have_value("Ready, says the partner")
    whole(partner, "two_browsers_partner")
    with database.reading() as connection:
        assert [row.author for row in connection.execute(select(audit))] == ["Program manager (dashboard)"]
    partner.get_by_role("button", name=re.compile("Undo")).first.click()
    expect(partner.get_by_text("Undone. The change and its undoing both stay in the record.")).to_be_visible()
    expect(partner.locator("h1", has_text="Learning and preparing for growth")).to_be_visible()
    another.close()


def test_a_card_opens_its_team_and_back_goes_to_the_board(
    context: BrowserContext, teams: tuple[Running, Database], look: list[Page]
) -> None:
    page = opened(context, teams[0], look, "/teams")
    page.get_by_role("button", name="QA crew").click()
    expect(page.locator("h1", has_text="QA crew:")).to_be_visible()
    assert "show_team=qa" in page.url
    page.get_by_role("button", name="All teams").click()
    expect(page.locator("h1", has_text="3 teams")).to_be_visible()
