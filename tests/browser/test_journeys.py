"""Journeys through the running product in a real browser: what a reader does, at a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, Open, looks, settle, whole

pytestmark = pytest.mark.browser


@pytest.mark.long
@pytest.mark.parametrize(("name", "path"), [("impact", "/impact"), ("week", "/"), ("data", "/data")])
def test_a_page_fits_its_screen_and_can_be_read_by_everybody(open_page: Open, name: str, path: str) -> None:
    looks(open_page(path, WIDTHS[0]), name)


def test_a_phone_has_a_sheet_an_index_and_cards_and_paper_has_every_row(open_page: Open) -> None:
    page = open_page("/retention", WIDTHS[0])
    page.get_by_role("button", name="Filters").click()
    expect(page.locator(".st-key-period")).to_be_in_viewport()
    page.get_by_role("button", name="Show the page").click()
    expect(page.locator(".st-key-period")).not_to_be_in_viewport()
    page.get_by_role("button", name="On this page").click()
    index = page.get_by_role("navigation", name="On this page").get_by_role("listitem")
    assert index.all_inner_texts() == page.locator(".stMain .stHeading h2").all_inner_texts()
    index.last.get_by_role("button").click()
    expect(page.locator(".stMain .stHeading h2").last).to_be_in_viewport()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = "place => [place.querySelectorAll('tbody tr').length, JSON.parse(place.dataset.table).cells[0].length]"
    tables = [page.evaluate(rows, place) for place in page.locator(".up-paper").element_handles()]
    assert tables
    assert all(made == held > 0 for made, held in tables)
    assert page.locator(".stMain button:not([role=radio]):visible").count() == 0
    assert page.locator(".stDataFrame:visible").count() == 0
    chart = page.locator(".stPlotlyChart svg.main-svg").first.bounding_box()
    assert chart is not None
    assert chart["x"] + chart["width"] <= WIDTHS[0]


def test_narrowing_to_a_country_copying_the_link_and_opening_it_again(open_page: Open) -> None:
    page = open_page("/impact")
    page.get_by_role("combobox", name="Country").click()
    page.keyboard.type("Kenya")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="In Kenya")).to_be_visible()
    settle(page)
    assert "country=KE" in page.url
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "period=2025-07-01..2026-07-01" in link
    again = open_page(re.sub(r"^https?://[^/]+", "", link))
    assert again.locator("h1").inner_text() == page.locator("h1").inner_text()
    page.get_by_role("button", name="In Kenya").click()
    expect(page.get_by_role("button", name="In Kenya")).to_have_count(0)
    assert "country" not in page.url


def test_the_filters_stay_when_another_page_is_opened_and_the_back_button_works(open_page: Open) -> None:
    page = open_page("/?country=KE")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Data").click()
    expect(page.locator("h1", has_text="largest gap")).to_be_visible()
    settle(page)
    assert page.url.endswith("/data?country=KE")
    page.go_back()
    expect(page.get_by_role("button", name="In Kenya")).to_be_visible()


def test_charts_follow_the_theme_when_it_is_changed(open_page: Open) -> None:
    page = open_page("/impact")
    colour = "() => getComputedStyle(document.querySelector('.js-plotly-plot .bars path')).fill"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => ({colour})() !== before", arg=light)


def test_a_broken_link_opens_the_page_and_says_what_was_left_out(open_page: Open) -> None:
    page = open_page("/?period=nonsense&mode=bogus&country=XX&as=king")
    expect(page.get_by_test_id("stAlert")).to_contain_text("'nonsense' is not a period")
    expect(page.locator("h1", has_text="events in")).to_be_visible()


def test_text_from_data_does_nothing_but_stand_there(open_page: Open) -> None:
    hostile = open_page(
        "/?team="
        + "%3Cimg src=x onerror=alert(1)%3E {{7*7}} ${alert(1)} :smile: **b** [x](javascript:alert(1)) %E2%80%AEgnp.exe"
    )
    chip = hostile.locator(".st-key-chip_team button")
    expect(chip).to_contain_text("<img src=x onerror=alert(1)> {{7*7}} ${alert(1)}")
    expect(chip).to_contain_text("**b** [x](javascript")
    assert "smile" in chip.inner_text()
    assert hostile.locator(".stMain img[src=x]").count() == 0
    whole(hostile, "hostile")


def test_a_download_is_the_table_as_a_file(open_page: Open, tmp_path: object) -> None:
    page = open_page("/impact")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    text = download.value.path().read_bytes()
    assert text.startswith(b"\xef\xbb\xbfCountry code,Country,Events,Before,Change,Attendance")


def test_every_download_of_the_budget_is_a_file_though_it_is_made_after_the_page(open_page: Open) -> None:
    """Its members are asked for when the button is pressed, in a thread that has no session."""
    page = open_page("/budget")
    buttons = page.get_by_role("button", name="Download as CSV")
    names = set()
    for at in range(buttons.count()):
        with page.expect_download() as download:
            buttons.nth(at).click()
        names.add(download.value.suggested_filename)
        lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) > 1, download.value.suggested_filename
    assert {"budget_burn.csv", "budget_by_category.csv", "cost_per_outcome.csv"} <= names


def test_the_public_address_of_a_staff_page_is_refused_politely(open_page: Open) -> None:
    page = open_page("/?as=public")
    assert page.get_by_test_id("stSidebarNavLink").filter(has_text="Data").count() == 0
    page.goto(page.url.replace("/?", "/data?"))
    expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()


def test_everything_can_be_reached_with_the_keyboard(open_page: Open) -> None:
    page = open_page("/impact")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''").strip())
    for name in ("Copy link", "Data", "More filters"):
        assert any(name in words for words in reached), (name, reached)
