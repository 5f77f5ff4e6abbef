"""Text from data is text: every page, with markup in every text column of every table, in a real browser.

The universe: a small sample program in which each key, label, name, note and topic was given a hostile beginning
before it was imported. `window.hacked` and a picture called `x` would show that some of it was run.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.navigation import PAGES
from data_access import actions
from data_access.actions import Author
from data_access.contract.tables import TABLES, Kind
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.selection import Role, Scope
from sample_data.generator import write_program
from tests.browser.conftest import Open, settle
from tests.running import Running, running_server

pytestmark = [pytest.mark.browser, pytest.mark.long]

# Short: keys have an end. Without a comma, which parts teams in an address.
EVIL = "<img src=x onerror=hacked=1>{{7*7}}<script>hacked=1</script>"
HOSTILE_KINDS = (Kind.KEY, Kind.LABEL, Kind.TEXT, Kind.TOPICS)


def with_evil(folder: Path) -> int:
    """Put the hostile beginning into every filled cell that may hold it; returns how many columns did."""
    touched = 0
    for path in folder.glob("*.csv"):
        columns = [column.name for column in TABLES[path.stem].columns if column.kind in HOSTILE_KINDS]
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, rows = list(reader.fieldnames or ()), list(reader)
        for row in rows:
            row.update({name: EVIL + row[name] for name in columns if row.get(name)})
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
        touched += sum(any(row.get(name) for row in rows) for name in columns)
    return touched


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("hostile")
    write_program(folder / "program", events=60, contributions=300, people=60, as_of=date(2026, 9, 15))
    assert with_evil(folder / "program") > 60
    database = Database(f"sqlite:///{folder / 'uplift.db'}")
    initialise(database.program)
    report = run_import(database, [folder / "program"], ImportOptions(as_of=date(2026, 9, 15)))
    assert report.committed, report.in_words()
    actions.set_viewer(database, Author(EVIL, Scope(Role.PM)), "ada@example.org", "pm")
    with running_server(database.url, folder) as running:
        yield running


def innocent(page: Page, where: str) -> None:
    for frame in page.frames:
        found = frame.evaluate("[window.hacked, document.querySelectorAll('img[src=x], script:not([src])').length]")
        ours = 1 if frame is page.main_frame else found[1]  # the start page's own; folium writes scripts into its frame
        assert found[0] is None, where
        assert found[1] <= ours, where
        assert frame.locator("img[src=x]").count() == 0, where


def test_no_page_runs_or_draws_what_the_data_says(open_page: Open) -> None:
    page = open_page("/this-week?period=2026")
    shown = ""
    for entry in PAGES:
        if entry is not PAGES[0]:
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title).click()
            expect(page).to_have_url(re.compile(f"/{entry.url_path}"))
        settle(page)
        innocent(page, entry.title)
        shown += page.locator(".stMain").inner_text()
    assert shown.count("<img src=x onerror=hacked=1>{{7*7}}") > 20, "the hostile text was not even shown"
