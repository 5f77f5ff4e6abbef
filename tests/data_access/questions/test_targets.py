"""Targets against a program that was counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from data_access.database.engine import Database
from data_access.database.schema import targets
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.selection import Period, Scope, Selection
from tests.builders import ProgramBuilder
from tests.bundles import EVENT, PROGRAM, write_table
from tests.data_access.questions.asking import ask
from tests.tables import records

YEAR = Period.parse("2024")
MIDDLE = date(2024, 6, 30)


def target(
    metric: str, value: str, scope: str = "", start: str = "2024-01-01", end: str = "2024-12-31"
) -> dict[str, str]:
    return {"metric": metric, "period_start": start, "period_end": end, "value": value, "scope": scope}


@pytest.fixture(scope="module")
def program(read_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Four events to the middle of 2024 (three in Germany, one of the team docs), one later; six contributors."""
    folder = tmp_path_factory.mktemp("files")
    write_table(folder, "program", PROGRAM)
    write_table(folder, "teams", {"team_key": "docs", "name": "Docs"})
    days = ("2024-01-01", "2024-03-01", "2024-05-01", "2024-06-30", "2024-07-01")
    write_table(
        folder,
        "events",
        *(
            EVENT
            | {"event_key": f"e{n}", "starts_on": day, "country": "FR" if n == 1 else "DE", "attendance": "10"}
            | {"team_key": "docs" if n == 2 else "", "languages": "de"}
            for n, day in enumerate(days)
        ),
    )
    write_table(
        folder,
        "contributions",
        *(
            {"person_key": f"p{n}", "contributed_on": f"2024-0{n % 2 + 1}-1{n}", "area": "docs", "quantity": "5"}
            for n in range(6)
        ),
    )
    write_table(
        folder,
        "targets",
        target("events", "8"),
        target("Events", "2", "country: Germany"),
        target("events", "4", "team=docs"),
        target("attendance", "25.5"),
        target("new contributors", "12"),
        target("hires", "3"),
        target("events", "5", "team:nobody"),
        target("events", "5", "everywhere"),
        target("countries", "0"),
        target("events", "10", start="2024-07-01", end="2024-10-01"),
        target("events", "9", start="2023-01-01", end="2024-01-01"),
        target("population_share", "0.5", "gender=woman"),
    )
    assert run_import(read_database, [folder], ImportOptions(as_of=date(2024, 12, 31))).committed
    return read_database


def progress(
    program: Database, as_of: date = MIDDLE, scope: Scope | None = None, period: Period = YEAR, **filters: Any
) -> dict[tuple[str, str, str], dict[str, Any]]:
    found = records(ask(program, "targets_progress", Selection(period, as_of, **filters), scope))
    return {(row["metric"], row["scope"], str(row["period_start"])[:10]): row for row in found}


@pytest.mark.parametrize(
    ("metric", "scope", "value", "share"),
    [
        ("Events", "country: Germany", 3, 1.5),
        ("events", "team=docs", 1, 0.25),
        ("attendance", "", 40, 40 / 25.5),
        ("new contributors", "", 6, 0.5),
    ],
)
def test_each_target_has_what_is_reached_so_far(
    program: Database, metric: str, scope: str, value: int, share: float
) -> None:
    row = progress(program)[metric, scope, "2024-01-01"]
    assert (row["value"], row["share"]) == (value, pytest.approx(share))
    assert (row["days_left"], row["elapsed"]) == (185, pytest.approx(182 / 366))


@pytest.mark.parametrize(
    ("metric", "scope", "note"),
    [
        ("hires", "", "not measured; these are: events, attendance"),
        ("events", "team:nobody", "there is no team nobody"),
        ("events", "everywhere", "the scope everywhere is not understood"),
    ],
)
def test_what_cannot_be_measured_says_why(program: Database, metric: str, scope: str, note: str) -> None:
    row = progress(program)[metric, scope, "2024-01-01"]
    assert (row["value"], row["share"]) == (None, None)
    assert note in row["note"]


def test_a_target_that_has_not_begun_and_one_that_is_over(program: Database) -> None:
    later = progress(program)["events", "", "2024-07-01"]
    assert (later["value"], later["note"], later["elapsed"], later["days_left"]) == (None, "not begun", 0, 92)
    assert (str(later["period_end"])[:10], later["target"]) == ("2024-09-30", Decimal(10))
    over = progress(program, date(2024, 10, 1))["events", "", "2024-07-01"]
    assert (over["value"], over["elapsed"], over["days_left"]) == (1, 1, 0)
    last_day = progress(program, date(2024, 9, 30))["events", "", "2024-07-01"]
    assert (last_day["elapsed"], last_day["days_left"]) == (1, 1)


def test_listed_is_what_falls_into_the_period_and_has_the_scope_of_the_filters(program: Database) -> None:
    """The year that ended on 1 January 2024 is no target of 2024; a share of the population never is."""
    listed = progress(program)
    assert not [key for key in listed if key[0] == "population_share" or key[2] == "2023-01-01"]
    assert list(progress(program, country=("DE",))) == [("Events", "country: Germany", "2024-01-01")]
    assert list(progress(program, country=("FR",))) == []
    assert list(progress(program, period=Period.parse("2023"))) == [("events", "", "2023-01-01")]


def test_what_is_missing_is_spread_over_the_weeks_that_are_left(program: Database) -> None:
    """12 newcomers are aimed at and 6 came; 185 days are left. Half of the year is gone, and so is half of the aim."""
    row = progress(program)["new contributors", "", "2024-01-01"]
    assert (row["gap"], row["state"]) == (6, "on_pace")
    assert row["pace"] == pytest.approx(6 * 7 / 185)
    reached = progress(program)["Events", "country: Germany", "2024-01-01"]
    assert (reached["gap"], reached["pace"], reached["state"]) == (0, 0, "reached")


@pytest.mark.parametrize(
    ("metric", "scope", "day", "state"),
    [
        ("events", "team=docs", MIDDLE, "behind"),
        ("events", "team=docs", date(2025, 1, 1), "missed"),
        ("events", "", MIDDLE, "not_begun"),
        ("hires", "", MIDDLE, "not_measured"),
        ("attendance", "", MIDDLE, "reached"),
    ],
)
def test_each_target_has_a_state(program: Database, metric: str, scope: str, day: date, state: str) -> None:
    start = "2024-07-01" if state == "not_begun" else "2024-01-01"
    assert progress(program, day)[metric, scope, start]["state"] == state


@pytest.fixture
def grown(tmp_path: Path) -> ProgramBuilder:
    """Two active contributors at the end of 2024, five in the middle of 2025; one of them came through a space."""
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'grown.db'}")
    built.add_program()
    built.add_space("hub")
    event = built.add_event("Meetup", date(2025, 5, 1), space_key="hub")
    for _ in range(2):
        built.add_contributor(date(2024, 12, 1))
    for number in range(5):
        of_event = {"event_key": event} if not number else {}
        built.add_contributions(f"new-{number}", *(date(2025, 5, day) for day in (2, 3, 4)), **of_event)
    built.add_contributions("seen", date(2025, 5, 2), event_key=event)
    for metric, value, scope in (
        ("Contributor base", 10, None),
        ("new active contributors", 1152, None),
        ("new_active_contributors", 96, "space:hub"),
    ):
        days = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
        built.add(targets, metric=metric, value=float(value), scope=scope, **days)
    return built


def test_the_contributor_base_and_newcomers_of_spaces_can_be_aimed_at(grown: ProgramBuilder) -> None:
    found = {
        (row["metric"], row["scope"]): row
        for row in records(ask(grown.database, "targets_progress", Selection(Period.parse("2025"), date(2025, 6, 30))))
    }
    base = found["Contributor base", ""]
    assert (base["value"], base["gap"], base["state"]) == (Decimal("2.50"), Decimal("7.50"), "running")
    assert base["note"] == "5 active, 2 before"
    assert found["new active contributors", ""]["value"] == found["new_active_contributors", "space:hub"]["value"] == 1
    assert found["new active contributors", ""]["gap"] == 1151


def test_a_base_of_nobody_is_no_base(grown: ProgramBuilder) -> None:
    with grown.database.writing() as connection:
        connection.execute(update(targets).values(period_start=date(2024, 11, 1)))
    found = records(ask(grown.database, "targets_progress", Selection(Period.parse("2025"), date(2025, 6, 30))))
    [base] = [row for row in found if row["metric"] == "Contributor base"]
    assert (base["value"], base["state"], base["note"]) == (None, "not_measured", "nobody was active before these days")
