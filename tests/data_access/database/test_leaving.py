"""A question whose reader has left is stopped on each engine, and nothing else is."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from data_access.database.engine import Database
from data_access.database.leaving import ReaderLeft, asked_by
from data_access.database.read_copy import write_read_copy
from data_access.questions.answering import read_for
from data_access.selection import Role, Scope

pytestmark = pytest.mark.slow
PM = Scope(Role.PM)
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 10000000) b",
    "duckdb": "SELECT sum(hash(a.range + b.range) % 7) FROM range(10000000) a, range(10000000) b",
}


def with_copy(database: Database, folder: Path) -> Database:
    write_read_copy(database.program, folder / "copy.duckdb")
    return Database(database.url, folder / "copy.duckdb")


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql), "duckdb"])
def test_what_runs_for_nobody_is_stopped(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Within a second or two of going, also where another reader's question runs meanwhile; and the next one works."""
    database: Database = request.getfixturevalue("postgresql" if engine == "postgresql" else "database")
    used = with_copy(database, tmp_path) if engine == "duckdb" else database
    gone, found = threading.Event(), []

    def stays() -> None:
        with asked_by(lambda: False):
            found.append(read_for(used, PM, lambda connection: connection.execute(text("SELECT 1")).scalar()))

    def endless() -> None:
        with asked_by(gone.is_set), pytest.raises(ReaderLeft):
            read_for(used, PM, lambda connection: connection.execute(text(ENDLESS[engine])).all())
        found.append("stopped")

    asking = threading.Thread(target=endless)
    asking.start()
    time.sleep(0.5)
    stays()
    assert found == [1]
    gone.set()
    asking.join(10)
    assert found == [1, "stopped"]
    stays()
    assert found == [1, "stopped", 1]
    used.close()


def test_an_error_of_a_reader_who_is_there_stays_what_it_is(database: Database) -> None:
    with asked_by(lambda: False), pytest.raises(ZeroDivisionError):
        read_for(database, PM, lambda _: 1 // 0)
