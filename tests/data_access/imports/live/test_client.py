"""Asking politely, against a real server: conditions, redirects, limits, and what a server may do wrong."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from data_access.imports.live.address import Guard, WebOrigin
from data_access.imports.live.client import USER_AGENT, Client, Pace
from data_access.imports.live.refusals import AskLater, LiveRefused
from tests.web_server import Reply, WebServer, web_server

SECRET = "s3cr3t-t0k3n"
Serving = Callable[..., Client]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server(lambda asked: Reply(b"fine")) as running:
        yield running


class Waits(list[float]):
    """The waits that a client asked for, none of which is waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def client() -> Iterator[Serving]:
    """Makes clients of a server, with short time-outs, and closes them."""
    made: list[Client] = []

    def make(server: WebServer, waits: Waits | None = None, path: str = "/a", **pace: float) -> Client:
        made.append(
            Client(
                "diary",
                server.address + path,
                secret=SECRET,
                headers={"Authorization": f"Bearer {SECRET}"},
                allow_private=True,
                pace=Pace(**{"tries": 3, "silence": 2.0, "whole_answer": 5.0, **pace}),  # type: ignore[arg-type]
                sleep=Waits() if waits is None else waits,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_it_says_who_asks_and_what_it_has_already(client: Serving, server: WebServer) -> None:
    asking = client(server)
    assert asking.get(asking.address, etag='"7"', last_modified="Mon, 01 Jun 2026 10:00:00 GMT").body == b"fine"
    asking.get(asking.address)
    first, second = server.asked
    assert first.headers["user-agent"] == USER_AGENT
    assert (first.headers["if-none-match"], first.headers["if-modified-since"]) == (
        '"7"',
        "Mon, 01 Jun 2026 10:00:00 GMT",
    )
    assert "if-none-match" not in second.headers


def test_the_secret_goes_to_the_sources_own_origin_alone(client: Serving, server: WebServer) -> None:
    """A redirect to another path keeps it, one to another origin does not; it may also stand in the address."""
    server.answer = lambda asked: (
        Reply(status=307, headers={"Location": "/b?x=1"}) if asked.path.startswith("/a") else Reply(b"there")
    )
    asking = client(server, path="/a/{secret}/diary.ics")
    assert asking.get(asking.address).body == b"there"
    assert server.paths == [f"/a/{SECRET}/diary.ics", "/b"]
    assert [each.headers["authorization"] for each in server.asked] == [f"Bearer {SECRET}"] * 2


class Anywhere(Guard):
    """Lets a client go to every server of this machine, so that what it would tell them can be seen."""

    def connect(self, origin: WebOrigin, timeout: float) -> socket.socket:
        return socket.create_connection((origin.host, origin.port), timeout)


def test_a_redirect_takes_no_secret_to_another_origin(client: Serving, server: WebServer) -> None:
    with web_server(lambda asked: Reply(b"other")) as other:
        server.answer = lambda asked: Reply(status=302, headers={"Location": f"{other.address}/b"})
        asking = client(server)
        asking.guard = Anywhere()
        assert asking.get(asking.address).body == b"other"
        [asked] = other.asked
        assert SECRET not in f"{asked}"
        asking.close()


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("/again", "redirects more than 5 times"),
        ("file:///etc/passwd", "redirects to what is no web address"),
        ("javascript:alert(1)", "redirects to what is no web address"),
        ("http://[::1", "redirects to what is no web address|cannot be read"),
    ],
)
def test_redirects_end_and_stay_on_the_web(client: Serving, server: WebServer, location: str, says: str) -> None:
    server.answer = lambda asked: Reply(status=302, headers={"Location": location})
    asking = client(server)
    with pytest.raises(LiveRefused, match=says):
        asking.get(asking.address)
    assert len(server.asked) <= 6


def test_packed_answers_are_unpacked_within_the_limit(client: Serving, server: WebServer) -> None:
    server.answer = lambda asked: Reply(gzip.compress(b"x" * 900), headers={"Content-Encoding": "gzip"})
    asking = client(server)
    assert asking.get(asking.address, most_bytes=1_000).body == b"x" * 900
    server.answer = lambda asked: Reply(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    with pytest.raises(LiveRefused, match="larger than 1 MB"):
        asking.get(asking.address, most_bytes=1_000_000)
    server.answer = lambda asked: Reply(b"x" * 1_001)
    with pytest.raises(LiveRefused, match="larger than"):
        asking.get(asking.address, most_bytes=1_000)
    server.answer = lambda asked: Reply(gzip.compress(b"x" * 90)[:-12], headers={"Content-Encoding": "gzip"})
    with pytest.raises(LiveRefused, match="ended in the middle"):
        asking.get(asking.address)


TROUBLE: list[tuple[Reply, str, int]] = [
    (Reply(b"0123456789", cut=4), "ended in the middle", 3),
    (Reply(hang_up=True), "hung up without an answer", 3),
    (Reply(b"oops", status=500), "answers with the error 500", 3),
    (Reply(b"busy", status=503), "answers with the error 503", 3),
    (Reply(b"?", status=404), r"nothing at this address \(404\)", 1),
    (Reply(b"?", status=401), r"refuses to answer \(401\)", 1),
    (Reply(b"?", status=403), r"refuses to answer \(403\)", 1),
    (Reply(b"?", status=418), "answers with the status 418", 1),
    (Reply(b"?", headers={"Content-Encoding": "br"}), "a packing that was not asked for", 1),
    (Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), "cannot be read as one of a web server", 3),
]


@pytest.mark.parametrize(("reply", "says", "times"), TROUBLE, ids=[says for _, says, _ in TROUBLE])
def test_trouble_is_told_with_source_and_address_and_without_the_secret(
    client: Serving, server: WebServer, reply: Reply, says: str, times: int
) -> None:
    """What may pass is tried again, with longer and longer waits; what will not pass is not."""
    server.answer = lambda asked: reply
    waits = Waits()
    asking = client(server, waits, path="/{secret}/a.ics?key={secret}")
    with pytest.raises(LiveRefused, match=says) as refused:
        asking.get(asking.address)
    said = str(refused.value)
    assert said.startswith(f"diary ({server.address}/{{secret}}/a.ics): ")
    assert SECRET not in said
    assert SECRET not in repr(asking)
    assert len(server.asked) == times
    assert len(waits) == times - 1
    assert waits == sorted(waits)


def test_a_server_that_comes_back_is_read(client: Serving, server: WebServer) -> None:
    replies = iter([Reply(status=502), Reply(b"012", cut=1), Reply(b"whole")])
    server.answer = lambda asked: next(replies)
    asking = client(server)
    assert asking.get(asking.address).body == b"whole"


def test_waits_double_up_to_a_cap() -> None:
    pace = Pace(first_wait=1.0, most_wait=10.0)
    for attempt, most in enumerate((1, 2, 4, 8, 10, 10)):
        assert 0.75 * most <= pace.before(attempt) <= most


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {"Retry-After": "7"}, 7.0),
        (503, {"Retry-After": "7"}, 7.0),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "SOON"}, 5.0),
    ],
)
def test_it_waits_as_long_as_the_server_says(
    client: Serving, server: WebServer, status: int, headers: dict[str, str], expected: float
) -> None:
    soon = {name: value.replace("SOON", str(int(time.time()) + 6)) for name, value in headers.items()}
    replies = iter([Reply(status=status, headers=soon), Reply(b"now")])
    server.answer = lambda asked: next(replies)
    waits = Waits()
    asking = client(server, waits)
    assert asking.get(asking.address).body == b"now"
    assert list(waits) == pytest.approx([expected], abs=1.1)


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "3600"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "LATER"}]
)
def test_it_does_not_sit_and_wait_for_an_hour(client: Serving, server: WebServer, headers: dict[str, str]) -> None:
    later = {name: value.replace("LATER", str(int(time.time()) + 3600)) for name, value in headers.items()}
    server.answer = lambda asked: Reply(status=429, headers=later)
    waits = Waits()
    asking = client(server, waits)
    with pytest.raises(AskLater, match="asks to wait until") as refused:
        asking.get(asking.address)
    assert (len(server.asked), waits) == (1, [])
    assert timedelta(minutes=59) < refused.value.until - datetime.utcfromtimestamp(time.time()) < timedelta(minutes=61)  # noqa: DTZ004


def test_a_silent_server_and_one_that_drips_are_left(client: Serving, server: WebServer) -> None:
    """The second sends a byte now and then, so that silence alone would never end it."""
    server.answer = lambda asked: Reply(b"x" * 100, drip=0.05)
    asking = client(server, tries=1, whole_answer=0.3)
    with pytest.raises(LiveRefused, match="did not answer in time"):
        asking.get(asking.address)
    server.answer = lambda asked: Reply(b"x" * 100, drip=30)
    asking = client(server, tries=1, silence=0.2)
    with pytest.raises(LiveRefused, match="did not answer in time"):
        asking.get(asking.address)


def test_nobody_there(client: Serving, server: WebServer) -> None:
    asking = client(WebServer("http://127.0.0.1:9", server.answer), tries=1)
    with pytest.raises(LiveRefused, match="nobody answers there"):
        asking.get(asking.address)
