"""The table of questions: functions (connection, selection, scope) → DataFrame that pages and `uplift ask` share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access.selection import EVERYBODY, Role, Scope, Selection

QuestionFunction = Callable[..., pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Question:
    """A named question; `roles` may ask it; `options` are its own keyword arguments with their defaults."""

    name: str
    line: str
    roles: frozenset[Role]
    function: QuestionFunction
    options: dict[str, Any]

    def ask(self, connection: Connection, selection: Selection, scope: Scope, **options: Any) -> pd.DataFrame:
        """The answer; raises NotAllowed for a role that may not ask."""
        scope.require(self.roles, f"The question “{self.name}”")
        return self.function(connection, selection, scope, **options)


QUESTIONS: dict[str, Question] = {}


def question(roles: frozenset[Role] = EVERYBODY) -> Callable[[QuestionFunction], QuestionFunction]:
    """Register the function under its own name; the first line of its docstring is what `uplift ask --list` says."""

    def register(function: QuestionFunction) -> QuestionFunction:
        name = function.__name__
        options = {
            parameter.name: parameter.default
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        }
        line = (inspect.getdoc(function) or "").partition("\n")[0]
        QUESTIONS[name] = Question(name, line, roles, function, options)
        return function

    return register
