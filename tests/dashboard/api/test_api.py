"""Questions over HTTP on the real server: what they answer, to which token, in which form, and what they refuse."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pyarrow as pa
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from dashboard.api.described import open_to, openapi
from dashboard.api.routes import api_routes
from dashboard.door.limits import Limiter
from dashboard.settings import Settings
from data_access.access_tokens import PREFIX, all_tokens
from data_access.actions import ActionRefused, Author, end_token, make_token, set_viewer
from data_access.answers import plain
from data_access.database.engine import Database
from data_access.database.schema import access_tokens, audit, teams
from data_access.persons.reads import newest_reads
from data_access.program import load_program
from data_access.questions import QUESTIONS
from data_access.questions.answering import answer_from
from data_access.selection import NotAllowed, Role, Scope, Selection, SelectionError
from tests.asynchronous import finished
from tests.builders import believable_program
from tests.releasing import release
from tests.running import Running, running_server

pytestmark = pytest.mark.slow

TODAY = date(2026, 9, 15)  # what the pages take as today; a token ends by the clock
NOW = date.today()
PM = Author("pm", Scope(Role.PM))
Asking = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Database:
    built = believable_program(f"sqlite:///{tmp_path_factory.mktemp('api') / 'uplift.db'}")
    built.add_person("hostile", "=HYPERLINK(1)")
    release(built.database, date(2026, 7, 1))
    return built.database


@pytest.fixture(scope="module")
def running(program: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(program.url, tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="module")
def team(program: Database) -> str:
    with program.program.connect() as connection:
        return str(connection.execute(select(teams.c.team_key).order_by(teams.c.team_key)).scalars().first())


@pytest.fixture(scope="module")
def tokens(program: Database, team: str) -> dict[str, str]:
    """A token for each role."""
    ends = NOW + timedelta(days=30)
    return {
        role: make_token(program, PM, f"for {role}", role, [team] if role == "partner" else [], ends, NOW)
        for role in ("pm", "board", "leadership", "partner")
    }


@pytest.fixture
def ask(running: Running, tokens: dict[str, str]) -> Asking:
    def get(path: str, role: str = "pm", /, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        own = {"authorization": f"Bearer {tokens[role]}"} if role in tokens else {}
        while True:
            answer = httpx.get(f"{running.address}/api/{path}", params=query, headers=own | (headers or {}), timeout=60)
            if answer.status_code != 429:
                return answer
            time.sleep(float(answer.headers["retry-after"]))

    return get


def rounded(rows: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Sums over sets differ in their last digits between two processes."""
    return [{key: round(it, 12) if isinstance(it, float) else it for key, it in row.items()} for row in rows]


@pytest.mark.parametrize("role", ["board", "public"])
def test_the_list_holds_what_the_role_may_ask(ask: Asking, role: str) -> None:
    listed = {each["name"] for each in ask("questions", role).json()["questions"]}
    assert listed == {each.name for each in open_to(Role(role))}


@pytest.mark.parametrize("role", [pytest.param("pm", marks=pytest.mark.long), "leadership", "partner"])
def test_each_role_gets_what_its_pages_would_and_no_question_more(
    ask: Asking, program: Database, team: str, role: str
) -> None:
    """Every question: open ones answer what `answer_from` does, value by value; the others are not there."""
    scope = Scope(Role(role), (team,) if role == "partner" else ())
    with program.program.connect() as connection:
        scope = replace(scope, min_group_size=load_program(connection).min_group_size)
    listed = {each["name"] for each in ask("questions", role).json()["questions"]}
    assert listed == {each.name for each in open_to(Role(role))}
    for name, question in QUESTIONS.items():
        answer = ask(f"questions/{name}", role)
        if name not in listed:
            assert answer.status_code == 404, name
            continue
        with contextlib.suppress(SelectionError):  # one that needs a choice, such as of a person
            expected = answer_from(program, question, Selection(as_of=TODAY), scope)
            rows = [{key: plain(value) for key, value in row.items()} for row in expected.to_dict("records")]
            assert rounded(answer.json()["rows"]) == rounded(rows), name
            continue
        assert answer.status_code == 400, name


def test_a_filter_is_heeded_and_said(ask: Asking) -> None:
    everywhere = ask("questions/events_total").json()
    some = ask("questions/events_total", country="Germany", period="2026").json()
    assert 0 < some["rows"][0]["events"] < everywhere["rows"][0]["events"]
    assert some["selection"] == "2026, in DE"
    assert some["as_of"] == "2026-09-15"


def test_words_find_a_question_and_its_address_answers(ask: Asking) -> None:
    [first, *_] = ask("search", q="where were events held in Germany in 2026").json()["found"]
    assert first["parameters"] == {"period": "2026", "country": "DE"}
    assert ask(first["address"].removeprefix("/api/")).status_code == 200
    names = {each["name"] for each in ask("search", "leadership", q="who mentors whom").json()["found"]}
    assert names <= {each.name for each in open_to(Role.LEADERSHIP)}


def test_an_answer_comes_as_csv_and_as_arrow_too(ask: Asking) -> None:
    rows = ask("questions/events_by_country").json()["rows"]
    text = ask("questions/events_by_country", format="csv").content.decode("utf-8-sig")
    assert [row["country"] for row in csv.DictReader(io.StringIO(text))] == [row["country"] for row in rows]
    arrow = ask("questions/events_by_country", format="arrow")
    assert arrow.headers["content-type"] == "application/vnd.apache.arrow.stream"
    assert pa.ipc.open_stream(arrow.content).read_all().to_pylist() == rows


def test_what_is_asked_again_is_not_sent_again(ask: Asking) -> None:
    first = ask("questions/events_total")
    again = ask("questions/events_total", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "private, no-cache"
    other = ask("questions/events_total", "leadership")
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("path", "query", "status", "says"),
    [
        ("questions/nothing", {}, 404, "There is no such question for you"),
        ("questions/events_total", {"country": "Atlantis"}, 400, "Atlantis"),
        ("questions/events_total", {"period": "soon"}, 400, "is not a period"),
        ("questions/events_total", {"countri": "DE"}, 400, "'countri' is not known here. It can be asked by period"),
        ("questions/events_total", {"format": "xml"}, 400, "Choose json, csv, arrow"),
        ("questions/retention", {"months": "x"}, 400, "months 'x' is not a whole number"),
        ("nowhere", {}, 404, "see /api/questions"),
    ],
)
def test_what_cannot_be_answered_says_why(
    ask: Asking, path: str, query: dict[str, str], status: int, says: str
) -> None:
    answer = ask(path, **query)
    assert answer.status_code == status
    assert says in answer.json()["problem"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("given", ["Bearer uplift_guess", "Bearer", "Basic YTpi", "uplift_x"])
def test_a_token_that_is_not_known_opens_not_even_what_is_public(running: Running, given: str) -> None:
    answer = httpx.get(f"{running.address}/api/questions/events_total", headers={"authorization": given})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_cookie_or_a_parameter_is_no_token(running: Running, tokens: dict[str, str]) -> None:
    """Else a page elsewhere could ask in a reader's name, and addresses with tokens would stand in logs."""
    url = f"{running.address}/api/questions/requests_queue"
    assert httpx.get(url, params={"as": "pm"}).status_code == 404
    assert httpx.get(url, headers={"cookie": f"token={tokens['pm']}"}).status_code == 404


def test_a_token_is_read_over_a_protected_connection_only(running: Running, tokens: dict[str, str]) -> None:
    """What a proxy forwards that nobody named comes over plain http as far as anybody can tell."""
    headers = {"authorization": f"Bearer {tokens['pm']}", "x-forwarded-for": "203.0.113.7"}
    assert httpx.get(f"{running.address}/api/questions", headers=headers).status_code == 403


def test_who_reads_of_persons_with_a_token_is_recorded(ask: Asking, program: Database) -> None:
    name = "team_board"
    assert ask(f"questions/{name}").json()["rows"]
    with program.program.connect() as connection:
        assert ("token for pm", name) in {(row.author, row.question) for row in newest_reads(connection)}


def test_a_token_ends_by_itself_and_at_once_when_it_is_ended(program: Database, running: Running) -> None:
    def status(secret: str) -> int:
        return httpx.get(f"{running.address}/api/questions", headers={"authorization": f"Bearer {secret}"}).status_code

    short = make_token(program, PM, "short", "leadership", [], NOW, NOW - timedelta(days=1))
    long = make_token(program, PM, "long", "leadership", [], NOW + timedelta(days=9), NOW)
    assert (status(short), status(long)) == (401, 200)
    end_token(program, PM, "long")
    assert status(long) == 401


def test_nothing_that_is_kept_opens_anything(program: Database, tokens: dict[str, str]) -> None:
    """Neither the table nor the audit holds a token."""
    with program.program.connect() as connection:
        kept = str(connection.execute(select(access_tokens)).all()) + str(connection.execute(select(audit)).all())
        names = [token.name for token in all_tokens(connection)]
    assert all(secret.startswith(PREFIX) and secret not in kept for secret in tokens.values())
    assert "for leadership" in names
    assert "token “for leadership” made" not in kept  # it is said in words when it is read, not kept as words


@pytest.mark.parametrize(
    ("name", "role", "teams", "days", "says"),
    [
        ("", "pm", [], 1, "needs a name"),
        ("for pm", "pm", [], 1, "already"),
        ("x", "king", [], 1, "is not a role to give"),
        ("x", "partner", [], 1, "needs a team"),
        ("x", "pm", [], 0, "no end for it"),
        ("x", "pm", [], 400, "within a year"),
    ],
)
def test_a_token_without_role_team_or_end_is_refused(
    program: Database, tokens: dict[str, str], name: str, role: str, teams: list[str], days: int, says: str
) -> None:
    with pytest.raises(ActionRefused, match=says):
        make_token(program, PM, name, role, teams, NOW + timedelta(days=days), NOW)


def test_only_the_program_manager_makes_and_ends_tokens(program: Database, tokens: dict[str, str]) -> None:
    set_viewer(program, PM, "ada@example.org", "pm")
    board = Author("board", Scope(Role.BOARD))
    with pytest.raises(NotAllowed):
        make_token(program, board, "x", "pm", [], NOW + timedelta(days=1), NOW)
    with pytest.raises(NotAllowed):
        end_token(program, board, "for pm")


def test_the_description_names_each_question_with_its_parameters_and_columns(ask: Asking) -> None:
    found = ask("openapi.json", "leadership").json()
    assert found == json.loads(json.dumps(openapi(Role.LEADERSHIP)))
    paths = found["paths"].keys() - {"/api/questions"}
    assert paths == {f"/api/questions/{each.name}" for each in open_to(Role.LEADERSHIP)}
    for name, question in ((name, QUESTIONS[name.rpartition("/")[2]]) for name in paths):
        described = found["paths"][name]["get"]
        assert {each["name"] for each in described["parameters"]} >= {"period", "format", *question.options}
        schema = described["responses"]["200"]["content"]["application/json"]["schema"]
        assert set(schema["properties"]["rows"]["items"]["properties"]) == set(question.row._fields)


def test_asking_too_often_is_told_when_to_ask_again(program: Database, tokens: dict[str, str]) -> None:
    """Each token, and each address without one, has its own bucket."""
    settings = replace(Settings.from_environment(), database_url=program.url, as_of=TODAY)
    app = Starlette(routes=api_routes(settings, Limiter(rate=0.1, burst=2)))

    async def statuses(*asked: dict[str, str]) -> list[tuple[int, str | None]]:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = [await client.get("/api/questions", headers=headers) for headers in asked]
        return [(answer.status_code, answer.headers.get("retry-after")) for answer in answers]

    board, manager = ({"authorization": f"Bearer {tokens[role]}"} for role in ("board", "pm"))
    passed, refused = (200, None), (429, "10")
    found = finished(lambda: statuses(board, board, board, manager, {}, {}, {}))
    assert found == [passed, passed, refused, passed, passed, passed, refused]
