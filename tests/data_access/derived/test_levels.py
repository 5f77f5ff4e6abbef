"""Levels of contributors: hand-made histories, random ones against plain Python, and imports that touch a few."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import (
    areas,
    contributions,
    contributor_areas,
    contributor_levels,
    contributor_months,
    contributor_returns,
    contributor_spans,
    contributor_spells,
    metadata,
    people,
    program,
)
from data_access.derived.levels import refresh_contributors
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations import migrate
from tests.bundles import write_table

pytestmark = pytest.mark.slow

Row = tuple[str, date, int, str]
PROGRAM = {"name": "Levels", "currency": "EUR"}


def levels(database: Database) -> dict[str, tuple[Any, ...]]:
    """joined, casual, active and core days by person."""
    table = contributor_levels.c
    with database.reading() as connection:
        rows = connection.execute(
            select(table.person_key, table.joined_on, table.casual_on, table.active_on, table.core_on)
        )
        return {row[0]: tuple(row[1:]) for row in rows}


def contributed(person: str, day: str, quantity: int = 1, **columns: str) -> dict[str, str]:
    return {
        "person_key": person,
        "contributed_on": day,
        "area": "coding",
        "quantity": str(quantity),
        **columns,
    }


def load(
    database: Database,
    folder: Path,
    *rows: dict[str, str],
    people_rows: list[dict[str, str]] | None = None,
    **thresholds: str,
) -> None:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    if rows:
        write_table(folder, "contributions", *({key: row.get(key, "") for key in columns} for row in rows))
    if people_rows:
        write_table(folder, "people", *people_rows)
    if thresholds:
        write_table(folder, "program", PROGRAM | thresholds)
    report = run_import(database, [folder], ImportOptions(releases=False))
    assert report.committed, report.errors


def test_levels_are_reached_on_the_day_the_window_first_holds_enough(either: Database, tmp_path: Path) -> None:
    """Three in 90 days make active, twelve core; quantities count, and so do several rows of one day."""
    load(
        either,
        tmp_path,
        contributed("a", "2024-01-01"),
        contributed("a", "2024-01-01", area="docs"),
        contributed("a", "2024-02-01"),
        contributed("a", "2024-02-20", 9),
        contributed("b", "2024-05-05", 40),
        contributed("c", "2024-05-05", 2),
        active_min="3", core_min="12",
    )  # fmt: skip
    day = date
    assert levels(either) == {
        "a": (day(2024, 1, 1), day(2024, 1, 1), day(2024, 2, 1), day(2024, 2, 20)),
        "b": (day(2024, 5, 5),) * 4,
        "c": (day(2024, 5, 5), day(2024, 5, 5), None, None),
    }


@pytest.mark.parametrize(("third", "reached"), [("2024-03-30", True), ("2024-03-31", False)])
def test_the_window_holds_ninety_days_and_its_own_last_one(
    either: Database, tmp_path: Path, third: str, reached: bool
) -> None:
    """From 1 January of a leap year, 30 March is the 90th day and 31 March the first one outside."""
    load(either, tmp_path, contributed("a", "2024-01-01", 2), contributed("a", third))
    assert (levels(either)["a"][2] is not None) is reached


def test_whoever_contributes_before_joining_has_joined_then(either: Database, tmp_path: Path) -> None:
    """And who joined without contributing is at the start; who did neither is nowhere."""
    rows = [
        {"person_key": "early", "joined_on": "2024-06-01"},
        {"person_key": "later", "joined_on": "2024-01-01"},
        {"person_key": "silent", "joined_on": "2024-03-03"},
        {"person_key": "unknown", "joined_on": ""},
    ]
    load(either, tmp_path, contributed("early", "2024-05-01"), contributed("later", "2024-02-10"), people_rows=rows)
    assert levels(either) == {
        "early": (date(2024, 5, 1), date(2024, 5, 1), None, None),
        "later": (date(2024, 1, 1), date(2024, 2, 10), None, None),
        "silent": (date(2024, 3, 3), None, None, None),
    }
    with either.reading() as connection:
        listed = connection.execute(select(contributor_levels.c.person_key, contributor_levels.c.days_to_casual))
        waits = {row.person_key: row.days_to_casual for row in listed}
    assert waits == {"early": 0, "later": 40, "silent": None}


def test_new_thresholds_move_everybody_and_a_joining_date_moves_one(either: Database, tmp_path: Path) -> None:
    """A later bundle without contributions brings them up to date all the same."""
    load(either, tmp_path / "1", contributed("a", "2024-01-01", 2), contributed("b", "2024-01-05", 5))
    assert levels(either)["a"][2] is None
    load(either, tmp_path / "2", active_min="2")
    assert levels(either)["a"][2] == date(2024, 1, 1)
    load(either, tmp_path / "3", people_rows=[{"person_key": "a", "joined_on": "2023-12-01"}])
    assert levels(either)["a"][0] == date(2023, 12, 1)
    assert levels(either)["b"][3] is None
    load(either, tmp_path / "4", contributed("b", "2024-02-05", 7))
    assert levels(either)["b"][3] == date(2024, 2, 5)
    assert levels(either)["a"][0] == date(2023, 12, 1)


def test_the_first_contribution_says_team_area_and_event(either: Database, tmp_path: Path) -> None:
    """Of several on the first day, the largest."""
    write_table(tmp_path, "teams", {"team_key": "t1", "name": "One"}, {"team_key": "t2", "name": "Two"})
    write_table(tmp_path, "events", {"event_key": "e1", "title": "E", "starts_on": "2024-01-01"})
    load(
        either,
        tmp_path,
        contributed("a", "2024-01-01", 1, team_key="t1", area="docs", event_key="e1"),
        contributed("a", "2024-01-01", 2, team_key="t2", area="coding", event_key=""),
        contributed("b", "2024-01-02", 2, team_key="t1", area="docs", event_key="e1"),
        contributed("b", "2024-01-01", 2, team_key="", area="docs", event_key="e1"),
    )
    columns = contributor_levels.c
    with either.reading() as connection:
        rows = connection.execute(
            select(columns.person_key, columns.team_key, columns.area, columns.event_key).order_by(columns.person_key)
        ).all()
    assert [tuple(row) for row in rows] == [("a", "t2", "coding", None), ("b", None, "docs", "e1")]


def test_an_older_database_gets_its_levels_when_it_is_upgraded(either: Database, tmp_path: Path) -> None:
    """Filled once, as a change of its own, so that an older read copy is passed over."""
    load(either, tmp_path, contributed("a", "2024-01-01"))
    before = either.version()
    with either.writing() as connection:
        connection.execute(delete(contributor_levels))
    migrate.initialise(either.program)
    assert set(levels(either)) == {"a"}
    after = either.version()
    assert after > before
    migrate.initialise(either.program)
    assert either.version() == after


def test_the_read_copy_carries_the_levels(database: Database, tmp_path: Path) -> None:
    """DuckDB answers as SQLite does."""
    load(database, tmp_path, contributed("a", "2024-01-01", 3), contributed("b", "2024-02-29"))
    write_read_copy(database.program, tmp_path / "copy.duckdb")
    copied = Database(database.url, tmp_path / "copy.duckdb")
    assert copied.reads_from_copy()
    assert levels(copied) == levels(database)
    copied.close()


# ---- random histories against plain Python --------------------------------------------------------------------------


def reference(rows: list[Row], window: int, active_min: int, core_min: int) -> dict[str, tuple[date | None, ...]]:
    """Every day, every window, added up one by one."""
    done: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for person, day, quantity, _ in rows:
        done[person][day] += quantity
    found = {}
    for person, days in done.items():
        ordered = sorted(days)
        totals = {end: sum(days[day] for day in ordered if 0 <= (end - day).days < window) for end in ordered}
        first = [next((day for day in ordered if totals[day] >= least), None) for least in (1, active_min, core_min)]
        for upper in (2, 1):
            reached, below = first[upper], first[upper - 1]
            if reached and (not below or reached < below):
                first[upper - 1] = reached
        found[person] = tuple(first)
    return found


STARTS = st.sampled_from([date(2023, 12, 1), date(2024, 2, 28), date(2024, 2, 29), date(2000, 2, 29)])
STEPS = st.one_of(st.integers(0, 5), st.integers(86, 93), st.integers(0, 400))


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    rows: dict[tuple[str, date, str], int] = {}
    for person in ("a", "b", "c"):
        day = draw(STARTS)
        for step in draw(st.lists(STEPS, max_size=12)):
            day += timedelta(days=step)
            rows[person, day, draw(st.sampled_from(["coding", "docs"]))] = draw(st.integers(1, 5))
    return [(person, day, quantity, area) for (person, day, area), quantity in rows.items()]


def write_history(database: Database, rows: list[Row], window: int, active_min: int, core_min: int) -> None:
    """The history, straight into the tables, and everything derived from it."""
    with database.writing() as connection:
        derived = [table for name, table in metadata.tables.items() if name.startswith("contributor_")]
        for table in (*derived, contributions, people, areas, program):
            connection.execute(delete(table))
        settings_row = {"window_days": window, "active_min": active_min, "core_min": core_min}
        connection.execute(insert(program), {"program_id": 1, "name": "P", "currency": "EUR", **settings_row})
        connection.execute(insert(areas), [{"area": "coding", "is_code": True}, {"area": "docs", "is_code": False}])
        connection.execute(insert(people), [{"person_key": key} for key in "abc"])
        if rows:
            keys = ("person_key", "contributed_on", "quantity", "area")
            connection.execute(insert(contributions), [dict(zip(keys, row, strict=True)) for row in rows])
        refresh_contributors(connection, None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.integers(1, 120), st.integers(1, 8), st.integers(1, 20))
def test_levels_agree_with_plain_python_on_any_history(
    either: Database, rows: list[Row], window: int, active_min: int, core_min: int
) -> None:
    """Same days, leap days, edges of windows, quantities over one, and thresholds in any order."""
    write_history(either, rows, window, active_min, core_min)
    found = {person: days[1:] for person, days in levels(either).items()}
    assert found == reference(rows, window, active_min, core_min)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.sampled_from("abc"))
def test_recomputing_one_person_or_everybody_is_the_same(either: Database, rows: list[Row], person: str) -> None:
    """Incremental and whole agree in every derived table, and months, areas and returns are what they should be."""
    write_history(either, rows, 90, 3, 12)
    tables = [contributor_spans, contributor_levels, contributor_months]
    tables += [contributor_areas, contributor_returns, contributor_spells]

    def everything() -> dict[str, list[Any]]:
        with either.reading() as connection:
            return {table.name: sorted(map(tuple, connection.execute(select(table))), key=str) for table in tables}

    whole = everything()
    with either.writing() as connection:
        refresh_contributors(connection, select(people.c.person_key).where(people.c.person_key == person))
    assert everything() == whole
    quantities: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for key, day, quantity, area in rows:
        month = day.year * 12 + day.month - 1
        quantities[key, month][0] += quantity
        quantities[key, month][1] += quantity * (area == "coding")
    assert {(row[0], row[1]): [row[3], row[4]] for row in whole["contributor_months"]} == quantities
    assert {(row[0], row[1]) for row in whole["contributor_areas"]} == {(row[0], row[3]) for row in rows}
    gaps = set()
    for key in {row[0] for row in rows}:
        days = sorted({row[1] for row in rows if row[0] == key})
        gaps |= {(key, b, (b - a).days) for a, b in pairwise(days) if (b - a).days > 90}
    assert {tuple(row) for row in whole["contributor_returns"]} == gaps
    active = {
        (key, begins + timedelta(days=day))
        for key, begins, ends in whole["contributor_spells"]
        for day in range((ends - begins).days + 1)
    }
    assert active == {
        (person, end)
        for person in {row[0] for row in rows}
        for first in {row[1] for row in rows if row[0] == person}
        for end in (first + timedelta(days=day) for day in range(90))
        if sum(row[2] for row in rows if row[0] == person and 0 <= (end - row[1]).days < 90) >= 3
    }
    # Two spells that touch would be one.
    by_person = sorted(whole["contributor_spells"])
    assert all(a[0] != b[0] or (b[1] - a[2]).days > 1 for a, b in pairwise(by_person))
