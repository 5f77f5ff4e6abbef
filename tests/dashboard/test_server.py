"""The real server: its routes, its headers, and what it says when it cannot start or answer."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import streamlit as st

from dashboard import server
from dashboard.asking import access
from dashboard.door.security import content_security_policy, is_page, start_page, tile_server
from dashboard.navigation import PAGES
from dashboard.server import ServerError, serve
from dashboard.settings import Settings, enforce
from data_access.database.connecting import DatabaseError
from tests.builders import ProgramBuilder
from tests.running import Running, free_port, running_server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("server")
    built = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}")
    built.add_event()
    built.add_import()
    with running_server(built.database.url, folder) as found:
        yield found


def test_the_server_says_where_it_is_and_that_it_works(running: Running) -> None:
    assert httpx.get(f"{running.address}/healthz").json() == {"status": "alive"}
    ready = httpx.get(f"{running.address}/readyz", timeout=30)
    assert ready.status_code == 200
    assert ready.json()["import"] == 1


@pytest.mark.parametrize(
    "path", ["/", "/data", "/healthz", "/assets/uplift.css", "/_stcore/health", "/nothing/here.txt"]
)
def test_every_answer_carries_the_security_headers(running: Running, path: str) -> None:
    headers = httpx.get(f"{running.address}{path}").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "/nothing/here.txt", "/Data", "/data/more", "/static/js/none.js", "/_stcore/none", "/index.html"),
        *("/wp-login.php", "/component/none", "/published/public.db", "/mapx", "/data;x", "/%00"),
    ],
)
def test_an_unknown_address_is_not_found_and_says_so_in_words(running: Running, path: str) -> None:
    answer = httpx.get(f"{running.address}{path}", headers={"accept-encoding": "identity"})
    assert answer.status_code in (400, 404)
    if path.startswith(("/nothing", "/Data", "/data", "/wp")):
        assert "There is no page at this address" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "Streamlit" not in answer.text


def test_known_addresses_are_found(running: Running) -> None:
    page = httpx.get(f"{running.address}/").text
    own = re.findall(r'(?:src|href)="\.?(/[^"]+)"', page)
    assert len(own) > 4
    known = ["/", *(f"/{entry.url_path}" for entry in PAGES), "/favicon.png", "/_stcore/health", "/_stcore/host-config"]
    with httpx.Client(base_url=running.address, follow_redirects=True) as client:
        assert {client.get(path).status_code for path in (*known, *own)} == {200}
        assert [client.head(path).status_code for path in ("/", "/data", "/nothing")] == [200, 200, 404]


def test_every_page_address_starts_as_uplift_and_asks_nobody_else(running: Running) -> None:
    for path in ("/", "/data", "/budget"):
        page = httpx.get(f"{running.address}{path}").text
        assert "<title>Uplift</title>" in page
        assert "https://" not in page


def test_no_path_leads_out_of_the_assets(running: Running) -> None:
    for path in ("/assets/../main.py", "/assets/%2e%2e/main.py", "/assets/..%2fsettings.py"):
        answer = httpx.get(f"{running.address}{path}")
        assert "set_page_config" not in answer.text
        assert "class Settings" not in answer.text


def ready(running: Running) -> httpx.Response:
    return httpx.get(f"{running.address}/readyz", timeout=30)


def test_a_database_that_goes_and_comes_back_is_noticed_without_a_restart(tmp_path: Path) -> None:
    """Moved away, replaced by another, damaged and repaired; and after a stop its file alone is whole."""
    path, kept = tmp_path / "up lift.db", tmp_path / "kept.db"
    built = ProgramBuilder(f"sqlite:///{path}")
    built.add_event()
    built.add_import()
    built.database.close()
    shutil.copy(path, kept)
    with running_server(f"sqlite:///{path}", tmp_path) as running:
        assert ready(running).json()["import"] == 1
        path.rename(tmp_path / "away.db")
        gone = ready(running)
        assert (gone.status_code, gone.json()["fault"]) == (503, "no database")
        assert "uplift init" in gone.json()["reason"]
        assert httpx.get(f"{running.address}/healthz").status_code == 200
        shutil.copy(kept, path)
        assert ready(running).json()["import"] == 1
        with sqlite3.connect(path) as older:
            older.execute("UPDATE alembic_version SET version_num = '0001'")
        assert ready(running).json()["fault"] == "schema older"
        with path.open("r+b") as damaged:
            damaged.write(b"\0" * 4_096)
        for index in tmp_path.glob("up lift.db-*"):
            index.unlink()
        assert ready(running).json()["fault"] == "corrupt"
        Path(shutil.copy(kept, tmp_path / "repaired.db")).rename(path)
        assert ready(running).json()["import"] == 1
        built.add_import()
    shutil.copy(path, tmp_path / "alone.db")
    with sqlite3.connect(tmp_path / "alone.db") as alone:
        assert alone.execute("SELECT max(import_id) FROM imports").fetchone() == (2,)
    assert running.log.count("There is no database at") == 1


@pytest.mark.parametrize(
    ("found", "says"), [(None, "uplift init"), ("0001", "older version"), ("9999", "newer version")]
)
def test_what_waiting_does_not_mend_is_refused_at_the_start(tmp_path: Path, found: str | None, says: str) -> None:
    url = f"sqlite:///{tmp_path / 'uplift.db'}"
    if found:
        with ProgramBuilder(url).database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (found,))
    with pytest.raises(ServerError, match=says):
        serve(Settings(database_url=url, port=free_port()))


def test_a_taken_port_is_refused_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=rf"Port {port} is taken.*PORT={port + 1}"):
            serve(Settings(port=port))


def test_an_unexpected_error_shows_a_reference_that_the_log_knows(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, icon: shown.append(text))
    with caplog.at_level("ERROR", "uplift"):
        assert server.show_error(RuntimeError("secret path /srv/x"))
    reference = shown[0].rsplit("**", 2)[1]
    assert "secret" not in shown[0]
    assert reference in caplog.text
    assert "secret path" in caplog.text


@pytest.mark.parametrize(("dev", "here", "full"), [(False, True, False), (True, False, False), (True, True, True)])
def test_a_developer_on_their_own_machine_sees_the_error_in_full_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch, dev: bool, here: bool, full: bool
) -> None:
    """A visitor through a proxy reaches the same loopback address."""
    shown: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, icon: None)
    monkeypatch.setattr(st, "code", lambda text, **look: shown.append(text))
    monkeypatch.setattr(access, "is_this_machine", lambda: here)
    enforce(Settings(dev=dev))
    with pytest.raises(RuntimeError) as raised:
        raise RuntimeError("path /srv/x")
    assert server.show_error(raised.value)
    assert bool(shown) is full
    assert not full or ("path /srv/x" in shown[0] and "test_server.py" in shown[0])


def test_an_error_of_ours_is_shown_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, icon: shown.append(text))
    assert server.show_error(DatabaseError("Run `uplift init`."))
    assert shown == ["Run uplift init."]


def test_what_the_start_page_loads_goes_out_compressed_and_stays(running: Running) -> None:
    """Of two megabytes of scripts half a one is sent; a file that is named by its content is never asked for again."""
    page = httpx.get(f"{running.address}/").text
    named = re.findall(r'(?:src|href)="\.?(/(?:static|assets)/[^"]+\.(?:js|css)[^"]*)"', page)
    assert len(named) > 4
    # What every page begins with: fetched late it would push down what is below.
    assert any("/Html." in path for path in named)
    sent = whole = 0
    for path in named:
        packed = httpx.get(f"{running.address}{path}", headers={"accept-encoding": "gzip"})
        plain = httpx.get(f"{running.address}{path}", headers={"accept-encoding": "identity"})
        assert packed.content == plain.content
        assert "content-encoding" not in plain.headers
        assert "immutable" in packed.headers["cache-control"], path
        assert len(plain.content) < 1000 or "accept-encoding" in packed.headers["vary"].lower()
        sent, whole = sent + int(packed.headers["content-length"]), whole + len(plain.content)
    assert sent < whole / 2
    again = httpx.get(f"{running.address}/assets/uplift.css", headers={"if-none-match": plain.headers["etag"]})
    assert "immutable" not in again.headers["cache-control"]
    part = httpx.get(f"{running.address}{named[-1]}", headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)


def test_the_policy_allows_the_start_pages_own_script_by_its_hash() -> None:
    assert content_security_policy(start_page()).count("'sha256-") == 1


def test_only_a_developers_page_comes_again_by_itself() -> None:
    assert "dev.js" not in start_page()
    assert "/assets/dev.js" in start_page(dev=True)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", True),
        ("/data", True),
        ("/event-map", True),
        ("/healthz", False),
        ("/_stcore/stream", False),
        ("/static/js/index.js", False),
        ("//evil.example", False),
        ("/media/x.csv", False),
        ("/data/_stcore/health", False),
    ],
)
def test_only_page_addresses_get_the_start_page(path: str, page: bool) -> None:
    assert is_page(path) is page


def test_the_policy_names_the_tile_server_only_where_one_is_set() -> None:
    assert tile_server("https://{s}.tile.example.org/{z}/{x}/{y}.png") == "https://*.tile.example.org"
    assert tile_server("") == ""
    policy = content_security_policy("", frame=True, images="https://tile.example.org")
    assert "img-src 'self' data: blob: https://tile.example.org;" in policy
    assert "http" not in content_security_policy("")


def test_one_address_cannot_take_all_connections(running: Running) -> None:
    """A hundred, and then a sentence; closed again, the server answers as before."""
    host, _, port = running.address.removeprefix("http://").partition(":")
    with ExitStack() as opened:
        silent = [opened.enter_context(socket.create_connection((host, int(port)), timeout=20)) for _ in range(150)]
        assert b"Too many connections are open from this address" in silent[-1].recv(4096)
    assert httpx.get(f"{running.address}/healthz").status_code == 200
