"""`uplift mcp`, asked by a real client of the protocol over a pipe."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.client import Client

from data_access.database.engine import Database
from data_access.questions import QUESTIONS
from data_access.selection import Role
from tests.asynchronous import finished
from tests.builders import ProgramBuilder
from tests.releasing import release

pytestmark = pytest.mark.slow

Asked = tuple[str, dict[str, Any]]


@pytest.fixture
def program(tmp_path: Path) -> Database:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program("Open Maps")
    for day in range(1, 4):
        built.add_event(f"Event {day}", date(2026, 5, day), country="DE")
    built.add_event("Elsewhere", date(2026, 5, 9), country="FR")
    built.add_import()
    release(built.database, date(2026, 7, 1))
    return built.database


def told(program: Database, role: str, *asked: Asked) -> list[Any]:
    """What each call of a tool returns, read from its text; an error is its words."""
    command = [
        *("-c", "import sys; from dashboard.cli import main; sys.exit(main(sys.argv[1:]))"),
        *("mcp", "--as", role, "--database", program.url),
    ]

    async def talk() -> list[Any]:
        server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
        found = []
        async with Client(server) as client:
            tools = await client.list_tools()
            assert {tool.name for tool in tools.tools} == {"find_questions", "describe_question", "ask_question"}
            for name, arguments in asked:
                answer = await client.call_tool(name, arguments)
                texts = [part.text for part in answer.content if part.type == "text"]
                found.append(" ".join(texts) if answer.is_error else [json.loads(text) for text in texts])
        return found

    return finished(talk)


def test_an_agent_finds_reads_and_asks_a_question_of_its_role(program: Database) -> None:
    found, described, [answer], wrong, closed = told(
        program,
        "leadership",
        ("find_questions", {"words": "how many events did we hold in Germany in 2026"}),
        ("describe_question", {"name": "events_total"}),
        ("ask_question", {"name": "events_total", "parameters": {"country": "Germany", "period": "2026"}}),
        ("ask_question", {"name": "events_total", "parameters": {"country": "Atlantis"}}),
        ("ask_question", {"name": "circle_links"}),
    )
    assert "events_total" in str(found)
    assert "'country': 'DE'" in str(found)
    assert "Events" in str(described)
    assert answer["rows"][0]["events"] == 3
    assert answer["selection"] == "2026, in DE"
    assert "Atlantis" in wrong
    assert "There is no question 'circle_links' for you" in closed


def test_without_words_all_questions_of_the_role_are_named(program: Database) -> None:
    [found] = told(program, "public", ("find_questions", {"words": ""}))
    names = {name for name, question in QUESTIONS.items() if Role.PUBLIC in question.roles}
    assert all(name in str(found) for name in names)
    assert "circle_links" not in str(found)
