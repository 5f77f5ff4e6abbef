"""The table of questions: functions (connection, selection, scope) → DataFrame that pages and `uplift ask` share.

A question says who may ask it, what it counts and which columns answer it; none of the three has a default, so that a
new question is closed until somebody decides to open it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NamedTuple, ParamSpec

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import AnswerColumn, columns_of
from data_access.questions.known_values import refuse_unknown
from data_access.questions.own_teams import TEAM, OwnTeams
from data_access.questions.released import Released, read_released
from data_access.selection import NotAllowed, Role, Scope, Selection, SelectionError
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
    released: Released | None = None
    names_people: bool = False
    live: bool = False
    own_teams: OwnTeams | None = None

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
        if scope.own_teams:
            if self.own_teams is None or scope.role is not Role.PARTNER:
                raise NotAllowed(say("The question “{name}” is not about single teams.", name=self.name))
            return self.own_teams.kept(self.work_out(connection, selection, scope, **options), scope)
        if self.released is None or scope.exact or scope.book is not None:
            return self.work_out(connection, selection, scope, **options)
        return read_released(connection, self.name, self.row, self.released, selection, self.options, options)

    def work_out(self, connection: Connection, selection: Selection, scope: Scope, **options: Any) -> pd.DataFrame:
        """The answer from the program's own tables, for who is inside or for a release."""
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
    released: Released | None = None,
    names_people: bool = False,
    live: bool = False,
    own_teams: OwnTeams | None = None,
) -> Callable[[Callable[Options, pd.DataFrame]], Callable[Options, pd.DataFrame]]:
    """Register the function under its own name; the first line of its docstring is what `uplift ask --list` says.

    What is `released` is worked out once a quarter for whoever is outside; other answers that are open to them are made
    of facts that are no facts about persons. With `own_teams` a partner's own teams are answered exactly, as they are.
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
        known = {column.name for column in columns_of(columns)}  # a field without a column is found here, not on a page
        if own_teams and not known.issuperset((TEAM, *own_teams.names)):
            raise TypeError(f"{name} is about single teams, and its rows do not say which")
        if name in QUESTIONS and QUESTIONS[name].function.__module__ != function.__module__:
            raise TypeError(f"Two questions are called {name}: the second would answer for the first")
        QUESTIONS[name] = Question(
            name, line, roles, counts, columns, function, options, released, names_people, live, own_teams
        )
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


def options_from(question: Question, texts: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the question has, in the type of their defaults. Raises SelectionError for what is none."""
    chosen: dict[str, Any] = {}
    for name, default in question.options.items():
        text = texts.get(name)
        if text is None:
            continue
        try:
            chosen[name] = type(default)(text)
        except ValueError as cause:
            raise SelectionError(f"{name} {text[:40]!r} is not a whole number.") from cause
    return chosen
