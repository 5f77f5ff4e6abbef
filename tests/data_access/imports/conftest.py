"""What the tests of imports share."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from tests.data_access.imports.taking_in import OPTIONS, Importing


@pytest.fixture
def taken(database: Database) -> Importing:
    """Imports paths and expects them to come in."""

    def take(*paths: Path) -> ImportReport:
        report = run_import(database, paths, OPTIONS)
        assert report.committed, report.in_words()
        return report

    return take
