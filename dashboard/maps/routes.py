"""What the map asks for over HTTP: its files, and answers for a signed token. No Streamlit rerun is involved."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.door.doorkeeper import ACCOUNT, allowed_to
from dashboard.door.limits import Limiter
from dashboard.maps import assets, tokens
from dashboard.settings import Settings
from dashboard.settings.addresses import headers_of, is_own_request
from dashboard.settings.databases import explained
from dashboard.words.numbers import locale_of_request, reader
from data_access.database.connecting import DatabaseError
from data_access.database.engine import DataVersion, NoReleaseError
from data_access.selection import NotAllowed, Scope, SelectionError

if TYPE_CHECKING:
    from dashboard.maps.answers import Answers

log = logging.getLogger("uplift")
VERSION_SECONDS = 1.0
GZIP_FROM = 1_000
Answer = Callable[["Answers", Request, tokens.MapRequest, DataVersion], dict[str, Any]]


def map_routes(settings: Settings, limiter: Limiter | None = None) -> list[BaseRoute]:
    """The routes, for the table of the server."""
    door = _Door(settings, limiter or Limiter())
    return [
        asset_route(),
        Route("/map/{token}/{z:int}/{x:int}/{y:int}", door.answering(_cells)),
        Route("/map/{token}/shades", door.answering(lambda to, request, asked, version: to.shades(asked, version))),
        Route("/map/{token}/reach", door.answering(lambda to, request, asked, version: to.reach(asked, version))),
        Route("/map/{token}/words", door.answering(lambda to, request, asked, version: to.words(asked, version))),
        Route("/map/{rest:path}", lambda request: Response(status_code=404)),  # else Streamlit would send its page
    ]


def asset_route() -> BaseRoute:
    """The map's own files."""
    return Route(assets.PREFIX + "/{fingerprint}/{name}", _asset)


def _asset(request: Request) -> Response:
    try:
        found = assets.asset(request.path_params["name"])
    except KeyError:
        return Response(status_code=404)
    headers = {"vary": "accept-encoding", "cache-control": "public, max-age=31536000, immutable"}
    if request.path_params["fingerprint"] != found.fingerprint:
        # An older page asks for a file that has changed since: give it today's, but do not let it stay.
        headers["cache-control"] = "no-cache"
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.gzipped, media_type=found.media_type, headers=headers | {"content-encoding": "gzip"})
    return Response(found.content, media_type=found.media_type, headers=headers)


def _cells(to: Answers, request: Request, asked: tokens.MapRequest, version: DataVersion) -> dict[str, Any]:
    return to.cells(asked, version, *(request.path_params[name] for name in "zxy"))


class _Door:
    """Checks how often, with what token and for which data it is asked, before an answer is made."""

    def __init__(self, settings: Settings, limiter: Limiter) -> None:
        self.settings = settings
        self.limiter = limiter
        self.tokens = tokens.for_database(settings.database_url)
        self._lock = threading.Lock()
        self._answers: Answers | None = None
        # By whether it is the program's, or the release's.
        self._versions: dict[bool, tuple[float, DataVersion]] = {}

    def answering(self, answer: Answer) -> Callable[[Request], Response]:
        """The route's function; Starlette runs it in a thread."""

        def route(request: Request) -> Response:
            wait = self.limiter.wait(request.client.host if request.client else "")
            if wait:
                return Response(status_code=429, headers={"retry-after": str(wait)})
            try:
                asked = self.tokens.read(request.path_params["token"])
            except tokens.BadToken:
                return Response(status_code=404)
            try:
                if not self._is_for(asked.scope, request):
                    return Response(status_code=404)
            except SQLAlchemyError as problem:
                if explained(problem, self.settings) is None:
                    log.exception("It could not be looked up who asks for the map")
                return Response(status_code=503, headers={"retry-after": "5"})
            return self._respond(request, asked, answer)

        return route

    def _is_for(self, scope: Scope, request: Request) -> bool:
        """A token opens what its viewer may see, for nobody who may not: an address that is passed on opens nothing.

        On one's own machine without sign-in everybody is whom they choose to be.
        """
        if self.settings.oidc is None and is_own_request(request.scope, headers_of(request.scope)):
            return True
        now = allowed_to(request.scope.get(ACCOUNT), self.settings)
        return (scope.role, scope.teams) == (now.role, now.teams)

    def _respond(self, request: Request, asked: tokens.MapRequest, answer: Answer) -> Response:
        from dashboard.maps.answers import NoSuchThing

        try:
            version = self.version(asked.scope)
            return as_json(request, lambda: answer(self.answers, request, asked, version), str(version))
        except (NotAllowed, SelectionError, NoSuchThing, NoReleaseError):
            return Response(status_code=404)
        except (DatabaseError, SQLAlchemyError) as problem:
            if explained(problem, self.settings) is None:
                log.exception("The map's question could not be answered")
            return Response(status_code=503, headers={"retry-after": "5"})

    @property
    def answers(self) -> Answers:
        """Made with the first question: the server starts without waiting for pandas."""
        from dashboard.maps.answers import Answers

        with self._lock:
            self._answers = self._answers or Answers(self.settings)
            return self._answers

    def version(self, scope: Scope) -> DataVersion:
        """The data version for the scope, looked at once a second at most: a pan asks for a dozen tiles."""
        now = time.monotonic()
        looked, version = self._versions.get(scope.exact, (None, None))
        if looked is None or version is None or now - looked > VERSION_SECONDS:
            version = self.answers.version(scope)
            self._versions[scope.exact] = (now, version)
        return version


def as_json(request: Request, make: Callable[[], dict[str, Any]], version: str) -> Response:
    """What `make` returns in the reader's locale, packed; nothing where the browser has it of this version already."""
    with reader(request.headers.get("accept-language", "")):
        of = f"{request.url.path} {version} {locale_of_request()}"
        etag = f'"{hashlib.sha256(of.encode()).hexdigest()[:24]}"'
        vary = "accept-encoding, accept-language"
        headers = {"etag": etag, "cache-control": "private, max-age=60", "vary": vary}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        body = json.dumps(make(), separators=(",", ":"), allow_nan=False).encode()
    if len(body) > GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 5, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)
