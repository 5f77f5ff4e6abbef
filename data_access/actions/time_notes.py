"""Notes on the time line, by the program manager: a day and a few words beside every trend, for everybody or inside."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Connection

from data_access.actions.record import ActionRefused, Author
from data_access.actions.rows import PM_ONLY, Row, record_row, undoing
from data_access.database.engine import Database
from data_access.kept_rows import INSIDE_TIME_NOTE, TIME_NOTE
from data_access.wording import day_in_words, say

LONGEST_NOTE = 120
EARLIEST = date(1990, 1, 1)


def write_note(
    database: Database, author: Author, *, today: date, noted_on: date | None, note: str, inside: bool
) -> int:
    """Write a note on a day that has come; `inside` for the program manager and the board alone."""
    words = " ".join(note.split())
    if not words:
        raise ActionRefused("Note: say in a few words what happened.")
    if len(words) > LONGEST_NOTE or not words.isprintable():
        raise ActionRefused(say("Note: at most {most} characters, and plain text.", most=LONGEST_NOTE))
    if noted_on is None:
        raise ActionRefused("Day: a day is needed.")
    if not EARLIEST <= noted_on <= today:
        template = "Day: {day} lies in the future." if noted_on > today else "Day: {day} is too long ago."
        raise ActionRefused(say(template, day=day_in_words(noted_on)))
    subject, key = INSIDE_TIME_NOTE if inside else TIME_NOTE, f"note-{uuid.uuid4().hex[:16]}"

    def change(connection: Connection, before: Row | None) -> Row:
        return {"mark_key": key, "marked_on": noted_on.isoformat(), "words": words}

    return record_row(database, author, subject, key, "note on the time line", {}, change, roles=PM_ONLY)


undoing(TIME_NOTE, PM_ONLY)
undoing(INSIDE_TIME_NOTE, PM_ONLY)
