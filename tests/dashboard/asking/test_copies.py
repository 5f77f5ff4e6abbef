"""The read copy follows what is recorded, without anybody waiting for it."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from dashboard.asking import copies
from data_access.actions import Author, raise_risk
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.selection import Role, Scope
from tests.builders import ProgramBuilder
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.slow

ADA = Author("Ada", Scope(Role.PM))


def finished() -> None:
    for thread in threading.enumerate():
        if thread.name == "copies":
            thread.join(timeout=30)


def test_a_recorded_change_makes_the_copy_stale_until_it_is_rewritten(program: ProgramBuilder, tmp_path: Path) -> None:
    """In between the program database answers; several changes in a row need no run each."""
    TeamBuilder(program.database).add_team("docs")
    program.add_import()
    write_read_copy(program.database.program, tmp_path / "copy.duckdb")
    database = Database(program.database.url, tmp_path / "copy.duckdb")
    assert database.reads_from_copy()
    for risk in ("resistance", "role_tacked_on", "Our room is closed"):
        raise_risk(database, ADA, "docs", today=date(2026, 9, 15), risk=risk)
        assert not database.reads_from_copy()
        copies.refresh_soon(database)
        finished()
        assert database.reads_from_copy()
    for _ in range(5):
        copies.refresh_soon(database)
    finished()
    assert database.reads_from_copy()
    database.close()


def test_without_a_copy_the_release_is_written(program: ProgramBuilder) -> None:
    program.add_import()
    copies.refresh_soon(program.database)
    finished()
    assert program.database.released_version() == program.database.version()
