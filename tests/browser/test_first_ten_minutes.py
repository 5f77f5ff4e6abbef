"""The first ten minutes: from the sample to a program of one's own, imported and shown, in the browser alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data_access.database.engine import Database
from tests.browser.conftest import assert_readable, settle
from tests.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.long]

EVENTS = "".join(
    (
        "event_key,title,starts_on,mode,status,attendance,city,country\n",
        "e1,Docs sprint,2026-07-05,in_person,held,20,Berlin,DE\n",
        "e2,Patch day,2026-08-06,in_person,held,30,Paris,FR\n",
    )
)


def test_from_the_sample_to_a_true_impact_page(
    browser: Browser, sample: tuple[Running, Database], tmp_path: Path
) -> None:
    server, _ = sample
    page = browser.new_page()
    for path in ("/", "/languages", "/budget"):
        page.goto(server.address + path)
        expect(page.get_by_text("This is a sample program")).to_be_visible()
    file = tmp_path / "events.csv"
    file.write_text(EVENTS)
    page.goto(f"{server.address}/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    page.get_by_role("button", name="Check the files").click()
    expect(page.get_by_text("Add these files to the sample program")).to_be_visible()
    expect(page.get_by_role("button", name="Import now")).to_have_count(0)
    page.get_by_role("button", name="Start my own program").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The sample program goes")).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill("Open Maps")
    dialog.get_by_role("textbox", name="Currency").fill("12")
    dialog.get_by_role("button", name="Replace the sample and start").click()
    expect(dialog.get_by_test_id("stAlert").filter(has_text="Currency")).to_be_visible()
    dialog.get_by_role("textbox", name="Currency").fill("CHF")
    dialog.get_by_role("button", name="Replace the sample and start").click()
    expect(page.get_by_text("Open Maps has begun, and is empty.")).to_be_visible()
    expect(page.get_by_text("This is a sample program")).to_have_count(0)
    assert page.url.startswith(f"{server.address}/data")
    assert list(tmp_path.glob("uplift.sample-*.db"))
    page.get_by_role("button", name="Check the files").click()  # the same files, against the program as it is now
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("Imported: 2 rows created")).to_be_visible()
    settle(page)
    expect(page.get_by_text("Languages still needs the column languages of events")).to_be_visible()
    assert_readable(page)
    page.get_by_role("link", name="Languages").click()
    expect(page.get_by_text("Languages still needs the column languages of events")).to_be_visible()
    page.get_by_role("link", name="Bring it on the Data page").click()
    expect(page.get_by_role("heading", name="Import files")).to_be_visible()
    page.goto(f"{server.address}/impact")
    expect(page.locator(".up-question")).to_have_text("Open Maps: what did it achieve?")
    expect(page.locator("h1", has_text="2 events")).to_be_visible()
    page.goto(f"{server.address}/data")
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("is undone: 2 rows went")).to_be_visible()
    expect(page.get_by_text("This program is empty")).to_be_visible()
    page.close()
    assert "Traceback" not in server.log
