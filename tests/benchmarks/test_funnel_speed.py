"""How fast levels are derived and the funnel answers: a million contributions by 50,000 people; `make bench` prints it.

`UPLIFT_BENCH_CONTRIBUTIONS=10000000` measures ten million (by ten times the people) instead: several minutes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.derived.levels import refresh_contributors
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Period, Scope, Selection
from sample_data.generator import write_program

pytestmark = pytest.mark.bench

CONTRIBUTIONS = int(os.environ.get("UPLIFT_BENCH_CONTRIBUTIONS", "1000000"))
AS_OF = date(2026, 9, 15)
YEAR, ALL_TIME = Selection(Period.parse("2025"), as_of=AS_OF), Selection(as_of=AS_OF)
# Milliseconds at a million; the persona adds up eleven quarters of everybody and has not been brought under 300 yet.
LIMITS = {"persona": 1_500}
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("contributor_funnel", {}),
    *(("contributor_funnel", {"by": by}) for by in ("team", "stage", "region", "space")),
    ("contributor_funnel", {"active_min": 2, "core_min": 6}),
    ("conversion_trend", {}),
    ("time_to_level", {}),
    ("level_log_rank", {"by": "team"}),
    ("program_funnel", {}),
    ("retention", {}),
    ("retention_overall", {}),
    ("returning", {}),
    ("persona", {}),
    ("event_followthrough", {}),
    ("tasks_by_phase", {}),
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("funnel") / "bundle"
    write_program(folder, events=20_000, contributions=CONTRIBUTIONS, people=CONTRIBUTIONS // 20, seed=3, as_of=AS_OF)
    return folder


@pytest.fixture(scope="module")
def database(bundle: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{bundle.parent / 'uplift.db'}")
    initialise(made.program)
    assert run_import(made, [bundle]).committed
    yield made
    made.close()


def test_levels_of_everybody_take_under_twenty_seconds(database: Database, bundle: Path) -> None:
    """All derived tables recomputed, on SQLite; pandas needs its own time for the three levels alone."""
    with database.program.connect() as connection:
        started = time.perf_counter()
        refresh_contributors(connection, None)
        everybody = time.perf_counter() - started
        connection.rollback()
    started = time.perf_counter()
    rows = pd.read_csv(bundle / "contributions.csv", usecols=["person_key", "contributed_on", "quantity"])
    rows["contributed_on"] = pd.to_datetime(rows["contributed_on"])
    days = rows.groupby(["person_key", "contributed_on"], as_index=False)["quantity"].sum()
    windows = days.set_index("contributed_on").groupby("person_key")["quantity"].rolling("90D").sum().reset_index()
    for least in (1, 3, 12):
        windows[windows["quantity"] >= least].groupby("person_key")["contributed_on"].min()
    pandas = time.perf_counter() - started
    print(f"\nlevels of {CONTRIBUTIONS:,} contributions: {everybody:.1f} s on SQLite; pandas from CSV {pandas:.1f} s")
    assert everybody < 20 * CONTRIBUTIONS / 1_000_000


def asked(database: Database, selection: Selection) -> dict[str, float]:
    """Milliseconds of each question, the best of three."""
    found = {}
    for name, options in ASKED:
        times = []
        for _ in range(3):
            with database.reading() as connection:
                started = time.perf_counter()
                QUESTIONS[name].ask(connection, selection, Scope.everything(), **options)
                times.append(1000 * (time.perf_counter() - started))
        found[" ".join([name, *map(str, options.values())])] = min(times)
    return found


def test_each_question_answers_at_once(database: Database, tmp_path: Path) -> None:
    """A year's cohort on SQLite, and all time from the read copy; all time on SQLite is printed next to them."""
    year, all_time = asked(database, YEAR), asked(database, ALL_TIME)
    write_read_copy(database.program, tmp_path / "copy.duckdb")
    copied = Database(database.url, tmp_path / "copy.duckdb")
    assert copied.reads_from_copy()
    from_copy = asked(copied, ALL_TIME)
    copied.close()
    print(f"\n{'ms':<36}{'a year':>9}{'all time':>10}{'from the read copy':>20}")
    for name, best in year.items():
        print(f"{name:<36}{best:>9.0f}{all_time[name]:>10.0f}{from_copy[name]:>20.0f}")
    scale = CONTRIBUTIONS / 1_000_000
    assert {name: best for name, best in year.items() if best > LIMITS.get(name, 300) * scale} == {}
    limit = 500 if scale <= 1 else 1_000
    assert {name: best for name, best in from_copy.items() if best > limit} == {}
