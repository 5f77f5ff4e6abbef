"""What every question declares: enough for a table, a download and `uplift ask --list NAME` to be understood."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from dashboard.commands.ask import explained
from data_access.answers import Count, empty
from data_access.database.schema import people
from data_access.questions import QUESTIONS
from data_access.questions.registry import named
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from tests.full_program import AS_OF as FULL_AS_OF
from tests.full_program import full_program

EVERY = sorted(QUESTIONS)


@pytest.mark.parametrize("name", EVERY)
def test_a_download_of_an_answer_has_no_two_columns_of_one_heading(name: str) -> None:
    titles = Counter(column.title for column in QUESTIONS[name].columns)
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("name", EVERY)
def test_a_count_says_what_it_counts_and_a_heading_begins_like_a_sentence(name: str) -> None:
    for column in QUESTIONS[name].columns:
        assert column.unit or not isinstance(column, Count), column.name
        assert column.heading[:1] == column.heading[:1].upper() != "", column.name


@pytest.mark.parametrize("name", EVERY)
def test_a_question_is_explained_with_every_column(name: str) -> None:
    question = QUESTIONS[name]
    said = explained(question)
    assert question.line
    assert all(f"  {column.name} " in said and column.heading in said for column in question.columns)
    assert list(empty(question.row).columns) == [column.name for column in question.columns]


def test_a_question_whose_answer_names_people_says_so(tmp_path: Path) -> None:
    """Asked for all that it can be asked for: where a key or name of somebody stands in it, reading it is recorded."""
    built = full_program(f"sqlite:///{tmp_path / 'uplift.db'}")
    selection = Selection(Period(date(2020, 1, 1), date(2027, 1, 1)), FULL_AS_OF)
    with built.database.reading() as connection:
        found = connection.execute(select(people.c.person_key, people.c.name)).all()
        named_as = {text for row in found for text in row if text}
        for question in QUESTIONS.values():
            for options in ({}, {"team": "docs"}, {"country": "DE"}, {"by": "team"}):
                try:
                    answer = question.ask(connection, selection, Scope(Role.PM), **options)
                except (SelectionError, TypeError):
                    continue
                texts = {text for name in answer for text in answer[name] if isinstance(text, str)}
                assert question.is_personal or not texts & named_as, question.name
    assert sum(question.is_personal for question in QUESTIONS.values()) >= 17
    built.database.close()


def test_an_unknown_question_is_answered_with_the_nearest() -> None:
    with pytest.raises(SelectionError, match="Did you mean events_total"):
        named("events-totl")
    with pytest.raises(SelectionError, match="names them all"):
        named("xyzzy")
