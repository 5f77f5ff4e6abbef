"""Memberships: each begins, ends for a reason and may begin again; never two of a person at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from data_access.actions.record import ActionRefused, Author
from data_access.actions.rows import PM_ONLY, undoing
from data_access.database.schema import memberships
from data_access.kept_rows import MEMBERSHIP
from data_access.recorded import State
from data_access.wording import day_in_words, say


def new_membership(key: str, person: str, cohort: str | None, started_on: str) -> dict[str, Any]:
    """The state of a membership that begins."""
    ends = ("ended_on", "end_reason", "hired_by")
    row = {"membership_key": key, "person_key": person, "cohort_key": cohort, "started_on": started_on}
    return {**row, **dict.fromkeys(ends)}


def overlapping(connection: Connection, key: str, person: str, started_on: str, ended_on: str | None) -> date | None:
    """The first day of another membership of the person that has a day in common with these; None without one."""
    own = memberships.c
    wanted = [own.person_key == person, own.membership_key != key]
    wanted.append(or_(own.ended_on.is_(None), own.ended_on >= date.fromisoformat(started_on)))
    if ended_on:
        wanted.append(own.started_on <= date.fromisoformat(ended_on))
    found: date | None = connection.execute(
        select(own.started_on).where(*wanted).order_by(own.started_on).limit(1)
    ).scalar()
    return found


def refuse_overlap(
    connection: Connection, author: Author, key: str, before: State, after: State, confirmed: Collection[str]
) -> None:
    """Raise ActionRefused where the membership, as it was just written, overlaps another that it did not before."""
    if not isinstance(after, dict):
        return
    spans = [
        overlapping(connection, key, state["person_key"], state["started_on"], state["ended_on"])
        for state in (after, before)
        if isinstance(state, dict)
    ]
    if spans[0] and not (len(spans) > 1 and spans[1]):
        day = day_in_words(spans[0])
        raise ActionRefused(
            say(
                "There is another membership of this person since {day}: undo that first. Nothing was changed.", day=day
            )
        )


undoing(MEMBERSHIP, PM_ONLY, refuse_overlap)
