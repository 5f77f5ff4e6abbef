"""What the search on every page (Ctrl-K) asks for while somebody types: names, pages and questions, in groups.

It answers whoever the cookie of the request proves, as pages do; on one's own machine without sign-in, whom the page's
address names. A header that only our own script can send keeps pages elsewhere from asking in a reader's name.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.asking import reads
from dashboard.door.doorkeeper import ACCOUNT, allowed_to
from dashboard.door.limits import Limiter
from dashboard.settings import Settings
from dashboard.settings.addresses import client_of, headers_of, is_own_request
from dashboard.settings.databases import database
from dashboard.words.sentences import say, sentence_case
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database, DataVersion
from data_access.persons.reads import Read
from data_access.selection import STAFF, Role, Scope, SelectionError
from data_access.viewers import ROLE_WORDS

if TYPE_CHECKING:
    from data_access.questions.named.names import NameFound, NameIndex

log = logging.getLogger("uplift")
ASKED_BY, OURS = "x-uplift", "find"
LONGEST, MOST_PAGES = 200, 5
GROUPS = {"person": "People", "team": "Teams", "event": "Events", "country": "Countries", "space": "Spaces"}
PAGES, QUESTIONS = "Pages", "Questions"
_PRIVATE = {"cache-control": "no-store"}
_SUBJECTS = Path(__file__).resolve().parents[1] / "subjects"
Item = dict[str, str]


@dataclass(frozen=True, slots=True)
class PageToFind:
    """A page of the navigation: its title, its question, its address, its module, and for whom it is."""

    title: str
    question: str
    address: str
    module: Path
    roles: Collection[Role]


@dataclass(frozen=True, slots=True)
class _Known:
    """The names in a version of the data: of everything, and by filter of its values."""

    version: DataVersion
    index: NameIndex
    filters: Mapping[str, Mapping[str, str]]


def find_routes(settings: Settings, pages: Sequence[PageToFind], limiter: Limiter | None = None) -> list[BaseRoute]:
    """The route, for the table of the server."""
    finder = _Finder(settings, pages, limiter or Limiter(30, 120))
    return [Route("/find", finder.route)]


class _Finder:
    def __init__(self, settings: Settings, pages: Sequence[PageToFind], limiter: Limiter) -> None:
        self.settings, self.pages, self.limiter = settings, pages, limiter
        self._lock = threading.Lock()
        # By whether people are in it.
        self._kept: dict[bool, _Known] = {}

    @property
    def database(self) -> Database:
        return database(self.settings.database_url, self.settings.read_copy)

    def route(self, request: Request) -> Response:
        """Starlette runs it in a thread."""
        if request.headers.get(ASKED_BY) != OURS:
            return Response(status_code=404)
        if wait := self.limiter.wait(client_of(request.scope)):
            return Response(status_code=429, headers={"retry-after": str(wait)})
        text = request.query_params.get("q", "")[:LONGEST]
        chosen = request.query_params.get("as", "")
        try:
            scope, kept = self._asks(request, chosen)
            groups = [*self._names(text, scope, kept, self._reader(request, scope)), *self._pages(text, scope, kept)]
            groups.append((QUESTIONS, self._questions(text, scope, kept)))
        except (DatabaseError, SQLAlchemyError):
            log.exception("A search could not be answered")
            return Response(status_code=503, headers={"retry-after": "5"})
        shown = [{"title": title, "items": items} for title, items in groups if items]
        return JSONResponse({"groups": shown}, headers=_PRIVATE)

    def _asks(self, request: Request, chosen: str) -> tuple[Scope, dict[str, str]]:
        """As whom is asked, and what every address keeps of it."""
        own = is_own_request(request.scope, headers_of(request.scope))
        if self.settings.oidc is None and self.settings.is_local and own:
            try:
                return Scope.parse(chosen), {"as": chosen}
            except SelectionError:
                return Scope(Role.PM), {}
        return allowed_to(request.scope.get(ACCOUNT), self.settings), {}

    def _reader(self, request: Request, scope: Scope) -> str:
        """Who is named where somebody inside reads of persons, as pages name them."""
        account = request.scope.get(ACCOUNT)
        return (
            account.email
            if account
            else say("{role} (dashboard)", role=sentence_case(ROLE_WORDS.get(scope.role, scope.role)))
        )

    def _names(self, text: str, scope: Scope, kept: Mapping[str, str], reader: str) -> list[tuple[str, list[Item]]]:
        if scope.role not in STAFF:
            return []
        if not text.strip():
            # The search was opened: the names are read while the first letters are written.
            threading.Thread(target=self._read_ahead, args=(scope,), name="names", daemon=True).start()
            return []
        found = self._known(scope).index.find(text)
        groups: dict[str, list[Item]] = {}
        for thing in found:
            address = f"/{thing.kind}?{urlencode({'key': thing.key, **kept})}"
            item = {"name": thing.name, "more": _more(thing), "address": address}
            groups.setdefault(GROUPS[thing.kind], []).append(item)
        if people := len(groups.get(GROUPS["person"], ())):
            reads.note(self.database, Read(date.today(), reader, str(scope.role), "names_found", "", people))
        return list(groups.items())

    def _known(self, scope: Scope) -> _Known:
        """The names as they are now; whoever asks first after a change waits until they are read again."""
        from data_access.questions.answering import connection_for
        from data_access.questions.named.names import NameIndex, named_things
        from data_access.questions.options import filter_options

        version = self.database.version() if scope.inside else self.database.released_version()
        with self._lock:
            known = self._kept.get(scope.inside)
            if known is None or known.version != version:
                with connection_for(self.database, scope) as connection:
                    index = NameIndex.of(named_things(connection, with_people=scope.inside))
                    filters = filter_options(connection, of_people=scope.inside).names()
                known = self._kept[scope.inside] = _Known(version, index, filters)
            return known

    def _read_ahead(self, scope: Scope) -> None:
        try:
            self._known(scope)
        except (DatabaseError, SQLAlchemyError):
            log.exception("The names could not be read")

    def _pages(self, text: str, scope: Scope, kept: Mapping[str, str]) -> list[tuple[str, list[Item]]]:
        """The pages that are open to them with a word that begins with each word of the text; all of them for none."""
        from data_access.geography.folding import fold

        wanted = [f" {word}" for word in fold(text).split()]
        own = [page for page in self.pages if scope.role in page.roles]
        ranked = [page for page in own if all(word in f" {fold(page.title)}" for word in wanted)]
        ranked += [page for page in own if page not in ranked and all(w in f" {fold(page.question)}" for w in wanted)]
        shown = ranked[:MOST_PAGES] if wanted else ranked
        items = [{"name": page.title, "more": page.question, "address": _with(page.address, kept)} for page in shown]
        return [(PAGES, items)]

    def _questions(self, text: str, scope: Scope, kept: Mapping[str, str]) -> list[Item]:
        """The questions that may be meant, each leading to the page that answers it."""
        from data_access.questions.in_plain_words import find

        if not text.strip():
            return []
        names = self._known(scope).filters
        items = []
        for meant in find(text, scope.role, self.settings.today(), names):
            page = next((page for page in self._answered_on(meant.question.name) if scope.role in page.roles), None)
            if page:
                address = _with(page.address, {**meant.query, **kept})
                items.append({"name": meant.question.line, "more": page.title, "address": address})
        return items

    def _answered_on(self, question: str) -> list[PageToFind]:
        """The pages whose module, or the modules of whose subject, ask the question."""
        asked = re.compile(rf"\b{question}\b")
        return [page for page in self.pages if asked.search(self._texts[page.address])]

    @cached_property
    def _texts(self) -> dict[str, str]:
        found = {}
        for page in self.pages:
            modules = [page.module, *sorted((_SUBJECTS / page.module.stem).glob("*.py"))]
            found[page.address] = "\n".join(module.read_text(encoding="utf-8") for module in modules)
        return found


def _more(thing: NameFound) -> str:
    from dashboard.words.numbers import day

    return " · ".join(part for part in (day(thing.day) if thing.day else "", thing.place or "") if part)


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
