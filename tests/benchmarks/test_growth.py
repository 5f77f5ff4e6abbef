"""What each question's work on SQLite grows to when the program grows tenfold, in steps of SQLite: never its square."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
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
# Steps that grow faster, each with its reason.
FASTER: dict[str, str] = {}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Database]]:
    """The sample program with so many people, and with ten times as many of everything."""
    made = []
    for people in (SMALL, SMALL * TIMES):
        folder = tmp_path_factory.mktemp(f"of_{people}")
        write_program(folder / "bundle", events=people, contributions=3 * people, people=people, seed=7)
        database = Database(f"sqlite:///{folder / 'uplift.db'}")
        initialise(database.program)
        begun = time.process_time()
        # What is told outside takes most of such an import, and nothing here reads it.
        options = ImportOptions(as_of=EVERYTHING.as_of, releases=False)
        assert run_import(database, [folder / "bundle"], options).committed
        print(f"{people:,} people imported in {time.process_time() - begun:.0f} s of the processor")
        made.append(database)
    yield made[0], made[1]
    for database in made:
        database.close()


def steps(database: Database, name: str, options: dict[str, Any], most: int = 0) -> int:
    """How many thousand steps SQLite takes for the question's answer; it is stopped after `most` of them."""
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return int(0 < most < count)

    with database.program.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.set_progress_handler(one_more, STEP)
        try:
            QUESTIONS[name].ask(connection, EVERYTHING, Scope(Role.PM), **options)
        except (DBAPIError, DatabaseError):
            if not 0 < most < count:
                raise
        finally:
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
                before = steps(small, name, options)
                after = steps(large, name, options, most=max(MOST * before, FEW))
            except SelectionError:
                continue  # it is not told so
            if after > FEW:
                grown[f"{name} {options.get('by', '')}".strip()] = (after / max(before, 1), after)
    for name, (growth, after) in sorted(grown.items(), key=lambda item: -item[1][0])[:20]:
        print(f"{name:45s} {growth:6.1f} times, to {after:,} thousand steps")
    faster = {name: growth for name, (growth, _) in grown.items() if growth > MOST}
    assert faster.keys() == FASTER.keys(), faster
