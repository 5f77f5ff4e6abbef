"""The door: what passes, in which role, how often; what is refused over plain http or from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from dashboard.door.accounts import USER_COOKIE, Account, SignIns
from dashboard.door.doorkeeper import ACCOUNT, Doorkeeper, page_of
from dashboard.door.security import Shell
from dashboard.settings import Settings, enforce
from tests.signing_in import claims_of, cookie_of, environment_of, oidc_of

ENVIRONMENT = environment_of("http://127.0.0.1:9", 8501)
HTTPS = {**ENVIRONMENT, "UPLIFT_OIDC_REDIRECT_URI": "https://uplift.example.org/oauth2callback"}
ELSEWHERE = "203.0.113.9"
Done = TypeVar("Done")


class Inside:
    """Stands where Streamlit would: says who it sees, and sets the cookie that Streamlit sets after signing in."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            while (await receive())["type"] != "websocket.disconnect":
                await send({"type": "websocket.send", "bytes": b"answer"})
            return
        account: Account | None = scope[ACCOUNT]
        seen = USER_COOKIE in Request(scope).cookies
        answer = PlainTextResponse(f"{account.email if account else 'nobody'} {seen}")
        if scope["path"] == "/oauth2callback":
            answer = PlainTextResponse("", 302, {"location": "/"})
            answer.set_cookie(USER_COOKIE, "signed", httponly=True, samesite="lax")
        await answer(scope, receive, send)


def in_own_thread(work: Coroutine[Any, Any, Done]) -> Done:
    """Run in a thread of its own: Playwright keeps an event loop running in the one of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def ask(
    path: str, environment: dict[str, str], client: str = ELSEWHERE, door: Doorkeeper | None = None, **headers: Any
) -> httpx.Response:
    used = Settings.from_environment(environment)
    enforce(used)
    inside = Shell(door or Doorkeeper(Inside(), used))
    base = used.oidc.origin if used.oidc else "http://127.0.0.1:8501"

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=inside, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url=headers.pop("base", base)) as asking:
            return await asking.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return in_own_thread(get())


def cookie(environment: dict[str, str], **claims: Any) -> str:
    return cookie_of(oidc_of(environment), claims_of("ada@example.org", **claims))


def test_a_sign_in_counts_over_https_and_on_this_machine() -> None:
    assert ask("/a.txt", HTTPS, cookie=cookie(HTTPS)).text == "ada@example.org True"
    assert ask("/a.txt", ENVIRONMENT, "127.0.0.1", cookie=cookie(ENVIRONMENT)).text == "ada@example.org True"


@pytest.mark.parametrize("headers", [{}, {"x_forwarded_proto": "https"}, {"x_forwarded_for": "127.0.0.1"}])
def test_over_plain_http_nobody_is_signed_in_whatever_the_request_says(headers: dict[str, str]) -> None:
    """Neither from elsewhere, nor through a proxy that the settings do not name."""
    plain: dict[str, Any] = {"base": "http://uplift.example.org", **headers}
    assert ask("/a.txt", HTTPS, cookie=cookie(HTTPS), **plain).text == "nobody False"
    for path in ("/auth/login?provider=x", "/oauth2callback?code=x&state=y"):
        refused = ask(path, HTTPS, **plain)
        assert refused.status_code == 403
        assert "needs https" in refused.text
        assert "set-cookie" not in refused.headers


def test_a_proxy_on_this_machine_that_is_not_named_is_not_this_machine() -> None:
    forwarded: dict[str, Any] = {"x_forwarded_for": ELSEWHERE}
    assert ask("/a.txt", ENVIRONMENT, "127.0.0.1", cookie=cookie(ENVIRONMENT), **forwarded).text == "nobody False"


def test_a_forged_or_ended_sign_in_does_not_even_reach_streamlit() -> None:
    forged = f"{USER_COOKIE}=forged; {USER_COOKIE}_1=x; other=1"
    assert ask("/a.txt", HTTPS, cookie=forged).text == "nobody False"
    assert ask("/a.txt", HTTPS, cookie=cookie(HTTPS, iat=1_000)).text == "nobody False"
    assert ask("/a.txt", {}, cookie=cookie(HTTPS)).text == "nobody False"


@pytest.mark.parametrize("around", ["\xa0", "\x85", "\x1c", "\x1f", "\t", "\x0b\xa0 "])
def test_a_cookie_whose_name_something_unseen_surrounds_does_not_reach_streamlit_either(around: str) -> None:
    """Streamlit strips whatever Unicode calls a space."""
    forged = f"other=1;{around}{USER_COOKIE}{around}=forged".encode("latin-1")
    assert ask("/a.txt", HTTPS, cookie=forged).text == "nobody False"
    old = cookie(HTTPS, iat=1_000).partition("=")[2]
    assert ask("/a.txt", HTTPS, cookie=f"{around}{USER_COOKIE}={old}".encode("latin-1")).text == "nobody False"


def test_signing_out_ends_the_sign_in_on_the_server_too() -> None:
    door = Doorkeeper(Inside(), Settings.from_environment(HTTPS), SignIns())
    mine = cookie(HTTPS)
    assert ask("/a.txt", HTTPS, door=door, cookie=mine).text == "ada@example.org True"
    ask("/auth/logout", HTTPS, door=door, cookie=mine)
    assert ask("/a.txt", HTTPS, door=door, cookie=mine).text == "nobody False"


def test_only_what_somebody_does_keeps_a_sign_in_alive() -> None:
    """A page that has lost its connection asks whether the server lives, again and again."""
    sign_ins = SignIns()
    door = Doorkeeper(Inside(), Settings.from_environment(HTTPS), sign_ins)
    for path in ("/_stcore/health", "/_stcore/host-config", "/static/a.js", "/readyz"):
        ask(path, HTTPS, door=door, cookie=cookie(HTTPS))
    assert not sign_ins._used
    ask("/map/token/0/0/0", HTTPS, door=door, cookie=cookie(HTTPS))
    assert sign_ins._used


def test_cookies_are_secure_over_https_and_the_browser_is_told_to_stay_there() -> None:
    answer = ask("/oauth2callback", HTTPS)
    assert all("; Secure" in value for value in answer.headers.get_list("set-cookie"))
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    local = ask("/oauth2callback", ENVIRONMENT, "127.0.0.1")
    assert "Secure" not in local.headers["set-cookie"]
    assert "strict-transport-security" not in local.headers


def test_after_signing_in_one_is_back_on_the_page_one_came_from() -> None:
    left = ask("/auth/login", HTTPS, referer="https://uplift.example.org/budget?period=2025&state=over")
    kept = left.headers["set-cookie"].partition(";")[0]
    assert "HttpOnly" in left.headers["set-cookie"]
    assert ask("/oauth2callback", HTTPS, cookie=kept).headers["location"] == "/budget?period=2025&state=over"
    assert ask("/oauth2callback", HTTPS).headers["location"] == "/"


@pytest.mark.parametrize(
    "address",
    ["", "https://evil.example/../x", "//evil.example", "/auth/logout", "/a?b; Domain=x", "/a?\r\nx: y", "/é"],
)
def test_no_other_address_is_returned_to(address: str) -> None:
    """Only a page of our own: one plain segment, and nothing that ends a header."""
    assert page_of(address) == ""


@pytest.mark.parametrize("path", ["/auth/login", "/readyz"])
def test_who_asks_too_often_is_told_when_to_come_back(path: str) -> None:
    door = Doorkeeper(Inside(), Settings.from_environment(HTTPS))
    assert door.sign_in_attempts.burst < door.requests.burst
    door.requests.burst, door.requests.rate = door.sign_in_attempts.burst, 1
    answers = [ask(path, HTTPS, door=door) for _ in range(60)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert ask(path, HTTPS, "198.51.100.7", door=door).status_code == 200


Message = dict[str, Any]


def connect(
    door: Doorkeeper, headers: dict[str, str], messages: list[Message], then: Callable[[], None]
) -> list[Message]:
    """A websocket that sends these messages, then waits; `then` runs once they are answered. What came back."""
    sent: list[Message] = []

    async def run() -> None:
        waiting = asyncio.Queue[Message]()
        for message in messages:
            waiting.put_nowait(message)

        async def send(message: Any) -> None:
            sent.append(dict(message))
            if len(sent) == len(messages) + 1:
                then()

        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "websocket", "path": "/_stcore/stream", "scheme": "wss", "headers": raw}
        await asyncio.wait_for(door({**scope, "client": (ELSEWHERE, 1)}, waiting.get, send), 10)

    in_own_thread(run())
    return sent


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.door.doorkeeper.LOOK_SECONDS", 0.02)


@pytest.mark.usefixtures("quick")
def test_an_open_page_closes_when_its_sign_in_is_idle_too_long_or_ended() -> None:
    now = [float(claims_of("x")["iat"])]
    for what in ("idle", "ended"):
        sign_ins = SignIns(lambda: now[0])
        door = Doorkeeper(Inside(), Settings.from_environment(HTTPS), sign_ins)
        claims = {"is_logged_in": True, **claims_of("ada@example.org", iat=now[0])}
        account = Account.of(claims, trusts_email=False)
        assert account is not None

        def end(what: str = what, sign_ins: SignIns = sign_ins, account: Account = account) -> None:
            if what == "idle":
                now[0] += 8 * 3600 + 1
            else:
                sign_ins.end(account)

        header = {"cookie": cookie_of(oidc_of(HTTPS), claims)}
        sent = connect(door, header, [{"type": "websocket.receive", "bytes": b"x"}], end)
        assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send", "websocket.close"]
        assert not door.open


@pytest.mark.usefixtures("quick")
def test_a_page_that_only_reconnects_is_not_in_use() -> None:
    """A flapping network must not keep an unattended screen signed in."""
    now = [float(claims_of("x")["iat"])]
    sign_ins = SignIns(lambda: now[0])
    door = Doorkeeper(Inside(), Settings.from_environment(HTTPS), sign_ins)
    claims = {"is_logged_in": True, **claims_of("ada@example.org", iat=now[0])}
    account = Account.of(claims, trusts_email=False)
    assert account is not None
    header = {"cookie": cookie_of(oidc_of(HTTPS), claims), "sec-websocket-protocol": "streamlit, token, session"}
    now[0] += 100
    connect(door, header, [{"type": "websocket.receive", "bytes": b"x"}], lambda: sign_ins.end(account))
    assert account.key not in sign_ins._used


def test_one_address_can_open_only_so_many_pages_at_once() -> None:
    door = Doorkeeper(Inside(), Settings.from_environment({**HTTPS, "UPLIFT_SESSIONS_PER_ADDRESS": "2"}))
    door.open[ELSEWHERE] = 2
    assert connect(door, {}, [], lambda: None) == [{"type": "websocket.close", "code": 1013}]
    door.open[ELSEWHERE] = 1
    assert connect(door, {}, [{"type": "websocket.disconnect", "code": 1000}], lambda: None)[0]["type"] == (
        "websocket.accept"
    )
    assert door.open[ELSEWHERE] == 1
