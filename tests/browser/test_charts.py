"""A chart's journey: from a bar to the rows it counts, to a kept view of them, and out of the door as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settle

pytestmark = pytest.mark.browser


def test_a_bar_opens_its_rows_the_view_is_kept_and_the_picture_saved(open_page: Open) -> None:
    page = open_page("/impact?country=KE")
    chart = page.locator(".st-key-impact_trends .js-plotly-plot")
    bar = chart.locator(".bars .point path").nth(3)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
    rows = page.locator(".st-key-behind_impact_trends")
    expect(rows).to_be_visible()
    settle(page)
    assert "rows=impact_trends" in page.url
    said = rows.inner_text()

    page.get_by_text("Saved views").click()
    page.get_by_label("Name of this view").fill("Kenya’s month")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_text("“Kenya’s month” is kept.")).to_be_visible()
    page.goto(page.url.split("?")[0])
    page.get_by_text("Saved views").click()
    page.get_by_role("link", name="Kenya’s month").click()
    expect(rows).to_be_visible()
    settle(page)
    assert rows.inner_text() == said

    title = page.locator(".up-picture").first.inner_text()
    drawing = saved(page, "SVG").read_text(encoding="utf-8")
    assert title.split(":")[0] in drawing
    assert "Shown on" in drawing
    assert drawing.count("<svg") == 2
    picture = saved(page, "PNG").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000
    assert saved(page, "CSV").read_text(encoding="utf-8-sig").startswith("Series,At,Value")


def saved(page: Page, name: str) -> Path:
    """The file that the button of this name saves."""
    below = page.locator(".st-key-below_impact_trends")
    with page.expect_download() as waiting:
        below.get_by_role("button", name=name).first.click()
    return Path(waiting.value.path())
