"""docs/coverage.md names each statement of the mission once, and pages, questions and actions that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from dashboard.navigation import PAGES
from data_access import actions
from data_access.questions import QUESTIONS

TABLE = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"
STATEMENTS = 157
NOTHING = "–"


class Statement(NamedTuple):
    numbers: str
    words: str
    pages: str
    questions: str
    actions: str
    left: str


def statements() -> list[Statement]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    return [Statement(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def names(cell: str) -> list[str]:
    return [] if cell == NOTHING else [name.strip().strip("`") for name in cell.split(",")]


def test_every_statement_stands_once() -> None:
    numbers = [int(number) for row in statements() for number in row.numbers.split(",")]
    assert sorted(numbers) == list(range(1, STATEMENTS + 1))


def test_what_is_named_exists() -> None:
    pages = {page.title for page in PAGES}
    for row in statements():
        for known, cell in ((pages, row.pages), (QUESTIONS, row.questions), (actions.__all__, row.actions)):
            unknown = [name for name in names(cell) if name not in known]
            assert not unknown, (row.numbers, unknown)
        assert all(callable(getattr(actions, name)) for name in names(row.actions)), row.numbers


def test_each_is_served_by_something_or_says_why_not() -> None:
    for row in statements():
        served = [name for cell in (row.pages, row.questions, row.actions) for name in names(cell)]
        assert bool(served) != (row.left in ("open", "held by the test suite")), row.numbers
        assert not served or names(row.pages), f"{row.numbers} is served somewhere: on which page?"


def test_a_question_that_is_named_is_open_to_somebody_who_may_open_its_page() -> None:
    """A page that nobody who may ask the question can open serves nobody."""
    roles = {page.title: page.roles for page in PAGES}
    for row in statements():
        open_to = frozenset[object]().union(*(roles[page] for page in names(row.pages)))
        for name in names(row.questions):
            assert QUESTIONS[name].roles & open_to, (row.numbers, name)
