"""The table of questions: functions (connection, selection, scope) → DataFrame that pages and `uplift ask` share.

A question says who may ask it, what it counts and which columns answer it; none of the three has a default, so that a
new question is closed until somebody decides to open it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NamedTuple, ParamSpec

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import AnswerColumn, columns_of
from data_access.questions.known_values import refuse_unknown
from data_access.selection import Role, Scope, Selection, SelectionError
from data_access.wording import either, say

Options = ParamSpec("Options")


class Counts(StrEnum):
    """What the numbers of an answer are of: it decides how much of them who may see."""

    EVENTS = "events"  # announced in public: exact for everybody
    PEOPLE = "people"  # and what they did: small groups are protected
    MONEY = "money"
    NOTHING = "nothing"


EVENTS, PEOPLE, MONEY, NOTHING = Counts


@dataclass(frozen=True, slots=True)
class Question:
    """A named question; `roles` may ask it; `options` are its own keyword arguments with their defaults.

    `live`: its answer changes without a new data version, so it is asked of the program database itself.
    """

    name: str
    line: str
    roles: frozenset[Role]
    counts: Counts
    row: type[NamedTuple]
    function: Callable[..., pd.DataFrame]
    options: dict[str, Any]
    names_people: bool = False
    live: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether its rows are of persons, or name them: who asks it, inside, is recorded."""
        return self.names_people or "person_key" in self.row._fields

    @property
    def columns(self) -> tuple[AnswerColumn, ...]:
        """What the answer's columns are called, hold and mean."""
        return columns_of(self.row)

    def ask(self, connection: Connection, selection: Selection, scope: Scope, **options: Any) -> pd.DataFrame:
        """The answer. Raises NotAllowed for a role that may not ask, SelectionError for a value of a filter that is not
        known, TypeError for columns that are not declared.
        """
        scope.require(self.roles, say("The question “{name}”", name=self.name))
        refuse_unknown(connection, selection)
        found = self.function(connection, selection, scope, **options)
        expected = [column.name for column in self.columns if column.name in found.columns or not column.only_with]
        if list(found.columns) != expected:
            raise TypeError(f"{self.name} answers {list(found.columns)} and declares {expected}")
        return found


QUESTIONS: dict[str, Question] = {}


def question(
    *,
    roles: frozenset[Role],
    counts: Counts,
    columns: type[NamedTuple],
    names_people: bool = False,
    live: bool = False,
) -> Callable[[Callable[Options, pd.DataFrame]], Callable[Options, pd.DataFrame]]:
    """Register the function under its own name; the first line of its docstring is what `uplift ask --list` says.

    `names_people` is to be said where rows name people, or are one person's, and have no column `person_key`.
    """

    def register(function: Callable[Options, pd.DataFrame]) -> Callable[Options, pd.DataFrame]:
        name = function.__name__
        options = {
            parameter.name: parameter.default
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        }
        line = (inspect.getdoc(function) or "").partition("\n")[0]
        columns_of(columns)  # a field without a column is found here, not on somebody's page
        QUESTIONS[name] = Question(name, line, roles, counts, columns, function, options, names_people, live)
        return function

    return register


def question_of(function: Callable[..., pd.DataFrame]) -> Question:
    """The question that the function answers, to be asked with the check of its roles. Raises KeyError for another."""
    return QUESTIONS[function.__name__]


def named(name: str) -> Question:
    """The question of a name, written with _ or -. Raises SelectionError with the nearest names."""
    found = QUESTIONS.get(name.replace("-", "_"))
    if found is None:
        nearest = get_close_matches(name.replace("-", "_"), QUESTIONS, n=3, cutoff=0.5)
        hint = "Did you mean {nearest}?" if nearest else "`uplift ask --list` names them all."
        raise SelectionError(f"{name[:60]!r} is not a question. {say(hint, nearest=either(nearest))}")
    return found
