"""The addresses under /api: the list of questions, their description, and each answer as JSON, CSV or Arrow.

A token in the Authorization header says as whom is asked; without one, as everybody. No cookie counts here, so that no
page elsewhere can ask in a reader's name.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.door.limits import Limiter
from dashboard.settings import Settings
from dashboard.settings.addresses import client_of, headers_of, is_own_request, is_protected
from dashboard.settings.databases import database, explained
from data_access.access_tokens import known_token
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database, DataVersion
from data_access.selection import NotAllowed, Role, Scope, Selection, SelectionError

if TYPE_CHECKING:
    import pandas as pd

    from data_access.questions.registry import Question

log = logging.getLogger("uplift")
RATE, BURST = 10.0, 100.0  # a second and at once, for each token or, without one, address
Asking = Callable[[Request, Scope, str], Response]


class Refused(Exception):
    """What is not answered: a status and a sentence with the way out."""

    def __init__(self, status: int, says: str, **headers: str) -> None:
        super().__init__(says)
        self.status, self.says, self.headers = status, says, headers


def api_routes(settings: Settings, limiter: Limiter | None = None) -> list[BaseRoute]:
    """The routes, for the table of the server."""
    api = _Api(settings, limiter or Limiter(RATE, BURST))
    return [
        Route("/api/questions", api.answering(api.questions)),
        Route("/api/search", api.answering(api.search)),
        Route("/api/questions/{name}", api.answering(api.answer)),
        Route("/api/openapi.json", api.answering(api.openapi)),
        Route("/api/{rest:path}", lambda request: _refusal(Refused(404, "There is nothing here: see /api/questions."))),
    ]


class _Api:
    def __init__(self, settings: Settings, limiter: Limiter) -> None:
        self.settings, self.limiter = settings, limiter

    @property
    def database(self) -> Database:
        return database(self.settings.database_url, self.settings.read_copy)

    def answering(self, ask: Asking) -> Callable[[Request], Response]:
        """The route's function; Starlette runs it in a thread."""

        def route(request: Request) -> Response:
            try:
                scope, who = self._asks(request)
                return ask(request, scope, who)
            except Refused as problem:
                return _refusal(problem)
            except SelectionError as problem:
                return _refusal(Refused(400, str(problem)))
            except NotAllowed as problem:
                return _refusal(Refused(403, str(problem)))
            except (DatabaseError, SQLAlchemyError) as problem:
                fault = explained(problem, self.settings)
                if fault is None:
                    log.exception("A question over /api could not be answered")
                    return _refusal(Refused(503, "The question could not be answered. Ask again later.", **_LATER))
                return _refusal(Refused(503, fault.outside, **_LATER))

        return route

    def _asks(self, request: Request) -> tuple[Scope, str]:
        """As whom is asked, and what the record of reads calls them. Raises Refused."""
        given, headers = request.headers.get("authorization", ""), headers_of(request.scope)
        kind, _, secret = given.partition(" ")
        if given and (kind.lower() != "bearer" or not secret.strip()):
            raise Refused(401, "Write the token like this: Authorization: Bearer uplift_…", **_CHALLENGE)
        bucket = hashlib.sha256(secret.encode()).hexdigest() if given else client_of(request.scope)
        if wait := self.limiter.wait(bucket):
            raise Refused(429, f"Asked too often. Ask again in {wait} s.", **{"retry-after": str(wait)})
        if not given:
            return Scope(Role.PUBLIC), ""
        if not (is_protected(request.scope, headers) or is_own_request(request.scope, headers)):
            raise Refused(403, "A token is read over https only: over plain http anybody on the way could take it.")
        with self.database.program.connect() as connection:
            token = known_token(connection, secret.strip(), date.today())
        if token is None:
            raise Refused(401, "This token is not known, was ended or is over. Ask for a new one.", **_CHALLENGE)
        return token.scope(5), f"token {token.name}"

    def questions(self, request: Request, scope: Scope, who: str) -> Response:
        from dashboard.api.described import listed, open_to

        return JSONResponse({"questions": [listed(each) for each in open_to(scope.role)]}, headers=_PRIVATE)

    def search(self, request: Request, scope: Scope, who: str) -> Response:
        """What may be meant by `q`: three questions, each with its parameters and the address that asks it."""
        from urllib.parse import urlencode

        from data_access.questions.answering import connection_for
        from data_access.questions.in_plain_words import find
        from data_access.questions.options import filter_options

        with connection_for(self.database, scope) as connection:
            names = filter_options(connection, of_people=scope.exact).names()
        found = find(request.query_params.get("q", ""), scope.role, self.settings.today(), names)
        listed = [
            {
                "name": each.question.name,
                "answers": each.question.line,
                "parameters": each.query,
                "address": f"/api/questions/{each.question.name}?{urlencode(each.query)}".rstrip("?"),
                "command": each.command,
            }
            for each in found
        ]
        return JSONResponse({"found": listed}, headers=_PRIVATE)

    def openapi(self, request: Request, scope: Scope, who: str) -> Response:
        from dashboard.api.described import openapi

        return JSONResponse(openapi(scope.role), headers=_PRIVATE)

    def answer(self, request: Request, scope: Scope, who: str) -> Response:
        from dashboard.api.asking import answer_by_text, refuse_unknown_names
        from dashboard.api.described import FORMATS
        from data_access.questions import QUESTIONS

        question = QUESTIONS.get(request.path_params["name"])
        # What is not open to a role is not there for it: its list does not name it either.
        if question is None or scope.role not in question.roles:
            raise Refused(404, "There is no such question for you: see /api/questions.")
        asked = dict(request.query_params)
        form = asked.pop("format", "json")
        if form not in FORMATS:
            raise SelectionError(f"{form[:40]!r} is not a format. Choose {', '.join(FORMATS)}.")
        refuse_unknown_names(question, asked)
        version = self._version(scope)
        etag = _etag(request, scope, version, self.settings.today())
        if request.headers.get("if-none-match") == etag and not question.live:
            return Response(status_code=304, headers=_PRIVATE | {"etag": etag})
        selection, found = answer_by_text(self.database, question, scope, asked, self.settings.today(), who)
        return _written(question, selection, found, form, version, _PRIVATE | {"etag": etag})

    def _version(self, scope: Scope) -> DataVersion:
        # What partners see of their own teams is as new as the program itself.
        return self.database.version() if scope.exact or scope.teams else self.database.released_version()


_LATER = {"retry-after": "5"}
_CHALLENGE = {"www-authenticate": "Bearer"}
_PRIVATE = {"cache-control": "private, no-cache", "vary": "authorization"}


def _refusal(problem: Refused) -> Response:
    return JSONResponse({"problem": problem.says}, problem.status, {"cache-control": "no-store", **problem.headers})


def _etag(request: Request, scope: Scope, version: DataVersion, today: date) -> str:
    # The day is part of it: what is asked without one is asked as of today.
    of = f"{request.url.path}?{request.url.query} {scope!r} {version!r} {today}"
    return f'"{hashlib.sha256(of.encode()).hexdigest()[:24]}"'


def _written(
    question: Question,
    selection: Selection,
    found: pd.DataFrame,
    form: str,
    version: DataVersion,
    headers: dict[str, str],
) -> Response:
    from dashboard.api.described import ARROW, described
    from dashboard.parts.spreadsheet import to_csv
    from data_access.answers import plain

    if form == "csv":
        name = {"content-disposition": f'attachment; filename="{question.name}.csv"'}
        return Response(to_csv(found), media_type="text/csv; charset=utf-8", headers=headers | name)
    if form == "arrow":
        return Response(_arrow(found), media_type=ARROW, headers=headers)
    columns = {column.name: column for column in question.columns}
    body = {
        "question": question.name,
        "answers": question.line,
        "selection": selection.in_words(),
        "as_of": selection.as_of.isoformat(),
        "data_version": str(version),
        "columns": [described(columns[str(name)]) for name in found.columns],
        "rows": [{name: plain(value) for name, value in row.items()} for row in found.to_dict("records")],
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text.encode(), media_type="application/json", headers=headers)


def _arrow(found: pd.DataFrame) -> bytes:
    import pyarrow as pa

    table = pa.Table.from_pandas(found, preserve_index=False)
    sink: Any = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
