"""What organizers need, by the program manager: raised with what it is for, and met."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import PM_ONLY, Row, record_row, there, undoing
from data_access.database.engine import Database
from data_access.database.schema import events, people
from data_access.kept_rows import NEED
from data_access.wording import say

_KNOWN = {"event_key": (events.c.event_key, "Event"), "person_key": (people.c.person_key, "Person")}


def raise_need(
    database: Database,
    author: Author,
    *,
    today: date,
    kind: str,
    note: str,
    raised_on: date | None,
    event_key: str = "",
    city: str = "",
    person_key: str = "",
) -> int:
    """An organizer needs something from a day on: for an event, in a town, or as a person; at least one is named."""
    if not kind:
        raise ActionRefused("Need: choose what is needed.")
    if not note.strip():
        raise ActionRefused("In words: say what is needed, so that somebody can help.")
    given = {"event_key": event_key.strip(), "city": city.strip(), "person_key": person_key.strip()}
    if not any(given.values()):
        raise ActionRefused("Name the event, the town or the person that it is for.")
    row = {
        "need_key": f"need-{uuid.uuid4().hex[:16]}",
        "kind": checked("organizer_needs", "kind", kind, "Need"),
        "note": checked("organizer_needs", "note", note, "In words"),
        "raised_on": past_day("organizer_needs", "raised_on", raised_on, "Raised on", today),
        "met_on": None,
        "event_key": given["event_key"] or None,
        "city": checked("organizer_needs", "city", given["city"], "Town") or None,
        "person_key": given["person_key"] or None,
    }

    def change(connection: Connection, before: Row | None) -> Row:
        for name, (column, what) in _KNOWN.items():
            key = row[name]
            if key is not None and connection.execute(select(column).where(column == key)).first() is None:
                raise ActionRefused(say("{what}: “{key}” is not known. Nothing was changed.", what=what, key=key))
        return row

    return record_row(database, author, NEED, row["need_key"], "need raised", {}, change)


def meet_need(
    database: Database, author: Author, need: str, *, opened: Snapshot, today: date, met_on: date | None, note: str = ""
) -> int:
    """A need was met on a day; how is the record's note."""
    day = past_day("organizer_needs", "met_on", met_on, "Met on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "need")
        if row["met_on"]:
            met = date.fromisoformat(row["met_on"])
            raise ActionRefused(say("It was met on {day} already. Undo that first, to correct it.", day=met))
        if day < row["raised_on"]:
            raised = date.fromisoformat(row["raised_on"])
            raise ActionRefused(say("Met on: the need was raised on {day} only.", day=raised))
        return {**row, "met_on": day}

    return record_row(database, author, NEED, need, "need met", opened, change, note=note)


undoing(NEED, PM_ONLY)
