"""Every question gives the same answer on SQLite, PostgreSQL, from the DuckDB read copy and, from a lake, on Sail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.database.engine import Database, snapshot
from data_access.database.lake.reading import Lake
from data_access.database.read_copy import write_read_copy
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.publishing.collect import collect
from data_access.questions import QUESTIONS
from data_access.questions.answering import connection_for
from data_access.questions.options import filter_options
from data_access.release.lake import write_lake
from data_access.release.project import write_release
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from sample_data.generator import write_program
from tests.data_access.questions.asking import named_for
from tests.releasing import release
from tests.sail import Sail


@dataclass(frozen=True)
class Engines:
    """One program in three engines, and what its filters can offer."""

    sqlite: Database
    postgresql: Database
    duckdb: Database
    values: dict[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: str, request: pytest.FixtureRequest
) -> Iterator[Engines]:
    from data_access.migrations.migrate import initialise

    folder = tmp_path_factory.mktemp("engines")
    write_program(folder / "bundle", events=400, contributions=4_000, people=300, seed=7)
    sqlite = Database(f"sqlite:///{folder / 'program.db'}")
    postgresql = Database(postgresql_server)
    for database in (sqlite, postgresql):
        initialise(database.program)
        assert run_import(database, [folder / "bundle"], ImportOptions(releases=False)).committed
    write_read_copy(sqlite.program, folder / "copy.duckdb")
    duckdb = Database(sqlite.url, Path(folder / "copy.duckdb"))
    assert duckdb.reads_from_copy()
    with sqlite.reading() as connection:
        options = filter_options(connection)
    values = {name: tuple(value for value, _ in pairs) for name, pairs in options.values.items()}
    yield Engines(sqlite, postgresql, duckdb, values)
    for database in (sqlite, postgresql, duckdb):
        database.close()


@pytest.fixture(scope="module")
def released(engines: Engines) -> Engines:
    """The same, with a release: made by each database, and a columnar copy of one."""
    for database in (engines.sqlite, engines.postgresql):
        release(database, date(2026, 7, 1))
    write_release(engines.duckdb)
    return engines


def same_from_a_lake(engines: Engines, sail: Sail, folder: Path, selection: Selection, scope: Scope) -> None:
    """In the same order, too; with a minute for a statement: other tests need the processor."""
    write_lake(engines.duckdb, folder)
    lake = Database(engines.sqlite.url, lake=Lake(sail.url, folder, seconds=60))
    with connection_for(lake, scope) as connection:
        assert connection.dialect.name == "spark"
    found = answers(lake, selection, scope)
    lake.close()
    for name, rows in answers(engines.duckdb, selection, scope).items():
        skip = 1 if name == "events_by_place" else 0
        assert [row[skip:] for row in found[name]] == [row[skip:] for row in rows], name


DAYS = st.dates(date(2021, 6, 1), date(2027, 1, 31))


@st.composite
def selections(draw: st.DrawFn, values: dict[str, tuple[str, ...]]) -> Selection:
    """Any period, and up to two filters with values that occur."""
    start, end = draw(DAYS), draw(DAYS)
    period = Period(min(start, end), max(start, end)) if start != end else Period.quarter_of(start)
    period = draw(st.sampled_from([period, period.whole_quarters(), Selection().period]))
    choices = {"mode": ("in_person", "online", "hybrid"), "scale": ("micro", "regional", "annual"), **values}
    names = draw(st.lists(st.sampled_from(sorted(name for name in choices if choices[name])), max_size=2, unique=True))
    narrowed = {
        name: tuple(draw(st.lists(st.sampled_from(choices[name]), min_size=1, max_size=3, unique=True)))
        for name in names
    }
    statuses = draw(st.sampled_from([("held",), ("planned",), ("held", "planned", "cancelled"), ("cancelled",)]))
    return Selection(period, draw(st.sampled_from([date(2026, 9, 15), date(2024, 5, 20)])), status=statuses, **narrowed)  # type: ignore[arg-type]  # filters alone


def answers(database: Database, selection: Selection, scope: Scope, *only: str) -> dict[str, Any]:
    """What every question says (or only these), row by row."""
    found: dict[str, Any] = {}
    with connection_for(database, scope) as connection:
        for name, question in QUESTIONS.items():
            if (
                name in ("imports_log", "import_hints", "live_sources", "refused_imports")
                or scope.role not in question.roles
                or (only and name not in only)
            ):
                continue
            found[name] = _rows(question.ask(connection, selection, scope, **named_for(question)))
        if scope.role is not Role.PUBLIC and not only:
            by_members = QUESTIONS["country_gaps"].ask(connection, selection, scope, exposure="members")
            found["country_gaps by members"] = _rows(by_members)
    return found


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    return [[_comparable(value) for value in row] for row in table.itertuples(index=False)]


def _comparable(value: Any) -> Any:
    if pd.isna(value):
        return None
    return round(value, 9) if isinstance(value, float) else value


def compare(engines: Engines, selection: Selection, scope: Scope) -> None:
    expected = answers(engines.sqlite, selection, scope)
    assert sum(map(bool, expected.values())) > len(expected) / 4
    # Places are numbered per database; their coordinates and counts must agree.
    for other in (engines.postgresql, engines.duckdb):
        found = answers(other, selection, scope)
        for name, rows in expected.items():
            skip = 1 if name == "events_by_place" else 0
            ours, theirs = [row[skip:] for row in rows], [row[skip:] for row in found[name]]
            assert sorted(theirs, key=str) == sorted(ours, key=str), (name, other.url)


def test_each_question_answers_the_same_on_all_three_engines(engines: Engines) -> None:
    """A part of the time and some languages, seen from a past day, compared value by value."""
    past = Selection(Period(date(2023, 2, 3), date(2024, 5, 5)), date(2024, 5, 20), language=("es", "en", "fr"))
    compare(engines, past, Scope(Role.PM))


@pytest.mark.long
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_each_question_answers_the_same_whatever_is_selected(released: Engines, data: st.DataObject) -> None:
    """Random selections and roles."""
    selection = data.draw(selections(released.values))
    scope = data.draw(st.sampled_from([Scope(Role.PM), Scope(Role.LEADERSHIP), Scope(Role.PUBLIC)]))
    compare(released, selection, scope)


OF_ALL = Selection(as_of=date(2026, 9, 15))
NARROW = Selection(Period(date(2025, 1, 1), date(2026, 7, 1)), date(2026, 9, 15), language=("es", "pt", "fr"))


@pytest.mark.slow
@pytest.mark.parametrize("selection", [pytest.param(OF_ALL, id="all"), pytest.param(NARROW, marks=pytest.mark.long)])
def test_each_question_answers_the_same_from_a_lake(
    engines: Engines, sail: Sail, tmp_path: Path, caplog: pytest.LogCaptureFixture, selection: Selection
) -> None:
    """It is the engine past one machine that answers, nobody in its place."""
    same_from_a_lake(engines, sail, tmp_path, selection, Scope(Role.PM))
    assert [record.message for record in caplog.records if "lake" in record.message] == []


@pytest.mark.long
def test_what_was_released_is_the_same_from_a_lake(released: Engines, sail: Sail, tmp_path: Path) -> None:
    same_from_a_lake(released, sail, tmp_path, OF_ALL, Scope(Role.LEADERSHIP))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_narrower_selection_never_shows_more_events(engines: Engines, data: st.DataObject) -> None:
    """Taking a filter away never lowers the count, and the parts by country and by month add up to the whole."""
    selection = data.draw(selections(engines.values))
    found = answers(engines.duckdb, selection, Scope.everything(), "events_total", "events_by_country")
    [[total]] = found["events_total"]
    assert sum(row[2] for row in found["events_by_country"]) == total
    for item in selection.narrowed_by:
        wide = answers(engines.duckdb, selection.without(item.name), Scope.everything(), "events_total")
        [[wider]] = wide["events_total"]
        assert wider >= total


@settings(max_examples=60)
@given(data=st.data())
def test_a_selection_survives_its_url(data: st.DataObject) -> None:
    """What `to_query` writes, `from_query` reads; commas and backslashes in values included."""
    texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs"]), min_size=1, max_size=12)
    selection = Selection(
        Period(date(2024, 1, 1), date(2024, 4, 1)),
        date(2024, 3, 1),
        topic=tuple(data.draw(st.lists(texts, max_size=3))),
        team=tuple(data.draw(st.lists(texts, max_size=3))),
        status=data.draw(st.sampled_from([("held",), ("planned", "held"), ("cancelled", "held", "planned")])),
    )
    assert Selection.from_query(selection.to_query()) == selection


@pytest.mark.parametrize("text", ["2019-13", "yesterday", "2020-01-01..2019-01-01", "2019-Q5", "2020..", ""])
def test_a_period_that_cannot_be_read_is_refused_with_examples(text: str) -> None:
    """The message shows what can be written instead, or says that the period is empty."""
    with pytest.raises(SelectionError, match=r"2019-Q3|is empty"):
        Period.parse(text)


@pytest.mark.long
def test_what_is_published_is_the_same_on_every_engine(released: Engines) -> None:
    """Every table of the public database, row by row."""
    by_engine: dict[int, dict[str, Any]] = {}
    for database in (released.sqlite, released.postgresql, released.duckdb):
        with database.outside() as connection:
            snapshot(connection)
            found = collect(connection).tables
        facts = found["publication"]
        by_engine[id(database)] = {name: _rows(table) for name, table in found.items()} | {
            "publication": _rows(facts[~facts["name"].isin(["published_at", "data_as_of", "data_version"])])
        }
    assert by_engine[id(released.sqlite)] == by_engine[id(released.postgresql)] == by_engine[id(released.duckdb)]
    assert by_engine[id(released.sqlite)]["shares"]
