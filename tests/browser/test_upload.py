"""The way of new data into the program: choose a file, see what would happen, import it, see it counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from data_access.database.engine import Database
from tests.browser.conftest import settle
from tests.builders import ProgramBuilder
from tests.running import Running, running_server

pytestmark = pytest.mark.browser

GOOD = "event_key,title,starts_on,mode,status,languages\ne1,Docs sprint,2026-05-05,online,held,en\n"
MEMBERS = """Name;E-Mail;Wohnort;Seit
Ada Lovelace;ada@example.org;London, UK;03.05.2024
Kofi;kofi@example.org;Accra;04.06.2025
"""
BAD = GOOD + "e2,Patch day,2026-05-06,online,held,en\ne3,Broken,not a date,online,held,en\n"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Database]]:
    """An empty program. A server of its own: these tests write."""
    folder = tmp_path_factory.mktemp("upload")
    database = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}").database
    with running_server(database.url, folder) as running:
        yield running, database


def upload(page: Page, folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(text)
    settle(page)  # while a page is drawn anew its old box is there too
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    page.get_by_role("button", name="Check the files").click()


def test_files_are_refused_in_a_sentence_checked_first_and_imported_when_asked(
    context: BrowserContext, empty: tuple[Running, Database], tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(f"{empty[0].address}/data")
    upload(page, tmp_path, "events.zip", "this is not a zip")
    expect(page.get_by_test_id("stAlert")).to_contain_text("events.zip")
    page.reload()
    upload(page, tmp_path, "events.csv", GOOD.splitlines()[0])
    expect(page.get_by_text("There is nothing to import")).to_be_visible()
    expect(page.get_by_role("button", name="Import now")).to_have_count(0)
    page.reload()
    upload(page, tmp_path, "events.csv", GOOD)
    expect(page.get_by_text("1 row read: 1 new")).to_be_visible()
    expect(page.get_by_text("Nothing has been imported yet.")).to_be_visible()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("Imported: 1 row created")).to_be_visible()
    expect(page.locator("h1", has_text="1 event")).to_be_visible()
    settle(page)
    expect(page.locator(".up-footer")).to_contain_text("(import 1)")
    page.reload()
    upload(page, tmp_path, "events.csv", BAD)
    expect(page.get_by_text("1 problem to mend")).to_be_visible()
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_text("1 left out")).to_be_visible()
    expect(page.locator("h1", has_text="2 events")).to_be_visible()
    page.close()
    assert "Traceback" not in empty[0].log


def test_a_list_with_columns_of_its_own_is_asked_about_once(
    context: BrowserContext, empty: tuple[Running, Database], tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(f"{empty[0].address}/data")
    upload(page, tmp_path, "members.csv", MEMBERS)
    agree = page.get_by_role("button", name="Check the files with these columns")
    expect(agree).to_be_visible()
    page.get_by_role("combobox", name="Seit").click()
    page.keyboard.type("memberships: st")
    page.get_by_role("option", name="memberships: started on").click()
    expect(page.get_by_text("memberships: 2 rows shown")).to_be_visible()
    agree.click()
    expect(page.get_by_text("4 rows read: 4 new")).to_be_visible()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("Imported: 4 rows created")).to_be_visible()
    upload(page, tmp_path, "members.csv", MEMBERS)
    expect(page.get_by_text("4 rows read: 0 new, 0 changed, 4 as before")).to_be_visible()
    page.close()
    assert "Traceback" not in empty[0].log


def test_a_page_that_fails_shows_a_reference_and_the_log_has_the_rest(
    context: BrowserContext, empty: tuple[Running, Database]
) -> None:
    server, database = empty
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO elsewhere")
    page = context.new_page()
    page.goto(f"{server.address}/impact")
    expect(page.get_by_test_id("stAlert")).to_contain_text("tell the operator this reference")
    reference = page.get_by_test_id("stAlert").locator("strong").inner_text()
    assert "sqlite" not in page.locator("body").inner_text().lower()
    page.close()
    assert f"Error {reference}" in server.log
    assert "no such table: events" in server.log
