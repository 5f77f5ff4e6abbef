"""What was recorded of one kind of subject, newest first, for the lists from which it can be undone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from data_access.actions.record import UNDO
from data_access.database.schema import audit
from data_access.recorded import in_words
from data_access.wording import say

MOST_SHOWN = 50


class KeptChange(NamedTuple):
    """A recorded change; `happened_at` is in UTC, only the newest of its subject can be undone."""

    entry_id: int
    happened_at: datetime
    author: str
    words: str
    undone: bool
    newest: bool


def newest_changes(connection: Connection, subject: str) -> list[KeptChange]:
    """The newest changes of all subjects of a kind, newest first."""
    statement = select(audit).where(audit.c.subject == subject).order_by(audit.c.entry_id.desc()).limit(MOST_SHOWN)
    found, undone = [], set()
    last: dict[str, str] = {}
    for row in connection.execute(statement):
        undone.add(row.undoes)
        words = in_words(subject, json.loads(row.before), json.loads(row.after), names_people=True)
        if row.action == UNDO:
            words = say("{change} (undone)", change=words)
        newest = last.setdefault(row.subject_key, row.after) == row.after
        found.append(KeptChange(row.entry_id, row.happened_at, row.author, words, row.entry_id in undone, newest))
    return found
