"""The tables of the People page: answers with what their rows say in words, and the columns of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.parts.tables import Width
from dashboard.subjects.people import fair_words, words
from dashboard.words.ranges import people_words
from data_access.answers import AnswerColumn, Text, columns_of, rows
from data_access.questions.people.diversity import AttributeShare, AttributeShareInYear
from data_access.questions.people.fairness import MONEY, FairShare
from data_access.questions.people.steps import AttributeStep


class CountInWords(NamedTuple):
    shown: Annotated[str, Text("People")]


class MoneyInWords(NamedTuple):
    amount_shown: Annotated[str, Text("Amount")]


class EventsInWords(NamedTuple):
    amount_shown: Annotated[str, Text("Events")]


def _with_words(answer: type[NamedTuple], words_of_it: type[NamedTuple]) -> tuple[AnswerColumn, ...]:
    """The answer's columns, then those in words. What codes stand for needs no help where words replace them."""
    own = (
        replace(column, help="") if column.name in ("member_of", "value") else column for column in columns_of(answer)
    )
    return (*own, *columns_of(words_of_it))


SHARE_COLUMNS = _with_words(AttributeShare, CountInWords)
SHARE_OF_REGION = tuple(
    replace(column, heading="Region") if column.name == "member_of" else column for column in SHARE_COLUMNS
)
TREND_COLUMNS = _with_words(AttributeShareInYear, CountInWords)
STEP_COLUMNS = _with_words(AttributeStep, CountInWords)
SMALL: dict[str, Width] = dict.fromkeys(("share", "low", "high", "reference", "others", "of_people"), "small")


def about(columns: Sequence[AnswerColumn], exact: bool) -> list[AnswerColumn]:
    """The same columns; without exact counts, a whole number of people is the middle of a range."""
    middles = {} if exact else {"members": "Members, about", "of_people": "Of people, about"}
    return [replace(column, heading=middles.get(column.name, column.heading)) for column in columns]


def shares_in_words(shares: pd.DataFrame, size: int) -> pd.DataFrame:
    """Shares, of now or of several years, with their labels and ranges in words; the download has the numbers too."""
    answered = rows(AttributeShare, shares)
    return shares.assign(
        member_of=[words.group_words(row.member_of, size) for row in answered],
        value=[words.value_words(row, size) for row in answered],
        shown=[people_words(row.at_least, row.at_most) for row in answered],
    )


def steps_in_words(funnel: pd.DataFrame, size: int) -> pd.DataFrame:
    """Each step of each group of applicants, in the same way."""
    answered = rows(AttributeStep, funnel)
    return funnel.assign(
        value=[words.value_words(row, size) for row in answered],
        shown=[people_words(row.at_least, row.at_most) for row in answered],
    )


def fair_shares_in_words(answer: pd.DataFrame, of: str) -> pd.DataFrame:
    """What each group has, with its amount in words."""
    answered = rows(FairShare, answer)
    return answer.assign(
        member_of=[row.member_of or "not known" for row in answered],
        amount_shown=[fair_words.amount_words(row, of) for row in answered],
    )


def fair_columns(of: str, exact: bool) -> list[AnswerColumn]:
    """The columns of fair shares."""
    return about(_with_words(FairShare, MoneyInWords if of == MONEY else EventsInWords), exact)
