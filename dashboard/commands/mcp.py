"""`uplift mcp`: the same questions for an agent, over the Model Context Protocol on standard input and output."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dashboard.api.asking import answer_by_text, refuse_unknown_names
from dashboard.api.described import listed, open_to
from dashboard.commands.opening import open_database
from dashboard.commands.viewer import command_line_author
from data_access.answers import plain
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database
from data_access.database.faults import explain
from data_access.questions import QUESTIONS
from data_access.questions.answering import connection_for
from data_access.questions.in_plain_words import find
from data_access.questions.options import filter_options
from data_access.questions.registry import Question
from data_access.selection import NotAllowed, Scope, SelectionError

MOST_ROWS = 200
INSTRUCTIONS = """\
Uplift answers named questions about one community program. Find a question by what somebody wants to know, read its
columns and parameters, and ask it. Say with each number its question and selection. Ranges and missing values protect
small groups: do not narrow them by combining answers.
"""


def add_mcp_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("mcp", parents=[database])
    parser.add_argument(
        "--as", dest="role", default="leadership", help="(default: leadership) pm, board, partner:TEAM, …"
    )
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError:
        print("uplift: this needs the package mcp. Install it with: pip install 'uplift[mcp]'")
        return 1
    offered = Offered(open_database(options), Scope.parse(options.role))
    server = MCPServer("uplift", instructions=INSTRUCTIONS)
    for tool in (offered.find_questions, offered.describe_question, offered.ask_question):
        server.add_tool(_explaining(tool, ToolError))
    server.run("stdio")
    return 0


def _explaining(tool: Callable[..., Any], error: type[Exception]) -> Callable[..., Any]:
    """The tool, with what is ours to explain in the one kind of error whose words reach the agent."""

    @functools.wraps(tool)
    def explained(*args: Any, **named: Any) -> Any:
        try:
            return tool(*args, **named)
        except (DatabaseError, NotAllowed, SelectionError) as problem:
            raise error(str(problem)) from problem
        except SQLAlchemyError as problem:
            fault = explain(problem)
            if fault is None:
                raise
            raise error(fault.outside) from problem

    return explained


class Offered:
    """The three tools, for one role: what is not open to it is not there."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self.database, self.scope = database, scope
        database.version()

    def find_questions(self, words: str) -> list[dict[str, Any]]:
        """Questions that may be meant by somebody's words, best first, with period and place read out of them.

        With no words, all questions: name and first line.
        """
        if not words.strip():
            return [{"name": each.name, "answers": each.line} for each in open_to(self.scope.role)]
        with connection_for(self.database, self.scope) as connection:
            names = filter_options(connection, of_people=self.scope.exact).names()
        found = find(words, self.scope.role, date.today(), names)
        return [{"name": each.question.name, "answers": each.question.line, "parameters": each.query} for each in found]

    def describe_question(self, name: str) -> dict[str, Any]:
        """What a question answers: its own options with their defaults, and the kind, unit and meaning of each column.

        Besides its options each takes period (2026, 2026-Q3, 2026-03), as_of, country, region, area, topic, language,
        space, team, mode, format, scale and status.
        """
        return listed(self._question(name))

    def ask_question(self, name: str, parameters: dict[str, str] | None = None) -> dict[str, Any]:
        """The answer: what was understood (selection), and the rows, the first 200 of them."""
        question, asked = self._question(name), parameters or {}
        refuse_unknown_names(question, asked)
        by = command_line_author().name
        selection, found = answer_by_text(self.database, question, self.scope, asked, date.today(), by)
        rows = found.head(MOST_ROWS).to_dict("records")
        return {
            "question": question.name,
            "selection": selection.in_words(),
            "as_of": selection.as_of.isoformat(),
            "rows": [{str(key): plain(value) for key, value in row.items()} for row in rows],
            "rows_in_all": len(found),
        }

    def _question(self, name: str) -> Question:
        question = QUESTIONS.get(name)
        if question is None or self.scope.role not in question.roles:
            raise SelectionError(
                f"There is no question {name[:60]!r} for you. find_questions names those that there are."
            )
        return question
