"""What is worked out for everybody at once, in a columnar copy, is what the database works out by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, delete, insert, inspect, select, update

from data_access.database import unfinished_copy
from data_access.database.changes import record_change
from data_access.database.copying import copy_table
from data_access.database.engine import Database
from data_access.database.read_copy import copied_tables, write_read_copy
from data_access.database.schema import (
    areas,
    contributions,
    events,
    metadata,
    people,
    program,
    team_contributors,
    teams,
)
from data_access.derived import at_once
from data_access.derived.levels import CONTRIBUTOR_TABLES, refresh_contributors
from data_access.derived.team_contributors import refresh_team_contributors
from data_access.imports import pipeline, refreshing
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.release import make
from sample_data.generator import write_program

pytestmark = pytest.mark.slow

DERIVED = (*CONTRIBUTOR_TABLES, team_contributors)
AS_OF = date(2026, 9, 15)
PEOPLE = "abcd"
STEPS = st.one_of(st.integers(0, 4), st.integers(27, 33), st.integers(0, 200))


@contextmanager
def everything_at_once(*, released: bool = False) -> Iterator[None]:
    """However few the contributions are, on every engine; without a release, or with one that asks nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(at_once, "MANY_ROWS", 0)
        patch.setattr(at_once, "ENGINES", {"sqlite", "postgresql"})
        patch.setattr(make, "MANY_ROWS", 0)
        patch.setattr(make, "_are_enough", lambda *_: False)
        if not released:
            patch.setattr(pipeline, "due_on", lambda *_: None)
        yield


def rows(connection: Connection, tables: Any) -> dict[str, Counter[tuple[Any, ...]]]:
    return {table.name: Counter(map(tuple, connection.execute(select(table)))) for table in tables}


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for person in PEOPLE[:3]:
        day = draw(st.sampled_from([date(2023, 12, 30), date(2024, 2, 28)]))
        for step in draw(st.lists(STEPS, max_size=10)):
            day += timedelta(days=step)
            row = {
                "person_key": person,
                "contributed_on": day,
                "area": draw(st.sampled_from(["coding", "docs"])),
                "team_key": draw(st.sampled_from([None, "t1", "t2"])),
                "event_key": draw(st.sampled_from([None, "e1", "é2"])),
                "project": draw(st.sampled_from([None, "x"])),
            }
            found[tuple(row.values())] = {**row, "quantity": draw(st.integers(1, 4))}
    return list(found.values())


def write_history(connection: Connection, history: list[dict[str, Any]], thresholds: dict[str, int]) -> None:
    for table in (*DERIVED, contributions, people, areas, program, events, teams):
        connection.execute(delete(table))
    connection.execute(insert(program), {"program_id": 1, "name": "P", "currency": "EUR", **thresholds})
    connection.execute(insert(areas), [{"area": "coding", "is_code": True}, {"area": "docs", "is_code": False}])
    joined = (date(2024, 1, 15), None, None, date(2024, 3, 1))
    connection.execute(
        insert(people), [{"person_key": key, "joined_on": day} for key, day in zip(PEOPLE, joined, strict=True)]
    )
    connection.execute(insert(teams), [{"team_key": key, "name": key} for key in ("t1", "t2")])
    connection.execute(
        insert(events), [{"event_key": key, "title": key, "starts_on": date(2024, 1, 1)} for key in ("e1", "é2")]
    )
    if history:
        connection.execute(insert(contributions), history)


THRESHOLDS = st.fixed_dictionaries(
    {"window_days": st.integers(1, 100), "active_min": st.integers(1, 8), "core_min": st.integers(1, 20)}
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), THRESHOLDS)
def test_at_once_is_what_each_engine_works_out_by_itself(
    either: Database, history: list[dict[str, Any]], thresholds: dict[str, int]
) -> None:
    """Every derived table, value by value, of any history and thresholds in any order."""
    with either.writing() as connection:
        write_history(connection, history, thresholds)
        refresh_contributors(connection, None)
        refresh_team_contributors(connection, None)
        by_itself = rows(connection, DERIVED)
        for table in DERIVED:
            connection.execute(delete(table))
        with everything_at_once(), unfinished_copy.copy_of_its_own(either.program) as copy:
            refresh_contributors(connection, None, copy)
            refresh_team_contributors(connection, None, copy)
            assert set(copy.tables) >= {table.name for table in DERIVED}
        assert rows(connection, DERIVED) == by_itself


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("at_once") / "bundle"
    write_program(folder, events=40, contributions=400, people=60, seed=5, as_of=AS_OF)
    return folder


@pytest.fixture
def copied(database: Database, tmp_path: Path) -> Iterator[Database]:
    made = Database(database.url, tmp_path / "copy" / "read.duckdb")
    (tmp_path / "copy").mkdir()
    yield made
    made.close()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each table was read out of the program database."""
    found: Counter[str] = Counter()

    def counting(connection: Connection, copy: duckdb.DuckDBPyConnection, table: Table) -> int:
        found[table.name] += connection.dialect.name == "sqlite"
        return copy_table(connection, copy, table)

    monkeypatch.setattr(unfinished_copy, "copy_table", counting)
    return found


def assert_copy_is_whole(database: Database) -> None:
    assert database.reads_from_copy()
    with database.program.connect() as there, database.reading() as here:
        assert here.dialect.name == "duckdb"
        assert rows(here, copied_tables()) == rows(there, copied_tables())


def test_an_import_of_much_takes_each_row_out_once(copied: Database, bundle: Path, taken: Counter[str]) -> None:
    """For what follows from it, for the release, and for the read copy."""
    with everything_at_once(released=True):
        assert run_import(copied, [bundle]).committed
    assert taken["contributions"] == taken["people"] == taken["participations"] == 1  # none of them is in the release
    assert not {table.name for table in DERIVED} & taken.keys()
    assert_copy_is_whole(copied)
    left = {path.name for path in (copied.read_copy or Path()).parent.iterdir()}
    assert left == {"read.duckdb", "read.release.duckdb"}


def test_whoever_writes_in_between_is_in_the_copy(
    copied: Database, bundle: Path, monkeypatch: pytest.MonkeyPatch, taken: Counter[str]
) -> None:
    """What the import had begun is of another version then, and left."""

    def afterwards(*given: Any) -> int:
        with copied.writing() as connection:
            connection.execute(update(people).values(joined_on=None))
            record_change(connection, "edit", "in between")
        return write_read_copy(*given)

    monkeypatch.setattr(refreshing, "write_read_copy", afterwards)
    with everything_at_once():
        assert run_import(copied, [bundle]).committed
    assert taken["contributions"] == 2
    assert_copy_is_whole(copied)


def test_without_room_for_a_copy_the_database_does_it(
    copied: Database, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: Any) -> int:
        raise OSError("No space left on device")

    with everything_at_once(), monkeypatch.context() as patch:
        patch.setattr(unfinished_copy, "copy_table", full)
        report = run_import(copied, [bundle])
    assert report.committed
    assert "could not be written" in " ".join(problem.problem for problem in report.problems)
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    initialise(other.program)
    with everything_at_once():
        run_import(other, [bundle])
    with copied.program.connect() as one, other.program.connect() as two:
        assert rows(one, DERIVED) == rows(two, DERIVED)
    other.close()


def test_an_import_that_ends_while_it_writes_back_leaves_everything(
    copied: Database, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and indexes are those of before."""
    everything = [table for table in metadata.sorted_tables if table.name != "countries"]
    indexes = {table.name: inspect(copied.program).get_indexes(table.name) for table in DERIVED}
    with copied.program.connect() as connection:
        before = rows(connection, everything)

    def ends(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(at_once, "BulkInserter", lambda *_: ends)
    with everything_at_once(), pytest.raises(KeyboardInterrupt):
        run_import(copied, [bundle])
    with copied.program.connect() as connection:
        assert rows(connection, everything) == before
    assert {table.name: inspect(copied.program).get_indexes(table.name) for table in DERIVED} == indexes
    assert not list((copied.read_copy or Path()).parent.iterdir())
