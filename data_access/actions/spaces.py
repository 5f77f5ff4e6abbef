"""What the program manager records of a space: its coordinators, its pilot, and notes of four kinds."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import PM_ONLY, Row, record_row, there, undoing
from data_access.database.engine import Database
from data_access.database.schema import people, spaces
from data_access.kept_rows import SPACE, SPACE_NOTE
from data_access.wording import day_in_words, say

SIDES = {"coordinator_technical": "Technical", "coordinator_community": "Community"}


def name_coordinator(
    database: Database, author: Author, space: str, *, opened: Snapshot, side: str, person: str, note: str = ""
) -> int:
    """Who looks after a side of a space; "" for nobody."""
    if side not in SIDES:
        raise ActionRefused("Side: choose the technical or the community side.")

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "space")
        known = select(people.c.person_key).where(people.c.person_key == person)
        if person and connection.execute(known).first() is None:
            raise ActionRefused("There is no such person. Nothing was changed.")
        return {**row, side: person or None}

    return record_row(database, author, SPACE, space, "coordinator of a space", opened, change, note=note)


def start_pilot(
    database: Database,
    author: Author,
    space: str,
    *,
    opened: Snapshot,
    today: date,
    started_on: date | None,
    days: object = 90,
    note: str = "",
) -> int:
    """A space is a pilot from a day on, for so many days. One that has begun is not begun again: undo it first."""
    first: str = checked("spaces", "pilot_started_on", started_on.isoformat() if started_on else "", "Started on")
    length: int | None = checked("spaces", "pilot_days", days, "Days")

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "space")
        if not first or not length:
            raise ActionRefused("Started on, and for how many days: both are needed for the pilot’s clock.")
        if row["pilot_started_on"]:
            began = day_in_words(date.fromisoformat(row["pilot_started_on"]))
            raise ActionRefused(say("This pilot started on {day} already. Undo that first, to correct it.", day=began))
        own = spaces.c
        opened_on, closed_on = connection.execute(
            select(own.opened_on, own.closed_on).where(own.space_key == space)
        ).one()
        if closed_on and closed_on.isoformat() <= first:
            raise ActionRefused(say("The space closed on {day}.", day=day_in_words(closed_on)))
        if opened_on and first < opened_on.isoformat():
            raise ActionRefused(say("The space opens on {day} only.", day=day_in_words(opened_on)))
        return {**row, "pilot_started_on": first, "pilot_days": length}

    return record_row(database, author, SPACE, space, "pilot", opened, change, note=note)


def note_of_space(
    database: Database,
    author: Author,
    space: str,
    *,
    today: date,
    kind: str,
    words: str,
    noted_on: date | None,
    due_on: date | None = None,
) -> int:
    """A roadmap item with the day on which it is due, a challenge, a lesson, or the verdict on a pilot."""
    if not kind:
        raise ActionRefused("Kind: choose roadmap, challenge, lesson or verdict.")
    what: str = checked("space_notes", "kind", kind, "Kind")
    if not words.strip():
        raise ActionRefused("Note: write what it says.")
    text: str = checked("space_notes", "note", words, "Note")
    day = past_day("space_notes", "noted_on", noted_on, "Noted on", today)
    due: str | None = checked("space_notes", "due_on", due_on.isoformat() if due_on else "", "Due on") or None
    if what == "roadmap" and due is None:
        raise ActionRefused("Due on: an item of the roadmap has a day on which it is due.")
    if due and due < day:
        raise ActionRefused("Due on: it cannot be due before it was noted.")
    key = f"note-{uuid.uuid4().hex[:16]}"

    def change(connection: Connection, before: Row | None) -> Row:
        if connection.execute(select(spaces.c.name).where(spaces.c.space_key == space)).first() is None:
            raise ActionRefused("There is no such space. Nothing was changed.")
        about = {"note_key": key, "space_key": space, "kind": what, "noted_on": day}
        return {**about, "note": text, "due_on": due if what == "roadmap" else None, "done_on": None}

    return record_row(database, author, SPACE_NOTE, key, "space note", {}, change)


def finish_note(
    database: Database, author: Author, note: str, *, opened: Snapshot, today: date, done_on: date | None
) -> int:
    """An item of the roadmap is done, or a challenge met; once."""
    day = past_day("space_notes", "done_on", done_on, "Done on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "note")
        if row["kind"] not in ("roadmap", "challenge"):
            raise ActionRefused("Only an item of the roadmap or a challenge can be done.")
        if row["done_on"]:
            done = day_in_words(date.fromisoformat(row["done_on"]))
            raise ActionRefused(say("It was done on {day} already. Undo that first, to correct it.", day=done))
        if day < row["noted_on"]:
            noted = day_in_words(date.fromisoformat(row["noted_on"]))
            raise ActionRefused(say("Done on: it was noted on {day} only.", day=noted))
        return {**row, "done_on": day}

    return record_row(database, author, SPACE_NOTE, note, "space note done", opened, change)


undoing(SPACE, PM_ONLY)
undoing(SPACE_NOTE, PM_ONLY)
