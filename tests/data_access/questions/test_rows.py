"""What a question fetches does not grow with the people of a program, but with its answer: the rest is SQL's to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Role, Scope, Selection
from sample_data.generator import write_program
from tests.data_access.questions.asking import named_for

SELECTION, SCOPE = Selection(as_of=date(2026, 9, 15)), Scope(Role.PM)


class Counting:
    """A cursor that counts the rows that are fetched from it."""

    def __init__(self, cursor: Any, counted: list[int]) -> None:
        self._cursor, self._counted = cursor, counted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchall(self) -> list[Any]:
        return self._count(self._cursor.fetchall())

    def fetchmany(self, *size: int) -> list[Any]:
        return self._count(self._cursor.fetchmany(*size))

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        self._counted[0] += row is not None
        return row

    def _count(self, rows: list[Any]) -> list[Any]:
        self._counted[0] += len(rows)
        return rows


@dataclass(frozen=True)
class Fetched:
    """By one question: rows from the database, and rows of the answer."""

    fetched: int
    answered: int


def program(folder: Path, times: int) -> Database:
    """Made by an import, without a release: nobody outside asks here, and it takes most of the time."""
    write_program(folder / "bundle", events=60 * times, contributions=600 * times, people=60 * times, seed=7)
    database = Database(f"sqlite:///{folder / 'program.db'}")
    initialise(database.program)
    assert run_import(database, [folder / "bundle"], ImportOptions(releases=False)).committed
    return database


def fetched_by_each(database: Database) -> dict[str, Fetched]:
    counted = [0]

    def count(_connection: Any, _cursor: Any, _statement: Any, _values: Any, context: Any, _many: bool) -> None:
        context.cursor = Counting(context.cursor, counted)

    event.listen(database.program, "after_cursor_execute", count)
    found = {}
    with database.program.connect() as connection:
        for name, question in QUESTIONS.items():
            if SCOPE.role in question.roles:
                counted[0] = 0
                answer = question.ask(connection, SELECTION, SCOPE, **named_for(question))
                found[name] = Fetched(counted[0], len(answer))
    return found


# People, and with them requests, contributions and events, are ten times as many: a row a person would be 540 more.
MORE = 200
# What grows further: groups, of which a larger program has more, up to where they end.
ENDS = {
    "retention": "a row for each month of entry and month since",
    "retention_overall": "a row for each month of entry and month since",
    "contributor_funnel": "a row for each group and day of the conversion window",
    "level_log_rank": "a row for each group and day up to the horizon",
    "health_indicators": "a row for each day of the record on which money moved",
    "topics_covered": "a row for each topic, country and set of languages",
    "language_gaps": "a row for each country, way of meeting and set of languages",
    "region_profile": "a row for each country and role, or set of languages",
    "targets_progress": "what targets may be about: countries, languages, spaces",
    "needs_list": "towns, by which circles are told apart",
    "circle_helpers": "towns, by which circles are told apart, and helpers",
    "what_if": "exchange rates and countries; the smaller program has no such request",
}
# Rows in proportion to events or people all the same (docs/scale.md).
STILL_GROW = {"presence"}


@pytest.mark.slow
@pytest.mark.long
def test_what_a_question_fetches_grows_with_its_answer_and_not_with_the_people(tmp_path: Path) -> None:
    """At the cursor, on a program and on one of ten times as many people: questions about all of it."""
    few, many = (fetched_by_each(program(tmp_path / str(times), times)) for times in (1, 10))
    grown = {
        name: many[name].fetched - few[name].fetched - max(many[name].answered - few[name].answered, 0) for name in many
    }
    assert {name: more for name, more in grown.items() if more > MORE and name not in {*ENDS, *STILL_GROW}} == {}
