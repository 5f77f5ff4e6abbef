"""What the program manager and the board record row by row: which table, which columns together, and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data_access.wording import counted, say

EVENT = "event"
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a contract table that is recorded here.

    `keys` find it; `groups` are the columns that are recorded together. `read` is what a decision is about, and is
    never written. Where `is_made_here` the row comes and goes with what is recorded. `along`: what a group's first
    column means nothing without.
    """

    table: str
    keys: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    words: Callable[[Values, Values], str]
    read: tuple[str, ...] = ()
    is_made_here: bool = False
    along: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def written(self) -> tuple[str, ...]:
        """The columns that are written."""
        return tuple(name for group in self.groups for name in group)

    def key_of(self, text: str) -> tuple[str, ...]:
        """The keys of a row from its key in the audit; "" for one that is empty."""
        return tuple(text.rsplit("/", len(self.keys) - 1)) if len(self.keys) > 1 else (text,)


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def _event_words(was: Values, now: Values) -> str:
    title, status = now["title"], now.get("status") or "held"
    if now.get("status") != was.get("status") and status != "held":
        return say("“{title}” {status}", title=title, status={"cancelled": "was cancelled"}.get(status, "is planned"))
    attendance = now.get("attendance")
    if attendance is None:
        return say("“{title}” was held, attendance not known", title=title)
    return say("“{title}” was held, {people}", title=title, people=counted(attendance, "{n} came", "{n} came"))


KEPT_ROWS: dict[str, KeptRow] = {
    EVENT: KeptRow(
        "events",
        ("event_key",),
        (("status",), ("attendance",), ("new_contributors",)),
        _event_words,
        read=("title", "starts_on"),
    ),
}
