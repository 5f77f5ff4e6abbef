"""A large program is released from a columnar copy of what the import sees, and tells the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from sqlalchemy import Connection, select

from data_access.database import unfinished_copy
from data_access.database.schema import released_amounts, released_counts, released_rows
from data_access.imports.refreshing import begin, release_of
from data_access.release import history, make, project
from data_access.release.make import make_release
from data_access.selection import Period, Selection
from tests.full_program import full_program
from tests.releasing import ask_outside, release

pytestmark = pytest.mark.slow


def told(connection: Connection) -> list[set[tuple[object, ...]]]:
    return [
        {tuple(row) for row in connection.execute(select(table))}
        for table in (released_counts, released_amounts, released_rows)
    ]


def test_a_release_from_the_copy_tells_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both see what the transaction has written and nobody else can; the copy is gone afterwards."""
    built = full_program(f"sqlite:///{tmp_path / 'uplift.db'}")
    with built.database.writing() as connection:
        make_release(connection, date(2026, 7, 1), 0)
        without_copy = told(connection)
        history.forget(connection)
        (tmp_path / ".uplift.db.asked-left").mkdir()
        (tmp_path / ".uplift.db.asked-left" / "asked.duckdb").write_text("of an import that was killed")
        monkeypatch.setattr(make, "MANY_ROWS", 1)
        copied: list[str] = []
        make_release(connection, date(2026, 7, 1), 0, lambda what, done, total: copied.append(what))
        assert "Copying contributions" in copied
        for there, here in zip(told(connection), without_copy, strict=True):
            assert len(here) > 10
            assert there == here
    assert {path.name for path in tmp_path.iterdir()} <= {"uplift.db", "uplift.db-wal", "uplift.db-shm"}
    built.database.close()


def test_without_memory_for_the_copy_an_import_stands_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = full_program(f"sqlite:///{tmp_path / 'uplift.db'}")

    def too_much(*_: object) -> int:
        raise duckdb.OutOfMemoryException("failed to allocate data")

    monkeypatch.setattr(make, "MANY_ROWS", 1)
    with built.database.writing() as connection:
        with monkeypatch.context() as patch, begin(built.database) as begun:
            patch.setattr(unfinished_copy, "copy_table", too_much)
            [hint] = release_of(date(2026, 7, 1), connection, 0, lambda *_: None, begun)
        assert (hint.problem, hint.severity) == ("no release could be made (failed to allocate data)", "hint")
        assert "uplift release" in hint.remedy
        with begin(built.database) as begun:
            assert not list(release_of(date(2026, 7, 1), connection, 0, lambda *_: None, begun))
        assert len(told(connection)[0]) > 10
    built.database.close()


def test_who_is_outside_reads_a_large_release_from_a_columnar_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells the same as the file beside the program, which is read where there is no copy."""
    built = full_program(f"sqlite:///{tmp_path / 'uplift.db'}")
    selection = Selection(Period(date(2025, 7, 1), date(2026, 7, 1)), date(2026, 7, 10))
    asked = ("impact_summary", "languages_of_events", "contributor_funnel")
    release(built.database, date(2026, 7, 1))
    with built.database.outside() as connection:
        assert connection.dialect.name == "sqlite"
    from_file = [ask_outside(built.database, name, selection) for name in asked]
    monkeypatch.setattr(project, "LARGE", 1)
    project.write_release(built.database)
    with built.database.outside() as connection:
        assert connection.dialect.name == "duckdb"
    for name, expected in zip(asked, from_file, strict=True):
        assert len(expected)
        pd.testing.assert_frame_equal(ask_outside(built.database, name, selection), expected)
    monkeypatch.undo()
    project.write_release(built.database)
    assert not list(tmp_path.glob("*.duckdb"))
    built.database.close()
