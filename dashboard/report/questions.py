"""Asks the questions of a report and remembers each: number by number it can be said later where a number came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar, cast

import pandas as pd

from dashboard.parts.labels import short
from dashboard.report.shapes import ReportFigure, ReportSource
from data_access.answers import Key, plain, rows
from data_access.database.engine import Database
from data_access.questions import QUESTIONS
from data_access.questions.answering import answer_from
from data_access.questions.registry import Question
from data_access.selection import Scope, Selection

Row = TypeVar("Row", bound=NamedTuple)
LONGEST = 120
Asked = Callable[..., pd.DataFrame]


def fingerprint(answer: pd.DataFrame) -> str:
    """What changes when anything in an answer changes but the order of its rows."""
    lines = sorted(
        json.dumps([_rounded(plain(value)) for value in row], ensure_ascii=False, default=str)
        for row in answer.itertuples(index=False, name=None)
    )
    written = json.dumps([list(answer.columns), lines], ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _rounded(value: Any) -> Any:
    """Sums of parts differ in their last digits with the order in which they are added up."""
    return float(f"{value:.9g}") if isinstance(value, float) else value


def is_same(one: Any, other: Any) -> bool:
    """Whether two values of an answer, as JSON has them, are the same number."""
    return bool(_rounded(one) == _rounded(other))


@dataclass(frozen=True)
class ReportAnswer:
    """An answer with its source. `frame` has the words of the data cut to one short line, `raw` as they are."""

    source: int
    question: Question
    frame: pd.DataFrame
    raw: pd.DataFrame

    def rows(self, row: type[Row]) -> list[Row]:
        return rows(row, self.frame)

    def figure(
        self, at: int, column: str, label: str, shown: str, *, by: tuple[str, ...] = (), notes: tuple[str, ...] = ()
    ) -> ReportFigure:
        """The number in a column of row `at`; the columns `by` name the row, and none is needed where there is one."""
        cells = self.raw.iloc[at]
        where = {name: plain(cells[name]) for name in by}
        declared = next(each for each in self.question.columns if each.name == column)
        unit = declared.unit or declared.kind
        return ReportFigure(label, shown, plain(cells[column]), unit, self.source, where, column, notes)


class Asker:
    """Asks for one reader, of one program.

    Personal questions that were asked are in `personal`, with their rows; `used` are the sources asked for so far.
    """

    def __init__(self, database: Database, scope: Scope, selection: Selection) -> None:
        self.database, self.scope, self.selection = database, scope, selection
        self.sources: list[ReportSource] = []
        self.personal: dict[str, int] = {}
        self.used: set[int] = set()
        self._known: dict[tuple[str, str, str], ReportAnswer] = {}

    def may(self, *questions: Asked) -> bool:
        """Whether all of them are open to the reader."""
        return all(self.scope.role in QUESTIONS[each.__name__].roles for each in questions)

    def ask(self, asked: Asked, selection: Selection | None = None, **options: Any) -> ReportAnswer:
        """The answer; the same question is asked once."""
        selection = selection or self.selection
        key = (asked.__name__, repr(selection), repr(sorted(options.items())))
        if key not in self._known:
            self._known[key] = self._ask(QUESTIONS[asked.__name__], selection, options)
        self.used.add(self._known[key].source)
        return self._known[key]

    def _ask(self, question: Question, selection: Selection, options: Mapping[str, Any]) -> ReportAnswer:
        found = answer_from(self.database, question, selection, self.scope, **options)
        if question.is_personal and self.scope.inside and len(found):
            self.personal[question.name] = len(found)
        source = ReportSource(
            question.name, question.line, options, selection.period, selection.as_of, len(found), fingerprint(found)
        )
        self.sources.append(source)
        return ReportAnswer(len(self.sources) - 1, question, _shortened(question, found), found)


def _shortened(question: Question, answer: pd.DataFrame) -> pd.DataFrame:
    """The answer with its words on one line each: a name of ten thousand letters would be the whole report.

    Codes and keys are left as they are: what is decided by them stays decided.
    """
    texts = {
        column.name: [value if not isinstance(value, str) else short(value, LONGEST) for value in answer[column.name]]
        for column in question.columns
        if column.name in answer.columns and column.kind == "text" and not isinstance(column, Key)
    }
    return answer.assign(**cast("dict[str, Any]", texts)) if texts else answer.copy()


def of_all_time(selection: Selection) -> Selection:
    """The same day over all time."""
    return replace(selection, period=Selection().period)
