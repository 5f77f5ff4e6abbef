"""Programs for the dashboard's tests.

The universe: `busy` is a believable program from mid-2024 to 15 September 2026 (see `believable_program`); `bare` has
tables but nothing in them; `nowhere` is a database without tables. "Today" is 15 September 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import streamlit as st

from dashboard import settings
from dashboard.settings.databases import database
from tests.builders import ProgramBuilder, believable_program
from tests.releasing import release


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a believable program. Not to be written to."""
    url = f"sqlite:///{tmp_path_factory.mktemp('busy') / 'uplift.db'}"
    release(believable_program(url).database, date(2026, 7, 1))
    return url


@pytest.fixture
def program(tmp_path: Path) -> ProgramBuilder:
    """A program with settings and nothing else, to be filled by the test."""
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program()
    return built


@pytest.fixture
def bare(tmp_path: Path) -> str:
    return ProgramBuilder(f"sqlite:///{tmp_path / 'bare.db'}").database.url


@pytest.fixture
def nowhere(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'nowhere.db'}"


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """No answer of one test reaches another, and no test's server settings stay in force."""
    st.cache_data.clear()
    yield
    st.cache_data.clear()
    database.cache_clear()
    settings._in_force.clear()
