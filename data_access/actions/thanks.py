"""Thanks that were given: to whom, for what, when and how."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import PM_ONLY, Row, record_row, undoing
from data_access.database.engine import Database
from data_access.database.schema import people
from data_access.kept_rows import THANKS, key_text
from data_access.wording import day_in_words, say


def thanks_key(person: str, occasion: str, occasion_on: date) -> str:
    """What is recorded of a person's occasion is known by."""
    return key_text(person, occasion, occasion_on.isoformat())


def thank(
    database: Database,
    author: Author,
    person: str,
    *,
    opened: Snapshot,
    today: date,
    occasion: str,
    occasion_on: date | None,
    given_on: date | None,
    how: str = "",
    note: str = "",
) -> int:
    """Somebody was thanked for something, on its day or later; once for each thing."""
    if not occasion:
        raise ActionRefused("For: choose what the thanks are for.")
    what: str = checked("thanks", "occasion", occasion, "For")
    happened = past_day("thanks", "occasion_on", occasion_on, "Happened on", today)
    day = past_day("thanks", "given_on", given_on, "Thanked on", today)
    words: str | None = checked("thanks", "how", how, "How")
    if day < happened:
        first = day_in_words(date.fromisoformat(happened))
        raise ActionRefused(say("Thanked on: it happened on {day} only.", day=first))

    def change(connection: Connection, before: Row | None) -> Row:
        if connection.execute(select(people.c.person_key).where(people.c.person_key == person)).first() is None:
            raise ActionRefused("There is no such person. Nothing was changed.")
        if before is not None:
            given = day_in_words(date.fromisoformat(before["given_on"]))
            raise ActionRefused(say("Thanks were given on {day} already. Undo that first, to correct it.", day=given))
        about = {"person_key": person, "occasion": what, "occasion_on": happened}
        return {**about, "given_on": day, "how": words or None}

    key = thanks_key(person, what, date.fromisoformat(happened))
    return record_row(database, author, THANKS, key, "thanks", opened, change, note=note)


undoing(THANKS, PM_ONLY)
