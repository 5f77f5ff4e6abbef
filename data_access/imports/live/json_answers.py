"""JSON that a server answers with: checked as far as it is used, because any of it may be nonsense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from data_access.imports.live.client import Answer, Client
from data_access.imports.live.refusals import LiveRefused
from data_access.imports.readers.opening import one_line

PAGES_A_PART = 20
Item = dict[str, Any]


def looks_like_a_page(body: bytes) -> bool:
    """Whether it is a web page: most often the form to sign in with."""
    return body[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<head"))


def web_page(client: Client) -> LiveRefused:
    return LiveRefused(
        f"{client.called}: a web page came instead of data, as for people who must sign in first",
        "Name the address of the data itself, and a secret with --secret-from if it needs one",
    )


def parsed(client: Client, answer: Answer) -> Any:
    """The JSON of an answer. Raises LiveRefused."""
    if looks_like_a_page(answer.body):
        raise web_page(client)
    try:
        return json.loads(answer.body, parse_constant=_no_number)
    except (ValueError, RecursionError) as cause:
        raise _nonsense(client, "is no readable JSON, or only a part of it") from cause


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def one_item(client: Client, found: Any) -> Item:
    if not isinstance(found, dict):
        raise _nonsense(client, "is not the object that its documentation describes")
    return found


def items(client: Client, found: Any) -> list[Item]:
    """A list of objects. Raises LiveRefused for anything else."""
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _nonsense(client, "is not the list that its documentation describes")
    return found


def _nonsense(client: Client, what: str) -> LiveRefused:
    return LiveRefused(
        f"{client.called} ({client.origin}): the answer {what}",
        "Check kind and address of the source, or try again later",
    )


def text(item: Any, *path: str) -> str:
    """The text, or whole number, at the path; "" where there is none. On one line, without what no database stores."""
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    if isinstance(item, bool) or not isinstance(item, (str, int)):
        return ""
    return one_line(str(item)) if isinstance(item, str) or abs(item) < 10**18 else ""


def in_one_language(item: Any, name: str) -> str:
    """A text that comes plain or by language: English first, else the first that is given."""
    found = item.get(name)
    if not isinstance(found, dict):
        return text(item, name)
    return text(found, "en") or next(filter(None, (text(found, language) for language in found)), "")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paginated list: its objects, its number, whether another follows."""

    number: int
    found: list[Item]
    more: bool
    answer: Answer


def result_pages(client: Client, address: str, first: int = 1) -> Iterator[Page]:
    """Pages as Django's REST framework gives them: `results` and `next`. The address has its `?` already."""
    number = first
    while True:
        answer = client.get(f"{address}&page={number}")
        held = one_item(client, parsed(client, answer))
        found = items(client, held.get("results"))
        more = bool(held.get("next")) and bool(found)
        yield Page(number, found, more, answer)
        if not more:
            return
        number += 1
