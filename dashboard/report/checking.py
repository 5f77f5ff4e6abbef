"""Is a report still true? Every number that stands in its data file is asked for again, and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.parts.labels import short
from dashboard.report.compose import version_of
from dashboard.report.files import DATA_FILE, FORMAT
from dashboard.report.questions import fingerprint, is_same
from dashboard.report.shapes import ReportRefused
from dashboard.words.sentences import listed, say
from data_access.answers import plain
from data_access.database.engine import Database
from data_access.program import load_program
from data_access.questions import QUESTIONS
from data_access.questions.answering import answer_from, connection_for
from data_access.selection import NotAllowed, Period, Scope, Selection, SelectionError, parse_day

CHANGED, GONE = "changed", "no longer answerable"


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """A number that is not as it was: what it is, what it was and is now, and the command that asks it."""

    state: str
    section: str
    label: str
    column: str
    was: str
    now: str
    command: str


@dataclass
class Checked:
    """What came of a check: of which report, how many numbers are as they were, and everything that is not.

    `elsewhere` are answers that changed where no number of the report stands for them, but sentences may: the sections
    and the command. `altered` are files that are not as they were made.
    """

    about: Mapping[str, Any]
    version_now: int
    unchanged: int = 0
    numbers: list[CheckedNumber] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    @property
    def is_as_it_was(self) -> bool:
        return not (self.numbers or self.elsewhere or self.altered)


def read_report(folder: Path) -> dict[str, Any]:
    """The data file of a report. Raises ReportRefused where there is none that can be read."""
    path = folder / DATA_FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["sections"], found["sources"], found["role"], found["data_version"]["number"]
    except FileNotFoundError as cause:
        raise ReportRefused(f"{folder} holds no report: {DATA_FILE} is missing.") from cause
    except OSError as cause:
        raise ReportRefused(f"{path} cannot be read: {cause.strerror}.") from cause
    except (ValueError, KeyError, TypeError) as cause:
        raise ReportRefused(f"{path} is not the data of a report. Make the report again.") from cause
    if found.get("format") != FORMAT:
        raise ReportRefused(f"{path} is of another version of Uplift. Make the report again.")
    return dict(found)


def check_report(database: Database, folder: Path) -> Checked:
    """Ask for every number again, of the data as they are now."""
    data = read_report(folder)
    try:
        return _checked(database, folder, data)
    except (KeyError, TypeError, AttributeError, SelectionError) as cause:
        raise ReportRefused(f"{folder / DATA_FILE} is not the data of a report. Make the report again.") from cause


def _checked(database: Database, folder: Path, data: Mapping[str, Any]) -> Checked:
    scope = Scope.parse(str(data["role"]))
    with connection_for(database, scope) as connection:
        scope = replace(scope, min_group_size=load_program(connection).min_group_size)
    found = Checked(data, version_of(database, scope).import_id)
    found.altered = list(_altered(folder, data))
    sources = list(data["sources"])
    answers = [_ask(database, scope, source) for source in sources]
    shown: set[int] = set()
    for section in data["sections"]:
        for number in section["numbers"]:
            at = int(number["source"]) - 1
            state, now = _now(answers[at], number)
            if not state:
                found.unchanged += 1
                continue
            shown.add(at)
            was, title = _text(number["value"]), str(section["title"])
            label, column = short(str(number["label"]), 60), str(number["column"])
            found.numbers.append(CheckedNumber(state, title, label, column, was, now, str(sources[at]["command"])))
    for at, source in enumerate(sources):
        answer = answers[at]
        if at not in shown and (answer is None or fingerprint(answer) != source["fingerprint"]):
            titles = [str(section["title"]) for section in data["sections"] if at + 1 in section["sources"]]
            found.elsewhere.append((listed(titles), str(source["command"])))
    return found


def _altered(folder: Path, data: Mapping[str, Any]) -> Iterator[str]:
    for name, kept in data["files"].items():
        path = folder / Path(str(name)).name
        if not path.exists():
            yield say("{file} is missing", file=path.name)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != kept:
            yield say("{file} was changed after it was made", file=path.name)


def _ask(database: Database, scope: Scope, source: Mapping[str, Any]) -> pd.DataFrame | None:
    """The answer now; None where the question is gone, or closed to the reader."""
    question = QUESTIONS.get(str(source["question"]))
    if question is None or not set(source["options"]) <= question.options.keys():
        return None
    selection = Selection(Period.parse(str(source["period"])), parse_day(str(source["as_of"])))
    try:
        return answer_from(database, question, selection, scope, **source["options"])
    except NotAllowed:
        return None


def _now(answer: pd.DataFrame | None, number: Mapping[str, Any]) -> tuple[str, str]:
    """What came of a number ("": it is as it was), and what it is now."""
    column, where = str(number["column"]), number["where"]
    if answer is None or not {column, *where} <= set(answer.columns):
        return GONE, "–"
    rows = [
        row[column]
        for row in answer.to_dict("records")
        if all(is_same(plain(row[name]), value) for name, value in where.items())
    ]
    if len(rows) != 1:
        return GONE, "–"
    now = plain(rows[0])
    return ("", "") if is_same(now, number["value"]) else (CHANGED, _text(now))


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else short(str(value), 60)
