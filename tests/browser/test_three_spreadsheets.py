"""A newcomer's way: three spreadsheets as people keep them become a true Impact page, and no column is renamed."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from data_access.database.engine import Database
from tests.browser.conftest import settle
from tests.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.long]

MEMBERS = (
    ("Our members, spring list", None, None, None, None, None),
    ("Full name", "Mail", "Where do you live?", "Languages you speak", "Pronouns", "Member since"),
    ("Ada Lovelace", "ada@example.org", "London, UK", "English, French (basic)", "she/her", "03.05.2024"),
    ("Kofi Mensah", "kofi@example.org", "Accra", "English / Twi", "he/him", "17.02.2025"),
    ("Grace Hopper", "grace@example.org", "Arlington, Virginia", "English", None, "20.11.2025"),
    ("María López", "maria@example.org", "Ciudad de México", "español e inglés", "ella", "13.01.2026"),
)
# What a form's answers look like when they are downloaded.
EVENTS = """\
Timestamp,Email Address,Name of your event,When was it?,Where was it?,How many came?,Who organised it?,Did it happen?
2026/05/04 9:12:33 PM GMT+2,ada@example.org,Docs sprint,5/3/2026,"London, UK",24,"Ada Lovelace, Grace Hopper",Yes it did
2026/06/02 8:01:10 AM GMT+2,kofi@example.org,Patch day,5/31/2026,Accra,about 40,Kofi Mensah,Yes
2026/07/15 6:44:09 PM GMT+2,maria@example.org,Mapatón,7/14/2026,Online,31,María López,yes
2026/08/02 8:00:00 AM GMT+2,kofi@example.org,Translation night,8/1/2026,Kumasi,,Kofi Mensah,Cancelled
"""
MONEY = """\
Date;Who;For which event;What for;Cost;Status;Paid on
10.05.2026;Ada Lovelace;Docs sprint;Catering;£ 133,32;Paid;20.05.2026
04.06.2026;Kofi Mensah;Patch day;Train;€ 1.133,30;Paid;12.06.2026
05.06.2026;Kofi Mensah;Patch day;Hotel;85,50 €;Approved;
16.07.2026;María López;Mapatón;Stickers;US$ 40,00;Declined;
"""


def take(page: Page, path: Path, counted: str, words: dict[str, str] | None = None) -> None:
    """Choose the file, look at the guess, say what is not understood in it, agree, import."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    page.get_by_role("button", name="Check the files", exact=True).click()
    agree = page.get_by_role("button", name="Check the files with these columns")
    expect(agree).to_be_enabled()
    settle(page)  # what is drawn anew closes a list that is open
    for word, means in (words or {}).items():
        page.get_by_role("combobox", name=word).click()
        page.get_by_role("option", name=means, exact=True).click()
        expect(page.get_by_role("combobox", name=word)).to_have_value(means)
    picture(page, f"{path.stem}_guess")
    agree.click()
    expect(page.get_by_text(counted)).to_be_visible()
    expect(page.get_by_role("button", name="Import the good rows")).to_have_count(0)
    picture(page, f"{path.stem}_report")
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("Imported:")).to_be_visible()
    settle(page)


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("WALK"):
        settle(page)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_three_spreadsheets_become_a_true_impact_page(
    browser: Browser, sample: tuple[Running, Database], tmp_path: Path
) -> None:
    """From what `make run` shows."""
    server, _ = sample
    book = openpyxl.Workbook()
    for row in MEMBERS:
        book.active.append(row)
    book.save(tmp_path / "Members 2026.xlsx")
    (tmp_path / "Your event (Responses) - Form Responses 1.csv").write_text(EVENTS, encoding="utf-8")
    (tmp_path / "reimbursements.csv").write_bytes(MONEY.encode("cp1252"))
    # All of the form is in view: scrolling to a choice closes the list that it opened.
    page = browser.new_page(viewport={"width": 1440, "height": 3600})
    page.goto(server.address)
    expect(page.get_by_text("This is a sample program")).to_be_visible()
    picture(page, "0_home")
    page.goto(f"{server.address}/data")
    page.get_by_role("button", name="Start my own program").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Open Maps")
    dialog.get_by_role("textbox", name="Currency").fill("EUR")
    picture(page, "1_dialog")
    dialog.get_by_role("button", name="Replace the sample and start").click()
    expect(page.get_by_text("Open Maps has begun, and is empty.")).to_be_visible()
    take(page, tmp_path / "Members 2026.xlsx", "11 rows read: 11 new")
    take(
        page,
        tmp_path / "Your event (Responses) - Form Responses 1.csv",
        "13 rows read: 9 new, 0 changed, 4 as before",
        {"Yes it did": "held"},
    )
    take(page, tmp_path / "reimbursements.csv", "7 rows read: 4 new, 0 changed, 3 as before")
    picture(page, "2_data")
    page.goto(f"{server.address}/?period=2026-05-01..2026-09-01")
    settle(page)
    picture(page, "3_impact")
    expect(page.locator("h1", has_text="3 events")).to_be_visible()
    page.goto(f"{server.address}/data")
    assert "Traceback" not in server.log
    page.close()
