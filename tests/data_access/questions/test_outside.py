"""Everybody outside is answered from the release alone: every question, on a database without a person in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest

from data_access.database.engine import Database
from data_access.questions import QUESTIONS, Question
from data_access.questions.answering import answer_from
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.data_access.questions.asking import ways
from tests.full_program import AS_OF, full_program
from tests.releasing import release

RELEASED_ON = date(2026, 7, 1)
OUTSIDE = (Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC)
NEEDED = {"team": "docs", "request": "r0"}
CHOICES: dict[str, list[object]] = {
    "team": ["", "qa"],
    "exposure": ["members"],
    "population": ["members", "applicants", "contributors"],
    "by": ["region", "area"],
    "country": ["DE"],
    "language": ["fr"],
    "languages": ["en,fr"],
    "box": ["40,0,60,20"],
    "check": ["missing_language", "probable_duplicate"],
    "kind": [],
    "limit": [1],
}
# By region and country, or language, but by no focus area.
ONLY_PLACES = {"region_profile", "topics_by_language"}
YEAR = Selection(Period.parse("2026"), AS_OF)
SELECTIONS = (YEAR, Selection(as_of=AS_OF), Selection(Period.parse("2026-Q2"), AS_OF, country=("DE",), team=("docs",)))


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A program that was released, and then cannot be opened any more."""
    path = tmp_path_factory.mktemp("outside") / "uplift.db"
    built = full_program(f"sqlite:///{path}")
    release(built.database, RELEASED_ON)
    built.database.close()
    path.unlink()
    path.mkdir()
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.mark.parametrize("role", OUTSIDE)
@pytest.mark.parametrize("question", [QUESTIONS[name] for name in sorted(QUESTIONS)], ids=sorted(QUESTIONS))
def test_every_question_is_answered_without_the_program_database(
    outside: Database, question: Question, role: Role
) -> None:
    asked = [(selection, options) for options in ways(question, CHOICES, NEEDED) for selection in SELECTIONS]
    answered = 0
    for selection, options in asked:
        if options.get("by") == "area" and question.name in ONLY_PLACES:
            continue
        with suppress(NotAllowed):
            found = answer_from(outside, question, selection, Scope(role), **options)
            answered += 1
            assert set(found.columns) <= {column.name for column in question.columns}
    assert (answered > 0) == (role in question.roles)


# Computed by hand from tests/full_program.py and tests/builders.py; each is of six people or none.
@pytest.mark.parametrize(
    ("name", "options", "column", "where", "expected"),
    [
        ("team_growth", {"team": "docs"}, "at_least", {"counted_on": "2026-06-30"}, 5),
        ("team_board", {}, "exit_at_most", {"team": "docs"}, 9),
        ("team_board", {}, "open_risks", {"team": "docs"}, 1),
        ("team_milestones_list", {"team": "docs"}, "reached_on", {"milestone": "gaps_identified"}, date(2026, 4, 1)),
        ("leadership_circles", {}, "circle", {}, None),
        ("language_people", {}, "at_most", {"group": "everyone", "language": "en"}, 4),
    ],
)
def test_what_was_released_is_shown(
    outside: Database, name: str, options: dict[str, str], column: str, where: dict[str, str], expected: object
) -> None:
    found = answer_from(outside, QUESTIONS[name], Selection(as_of=AS_OF), Scope(Role.LEADERSHIP), **options)
    for key, value in where.items():
        found = found[found[key].astype(str) == value]
    shown = found[column].tolist()
    assert shown == ([] if expected is None else [expected])
