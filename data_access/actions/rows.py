"""Recording row by row: who may, on the state that was seen, with the reason in the audit; and what undoing asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, false, or_, select, true

from data_access.actions.record import (
    RULES,
    UNDO,
    ActionRefused,
    Author,
    Changed,
    Rules,
    Snapshot,
    checked,
    keep_entry,
    who_changed,
    writing,
)
from data_access.actions.subjects import NOTHING, read_state, read_states, text_of, write_state
from data_access.database.engine import Database
from data_access.database.schema import audit
from data_access.recorded import State, in_words
from data_access.selection import NotAllowed, Role
from data_access.wording import say

MOST_CHANGES = 50
Row = dict[str, Any]
Afterwards = Callable[[Connection, Author, str, State, State, Collection[str]], None]
_WHO = {
    frozenset({Role.PM}): "This is recorded by the program manager only. Nothing was changed.",
    frozenset({Role.BOARD}): "This is decided by the board only. Nothing was changed.",
    frozenset({Role.PM, Role.BOARD}): "This is open to the program manager and the board only. Nothing was changed.",
}
PM_ONLY, BOARD_ONLY, BOTH = frozenset({Role.PM}), frozenset({Role.BOARD}), frozenset({Role.PM, Role.BOARD})


class RecordedRow(NamedTuple):
    """A recorded change; `happened_at` is in UTC, only the newest of its subject and key can be undone."""

    entry_id: int
    happened_at: datetime
    author: str
    words: str
    note: str | None
    undone: bool
    newest: bool


def row_snapshot(connection: Connection, *subjects: tuple[str, str]) -> Snapshot:
    """What a form about these rows (subject, key) is opened on; what is not there is left out."""
    return {what: text_of(state) for what, state in read_states(connection, *subjects).items()}


def record_row(
    database: Database,
    author: Author,
    subject: str,
    key: str,
    action: str,
    opened: Snapshot,
    change: Callable[[Connection, Row | None], Row],
    *,
    roles: frozenset[Role] = PM_ONLY,
    note: str = "",
    also: Callable[[Connection, Row], None] | None = None,
) -> int:
    """Change one row; returns the number of the audit entry.

    `change` turns the present state (None: no such row) into the new one, or raises ActionRefused; `also` does in the
    same transaction what follows. Raises Changed, NotAllowed, ActionRefused; nothing is then written.
    """
    why: str | None = checked("team_milestones", "note", note, "Note") if note.strip() else None
    with writing(database) as connection:
        require_role(author, roles)
        before = read_state(connection, "", subject, key)
        if text_of(before) != opened.get((subject, key), NOTHING):
            raise Changed(who_changed(connection, author, "", subject, key, before))
        after = change(connection, before if isinstance(before, dict) else None)
        if after == before:
            raise ActionRefused("That is recorded already. Nothing was changed.")
        write_state(connection, "", subject, key, after)
        entry = keep_entry(connection, author, "", action, subject, key, before, after, note=why)
        if also:
            also(connection, after)
        return entry


def require_role(author: Author, roles: frozenset[Role]) -> None:
    """Raises NotAllowed."""
    if author.scope.role not in roles:
        raise NotAllowed(_WHO[roles])


def there(row: Row | None, what: str) -> Row:
    """The row, which has to be there; `what` as in `There is no such event.`"""
    if row is None:
        raise ActionRefused(say("There is no such {what}. Nothing was changed.", what=what))
    return row


def undoing(subject: str, roles: frozenset[Role], afterwards: Afterwards | None = None) -> None:
    """Who may undo what was recorded of a subject, and what must hold then."""

    def who(connection: Connection, author: Author, key: str) -> None:
        require_role(author, roles)

    def nothing_more(*_: Any) -> None:
        """What was before can be again."""

    RULES[subject] = Rules(who, afterwards or nothing_more)


def row_changes(connection: Connection, *subjects: tuple[str, str]) -> list[RecordedRow]:
    """What was recorded of these rows, newest first; with "" for a key of all rows of the subject."""
    rows = [
        and_(audit.c.subject == subject, audit.c.subject_key == key if key else true()) for subject, key in subjects
    ]
    found: list[RecordedRow] = []
    undone: set[int] = set()
    last: dict[tuple[str, str], str] = {}
    wanted = select(audit).where(or_(false(), *rows))
    for row in connection.execute(wanted.order_by(audit.c.entry_id.desc()).limit(MOST_CHANGES)):
        undone.add(row.undoes)
        words = in_words(row.subject, json.loads(row.before), json.loads(row.after), names_people=True)
        if row.action == UNDO:
            words = say("{change} (undone)", change=words)
        newest = last.setdefault((row.subject, row.subject_key), row.after) == row.after
        found.append(
            RecordedRow(
                *(row.entry_id, row.happened_at, row.author, words, row.note),
                undone=row.entry_id in undone,
                newest=newest,
            )
        )
    return found
