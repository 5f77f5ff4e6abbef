"""Workbooks as people keep them: sheets of any name, titles, blank and merged cells, what is hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.imports.pipeline import run_import

HEADER = ("event_key", "title", "starts_on", "city", "country")
DAY = date(2026, 3, 1)


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Saves a workbook with one sheet of the given rows, after `change` had its way with it."""

    def save(
        *rows: tuple[object, ...], title: str = "events", change: Callable[[Any], object] = lambda _: None
    ) -> Path:
        made = openpyxl.Workbook()
        made.active.title = title
        for row in rows:
            made.active.append(row)
        if change is not None:
            change(made.active)
        made.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return save


def cities(database: Database) -> dict[str, str | None]:
    with database.reading() as connection:
        return {row.event_key: row.city for row in connection.execute(select(events.c.event_key, events.c.city))}


@pytest.mark.parametrize("title", ["Sheet1", "Events (1)", "Program - events"])
def test_a_sheet_is_known_by_its_columns_or_by_something_like_its_name(
    database: Database, book: Callable[..., Path], title: str
) -> None:
    """Titles above the header, blank rows and columns behind do not matter."""
    heading = ("Event Key", "Title", "Starts on", "City", "Country", None)
    event = ("e1", "Sprint", DAY, "Oslo", "Norway", None)
    path = book(("Our events",), (None,), heading, event, (" ",) * 6, (None,), title=title)
    assert run_import(database, [path]).committed
    assert cities(database) == {"e1": "Oslo"}


def test_a_merged_cell_gives_its_value_to_each_of_its_rows_and_to_no_other(
    database: Database, book: Callable[..., Path]
) -> None:
    """Merged down over two rows of three; a merge that reaches below the last row makes no rows."""
    rows = [HEADER, *((f"e{n}", "Sprint", DAY, None if n == 2 else f"Oslo {n}", "Norway") for n in (1, 2, 3))]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("D2:D3")
        sheet.merge_cells("E4:E9")

    report = run_import(database, [book(*rows, change=merge)])
    assert report.counts["events"].read == 3
    assert cities(database) == {"e1": "Oslo 1", "e2": "Oslo 1", "e3": "Oslo 3"}


def test_hidden_sheets_and_rows_are_read_and_said(database: Database, book: Callable[..., Path]) -> None:
    """A filter hides rows without taking them out: whoever imports should know."""

    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        other = sheet.parent.create_sheet("teams")
        for row in (("team_key", "name"), ("t", "T")):
            other.append(row)
        other.sheet_state = "hidden"

    report = run_import(database, [book(HEADER, *((key, "A", DAY) for key in ("e1", "e2")), change=hide)])
    assert (report.total("created"), report.errors) == (3, [])
    said = {(hint.file, hint.problem, hint.line) for hint in report.hints}
    assert ("book.xlsx, sheet events", "hidden rows", 3) in said
    assert ("book.xlsx, sheet teams", "the sheet is hidden", None) in said


def test_problems_name_the_sheet_and_the_cell(database: Database, book: Callable[..., Path]) -> None:
    """As the spreadsheet itself does."""
    path = book(("List",), ("Event Key", "Title", "Starts on"), ("e1", "Sprint", "soon"))
    [error] = run_import(database, [path]).errors
    assert str(error).startswith("book.xlsx, sheet events, line 3, column Starts on (C3): 'soon': not a date.")


def test_a_workbook_without_a_table_is_no_success(database: Database, book: Callable[..., Path]) -> None:
    """It says which sheet was not read and what was expected."""
    report = run_import(database, [book(("mood",), ("good",), title="Moods")])
    assert (report.committed, report.unread) == (False, ["book.xlsx, sheet Moods"])
    assert "sheet Moods" in report.in_words()
