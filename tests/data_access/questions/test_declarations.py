"""What every question declares: enough for a table, a download and `uplift ask --list NAME` to be understood."""

from __future__ import annotations

from collections import Counter

import pytest

from dashboard.commands.ask import explained
from data_access.answers import Count, empty
from data_access.questions import QUESTIONS
from data_access.questions.registry import named
from data_access.selection import SelectionError

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


def test_an_unknown_question_is_answered_with_the_nearest() -> None:
    with pytest.raises(SelectionError, match="Did you mean events_total"):
        named("events-totl")
    with pytest.raises(SelectionError, match="names them all"):
        named("xyzzy")
