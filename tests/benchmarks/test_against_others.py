"""The same answers by us, by hand in DuckDB's SQL, by pandas and by polars: equal, and how long each takes.

At ten thousand events and at a million, or as many as UPLIFT_BENCH_EVENTS says; UPLIFT_LOAD_DATABASE with
UPLIFT_READ_COPY is a program that is there already. Milliseconds of the processor, the best of three.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.selection import Role, Scope, Selection
from sample_data.generator import write_program
from tests.benchmarks.against import FRAMES, WAYS, Answer, Ways

pytestmark = pytest.mark.bench

AS_OF, PM = date(2026, 9, 15), Scope(Role.PM)
SMALL, LARGE = 10_000, int(os.environ.get("UPLIFT_BENCH_EVENTS", "1000000"))
# Of what the hand-written SQL takes; the milliseconds are what asking anything costs: the statement, a typed table.
TIMES, MORE_MS = 2.0, 30.0


def made(folder: Path, events: int) -> Database:
    given, copy = os.environ.get("UPLIFT_LOAD_DATABASE"), os.environ.get("UPLIFT_READ_COPY")
    if given and copy and events == LARGE:
        return Database(given, Path(copy))
    write_program(folder / "bundle", events=events, contributions=events, people=events // 10, seed=7, as_of=AS_OF)
    database = Database(f"sqlite:///{folder / 'uplift.db'}", folder / "copy.duckdb")
    initialise(database.program)
    assert run_import(database, [folder / "bundle"], ImportOptions(as_of=AS_OF)).committed
    write_read_copy(database.program, folder / "copy.duckdb")
    return database


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Database]]:
    found = {events: made(tmp_path_factory.mktemp(f"of_{events}"), events) for events in (SMALL, LARGE)}
    yield found
    for database in found.values():
        database.close()


def _in_pandas(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    days = [column for column in frame.columns if column.endswith("_on")]
    return frame.assign(**{column: pd.to_datetime(frame[column]) for column in days})


def _in_polars(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    best, found = float("inf"), None
    for _ in range(3):
        begun = time.process_time()
        found = work()
        best = min(best, (time.process_time() - begun) * 1000)
    return best, found


def asked(database: Database, ways: Ways, *, on_copy: bool) -> tuple[float, Answer]:
    with database.reading() if on_copy else database.program.connect() as connection:
        took, found = timed(lambda: ways.question.ask(connection, Selection(as_of=AS_OF), PM))
    return took, ways.ours(found)


def test_answers_equal_those_of_others_and_take_no_more_than_twice_as_long(
    programs: dict[int, Database], record_property: Callable[[str, object], None]
) -> None:
    before: dict[str, float] = {}
    slow = {}
    for events, database in programs.items():
        assert database.reads_from_copy()
        with duckdb.connect(str(database.read_copy), read_only=True) as copy:
            tables = {name: copy.sql(asked).to_arrow_table() for name, asked in FRAMES.items()}
            frames = {name: _in_pandas(table) for name, table in tables.items()}
            in_polars = {name: _in_polars(table) for name, table in tables.items()}
            for ways in WAYS:
                ours, answer = asked(database, ways, on_copy=True)
                on_sqlite, same = asked(database, ways, on_copy=False)
                limit, by_hand = timed(partial(ways.sql, copy, AS_OF))
                pandas, by_pandas = timed(partial(ways.pandas, frames, AS_OF))
                polars, by_polars = timed(partial(ways.polars, in_polars, AS_OF))
                assert answer, ways.name
                assert answer == same == by_hand == by_pandas == by_polars, ways.name
                grown = f"{ours / before[ways.name]:.1f} ×" if ways.name in before else "–"
                before[ways.name] = ours
                cells = (ours, limit, on_sqlite, pandas, polars)
                shown = [f"{events:,}", ways.name, *(f"{each:.1f}" for each in cells)]
                record_property("compared", (*shown, f"{ours / limit:.2f}", grown))
                print(", ".join(shown), f"ms: {ours / limit:.2f} × the limit, grown {grown}")
                if ours > TIMES * limit + MORE_MS:
                    slow[f"{ways.name} of {events:,}"] = (ours, limit)
    assert slow == {}
