"""The map's addresses on the real server: what they answer, to which role, how often, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from sqlalchemy import event

from dashboard.door.security import MAP_FRAME
from dashboard.maps import answers as maps_answers
from dashboard.maps import assets
from dashboard.maps.tokens import MapRequest, Tokens
from dashboard.settings import Settings
from data_access.selection import Role, Scope, Selection
from tests.builders import ProgramBuilder, believable_program
from tests.releasing import release
from tests.running import Running, running_server

pytestmark = pytest.mark.slow

SECRET = "of the tests"
AS_OF = date(2026, 9, 15)
EVERYTHING = MapRequest("events", Selection(as_of=AS_OF), Scope.everything())


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    database = believable_program(f"sqlite:///{tmp_path_factory.mktemp('map') / 'uplift.db'}").database
    release(database, date(2026, 7, 1))
    return database.url


@pytest.fixture(scope="module")
def running(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(url, tmp_path_factory.mktemp("server"), UPLIFT_SECRET=SECRET) as found:
        yield found


class Ask(Protocol):
    def __call__(self, path: str, request: MapRequest = ..., **headers: str) -> httpx.Response: ...


@pytest.fixture
def ask(running: Running, url: str) -> Ask:
    def get(path: str, request: MapRequest = EVERYTHING, **headers: str) -> httpx.Response:
        return httpx.get(f"{running.address}/map/{Tokens(url, SECRET).sign(request)}/{path}", headers=headers)

    return get


def test_the_first_tile_holds_every_placed_event_and_words_say_how_many(ask: Ask) -> None:
    cells = ask("0/0/0").json()
    words = ask("words").json()
    assert sum(cells["n"]) == words["total"] > 100
    assert set(cells) == {"lat", "lon", "n", "cell"}
    assert words["period"] == "All time"


def test_an_answer_may_be_kept_by_its_reader_alone_and_asked_about_again(ask: Ask) -> None:
    answer = ask("1/1/0")
    assert answer.headers["cache-control"].startswith("private")
    again = ask("1/1/0", EVERYTHING, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask("1/0/0").headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize("layer", ["rate", "gap", "change", "reach"])
def test_shades_are_parallel_lists(ask: Ask, layer: str) -> None:
    found = ask("shades", replace(EVERYTHING, what=layer)).json()
    assert len(found["code"]) == len(found["shade"]) == len(found["text"])
    assert all(0 <= index < len(found["classes"]) for index in found["shade"])


def test_the_circles_of_reach(ask: Ask) -> None:
    found = ask("reach", replace(EVERYTHING, what="reach")).json()
    assert found["km"] == 100
    assert 1 <= len(found["at"]) <= 6


def test_where_members_live_is_shown_inside_alone(ask: Ask) -> None:
    for role in (Role.PM, Role.BOARD):
        assert ask("0/0/0", MapRequest("members", EVERYTHING.selection, Scope(role))).status_code == 200
    for role in (Role.LEADERSHIP, Role.PUBLIC):
        refused = ask("0/0/0", MapRequest("members", EVERYTHING.selection, Scope(role)))
        assert (refused.status_code, refused.content) == (404, b"")


@pytest.mark.parametrize(
    "path",
    ["19/0/0", "2/4/0", "2/0/4", "0/-1/0", "x/0/0", "99999999999999999999/0/0", "0/0", "shades", "reach", "else"],
)
def test_what_is_no_tile_is_not_found(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_words_are_written_in_the_readers_variant_of_english_and_kept_apart(ask: Ask) -> None:
    """As in base.js: the first variant of English that the browser asks for; a German browser gets plain English."""
    reach = replace(EVERYTHING, what="reach")
    south_africa = ask("shades", reach, **{"accept-language": "de-DE,en-ZA;q=0.8,en-US;q=0.7"})
    german = ask("shades", reach, **{"accept-language": "de-DE,de;q=0.9"})
    english = ask("shades", reach)
    assert german.json() == english.json() != south_africa.json()
    assert german.headers["etag"] == english.headers["etag"] != south_africa.headers["etag"]
    assert "accept-language" in german.headers["vary"]


def test_forged_and_foreign_tokens_are_not_found_without_a_reason(running: Running, url: str) -> None:
    for token in ("x", Tokens(url, "guessed").sign(EVERYTHING), Tokens("sqlite:///else.db", SECRET).sign(EVERYTHING)):
        answer = httpx.get(f"{running.address}/map/{token}/0/0/0")
        assert (answer.status_code, answer.content) == (404, b"")


def test_assets_come_packed_and_stay_for_a_year(running: Running) -> None:
    for name in assets.FILES:
        answer = httpx.get(running.address + assets.address(name))
        assert answer.status_code == 200
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]
    old = httpx.get(f"{running.address}{assets.PREFIX}/000000000000/leaflet.js")
    assert old.headers["cache-control"] == "no-cache"
    assert httpx.get(f"{running.address}{assets.PREFIX}/x/passwd").status_code == 404


def test_only_the_maps_frame_may_run_what_folium_writes(running: Running) -> None:
    frame = httpx.get(f"{running.address}{MAP_FRAME}index.html").headers["content-security-policy"]
    assert "'unsafe-eval'" in frame
    assert "default-src 'none'" in frame
    assert "http" not in frame
    for path in ("/", "/event-map", "/map/x/0/0/0", "/component/other.thing/index.html"):
        assert "unsafe-eval" not in httpx.get(running.address + path).headers["content-security-policy"]


@pytest.mark.slow
def test_a_flood_from_one_client_is_turned_away_until_later(url: str, tmp_path: Path) -> None:
    with (
        running_server(url, tmp_path, UPLIFT_SECRET=SECRET) as running,
        httpx.Client(base_url=running.address) as client,
    ):
        answers = (client.get("/map/x/0/0/0") for _ in range(1_500))
        assert next(answers).status_code == 404
        turned_away = next(answer for answer in answers if answer.status_code != 404)
        assert turned_away.status_code == 429
        assert int(turned_away.headers["retry-after"]) >= 1
        assert client.get("/healthz").status_code == 200


@pytest.mark.slow
def test_a_new_import_is_seen_and_many_tiles_ask_one_question(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program()
    built.add_event(starts_on=date(2026, 5, 5))
    built.add_import()
    answers = maps_answers.Answers(Settings(database_url=built.database.url))
    statements: list[str] = []
    event.listen(answers._database().program, "before_cursor_execute", lambda *given: statements.append(given[2]))
    version = answers.version(EVERYTHING.scope)
    statements.clear()
    for x in range(4):
        answers.cells(EVERYTHING, version, 2, x, 1)
    assert len(statements) == 1
    built.add_event(starts_on=date(2026, 6, 6))
    built.add_import()
    assert sum(answers.cells(EVERYTHING, answers.version(EVERYTHING.scope), 0, 0, 0)["n"]) == 2
