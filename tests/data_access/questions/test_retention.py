"""Retention and returning people: real histories against their independently known answers, small ones by hand."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.selection import Period, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.real_data import real_data
from tests.releasing import ask_outside, release

SNAPSHOT = Selection(as_of=date(2026, 8, 23))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Database:
    from data_access.migrations.migrate import initialise

    made = Database(f"sqlite:///{tmp_path_factory.mktemp('real') / 'program.db'}")
    initialise(made.program)
    assert run_import(made, [real_data("contributions.csv.gz")], ImportOptions(releases=False)).committed
    return made


def real_months() -> dict[str, set[int]]:
    months: dict[str, set[int]] = defaultdict(set)
    with gzip.open(real_data("contributions.csv.gz"), "rt", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            months[row["person"]].add(int(row["date"][:4]) * 12 + int(row["date"][5:7]) - 1)
    return months


@pytest.mark.slow
def test_real_contributors_come_back_as_often_as_known(real: Database) -> None:
    """22.6, 14.0, 13.0, 11.1 % active in exactly that month; 52.8 and 36.7 % then or later."""
    table = ask(real, "retention_overall", SNAPSHOT).set_index("month")
    percent = {name: [f"{100 * value:.1f}" for value in table.loc[[1, 3, 6, 12], name]]
               for name in ("active_exactly", "active_then_or_later")}  # fmt: skip
    assert percent["active_exactly"] == ["22.6", "14.0", "13.0", "11.1"]
    assert (percent["active_then_or_later"][0], percent["active_then_or_later"][3]) == ("52.8", "36.7")
    assert list(table.loc[[1, 12], "people"]) == [1372, 1342]


@pytest.mark.slow
def test_every_cell_of_the_real_grid_is_as_counted_one_by_one(real: Database) -> None:
    """Months that are not over have no cell."""
    months, end = real_months(), 2026 * 12 + 6
    expected = {}
    for first in {min(active) for active in months.values()}:
        people = [active for active in months.values() if min(active) == first]
        for since in range(25):
            if first + since <= end:
                exactly = sum(first + since in active for active in people) / len(people)
                later = sum(max(active) >= first + since for active in people) / len(people)
                cohort = f"{first // 12}-{first % 12 + 1:02}"
                expected[cohort, since] = (len(people), pytest.approx(exactly), pytest.approx(later))
    table = ask(real, "retention", SNAPSHOT)
    found = {(row[0], row[1]): tuple(row[2:5]) for row in table.itertuples(index=False)}
    assert found == expected


def test_projects_by_their_own_end_leave_out_who_could_not_be_seen_longer(real: Database) -> None:
    """One of the two projects ended in October 2024: later months of its people are not known."""
    table = ask(real, "retention_overall", SNAPSHOT, ends="project").set_index("month")
    assert list(table.loc[[1, 3, 6, 12], "people"]) == [1360, 1354, 1343, 1324]
    assert table.loc[1, "active_exactly"] == pytest.approx(310 / 1360)
    assert table.loc[12, "active_then_or_later"] == pytest.approx(492 / 1324)


def test_a_past_day_knows_nothing_of_what_came_after_it(real: Database) -> None:
    """As of the end of 2010, as if the later rows were not there."""
    day, end = date(2010, 12, 31), 2010 * 12 + 11
    months = [{m for m in active if m <= end} for active in real_months().values() if min(active) <= end]
    table = ask(real, "retention_overall", Selection(as_of=day, day_is_over=True)).set_index("month")
    for since in (1, 6, 12):
        known = [active for active in months if min(active) + since <= end]
        assert table.loc[since, "people"] == len(known)
        assert table.loc[since, "active_exactly"] == sum(min(a) + since in a for a in known) / len(known)
        assert table.loc[since, "active_then_or_later"] == sum(max(a) >= min(a) + since for a in known) / len(known)


@pytest.fixture
def program(tmp_path: Path) -> ProgramBuilder:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program()
    return built


def plain(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    shown = table[list(columns)].astype(object)
    return [tuple(None if pd.isna(value) else value for value in row) for row in shown.itertuples(index=False)]


def test_a_month_is_open_on_its_last_day(program: ProgramBuilder) -> None:
    program.add_contributions("p", date(2023, 1, 5), date(2023, 2, 27))
    for day, cells in ((date(2023, 2, 28), 1), (date(2023, 3, 1), 2)):
        selection = Selection(Period.parse("2023-01"), as_of=day)
        assert len(ask(program.database, "retention", selection)) == cells


def test_who_comes_back_after_lapsing_is_reactivated(program: ProgramBuilder) -> None:
    """More than 90 days away: reactivated in that quarter; less: continuing; the first quarter: new."""
    program.add_contributions("steady", date(2024, 1, 10), date(2024, 4, 2), date(2024, 6, 1))
    program.add_contributions("back", date(2024, 1, 10), date(2024, 5, 10))
    program.add_contributions("edge", date(2024, 1, 10), date(2024, 4, 9))  # 90 days: not lapsed on any day
    program.add_contributions("new", date(2024, 5, 10))
    table = ask(program.database, "returning", Selection(as_of=date(2024, 12, 31)))
    assert plain(table, "quarter", "active", "new", "continuing", "reactivated") == [
        ("2024-Q1", 3, 3, 0, 0),
        ("2024-Q2", 4, 1, 2, 1),
    ]
    before = ask(program.database, "returning", Selection(as_of=date(2024, 5, 9)))
    assert plain(before, "quarter", "active", "reactivated", "open")[1] == ("2024-Q2", 2, 0, True)


def test_a_release_tells_whole_years_at_the_months_that_programs_compare(program: ProgramBuilder) -> None:
    """Thirty people of 2023, half of them back after a month; told of a month once it is over for all of the year."""
    for number in range(30):
        days = [date(2023, 1 + number % 3, 5)]
        program.add_contributions(f"p{number}", *days, *([date(2023, 2 + number % 3, 6)] if number < 15 else []))
    release(program.database, date(2024, 4, 1))
    table = ask_outside(program.database, "retention", Selection(as_of=date(2024, 5, 1)))
    assert plain(table, "cohort", "month") == [("2023", 1), ("2023", 3)]
    assert table["active_exactly"].iloc[0] == pytest.approx(0.5, abs=0.15)
    overall = ask_outside(program.database, "retention_overall", Selection(as_of=date(2024, 5, 1)))
    assert overall["active_exactly"].iloc[0] == table["active_exactly"].iloc[0], "there is one cohort"
    assert ask_outside(program.database, "retention", Selection(as_of=date(2024, 5, 1), country=("DE",))).empty
