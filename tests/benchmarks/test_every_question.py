"""What every question costs at a million events and contributions, with the read copy: none over 300 ms of processor.

`make bench` prints the most expensive ones. A program of this size takes minutes to make: UPLIFT_BENCH_DATABASE names
one that is there already, with its read copy (UPLIFT_READ_COPY), and UPLIFT_BENCH_EVENTS another size, by which the
limit is scaled.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import event

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from sample_data.generator import write_program

pytestmark = pytest.mark.bench

EVENTS = int(os.environ.get("UPLIFT_BENCH_EVENTS", "1000000"))
AS_OF = date(2026, 9, 15)
SELECTIONS = {"all time": Selection(as_of=AS_OF), "a quarter": Selection(Period.parse("2026-Q2"), AS_OF)}
# Milliseconds of the processor on the read copy at a million events; and how many statements a question may ask.
LIMIT, MOST_STATEMENTS = 300, 50
# Live sources and refused imports are in no copy; the others are about one request that has to be named.
LEFT_OUT = {"live_sources", "refused_imports", "what_if", "nearer_members"}
TIMES = 3


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("every_question")
    url, copy = os.environ.get("UPLIFT_BENCH_DATABASE"), os.environ.get("UPLIFT_READ_COPY")
    if url is None:
        url, copy = f"sqlite:///{folder / 'uplift.db'}", str(folder / "copy.duckdb")
        write_program(folder / "bundle", events=EVENTS, contributions=EVENTS, people=EVENTS // 10, seed=3, as_of=AS_OF)
        made = Database(url)
        initialise(made.program)
        assert run_import(made, [folder / "bundle"]).committed
        write_read_copy(made.program, Path(copy))
        made.close()
    database = Database(url, Path(copy) if copy else None)
    assert database.reads_from_copy(), "UPLIFT_READ_COPY names no read copy of the database"
    yield database
    database.close()


def test_no_question_takes_more_than_its_share_of_the_processor(copied: Database) -> None:
    """Every question with its default options, the median of three after a first; the engine works in this process."""
    found: dict[str, tuple[float, int, int]] = {}
    asked = 0

    def one_more(*_: object) -> None:
        nonlocal asked
        asked += 1

    with copied.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", one_more)
        for name, question in sorted(QUESTIONS.items()):
            if Role.PM not in question.roles or name in LEFT_OUT:
                continue
            for words, selection in SELECTIONS.items():
                times, rows = [], 0
                for _ in range(TIMES + 1):
                    asked, begun = 0, time.process_time()
                    try:
                        rows = len(question.ask(connection, selection, Scope(Role.PM)))
                    except SelectionError:
                        break  # it is about something that has to be named
                    times.append(1000 * (time.process_time() - begun))
                if times:
                    found[f"{name}, {words}"] = (median(times[1:]), asked, rows)
    print(f"\n{'question':<45}{'ms':>8}{'statements':>12}{'rows':>8}")
    for name, (took, statements, rows) in sorted(found.items(), key=lambda each: -each[1][0])[:25]:
        print(f"{name:<45}{took:>8.0f}{statements:>12}{rows:>8,}")
    limit = LIMIT * max(EVENTS / 1_000_000, 0.2)
    assert {name: row[1] for name, row in found.items() if row[1] > MOST_STATEMENTS} == {}
    assert {name: round(row[0]) for name, row in found.items() if row[0] > limit} == {}
