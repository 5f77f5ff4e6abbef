"""The pages' tests use the dashboard's programs: `busy`, `program`, `bare`, `nowhere`; and two for every page.

`full` is the believable program with something in every corner, `hostile` the same with hostile words. Neither is
written to.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from data_access.database.engine import Database
from data_access.release.project import write_release
from tests.dashboard.conftest import bare, busy, fresh_caches, nowhere, program
from tests.full_program import full_program, make_hostile
from tests.releasing import release

__all__ = ["bare", "busy", "fresh_caches", "nowhere", "program"]


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "uplift.db"
    built = full_program(f"sqlite:///{path}")
    release(built.database, date(2026, 7, 1))
    built.database.close()
    return path


@pytest.fixture(scope="session")
def full(full_file: Path) -> str:
    return f"sqlite:///{full_file}"


@pytest.fixture(scope="session")
def hostile(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = shutil.copy(full_file, tmp_path_factory.mktemp("hostile"))
    database = Database(f"sqlite:///{path}")
    make_hostile(database)
    write_release(database)
    database.close()
    return database.url
