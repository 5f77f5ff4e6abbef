"""A server with a repository, in the shape that GitHub's and Gitea's documentation gives: pages, Link, rate limits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.web_server import Asked, Reply, WebServer, as_json, web_server

REPOSITORY = "/api/v1/repos/docs/guide"


def commit(number: int, day: str, login: str = "ada", *, parents: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "sha": hashlib.sha1(f"{number}".encode()).hexdigest(),  # noqa: S324  # as git names them
        "commit": {"author": {"name": login.title(), "email": f"{login}@example.org", "date": f"{day}T12:00:00Z"}},
        "author": {"login": login, "type": "User"},
        "parents": [{"sha": "0" * 40}] * parents,
        **changed,
    }


def issue(number: int, login: str, created: str, updated: str = "", *, pull: bool = False) -> dict[str, Any]:
    return {
        "number": number,
        "user": {"login": login, "type": "User"},
        "created_at": f"{created}T09:00:00Z",
        "updated_at": f"{updated or created}T09:00:00Z",
        **({"pull_request": {"merged_at": None}} if pull else {}),
    }


def review(identity: int, login: str, day: str, state: str = "APPROVED") -> dict[str, Any]:
    return {
        "id": identity,
        "user": {"login": login, "type": "User"},
        "submitted_at": f"{day}T10:00:00Z",
        "state": state,
    }


@dataclass
class Forge:
    """`commits` are newest first, as they are listed. After `limit` requests the server wants to be left alone."""

    commits: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    reviews: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    now: str = "Thu, 20 Aug 2026 10:00:00 GMT"
    limit: int = 1_000_000
    compares: bool = True
    page_size: int = 100
    server: WebServer = field(init=False)

    def answer(self, asked: Asked) -> Reply:
        if len(self.server.asked) > self.limit:
            return Reply(status=429, headers={"Retry-After": "3600"})
        path = asked.path.removeprefix(REPOSITORY)
        if path == "/commits":
            return self._commits(asked)
        if path.startswith("/compare/"):
            old, _, new = path.removeprefix("/compare/").partition("...")
            shas = [each["sha"] for each in self.commits]
            if not self.compares or old not in shas:
                return Reply(status=404)
            new_ones = self.commits[shas.index(new) : shas.index(old)][::-1]
            return self._page(asked, new_ones, {"total_commits": len(new_ones)})
        if path == "/issues":
            since = asked.query.get("since", "")
            found = [each for each in self.issues if each["updated_at"] >= since]
            return self._page(asked, sorted(found, key=lambda each: each["created_at"], reverse=True))
        if path.startswith("/pulls/"):
            return self._page(asked, self.reviews.get(int(path.split("/")[2]), []))
        return Reply(status=404)

    def _commits(self, asked: Asked) -> Reply:
        if not self.commits:
            return Reply(status=409)
        shas = [each["sha"] for each in self.commits]
        start = shas.index(asked.query["sha"]) if "sha" in asked.query else 0
        return self._page(asked, self.commits[start:])

    def _page(self, asked: Asked, found: list[dict[str, Any]], within: dict[str, Any] | None = None) -> Reply:
        size = min(int(asked.query.get("per_page", "30")), self.page_size)
        number = int(asked.query.get("page", "1"))
        here = found[(number - 1) * size : number * size]
        more = {"Link": f'<{self.server.address}{asked.path}?page={number + 1}>; rel="next"'}
        headers = {"Date": self.now, **(more if number * size < len(found) else {})}
        tag = f'"{here[0]["sha"]}"' if size == 1 and here and "sha" in here[0] else ""
        if tag and asked.headers.get("if-none-match") == tag:
            return Reply(status=304)
        if tag:
            headers["ETag"] = tag
        return as_json({**within, "commits": here} if within is not None else here, **headers)


@contextmanager
def forge(**given: Any) -> Iterator[Forge]:
    made = Forge(**given)
    with web_server(lambda asked: made.answer(asked)) as made.server:
        yield made
