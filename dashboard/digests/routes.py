"""The addresses of feeds, and the one by which a message is stopped: opened by a token each, never by a cookie."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import date

import htpy as h
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.door.limits import Limiter
from dashboard.parts.html import render
from dashboard.settings import Settings
from dashboard.settings.addresses import client_of, headers_of, is_own_request, is_protected
from dashboard.settings.databases import database
from dashboard.words.numbers import reader
from dashboard.words.sentences import say
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database

log = logging.getLogger("uplift")
RATE, BURST = 1.0, 60.0
_PRIVATE = {"cache-control": "private, no-cache"}


def feed_routes(settings: Settings, limiter: Limiter | None = None) -> list[BaseRoute]:
    """The routes, for the table of the server."""
    feeds = _Feeds(settings, limiter or Limiter(RATE, BURST))
    return [
        Route("/feeds/releases.atom", feeds.answering(feeds.releases)),
        Route("/feeds/own.atom", feeds.answering(feeds.own)),
        Route("/feeds/{rest:path}", lambda request: PlainTextResponse("There is no such feed.", 404)),
        Route("/subscriptions/stop", feeds.answering(feeds.ask), methods=["GET"]),
        Route("/subscriptions/stop", feeds.answering(feeds.stop), methods=["POST"]),
        Route("/subscriptions/{rest:path}", lambda request: PlainTextResponse("There is nothing here.", 404)),
    ]


class _Feeds:
    def __init__(self, settings: Settings, limiter: Limiter) -> None:
        self.settings, self.limiter = settings, limiter

    @property
    def database(self) -> Database:
        return database(self.settings.database_url, self.settings.read_copy)

    def answering(self, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """The route's function; Starlette runs it in a thread."""

        def route(request: Request) -> Response:
            if wait := self.limiter.wait(client_of(request.scope)):
                return PlainTextResponse("Asked too often.", 429, {"retry-after": str(wait)})
            try:
                with reader(self.settings.locale):
                    return answer(request)
            except (DatabaseError, SQLAlchemyError, ValueError):
                log.exception("A feed or the end of a subscription could not be answered")
                return PlainTextResponse("The program does not answer. Ask again later.", 503, {"retry-after": "60"})

        return route

    def releases(self, request: Request) -> Response:
        from dashboard.digests.feed import public_feed
        from dashboard.digests.found import releases_made
        from data_access.program import load_program

        with self.database.outside() as connection:
            program = load_program(connection).name or "Uplift"
        made = releases_made(self.database, self.settings.today())
        site = self.settings.site
        found = public_feed(program, made, site, f"{site}/feeds/releases.atom")
        return _atom(request, found, {"cache-control": "public, max-age=600"})

    def own(self, request: Request) -> Response:
        from dashboard.digests.feed import own_feed
        from dashboard.digests.found import found
        from dashboard.digests.run import by_the_clock, publish
        from data_access.actions.deliveries import looks_so_far, told
        from data_access.persons.reads import Read, record_read
        from data_access.program import load_program
        from data_access.selection import INSIDE
        from data_access.subscriptions import known_feed, scope_of

        if not (is_protected(request.scope, headers_of(request.scope)) or _is_own(request)):
            return PlainTextResponse("This feed is read over https only.", 403)
        secret = request.query_params.get("token", "")
        with self.database.program.connect() as connection:
            subscription = known_feed(connection, secret)
            if subscription is None:
                return PlainTextResponse("There is no such feed: its address is not known, or it was ended.", 404)
            scope = scope_of(connection, subscription, load_program(connection).min_group_size)
            known = looks_so_far(connection).get(subscription.key, 0)
        today = self.settings.today()
        now = found(self.database, scope, subscription.topics, today)
        publish(now, self.database, subscription, known, today, by_the_clock())
        with self.database.program.connect() as connection:
            since = told(connection, subscription.key)
        people = sum(each.names_person for each in now.news)
        if people and scope.role in INSIDE:
            record_read(
                self.database, Read(date.today(), subscription.address, str(scope.role), "messages", "", people)
            )
        return _atom(request, own_feed(subscription, scope.role, now, since, self.settings.site), _PRIVATE)

    def ask(self, request: Request) -> Response:
        """A page with one button: opening the link alone ends nothing, because programs open links, too."""
        from data_access.actions import stopped_by

        with self.database.program.connect() as connection:
            found = stopped_by(connection, request.query_params.get("token", ""))
        if found is None:
            return _page("Nothing to stop", "This link is not known, or these messages were stopped already.", 404)
        words = say("Messages to {address} will end at once.", address=found.address)
        return _page("Stop these messages?", words, 200, "Stop them")

    def stop(self, request: Request) -> Response:
        from data_access.actions import ActionRefused, stop

        try:
            found = stop(self.database, request.query_params.get("token", ""))
        except ActionRefused:
            return _page("Not stopped yet", "The program is busy. Try it again in a minute.", 503, "Stop them")
        if found is None:
            return _page("Nothing to stop", "This link is not known, or these messages were stopped already.", 404)
        return _page("Stopped", say("Nothing more goes to {address} by this way.", address=found.address), 200)


def _is_own(request: Request) -> bool:
    return is_own_request(request.scope, headers_of(request.scope))


def _atom(request: Request, found: bytes, headers: dict[str, str]) -> Response:
    from dashboard.digests.feed import MEDIA_TYPE

    etag = f'"{hashlib.sha256(found).hexdigest()[:24]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers | {"etag": etag})
    return Response(found, headers=headers | {"etag": etag}, media_type=MEDIA_TYPE)


def _page(title: str, words: str, status: int, button: str = "") -> Response:
    form = h.form(method="post")[h.button(type="submit")[button]] if button else None
    page = h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.meta(name="robots", content="noindex"),
            h.title[title],
            h.style[
                "body { font: 18px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem }"
            ],
        ],
        h.body[h.main[h.h1[title], h.p[words], form]],
    ]
    return HTMLResponse(str(render(page)), status, {"cache-control": "no-store"})
