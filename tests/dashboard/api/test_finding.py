"""The search on every page: what it finds for whom, and that nobody else can ask it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from dashboard.api.finding import _Finder
from dashboard.asking import reads as recorder
from dashboard.door.limits import Limiter
from dashboard.navigation import pages_to_find
from dashboard.settings import Settings
from data_access.persons.reads import newest_reads
from tests.builders import ProgramBuilder
from tests.releasing import release


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ProgramBuilder:
    made = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('finding') / 'p.db'}")
    made.add_program()
    made.add_person("zq1", "Zqada Çelik")
    made.add_event("Zqada’s evening", date(2026, 6, 1), team_key="Zqteam")
    made.add_import()
    release(made.database, date(2026, 7, 1))
    return made


def finder(built: ProgramBuilder, **settings: Any) -> _Finder:
    return _Finder(replace(Settings(database_url=built.database.url), **settings), pages_to_find(), Limiter())


def ask(of: _Finder, text: str, role: str = "", host: str = "127.0.0.1", header: str = "find") -> tuple[int, Any]:
    headers = [(b"host", host.encode()), (b"x-uplift", header.encode())]
    query = urlencode({"q": text, "as": role})
    scope = {"type": "http", "method": "GET", "path": "/find", "query_string": query.encode(), "headers": headers}
    answer = of.route(Request(scope | {"scheme": "http", "client": (host, 5)}))
    groups = json.loads(bytes(answer.body))["groups"] if answer.body else []
    return answer.status_code, {group["title"]: group["items"] for group in groups}


def test_each_role_finds_what_it_may_open(built: ProgramBuilder) -> None:
    found = finder(built)
    _, manager = ask(found, "zqada")
    assert [item["address"] for item in manager["People"]] == ["/person?key=zq1"]
    assert [item["name"] for item in manager["Events"]] == ["Zqada’s evening"]
    assert manager["Events"][0]["more"].startswith("1 June 2026")
    _, board = ask(found, "celik", "board")
    assert [item["address"] for item in board["People"]] == ["/person?key=zq1&as=board"]
    for role in ("leadership", "partner:Zqteam"):
        _, outside = ask(found, "zqada", role)
        assert set(outside) == {"Events"}, role
    assert ask(found, "zqada", "public")[1] == {}
    recorder.all_recorded()
    with built.database.program.connect() as connection:
        read = [(each.question, each.role, each.author) for each in newest_reads(connection)]
    assert ("names_found", "pm", "Program manager (dashboard)") in read


def test_pages_and_questions_are_found_by_what_they_answer(built: ProgramBuilder) -> None:
    found = finder(built)
    _, pages = ask(found, "requ")
    assert [item["address"] for item in pages["Pages"]] == ["/requests"]
    _, meant = ask(found, "how many events in 2025")
    assert any(item["address"].endswith("?period=2025") for item in meant["Questions"])
    assert "Viewers" in {item["name"] for item in ask(found, "")[1]["Pages"]}
    for role in ("leadership", "public"):
        _, own = ask(found, "", role)
        assert not {"Viewers", "Person", "Requests"} & {item["name"] for item in own["Pages"]}


def test_nobody_else_is_answered(built: ProgramBuilder) -> None:
    """A page elsewhere cannot send the header; from another machine, without sign-in, everybody is the public."""
    found = finder(built)
    assert ask(found, "zqada", header="")[0] == 404
    assert ask(found, "zqada", "pm", host="10.0.0.7") == (200, {})
    assert ask(finder(built, address="0.0.0.0"), "zqada", "pm")[1] == {}


def test_what_was_recorded_since_is_found(built: ProgramBuilder) -> None:
    found = finder(built)
    assert "People" not in ask(found, "zqlater")[1]
    built.add_person("zq2", "Zqlater Lee")
    built.add_import("second")
    assert [item["name"] for item in ask(found, "zqlater")[1]["People"]] == ["Zqlater Lee"]
