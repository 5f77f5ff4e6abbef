"""What became of an event: the program manager says whether it was held, how many came, or that it was cancelled."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, or_, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked
from data_access.actions.rows import PM_ONLY, Row, record_row, there, undoing
from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.kept_rows import EVENT
from data_access.wording import day_in_words, say

MOST_FOUND = 20
_SOUGHT = (events.c.event_key, events.c.title)


def record_event(
    database: Database,
    author: Author,
    event: str,
    *,
    opened: Snapshot,
    today: date,
    status: str,
    attendance: object = None,
    new_contributors: object = None,
    note: str = "",
) -> int:
    """An event was held, by how many people if that is known, or is cancelled; or one to come is planned again.

    Raises ActionRefused, Changed, NotAllowed; nothing is then written.
    """
    what: str = checked("events", "status", status, "What became of it")
    came = {
        "attendance": checked("events", "attendance", attendance, "Attendance"),
        "new_contributors": checked("events", "new_contributors", new_contributors, "New contributors"),
    }

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "event")
        if not what:
            raise ActionRefused("Say what became of it: held, cancelled or still planned.")
        begins = date.fromisoformat(row["starts_on"])
        if what == "held":
            if begins > today:
                day = day_in_words(begins)
                raise ActionRefused(say("It begins on {day} only: it cannot have been held yet.", day=day))
            if None not in came.values() and came["new_contributors"] > came["attendance"]:
                raise ActionRefused("New contributors: there cannot be more of them than people who came.")
        elif any(came.values()):
            raise ActionRefused("Attendance is of an event that was held. Leave it empty, or say that it was held.")
        elif what == "planned" and begins < today:
            raise ActionRefused("Its day is over: say whether it was held, or that it was cancelled.")
        return {**row, "status": what, **came}

    return record_row(database, author, EVENT, event, what or "event", opened, change, note=note)


undoing(EVENT, PM_ONLY)


def find_events(connection: Connection, text: str) -> list[tuple[str, str, date]]:
    """Key, title and day of those whose key or title holds the text, newest first; at most 20."""
    holds = (func.lower(column).contains(text.strip().lower(), autoescape=True) for column in _SOUGHT)
    wanted = select(events.c.event_key, events.c.title, events.c.starts_on).where(or_(*holds))
    found = connection.execute(wanted.order_by(events.c.starts_on.desc(), events.c.event_key).limit(MOST_FOUND))
    return [(key, title, day) for key, title, day in found]
