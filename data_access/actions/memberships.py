"""Memberships: each begins, ends for a reason and may begin again; never two of a person at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.requests import NeedsConfirmation
from data_access.actions.rows import PM_ONLY, Row, record_row, there, undoing
from data_access.database.engine import Database
from data_access.database.schema import memberships
from data_access.kept_rows import MEMBERSHIP
from data_access.money.effect import Doubt
from data_access.questions.members.missed import missed_run
from data_access.recorded import State
from data_access.wording import day_in_words, say

_TABLE = "memberships"
BELOW_FLOOR, HIRED = "below_floor", "hired"


def give_grace(
    database: Database,
    author: Author,
    membership: str,
    *,
    opened: Snapshot,
    today: date,
    starts_on: date | None,
    ends_on: date | None,
    note: str,
) -> int:
    """A quarter that these days touch and in which the member misses the floor is one of grace. A reason is needed."""
    first = past_day(_TABLE, "grace_starts_on", starts_on, "From", today)
    last: str = checked(_TABLE, "grace_ends_on", ends_on.isoformat() if ends_on else "", "To")

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "membership")
        _must_stand(row)
        if not last or last < first:
            raise ActionRefused("To: the last day of the grace is needed, on the first or later.")
        if first < row["started_on"]:
            raise ActionRefused(say("From: the membership began on {day} only.", day=_day(row["started_on"])))
        if not note.strip():
            raise ActionRefused("Reason: a reason is needed, so that others can follow it.")
        return {**row, "grace_starts_on": first, "grace_ends_on": last}

    return record_row(database, author, MEMBERSHIP, membership, "grace", opened, change, note=note)


def end_membership(
    database: Database,
    author: Author,
    membership: str,
    *,
    opened: Snapshot,
    today: date,
    reason: str,
    ended_on: date | None,
    hired_by: str = "",
    note: str = "",
    confirmed: Collection[str] = (),
) -> int:
    """The membership ends, its last day included. Dropping somebody below the floor who missed no quarter last must be
    confirmed: raises NeedsConfirmation.
    """
    why: str = checked(_TABLE, "end_reason", reason, "Reason")
    company: str | None = checked(_TABLE, "hired_by", hired_by, "Hired by") or None
    day = past_day(_TABLE, "ended_on", ended_on, "Last day", today)

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "membership")
        _must_stand(row)
        if not why:
            raise ActionRefused("Reason: choose why the membership ends.")
        if company and why != HIRED:
            raise ActionRefused("Hired by: a company is named only where somebody was hired.")
        if day < row["started_on"]:
            raise ActionRefused(say("Last day: the membership began on {day} only.", day=_day(row["started_on"])))
        if why == BELOW_FLOOR and not missed_run(connection, row["person_key"], today):
            doubt = Doubt("no quarter missed", "No quarter in a row was missed: the last that counts was met.")
            if doubt.code not in confirmed:
                raise NeedsConfirmation([doubt])
        return {**row, "ended_on": day, "end_reason": why, "hired_by": company}

    return record_row(database, author, MEMBERSHIP, membership, "end", opened, change, note=note)


def take_back(
    database: Database,
    author: Author,
    former: str,
    *,
    opened: Snapshot,
    today: date,
    started_on: date | None,
    note: str = "",
) -> int:
    """Whoever was a member is one again, from a day after the last of the former membership, whose key is given."""
    day = past_day(_TABLE, "started_on", started_on, "Member again from", today)
    key = f"returned-{uuid.uuid4().hex[:16]}"

    def change(connection: Connection, before: Row | None) -> Row:
        found = connection.execute(select(memberships).where(memberships.c.membership_key == former)).first()
        row = there(None if found is None else dict(found._mapping), "membership")
        last = row["ended_on"]
        if last is None:
            raise ActionRefused("This membership has not ended: there is nobody to take back.")
        if day <= last.isoformat():
            raise ActionRefused(say("Member again from: the last day was {day}; it begins after it.", day=last))
        other = overlapping(connection, key, row["person_key"], day, None)
        if other:
            raise ActionRefused(say("This person is a member already, since {day}.", day=other))
        return new_membership(key, row["person_key"], row["cohort_key"], day)

    return record_row(database, author, MEMBERSHIP, key, "return", {}, change, note=note)


def _must_stand(row: Row) -> None:
    if row["ended_on"]:
        day = _day(row["ended_on"])
        raise ActionRefused(say("This membership ended on {day} already. Undo that first, to correct it.", day=day))


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def new_membership(key: str, person: str, cohort: str | None, started_on: str) -> dict[str, Any]:
    """The state of a membership that begins."""
    ends = ("ended_on", "end_reason", "hired_by", "grace_starts_on", "grace_ends_on")
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
