"""How fast imports are and how little memory they take: ratios within one run, printed; `make bench` runs them."""

from __future__ import annotations

import csv
import math
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access.database import bulk
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.unfinished_copy import UnfinishedCopy, begin_copy
from data_access.derived.levels import refresh_contributors
from data_access.derived.team_contributors import refresh_team_contributors
from data_access.geography.gazetteer import open_gazetteer
from data_access.imports import batches, pipeline
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions.members.standing import floor_standing
from data_access.selection import Role, Scope, Selection
from sample_data.generator import write_program
from tests.bundles import PROJECT
from tests.real_data import real_data

pytestmark = pytest.mark.bench

MILLION = 1_000_000
WITHOUT_RELEASE = ImportOptions(releases=False)
SAMPLE: dict[str, Any] = {"seed": 3, "as_of": date(2026, 9, 15)}


def new_database(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    initialise(database.program)
    return database


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def bare_insert(path: Path, tables: dict[str, tuple[list[str], list[list[str | None]]]]) -> float:
    """What `sqlite3.executemany` alone needs for the same rows into the same tables, keys and indexes included."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")

    def work() -> None:
        for table, (columns, rows) in tables.items():
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
            connection.executemany(statement, rows)
        connection.commit()

    took = seconds(work)
    connection.close()
    return took


def entries(header: list[str], rows: list[list[str | None]], column: str) -> list[list[str | None]]:
    """The rows that a list column of events stands for in its own table: [event_key, entry]."""
    at = header.index(column)
    return [[row[0], entry] for row in rows for entry in dict.fromkeys((row[at] or "").split(";")) if entry]


def cells(path: Path) -> tuple[list[str], list[list[str | None]]]:
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = list(csv.reader(handle))
    return header, [[cell or None for cell in row] for row in rows]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "bundle"
    write_program(folder, events=200_000, contributions=MILLION, people=50_000, **SAMPLE)
    return folder


def test_contributions_import_at_50000_rows_a_second_and_within_three_times_a_bare_insert(
    bundle: Path, tmp_path: Path
) -> None:
    """A million contributions, validated and merged, against the same rows by executemany."""
    database = new_database(tmp_path / "ours.db")
    base = [bundle / f"{name}.csv" for name in ("people", "areas", "teams", "spaces", "events")]
    run_import(database, base)
    took = seconds(lambda: run_import(database, [bundle / "contributions.csv"]))
    database.close()
    other = new_database(tmp_path / "bare.db")
    run_import(other, base)
    other.close()
    bare = bare_insert(tmp_path / "bare.db", {"contributions": cells(bundle / "contributions.csv")})
    print(f"\ncontributions: {MILLION / took:,.0f} rows/s; {took:.1f} s against {bare:.1f} s bare: {took / bare:.2f} ×")
    assert took / bare < 3


def test_large_files_take_less_than_the_row_way_and_grow_with_their_rows(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CPU seconds of reading, checking and writing a million contributions, and a fifth of them: by blocks, by rows."""
    for derived in ("refresh_derived", "refresh_read_copy", "gather_statistics"):
        monkeypatch.setattr(pipeline, derived, lambda *_: None)
    lines = (bundle / "contributions.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "contributions.csv").write_text("".join(lines[: MILLION // 5 + 1]), encoding="utf-8")
    base = [bundle / f"{name}.csv" for name in ("people", "areas", "teams", "spaces", "events")]

    def took(name: str, path: Path) -> float:
        database = new_database(tmp_path / f"{name}.db")
        run_import(database, base, WITHOUT_RELEASE)
        started = time.process_time()
        run_import(database, [path], WITHOUT_RELEASE)
        used = time.process_time() - started
        database.close()
        return used

    some, all_ = took("some", tmp_path / "contributions.csv"), took("all", bundle / "contributions.csv")
    monkeypatch.setattr(batches, "LARGE_BYTES", 10**12)
    monkeypatch.setattr(bulk, "WORTH_IT", 10**12)
    by_rows = took("rows", bundle / "contributions.csv")
    growth = math.log(all_ / some, 5)
    print(
        f"\nby blocks: {MILLION / all_:,.0f} rows/s; {all_:.1f} s against {by_rows:.1f} s by rows; growth {growth:.2f}"
    )
    assert all_ / by_rows < 0.9
    assert growth < 1.2


def test_events_import_at_15000_rows_a_second_with_known_places(bundle: Path, tmp_path: Path) -> None:
    """The second program with the same places: every place is in the cache."""
    database = new_database(tmp_path / "ours.db")
    base = [bundle / f"{name}.csv" for name in ("people", "areas", "teams", "spaces")]
    run_import(database, [*base, bundle / "events.csv"])
    header, rows = cells(bundle / "events.csv")
    again = tmp_path / "again" / "events.csv"
    again.parent.mkdir()
    with again.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows([f"again-{row[0]}", *row[1:]] for row in rows)
    took = seconds(lambda: run_import(database, [again]))
    database.close()
    other = new_database(tmp_path / "bare.db")
    run_import(other, base)
    other.close()
    same_rows = {
        "events": (header, rows),
        "event_topics": (["event_key", "topic"], entries(header, rows, "topics")),
        "event_languages": (["event_key", "language"], entries(header, rows, "languages")),
    }
    bare = bare_insert(tmp_path / "bare.db", same_rows)
    print(f"\nevents: {len(rows) / took:,.0f} rows/s; {took:.1f} s against {bare:.1f} s bare: {took / bare:.2f} ×")
    assert took / bare < 3


def test_an_import_leaves_a_database_whose_joins_are_planned_well(bundle: Path, tmp_path: Path) -> None:
    """The floor of every member, right after an import of everything, against the same database without statistics."""
    database = new_database(tmp_path / "ours.db")
    run_import(database, [bundle])
    selection, scope = Selection.from_query({"as_of": str(SAMPLE["as_of"])}), Scope(Role.PM)

    def standing() -> None:
        with database.reading() as connection:
            floor_standing(connection, selection, scope)
        database.close()  # statistics are read when a connection is opened

    planned = seconds(standing)
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE sqlite_stat1")
    database.close()
    unplanned = seconds(standing)
    print(f"\nfloor_standing: {planned:.2f} s with statistics, {unplanned:.2f} s without: {unplanned / planned:.0f} ×")
    assert unplanned / planned > 5


def test_what_follows_from_a_million_contributions_is_worked_out_where_the_read_copy_is_made(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Levels, spells and first days, and then the read copy: rows taken out once, against each by itself."""
    database = new_database(tmp_path / "ours.db")
    run_import(database, [bundle])
    path = tmp_path / "copy.duckdb"

    def derive(copy: UnfinishedCopy | None) -> None:
        with database.writing() as connection:
            refresh_contributors(connection, None, copy)
            refresh_team_contributors(connection, None, copy)

    def at_once() -> None:
        with begin_copy(path) as copy:
            derive(copy)
            write_read_copy(database.program, path, begun=copy, of_change=database.version().import_id)

    def each_by_itself() -> None:
        derive(None)
        write_read_copy(database.program, path)

    together = cpu_seconds(at_once)
    monkeypatch.setattr("data_access.derived.at_once.ENGINES", frozenset())
    apart = cpu_seconds(each_by_itself)
    database.close()
    print(f"\nafter merging: {together:.1f} CPU s at once, {apart:.1f} each by itself: {apart / together:.2f} ×")
    assert apart / together > 1.3


# The kernel's own high-water mark of this program: `ru_maxrss` would count what the parent had before it started us.
IMPORT_IN_A_PROCESS = """
import sys
from pathlib import Path
from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
run_import(Database(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A million events stay under 600 MB, and within 1.6 times the peak of a tenth of them."""
    peaks = {}
    for number in (MILLION // 10, MILLION):
        folder = tmp_path / str(number)
        write_program(folder, events=number, contributions=0, people=200, **SAMPLE)
        paths = [str(folder / f"{name}.csv") for name in ("people", "areas", "teams", "spaces", "events")]
        database = new_database(tmp_path / f"{number}.db")
        database.close()
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", IMPORT_IN_A_PROCESS, database.url, *paths],
            capture_output=True,
            text=True,
            check=True,
            cwd=PROJECT,
        )
        peaks[number] = int(done.stdout) / 1024
        rate = number / (time.perf_counter() - started)
        print(f"\n{number:,} events: peak {peaks[number]:.0f} MB, {rate:,.0f} rows/s with their places looked up")
    assert peaks[MILLION] < 600
    assert peaks[MILLION] < 1.6 * peaks[MILLION // 10]


def test_the_conference_file_imports_within_ten_seconds(tmp_path: Path) -> None:
    """First import of 6,831 rows, the place index already built."""
    open_gazetteer()
    database = new_database(tmp_path / "c.db")
    took = seconds(lambda: run_import(database, [real_data("conferences_all.csv")]))
    again = seconds(lambda: run_import(database, [real_data("conferences_all.csv")]))
    database.close()
    print(f"\nconferences: {took:.1f} s for 6,831 rows and their places, {again:.1f} s again")
    assert again < took
