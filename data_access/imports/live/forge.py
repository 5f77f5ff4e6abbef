"""GitHub and Gitea: commits, pull requests, reviews and issues of a repository, as contributions.

Commits are followed from one head of the branch to the next, so that commits which a late merge brings with old dates
are not missed; issues, pull requests and their reviews by the moment of their last change. Whatever comes twice is
counted once. A day is the day in the author's own time where the server tells it (GitHub tells UTC).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from data_access.imports.live.client import Answer, Client
from data_access.imports.live.json_answers import PAGES_A_PART, Item, items, one_item, parsed, text
from data_access.imports.live.parts import CountedAs, CountedItem, Part, Source, SourceKind, State
from data_access.imports.live.refusals import LiveRefused
from data_access.imports.readers.opening import digest, folded, slug
from data_access.persons.spelling import noreply_login

COMMIT, PULL, REVIEW, ISSUE = range(1, 5)
_TAKE = {"commits": COMMIT, "pulls": PULL, "reviews": REVIEW, "issues": ISSUE}
_SETTINGS = {
    "take": "what counts, separated by commas (commits,pulls,reviews,issues)",
    "branch": "the branch whose commits count (the default branch)",
    "area": "the area of commits, pull requests and reviews (code)",
    "issue_area": "the area of issues (issues)",
    "team": "the key of the team that all of it belongs to",
}
_REPOSITORY = re.compile(r"^(https?://[^/?#]+)((?:/[^/?#]+)*?)/([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
# Clocks differ, and lists lag behind: what changed shortly before is asked for again.
_OVERLAP = timedelta(minutes=2)
_PAGE = "per_page=100&limit=50"
_GONE = frozenset({404, 409, 410, 422})


@dataclass
class _Batch:
    """What was read since the last part."""

    source: Source
    state: State
    counted: list[CountedItem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, called: str, person: tuple[str, str], moment: str, part: int) -> None:
        key, name = person
        if key:
            self.counted.append(CountedItem(called, key, moment[:10], part))
            if name:
                self.names[key] = name

    def taken(self) -> Part:
        """All of it, and the batch is empty again."""
        part = Part(deepcopy(self.state), counted=self.counted, counted_as=_counted_as(self.source), names=self.names)
        self.counted, self.names = [], {}
        return part


def _counted_as(source: Source) -> CountedAs:
    code, issues = source.settings.get("area", "code"), source.settings.get("issue_area", "issues")
    areas = {COMMIT: (code, True), PULL: (code, True), REVIEW: (code, True), ISSUE: (issues, False)}
    found = _REPOSITORY.match(source.address)
    project = f"{found[3]}/{found[4]}" if found else source.name
    return CountedAs(areas, project, source.settings.get("team", ""))


def _read(client: Client, source: Source) -> Iterator[Part]:
    wanted = [each.strip() for each in source.settings.get("take", ",".join(_TAKE)).split(",") if each.strip()]
    if unknown := set(wanted) - set(_TAKE):
        raise LiveRefused(
            f"{source.name}: {', '.join(sorted(unknown))} cannot be taken",
            f"Remove the source and add it with some of {', '.join(_TAKE)}",
        )
    batch = _Batch(source, {name: dict(source.state.get(name, {})) for name in ("commits", "changes")})
    parts = {_TAKE[each] for each in wanted}
    try:
        if COMMIT in parts:
            yield from _commits(client, source, batch)
        if parts - {COMMIT}:
            yield from _changes(client, source, batch, parts)
    except LiveRefused:
        # What was read up to the last whole page is kept before the problem is told.
        yield batch.taken()
        raise
    yield batch.taken()


# ---- commits --------------------------------------------------------------------------------------------------------


def _commits(client: Client, source: Source, batch: _Batch) -> Iterator[Part]:
    state = batch.state["commits"]
    if not state.get("to"):
        head = _new_head(client, source, state)
        if not head:
            return
        if state.get("head") and _compared(client, source, batch, state["head"], head):
            state["head"] = head
            return
        # Nothing is known yet, or the old head is gone, or the server compares no more: the whole branch is listed.
        state.update(to=head, page=1)

    def take(found: list[Item]) -> None:
        for commit in found:
            _add_commit(batch, commit)

    yield from _paged(client, batch, state, f"{source.address}/commits?sha={state['to']}&{_PAGE}", take)
    state["head"] = state.pop("to")
    state.pop("page", None)


def _new_head(client: Client, source: Source, state: State) -> str:
    """The newest commit of the branch; "" where it is the one that is known, or there is none."""
    branch = source.settings.get("branch", "")
    chosen = f"&sha={quote(branch, safe='')}" if branch else ""
    try:
        answer = client.get(f"{source.address}/commits?per_page=1&limit=1{chosen}", etag=state.get("etag", ""))
    except LiveRefused as cause:
        if cause.status == 409:  # a repository without a commit
            return ""
        raise
    if answer.status == 304:
        return ""
    newest = items(client, parsed(client, answer))
    state["etag"] = answer.headers.get("etag", "")[:500]
    head = text(newest[0], "sha") if newest else ""
    return head if re.fullmatch(r"[0-9a-f]{7,64}", head) and head != state.get("head") else ""


def _compared(client: Client, source: Source, batch: _Batch, old: str, new: str) -> bool:
    """Take what is new between two heads; False where the server does not tell all of it."""
    found: list[Item] = []
    number = 1
    while True:
        try:
            answer = client.get(f"{source.address}/compare/{old}...{new}?{_PAGE}&page={number}")
        except LiveRefused as cause:
            if cause.status in _GONE:
                return False
            raise
        held = one_item(client, parsed(client, answer))
        page = items(client, held.get("commits"))
        found += page
        if not page or not answer.has_next:
            break
        number += 1
    total = held.get("total_commits")
    if not isinstance(total, int) or len(found) < total or held.get("status") == "diverged":
        return False
    for commit in found:
        _add_commit(batch, commit)
    return True


def _add_commit(batch: _Batch, commit: Item) -> None:
    parents = commit.get("parents")
    if isinstance(parents, list) and len(parents) > 1:
        return  # a merge: what it merges is counted
    batch.add(f"commit:{text(commit, 'sha')}", _author(commit), text(commit, "commit", "author", "date"), COMMIT)


def _author(commit: Item) -> tuple[str, str]:
    """Key and name of who wrote it: the account, else name and a hash of the address; addresses are not kept."""
    name, email = (text(commit, "commit", "author", each) for each in ("name", "email"))
    account = commit.get("author")
    if text(account, "login"):
        return _account(account, name)
    if name.endswith("[bot]"):
        return "", ""
    if login := noreply_login(email):
        return login, name
    readable = slug(name)
    return "-".join(filter(None, (readable, digest(folded(email) or folded(name))))), name


def _account(account: object, name: str = "") -> tuple[str, str]:
    login = text(account, "login")
    is_bot = login.endswith("[bot]") or text(account, "type") == "Bot"
    return ("", "") if is_bot else (login, name)


# ---- issues, pull requests and their reviews ------------------------------------------------------------------------


def _changes(client: Client, source: Source, batch: _Batch, parts: set[int]) -> Iterator[Part]:
    """Issues and pull requests come in one list, newest first: what is added meanwhile moves nothing out of sight."""
    state = batch.state["changes"]
    state.setdefault("page", 1)
    since = f"&since={quote(state['since'], safe='')}" if state.get("since") else ""

    def begun(answer: Answer) -> None:
        if not state.get("until"):
            state["until"] = f"{_moment(answer) - _OVERLAP:%Y-%m-%dT%H:%M:%SZ}"

    def take(found: list[Item]) -> None:
        done = state.setdefault("reviewed", [])
        for item in found:
            number = text(item, "number")
            is_pull = isinstance(item.get("pull_request"), dict)
            part = PULL if is_pull else ISSUE
            if part in parts:
                batch.add(f"{part}:{number}", _account(item.get("user")), text(item, "created_at"), part)
            if is_pull and REVIEW in parts and number.isdecimal() and number not in done:
                _reviews(client, source, batch, number, text(item, "user", "login"))
                done.append(number)
        state.pop("reviewed")

    address = f"{source.address}/issues?state=all&sort=created&direction=desc&{_PAGE}{since}"
    yield from _paged(client, batch, state, address, take, begun)
    batch.state["changes"] = {"since": state["until"]}


def _reviews(client: Client, source: Source, batch: _Batch, number: str, author: str) -> None:
    """The reviews of one pull request that others than its author sent in."""
    page = 1
    while True:
        answer = client.get(f"{source.address}/pulls/{number}/reviews?{_PAGE}&page={page}")
        found = items(client, parsed(client, answer))
        for review in found:
            moment = text(review, "submitted_at")
            if moment and text(review, "state") != "PENDING" and text(review, "user", "login") != author:
                batch.add(f"{REVIEW}:{text(review, 'id')}", _account(review.get("user")), moment, REVIEW)
        if not found or not answer.has_next:
            return
        page += 1


def _moment(answer: Answer) -> datetime:
    """The server's own time, else ours."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.now(UTC)


def _paged(
    client: Client,
    batch: _Batch,
    state: State,
    address: str,
    take: Callable[[list[Item]], None],
    begun: Callable[[Answer], None] = lambda _: None,
) -> Iterator[Part]:
    """Walk from the page that the state names; it names the next one as soon as a page is taken."""
    while True:
        number = int(state["page"])
        answer = client.get(f"{address}&page={number}")
        begun(answer)
        found = items(client, parsed(client, answer))
        take(found)
        state["page"] = number + 1
        if not found or not answer.has_next:
            return
        if number % PAGES_A_PART == 0:
            yield batch.taken()


# ---- the two kinds --------------------------------------------------------------------------------------------------


def _github(given: str) -> str:
    found = _repository(given)
    if found[1].casefold() in ("https://github.com", "https://api.github.com"):
        return f"https://api.github.com/repos/{found[3]}/{found[4]}"
    return f"{found[1]}/api/v3/repos/{found[3]}/{found[4]}"


def _gitea(given: str) -> str:
    found = _repository(given)
    return f"{found[1]}{found[2].removesuffix('/api/v1/repos')}/api/v1/repos/{found[3]}/{found[4]}"


def _repository(given: str) -> re.Match[str]:
    found = _REPOSITORY.match(given)
    if not found:
        raise LiveRefused("This is no address of a repository", "Write it like https://github.com/owner/repository")
    return found


def _bearer(secret: str) -> dict[str, str]:
    plain = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return {**plain, "Authorization": f"Bearer {secret}"} if secret else plain


def _token(secret: str) -> dict[str, str]:
    return {"Authorization": f"token {secret}"} if secret else {}


_LINE = "commits, pull requests, reviews and issues of a repository"
GITHUB = SourceKind("github", "GitHub", _LINE, _SETTINGS, _github, _bearer, _read)
GITEA = SourceKind("gitea", "Gitea", _LINE, _SETTINGS, _gitea, _token, _read)
