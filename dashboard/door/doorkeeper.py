"""The door of the server, before Streamlit: whose request it is, how often it may come, which files it may have."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import MutableMapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, Response

from dashboard.door.accounts import ENDED_COOKIE, SIGN_INS, USER_COOKIE, Account, SignIns, read_cookie, scope_of
from dashboard.door.limits import Limiter
from dashboard.door.ownership import FILES, SESSIONS, Owner
from dashboard.door.security import Application, Receive, Scope, Send, is_page
from dashboard.settings import PUBLIC, Settings
from dashboard.settings.addresses import client_of, headers_of, is_own_request, is_protected
from dashboard.settings.databases import database, explained
from data_access.happenings import happened
from data_access.selection import Role
from data_access.selection import Scope as Allowed

log = logging.getLogger("uplift")
ACCOUNT = "uplift.account"
LOGIN, LOGOUT, CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"
METRICS, MEDIA, UPLOAD = "/_stcore/metrics", "/media/", "/_stcore/upload_file/"
# Files of the program itself: the same for everybody, and many with the first page.
FREE = ("/static/", "/component/", "/assets/", "/map/", "/_stcore/bidi-components/", "/healthz")
# What somebody at the screen asks for; the rest comes with pages, or from a page that has lost its connection.
USED = ("/map/", "/find", MEDIA, UPLOAD)
RETURN_COOKIE = "uplift_return"
# So often an open page looks whether its sign-in was ended elsewhere.
LOOK_SECONDS = 2.0
# assets/base.js knows the first one.
SIGN_IN_ENDED, TRY_LATER = 4001, 1013
NOT_PROTECTED = (
    "Signing in needs https: over plain http anybody on the way could read who you are. "
    "Open this site with https://. If you did, the operator has to name the proxy in UPLIFT_TRUSTED_PROXY."
)


class Doorkeeper:
    """ASGI middleware around Streamlit and our own routes."""

    def __init__(self, app: Application, settings: Settings, sign_ins: SignIns = SIGN_INS) -> None:
        self.app, self.settings, self.sign_ins = app, settings, sign_ins
        self.idle = settings.idle_minutes * 60.0
        self.requests, self.sign_in_attempts, self.openings = Limiter(50, 400), Limiter(0.5, 30), Limiter(5, 200)
        self.open: Counter[str] = Counter()
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = headers_of(scope)
        self._warn_of_proxy(scope, headers)
        account, ended = self._account(scope, headers)
        scope[ACCOUNT] = account
        if account is None:
            without_sign_in(scope, ended)
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send, account)
            return
        refused = await self._refusal(scope, headers, account)
        if refused is not None:
            await refused(scope, receive, send)
            return
        path = scope["path"]
        if account and path.startswith(USED):
            self.sign_ins.use(account)
        if account and path == LOGOUT:
            self.sign_ins.end(account)
            happened("sign-out")
        await self.app(scope, receive, self._sending(scope, headers, send))

    def _account(self, scope: Scope, headers: dict[str, str]) -> tuple[Account | None, bool]:
        """The sign-in that the request's cookie proves, unless anybody could have read it; and whether it has ended."""
        if self.settings.oidc is None or USER_COOKIE not in headers.get("cookie", ""):
            return None, False
        claims = read_cookie(cookies_of(headers), self.settings.oidc.cookie_secret, self.settings.oidc.origin)
        account = Account.of(claims, self.settings.oidc.trusts_email)
        if account is None or not is_protected(scope, headers):
            return None, False
        ended = self.sign_ins.seconds_left(account, self.idle) <= 0
        return None if ended else account, ended

    async def _refusal(self, scope: Scope, headers: dict[str, str], account: Account | None) -> Response | None:
        path, client = scope["path"], client_of(scope)
        signs_in = path in (LOGIN, LOGOUT, CALLBACK)
        limiter = self.sign_in_attempts if signs_in else self.requests
        own = is_own_request(scope, headers)
        wait = 0 if path.startswith(FREE) or (own and not signs_in) else limiter.wait(client)
        if wait:
            return PlainTextResponse("Too many requests.", 429, {"retry-after": str(wait)})
        if signs_in and self.settings.oidc is None:
            return PlainTextResponse("Sign-in is not configured here.", 404)
        if path in (LOGIN, CALLBACK) and not is_protected(scope, headers):
            return PlainTextResponse(NOT_PROTECTED, 403)
        if not path.startswith((METRICS, MEDIA, UPLOAD)):
            return None
        try:
            may_have = await asyncio.to_thread(self._may_have, path, own, account)
        except SQLAlchemyError as problem:
            fault = explained(problem, self.settings)
            if fault is None:
                raise
            return PlainTextResponse(fault.outside, 503, {"retry-after": "5"})
        return None if may_have else PlainTextResponse("Not found.", 404)

    def _may_have(self, path: str, own: bool, account: Account | None) -> bool:
        """Streamlit's own routes know no roles: files belong to the sign-in whose run made them, the rest to the PM."""
        if self.settings.audience == PUBLIC:
            return False
        if self.settings.oidc is None and own:
            return True
        allowed = allowed_to(account, self.settings)
        mine = Owner.of(account, allowed)
        if path.startswith(MEDIA):
            return FILES.has(PurePosixPath(path).stem, mine)
        if path.startswith(UPLOAD):
            return allowed.role is Role.PM and SESSIONS.has(path.removeprefix(UPLOAD).partition("/")[0], mine)
        return allowed.role is Role.PM

    def _sending(self, scope: Scope, headers: dict[str, str], send: Send) -> Send:
        """What goes out: cookies that plain http never carries, and after signing in the page one came from."""

        async def send_on(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                if scope["path"].startswith(MEDIA):
                    answer["cache-control"] = "private, no-store"
                if scope["path"] == LOGIN and (page := page_of(headers.get("referer", ""))):
                    answer.append("set-cookie", f"{RETURN_COOKIE}={page}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax")
                if scope["path"] == CALLBACK and any(_signs_in(value) for value in answer.getlist("set-cookie")):
                    happened("sign-in")
                    page = page_of(cookies_of(headers).get(RETURN_COOKIE, ""))
                    answer["location"] = page or answer["location"]
                    answer.append("set-cookie", f"{RETURN_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")
                if scope["scheme"] == "https":
                    message["headers"] = [
                        (
                            name,
                            value + b"; Secure" if name == b"set-cookie" and b"secure" not in value.lower() else value,
                        )
                        for name, value in message["headers"]
                    ]
            await send(message)

        return send_on

    async def _websocket(self, scope: Scope, receive: Receive, send: Send, account: Account | None) -> None:
        client = client_of(scope)
        own = is_own_request(scope, headers_of(scope))
        if not own and (self.openings.wait(client) or self.open[client] >= self.settings.sessions_per_address):
            log.warning("An address has too many pages open, or opens them too fast; one more was refused")
            await send({"type": "websocket.close", "code": TRY_LATER})
            return
        self.open[client] += 1
        try:
            if account is None:
                await self.app(scope, receive, send)
            else:
                watch = _Watch(self.sign_ins, account, self.idle, resumes=_resumes(scope))
                await self.app(scope, watch.receiving(receive, send), watch.sending(send))
        finally:
            self.open[client] -= 1
            if self.open[client] <= 0:
                del self.open[client]

    def _warn_of_proxy(self, scope: Scope, headers: dict[str, str]) -> None:
        if not self._warned and not self.settings.trusted_proxy and "x-forwarded-for" in headers:
            self._warned = True
            log.warning(
                "Requests come through a proxy that UPLIFT_TRUSTED_PROXY does not name: its word on addresses and "
                "https is not taken, so everybody behind it counts as one address, and nobody can sign in over it."
            )


class _Watch:
    """An open page of somebody signed in: it counts what they do, and closes when the sign-in ends."""

    def __init__(self, sign_ins: SignIns, account: Account, idle: float, resumes: bool) -> None:
        self.sign_ins, self.account, self.idle = sign_ins, account, idle
        # A page whose connection broke reconnects on its own: no person sent its first message.
        self.skip = int(resumes)
        self.closed = False

    def receiving(self, receive: Receive, send: Send) -> Receive:
        async def received() -> MutableMapping[str, Any]:
            while True:
                left = self.sign_ins.seconds_left(self.account, self.idle)
                if left <= 0:
                    self.closed = True
                    await send({"type": "websocket.close", "code": SIGN_IN_ENDED})
                    return {"type": "websocket.disconnect", "code": SIGN_IN_ENDED}
                try:
                    message = await asyncio.wait_for(receive(), min(left, LOOK_SECONDS))
                except TimeoutError:
                    continue
                if message["type"] == "websocket.receive":
                    if not self.skip:
                        self.sign_ins.use(self.account)
                    self.skip = max(0, self.skip - 1)
                return message

        return received

    def sending(self, send: Send) -> Send:
        async def send_on(message: MutableMapping[str, Any]) -> None:
            if not self.closed:
                await send(message)

        return send_on


def allowed_to(account: Account | None, settings: Settings) -> Allowed:
    """What an account may see now; its `min_group_size` is not the program's, and not to be shown with."""
    return scope_of(account, database(settings.database_url, settings.read_copy))


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """The cookies of a request, read as Streamlit reads them."""
    return cookie_parser(headers.get("cookie", ""))


def without_sign_in(scope: Scope, ended: bool) -> None:
    """Take the cookies of a sign-in away that does not count, so that Streamlit does not see it either.

    A cookie of its own lets the page know that there was one that has ended. Each part is read as Streamlit reads it:
    what it strips from a name (a non-breaking space, too) hides no name from us.
    """

    def is_of_a_sign_in(name: str) -> bool:
        return name.startswith((USER_COOKIE, ENDED_COOKIE))

    def kept(value: bytes) -> bytes:
        parts = value.decode("latin-1").split(";")
        others = [part.strip(" ") for part in parts if not any(map(is_of_a_sign_in, cookie_parser(part)))]
        return "; ".join([*others, f"{ENDED_COOKIE}=1"] if ended else others).encode("latin-1")

    scope["headers"] = [(name, kept(value) if name == b"cookie" else value) for name, value in scope["headers"]]


def page_of(address: str) -> str:
    """The page of our own that an address leads to, with its parameters; "" for anything else."""
    parts = urlsplit(address)
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    fits = len(page) < 2_000 and page.isascii() and page.isprintable() and not set(page) & set(' ;,"\\')
    return page if is_page(parts.path) and fits else ""


def _signs_in(cookie: str) -> bool:
    return cookie.startswith(f"{USER_COOKIE}=") and "max-age=0" not in cookie.lower()


def _resumes(scope: Scope) -> bool:
    """Whether the page names a session that it had before: the third part of what Streamlit sends as protocols."""
    protocols = headers_of(scope).get("sec-websocket-protocol", "").split(",")
    return len(protocols) > 2 and bool(protocols[2].strip())
