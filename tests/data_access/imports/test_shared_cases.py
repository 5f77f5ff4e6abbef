"""The small inputs that went wrong for people, where the folder that holds them is at hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from tests.bundles import PROJECT

CASES = PROJECT.parent / "shared" / "cases" / "in"
AS_OF = date(2026, 8, 23)

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")


@pytest.mark.parametrize(
    ("name", "created", "left_out", "said"),
    [
        ("csv_semicolon", 2, 0, ""),
        ("csv_spaced_headers", 2, 0, ""),
        ("csv_hyphen_headers", 2, 0, ""),
        ("csv_title_row", 2, 0, ""),
        ("csv_trailing_comma_blankrow", 2, 0, ""),
        ("csv_names", 2, 0, ""),
        ("csv_quote_inside", 1, 1, "quote"),
        ("csv_mojibake", 3, 0, "'Café Mingle'"),
        ("csv_qmarks", 2, 0, "question marks"),
        ("sheet1.xlsx", 1, 0, ""),
        ("title_row.xlsx", 1, 0, ""),
        ("trailing.xlsx", 2, 0, ""),
        ("merged_hidden.xlsx", 4, 0, "hidden"),
        ("ical_latin1.ics", 1, 0, "Windows-1252"),
        ("ical_utf16.ics", 1, 0, "UTF-16"),
        ("ical_weekly_series.ics", 12, 0, ""),
    ],
)
def test_a_case_comes_in(database: Database, tmp_path: Path, name: str, created: int, left_out: int, said: str) -> None:
    """So many rows are new, so many are left out, and this is said."""
    options = ImportOptions(as_of=AS_OF, skip_bad_rows=True, rejected_dir=tmp_path)
    report = run_import(database, [CASES / name], options)
    assert (report.committed, report.total("created"), report.total("rejected")) == (True, created, left_out)
    assert said in report.in_words()


@pytest.mark.parametrize("name", ["csv_empty", "csv_headeronly", "csv_smartquote"])
def test_a_case_without_a_row_to_take_is_no_success(database: Database, tmp_path: Path, name: str) -> None:
    """Nothing is written."""
    report = run_import(database, [CASES / name], ImportOptions(skip_bad_rows=True, rejected_dir=tmp_path))
    assert (report.committed, report.nothing_taken) == (False, True)


def test_an_odd_calendar_keeps_its_events_without_title_or_with_an_odd_address(
    database: Database, tmp_path: Path
) -> None:
    """Only an event without a day is none."""
    options = ImportOptions(as_of=AS_OF, skip_bad_rows=True, rejected_dir=tmp_path)
    report = run_import(database, [CASES / "ical_odds.ics"], options)
    assert [problem.column for problem in report.errors if problem.line == 8] == ["DTSTART"]
    with database.reading() as connection:
        keys = connection.execute(select(events.c.event_key)).scalars().all()
        march = connection.execute(select(func.count()).where(events.c.starts_on == date(2026, 3, 1))).scalar_one()
    assert {"o1", "o3", "o4", "o5", "o7"} <= {key.partition("@")[0] for key in keys}
    assert march >= 4
