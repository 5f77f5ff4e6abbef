"""The footer says how old the data are: what somebody records does not make old data new."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dashboard.parts.page_parts import data_as_of
from tests.builders import ProgramBuilder


def test_a_recording_is_no_import(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    assert not built.database.version().imported
    built.add_import(finished_at=datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001  # stored without a zone
    imported = built.database.version()
    assert data_as_of(imported) == "Data as of 1 March 2026, 09:00 UTC (import 1)"
    built.add_import("milestone of team docs", datetime(2026, 5, 4, 8, 30), kind="edit")  # noqa: DTZ001
    recorded = built.database.version()
    assert (recorded.import_id, recorded.imported) == (2, 1)
    words = "Data as of 1 March 2026, 09:00 UTC (import 1); last recorded 4 May 2026, 08:30 UTC"
    assert data_as_of(recorded) == words
