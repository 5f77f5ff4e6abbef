"""What each question's work on SQLite grows to when the program grows tenfold, in steps of SQLite: never its square."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Role, Scope, Selection, SelectionError
from sample_data.generator import write_program

pytestmark = pytest.mark.bench

SMALL, TIMES, MOST = 3_000, 10, 25
EVERYTHING = Selection(as_of=date(2026, 9, 15))
STEP = 1_000  # SQLite tells of so many at once
FEW = 500  # a question that takes no more of these is quick at any size


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Database]]:
    """The sample program with so many people, and with ten times as many of everything."""
    made = []
    for people in (SMALL, SMALL * TIMES):
        folder = tmp_path_factory.mktemp(f"of_{people}")
        write_program(folder / "bundle", events=4 * people, contributions=6 * people, people=people, seed=7)
        database = Database(f"sqlite:///{folder / 'uplift.db'}")
        initialise(database.program)
        assert run_import(database, [Path(folder / "bundle")]).committed
        made.append(database)
    yield made[0], made[1]
    for database in made:
        database.close()


def steps(database: Database, name: str, options: dict[str, Any]) -> int:
    """How many thousand steps SQLite takes for the question's answer."""
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return 0

    with database.program.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.set_progress_handler(one_more, STEP)
        QUESTIONS[name].ask(connection, EVERYTHING, Scope(Role.PM), **options)
        driver.set_progress_handler(None, 0)
    return count


def test_no_question_grows_as_the_square_of_the_program(programs: tuple[Database, Database]) -> None:
    """Ten times the rows take ten times the steps, a few more where they are sorted; a square would take a hundred."""
    small, large = programs
    grown = {}
    for name, question in sorted(QUESTIONS.items()):
        asked = [{}, *({"by": by} for by in ("region", "area") if "by" in question.options)]
        for options in asked if Role.PM in question.roles else []:
            try:
                before, after = steps(small, name, options), steps(large, name, options)
            except SelectionError:
                continue  # it is not told so
            if after > FEW:
                grown[f"{name} {options.get('by', '')}"] = (after / max(before, 1), after)
    for name, (growth, after) in sorted(grown.items(), key=lambda item: -item[1][0])[:20]:
        print(f"{name:45s} {growth:6.1f} times, to {after:,} thousand steps")
    assert {name: growth for name, (growth, _) in grown.items() if growth > MOST} == {}
