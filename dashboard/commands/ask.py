"""`uplift ask`: every question as a command, with the same functions that the pages call."""

from __future__ import annotations

import argparse
import contextlib
import csv
import inspect
import json
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.exc import SQLAlchemyError

from dashboard.commands.opening import open_database
from dashboard.commands.viewer import command_line_author
from data_access import formulas
from data_access.answers import Count, plain
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database
from data_access.persons.reads import Read, record_read
from data_access.program import load_program
from data_access.questions import QUESTIONS, Question
from data_access.questions.answering import answer_from, connection_for
from data_access.questions.in_plain_words import find
from data_access.questions.known_values import by_name
from data_access.questions.options import filter_options
from data_access.questions.registry import named, options_from
from data_access.selection import INSIDE, QUERY_NAMES, Role, Scope, Selection


def add_ask_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command; a question's own options are accepted by the question that has them."""
    parser = commands.add_parser("ask", parents=[database])
    parser.set_defaults(run=_ask)
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument(
        "--list", action="store_true", help="name the questions, a line each; with QUESTION, explain it"
    )
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--as", dest="role", default="pm", help="pm, board, leadership, partner:TEAM or public")
    helps = {
        "period": "2019, 2019-Q3, 2019-03, or 2019-01-01..2020-01-01 (end not included)",
        "as_of": "the day from which past and future are judged (default: today)",
        "status": "planned, held, cancelled, or all (default: held)",
    }
    for name in QUERY_NAMES:
        parser.add_argument(
            f"--{name.replace('_', '-')}", dest=name, help=helps.get(name, "one or more, comma-separated")
        )
    having: dict[str, list[str]] = {}
    for question in QUESTIONS.values():
        for option in question.options:
            having.setdefault(option, []).append(question.name)
    for option in sorted(having.keys() - set(QUERY_NAMES)):
        only = f"only for {', '.join(having[option])}"
        parser.add_argument(f"--{option.replace('_', '-')}", dest=option, help=only)


def _ask(options: argparse.Namespace) -> int:
    if not options.question:
        for _, listed in sorted(QUESTIONS.items()):
            print(f"{listed.name:<24} {listed.line}")
        return 0 if options.list else 2
    if " " in options.question.strip():
        return _search(options)
    question = named(options.question)
    if options.list:
        print(explained(question))
        return 0
    query = {name: value for name in QUERY_NAMES if (value := getattr(options, name))}
    database = open_database(options)
    database.version()
    scope = Scope.parse(options.role)
    with connection_for(database, scope) as connection:
        scope = replace(scope, min_group_size=load_program(connection).min_group_size)
        selection = Selection.from_query(by_name(connection, query))
    answer = answer_from(database, question, selection, scope, **options_from(question, vars(options)))
    if question.is_personal and scope.role in INSIDE and len(answer):
        _record(
            database, Read(date.today(), command_line_author().name, str(scope.role), question.name, "", len(answer))
        )
    write_answer(answer, options.format)
    return 0


def _search(options: argparse.Namespace) -> int:
    """Name the questions that may be meant by somebody's words, each with the command that asks it."""
    database = Database(options.database)
    scope = Scope.parse(options.role)
    names: dict[str, dict[str, str]] = {}
    with contextlib.suppress(DatabaseError), connection_for(database, scope) as connection:
        names = {
            name: dict(values) for name, values in filter_options(connection, of_people=scope.exact).values.items()
        }
    found = find(options.question, scope.role, date.today(), names)
    for each in found:
        print(f"{each.question.line}\n  {each.command}")
    if not found:
        print("No question has any of these words. `uplift ask --list` names them all.")
    return 0 if found else 1


def _record(database: Database, read: Read) -> None:
    try:
        record_read(database, read)
    except SQLAlchemyError:
        print("uplift: that this was read could not be recorded: the database cannot be written to.", file=sys.stderr)


def explained(question: Question) -> str:
    """What a question answers, who may ask it, its options, and each column with its kind, unit and meaning."""
    doc = inspect.getdoc(question.function) or ""
    roles = ", ".join(role for role in Role if role in question.roles)
    lines = [question.name, "", doc, "", f"Open to: {roles}", f"Counts: {question.counts}"]
    if question.options:
        options = ", ".join(f"--{name.replace('_', '-')} {value!r}" for name, value in question.options.items())
        lines += [f"Options, with their defaults: {options}"]
    lines += ["", "Columns:"]
    widest = max(len(column.name) for column in question.columns)
    for column in question.columns:
        unit = f" of {column.unit}" if isinstance(column, Count) and column.unit else ""
        only = f" (only with --{column.only_with})" if column.only_with else ""
        said = f": {column.help}" if column.help else ""
        lines.append(f"  {column.name:<{widest}}  {column.kind}{unit}; {column.title}{said}{only}")
    return "\n".join(lines)


def write_answer(answer: pd.DataFrame, form: str) -> None:
    """Print an answer; missing values are empty (CSV, table) or null (JSON), exact amounts keep their digits."""
    if form == "json":
        rows = [{name: plain(value) for name, value in row.items()} for row in answer.to_dict("records")]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    texts = [[_as_text(value) for value in row] for row in answer.itertuples(index=False, name=None)]
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows(list(map(formulas.cell, row)) for row in (list(answer.columns), *texts))
        return
    widths = [max([len(name), *(len(row[index]) for row in texts)]) for index, name in enumerate(answer.columns)]
    numeric = [pd.api.types.is_numeric_dtype(answer[name]) for name in answer.columns]
    for row in [list(answer.columns), *texts]:
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        print("  ".join(cells).rstrip())


def _as_text(value: Any) -> str:
    shown = plain(value)
    if shown is None:
        return ""
    return f"{shown:.6g}" if isinstance(shown, float) else " ".join(str(shown).split())
