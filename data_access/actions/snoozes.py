"""Putting off what is due this week, for whoever puts it off alone; and how much they have recorded since a day.

A snooze changes nothing of the program: it makes no audit entry and no new data version.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select

from data_access.actions.record import UNDO, ActionRefused, Author, writing
from data_access.database.engine import Database
from data_access.database.schema import audit, snoozes
from data_access.selection import INSIDE, NotAllowed, Role, add_months

LONGEST = timedelta(days=92)


def next_monday(today: date) -> date:
    """The first day of the week after this one."""
    return today + timedelta(days=7 - today.weekday())


def in_a_month(today: date) -> date:
    """The same day of the next month, or its last."""
    return min(add_months(today, 1) + timedelta(days=today.day - 1), add_months(today, 2) - timedelta(days=1))


def snoozed_as(kind: str, key: str) -> str:
    """By what a thing is known among those that are put off."""
    return hashlib.sha256(f"{kind}\x1f{key}".encode()).hexdigest()


def snooze(database: Database, author: Author, kind: str, key: str, *, today: date, until_on: date) -> None:
    """Put a thing off for the author, who is told of it again on the day. Raises ActionRefused, NotAllowed."""
    if author.scope.role not in INSIDE | {Role.PARTNER}:
        raise NotAllowed("Only who is told what is due can put it off.")
    if not today < until_on <= today + LONGEST:
        raise ActionRefused("It can be put off until a day within the next three months.")
    row = {"viewer": author.name[:200], "item": snoozed_as(kind, key), "made_on": today, "until_on": until_on}
    own = snoozes.c
    with writing(database) as connection:
        over = or_(own.item == row["item"], own.until_on <= today)
        connection.execute(delete(snoozes).where(own.viewer == row["viewer"], over))
        connection.execute(insert(snoozes), row)


def wake(database: Database, author: Author, kind: str, key: str) -> None:
    """What the author has put off is due again. Raises ActionRefused."""
    own = snoozes.c
    with writing(database) as connection:
        connection.execute(delete(snoozes).where(own.viewer == author.name[:200], own.item == snoozed_as(kind, key)))


def snoozed(connection: Connection, viewer: str, today: date) -> frozenset[str]:
    """What a viewer has put off by a day, and is not told of on it (as `snoozed_as` names it)."""
    own = snoozes.c
    statement = select(own.item).where(own.viewer == viewer[:200], own.made_on <= today, own.until_on > today)
    return frozenset(connection.execute(statement).scalars())


def recorded_since(connection: Connection, author: str, since: date) -> int:
    """How many things somebody has recorded since a day began (UTC) that were not undone, by the audit."""
    undone = audit.alias("undone")
    statement = select(func.count()).where(
        audit.c.author == author[:200],
        audit.c.happened_at >= datetime.combine(since, time.min),
        audit.c.action != UNDO,
        ~select(undone.c.entry_id).where(undone.c.undoes == audit.c.entry_id).exists(),
    )
    return int(connection.execute(statement).scalar_one())
