"""Names that lead on: which page a person, team, event, country or space has, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

import htpy as h
import pandas as pd

from dashboard.asking import filters, links, run
from dashboard.parts import page_parts
from dashboard.parts.shapes import Thing
from data_access.answers import AnswerColumn, Key, Text
from data_access.questions.named.entries import COUNTRY, EVENT, PERSON, SPACE, TEAM
from data_access.selection import INSIDE, STAFF, Role

# In the address of such a page: whose it is.
KEY = "key"
# Who may open the page of which kind; to others its name is plain text, and nothing says that there is a page.
OPEN_TO: Mapping[str, frozenset[Role]] = {PERSON: INSIDE, TEAM: STAFF, EVENT: STAFF, COUNTRY: STAFF, SPACE: STAFF}
# What a key column of an answer is the key of, by its name: the same in every answer.
KIND_OF_KEY: Mapping[str, str] = {
    **dict.fromkeys(("person_key", "mentor_key", "mentors"), PERSON),
    "event_key": EVENT,
    "team": TEAM,
    "space": SPACE,
    "country": COUNTRY,
}
# The key column of a column that says a name, where that is not the first key of the row that no other name has.
_KEY_OF: Mapping[str, str] = {
    "title": "event_key",
    "event": "event_key",
    "person": "person_key",
    "mentor": "mentor_key",
    "mentors_name": "mentors",
    "country_name": "country",
}
_NAME, _KIND = "name", "kind"
# In a cell of a table between the name and the address: assets/base.js opens what stands behind it.
LEADS_TO = " ⇢ "
SHOWS_NAME = f"^(.*){LEADS_TO}"


class NamedBy(NamedTuple):
    """A column that shows names, the column with their keys, and of what they are ("": as the row's `kind` says)."""

    shown: str
    key: str
    kind: str


def may_open(kind: str) -> bool:
    """Whether this run's viewer has pages of the kind; there are none where nobody has a role, as in public."""
    try:
        now: filters.Asked = run.recall(run.ASKED)
    except KeyError:
        return False
    return now.scope.role in OPEN_TO[kind]


def address(kind: str, key: str) -> str:
    """The page of a thing, for this run's viewer and day."""
    return _address(kind, key, _end_of_addresses())


def _address(kind: str, key: str, end: str) -> str:
    return f"/{kind}?{urlencode({KEY: key})}{end}"


def _end_of_addresses() -> str:
    """What every address has after its key: the same for all that a run writes."""
    now = filters.asked()
    kept = links.write(now.selection, now.opening, now.viewer.parameter)
    some = {name: value for name, value in kept.items() if name in (links.ROLE, "as_of")}
    return f"&{urlencode(some)}" if some else ""


def link(kind: str, key: str | None, name: str) -> h.Node:
    """The name, leading to its page where the viewer may open it."""
    if not key or kind not in OPEN_TO or not may_open(kind):
        return name
    return h.a(".up-named", href=address(kind, key), target="_self")[name]


def sentence(text: str, things: Iterable[Thing]) -> h.Node:
    """The text, in which the names of things lead to their pages: each where it stands first, as a word of its own."""
    wanted = {name: (kind, key) for kind, key, name in things if key and name and kind in OPEN_TO and may_open(kind)}
    if not wanted:
        return text
    # The longest first: `South Sudan` is not `Sudan`.
    either = "|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True))
    parts: list[h.Node] = []
    at = 0
    for found in re.finditer(rf"(?<!\w)(?:{either})(?!\w)", text):
        name = found[0]
        if name in wanted:
            kind, key = wanted.pop(name)
            parts += [text[at : found.start()], link(kind, key, name)]
            at = found.end()
    return [*parts, text[at:]]


def onward(*things: Thing) -> None:
    """A line that leads to the pages of things, each as (kind, key, name); nothing for who may not open any."""
    led = [h.fragment[" ", link(kind, key, name)] for kind, key, name in things if key and may_open(kind)]
    if led:
        page_parts.show(h.p(".up-onward")[h.span["Everything on one time line:"], led])


def named_by(columns: Sequence[AnswerColumn]) -> list[NamedBy]:
    """The columns of an answer that say a name of which the answer has the key."""
    known = {column.name for column in columns}
    if known >= {_NAME, KEY, _KIND}:
        return [NamedBy(_NAME, KEY, "")]
    keys = [column.name for column in columns if isinstance(column, Key) and column.name in KIND_OF_KEY]
    texts = [column.name for column in columns if isinstance(column, Text)]
    pairs = {name: _KEY_OF[name] for name in texts if _KEY_OF.get(name) in keys}
    free = [key for key in keys if key not in pairs.values()]
    if _NAME in texts and free:
        pairs[_NAME] = free[0]
    return [NamedBy(name, key, KIND_OF_KEY[key]) for name, key in pairs.items()]


def with_links(table: pd.DataFrame, columns: Sequence[AnswerColumn]) -> tuple[pd.DataFrame, frozenset[str]]:
    """The table in which names carry the addresses of their pages, and the columns in which they do."""
    named = [] if table.empty else named_by(columns)
    # Looked up once, not for each cell: a session's state is behind a lock.
    kinds_open = frozenset(filter(may_open, OPEN_TO)) if named else frozenset()
    linked = [each for each in named if kinds_open and (not each.kind or each.kind in kinds_open)]
    if not linked:
        return table, frozenset()
    led, end = table.copy(deep=False), _end_of_addresses()
    for each in linked:
        kinds = [each.kind] * len(table) if each.kind else table[_KIND].tolist()
        cells = zip(table[each.shown].tolist(), kinds, table[each.key].tolist(), strict=True)
        leading = [_leading(*cell, kinds_open, end) for cell in cells]
        led[each.shown] = pd.Series(leading, led.index, dtype=object)
    return led, frozenset(each.shown for each in linked)


def _leading(name: object, kind: object, key: object, kinds_open: frozenset[str], end: str) -> object:
    """A cell that shows the name; the grid decodes what it shows, so what it would decode is written in full."""
    if not isinstance(name, str) or not isinstance(key, str) or not key:
        return name
    if not isinstance(kind, str) or kind not in kinds_open:
        return name
    shown = name.replace("%", "%25").replace("+", "%2B")
    return f"{shown}{LEADS_TO}{_address(kind, key, end)}"
