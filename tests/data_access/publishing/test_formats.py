"""What earlier versions published stays readable, and is shown as it was told then."""

from __future__ import annotations

import lzma
from datetime import date

import pandas as pd
import pytest

from dashboard.site.changes import NEW_HISTORY, changes
from dashboard.site.page import page
from dashboard.site.parts import Site
from data_access.publishing.reader import TABLES, Publication, open_publication
from tests.publications import FORMAT_1


@pytest.fixture(scope="module")
def older() -> Publication:
    return open_publication(lzma.decompress(FORMAT_1.read_bytes()))


@pytest.fixture(scope="module")
def tables(older: Publication) -> dict[str, pd.DataFrame]:
    return {name: older.table(name) for name in TABLES}


def test_the_first_format_is_read(older: Publication, tables: dict[str, pd.DataFrame]) -> None:
    """Its facts and its ranges; it is of no release."""
    assert older.about["format"] == "1"
    assert older.released_for is None
    assert not older.begins_a_history
    assert older.day("period_end") == date(2026, 7, 1)
    assert all(len(table) for table in tables.values())


def test_its_page_says_what_it_said(older: Publication, tables: dict[str, pd.DataFrame]) -> None:
    """Visits and talks as ranges, money as ranges of quarters; no word of a release."""
    shown = page(Site(older, tables))
    for words in ("21,960 to 21,976", "$40,000 to $45,000", "less than $5,000", ">Talks<", "890 to 899"):
        assert words in shown
    assert "As released" not in shown
    assert "about $" not in shown
    assert NEW_HISTORY not in shown


def test_what_is_published_over_it_is_compared_with_it(older: Publication, tables: dict[str, pd.DataFrame]) -> None:
    """The first thing that is said is that a new history begins."""
    now = Publication(older.source, older.about | {"format": "2", "new_history": "yes"})
    fewer = tables | {"spending": tables["spending"].iloc[1:]}
    assert changes(older, tables, now, fewer) == [NEW_HISTORY, "Table spending: 1 row gone."]
