"""Every page with odd answers: columns that are all empty, one row, no row, one value, huge values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pandas as pd
import pytest

from dashboard.asking import cached
from dashboard.navigation import PAGES, PageEntry
from data_access.questions import QUESTIONS
from data_access.questions.registry import Question
from data_access.selection import Role, Scope, Selection, SelectionError
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.pages.test_every_page import stands

Reduced = Callable[[Question, pd.DataFrame], pd.DataFrame]
LARGE = 10**12
# Which of its columns a row fills depends on its kind: a decision has a deadline, a stale source has none.
OF_MANY_KINDS = {"this_week"}
# Its rows are one sum: there are all of them, or none.
OF_ONE_PIECE = {"newcomer_bridge"}
MEASURED = ("count", "change", "number", "money")


def lacking(question: Question, found: pd.DataFrame) -> pd.DataFrame:
    """Every column that may lack a value lacks it in each row."""
    hints = get_type_hints(question.row)
    if question.name in OF_MANY_KINDS:
        return found
    lacking = [name for name in found.columns if type(None) in get_args(hints[name])]
    return found.assign(**{name: pd.Series([None] * len(found), dtype=found[name].dtype) for name in lacking})


def one_value(question: Question, found: pd.DataFrame) -> pd.DataFrame:
    """Each measured column is the same in all rows."""
    return found.assign(**{name: found[name].iloc[[0] * len(found)].array for name in measured(question, found)})


def huge(question: Question, found: pd.DataFrame) -> pd.DataFrame:
    return found.assign(**{name: found[name].map(_huge, na_action="ignore") for name in measured(question, found)})


def measured(question: Question, found: pd.DataFrame) -> list[str]:
    return [column.name for column in question.columns if column.kind in MEASURED and column.name in found.columns]


def _huge(value: Any) -> Any:
    return type(value)(LARGE) if isinstance(value, (int, float, Decimal)) else value


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Questions that have their rows in an empty program too: each row stands for something that there always is."""
    built = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('fixed') / 'uplift.db'}")
    built.add_program()
    database, found = built.database, set()
    with database.program.connect() as connection:
        for question in QUESTIONS.values():
            role = Role.PM if Role.PM in question.roles else min(question.roles)
            try:
                rows = len(question.ask(connection, Selection(), Scope(role)))
            except SelectionError:  # it is about one thing, which is there or refused
                rows = 1
            if rows:
                found.add(question.name)
    database.close()
    return found


ODD: tuple[Reduced | int, ...] = (lacking, one_value, huge, 1, 0)
# Each page gets two kinds of odd answers, its neighbour the next two; `make long` gives all of them to all.
IN_TURNS = [
    pytest.param(
        entry,
        how,
        id=f"{entry.url_path}-{getattr(how, '__name__', how)}",
        marks=[] if (at - 2 * turn) % len(ODD) < 2 else [pytest.mark.long],
    )
    for turn, entry in enumerate(PAGES)
    for at, how in enumerate(ODD)
]


def reduced(how: Reduced | int, fixed: set[str]) -> Reduced:
    if not isinstance(how, int):
        return how
    whole = fixed | (OF_ONE_PIECE if how else set())
    return lambda question, found: found if question.name in whole else found.head(how)


@pytest.mark.parametrize(("entry", "how"), IN_TURNS)
def test_odd_answers_break_nothing(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry, how: Reduced | int, fixed: set[str]
) -> None:
    reduce = reduced(how, fixed)
    whole = cached._answer

    def odd(url: str, copy: Any, version: Any, name: str, *rest: Any) -> pd.DataFrame:
        found = whole(url, copy, version, name, *rest)
        return reduce(QUESTIONS[name], found) if len(found) else found

    monkeypatch.setattr(cached, "_answer", odd)
    stands(Dashboard(monkeypatch, full).open(entry.url_path))
