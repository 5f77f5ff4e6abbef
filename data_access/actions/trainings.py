"""Trainings, by the program manager: what was held, and who of those who were asked came."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import (
    ActionRefused,
    Author,
    Changed,
    Snapshot,
    checked,
    keep_entry,
    past_day,
    who_changed,
    writing,
)
from data_access.actions.rows import PM_ONLY, Row, record_row, require_role, undoing
from data_access.actions.subjects import NOTHING, read_state, text_of, write_state
from data_access.database.engine import Database
from data_access.database.schema import cohorts, people, trainings
from data_access.kept_rows import ATTENDANCE, TRAINING, key_text

_KEY_ROOM = 100


def record_training(
    database: Database,
    author: Author,
    *,
    opened: Snapshot,
    today: date,
    title: str,
    kind: str,
    held_on: date | None,
    cohort: str = "",
    note: str = "",
) -> int:
    """A training was held, of a cohort or open to all. Its key is made of its day and title."""
    if not title.strip():
        raise ActionRefused("Title: say what was trained, as people know it.")
    if not kind:
        raise ActionRefused("Kind: choose speaking, materials, event management or other.")
    row = {
        "title": checked("trainings", "title", title, "Title"),
        "kind": checked("trainings", "kind", kind, "Kind"),
        "held_on": past_day("trainings", "held_on", held_on, "Held on", today),
        "cohort_key": checked("trainings", "cohort_key", cohort, "Cohort") or None,
    }
    key = training_key(row["held_on"], row["title"])

    def change(connection: Connection, before: Row | None) -> Row:
        if before is not None:
            raise ActionRefused("A training of this day and title is recorded already. Nothing was changed.")
        known = select(cohorts.c.cohort_key).where(cohorts.c.cohort_key == row["cohort_key"])
        if row["cohort_key"] and connection.execute(known).first() is None:
            raise ActionRefused("Cohort: there is none with this key. Nothing was changed.")
        return {"training_key": key, **row}

    return record_row(database, author, TRAINING, key, "training held", opened, change, note=note)


def training_key(day: str, title: str) -> str:
    """`2026-09-10-speaking-in-public`."""
    words = re.sub(r"[^\w]+", "-", title.casefold()).strip("-")
    return f"{day}-{words[:_KEY_ROOM]}"


def record_attendance(
    database: Database,
    author: Author,
    training: str,
    *,
    opened: Snapshot,
    came: Collection[str] = (),
    absent: Collection[str] = (),
) -> list[int]:
    """Who came to a training and who did not, all at once; the numbers of the entries, each of which can be undone.

    Who is recorded so already stays. Raises ActionRefused, Changed, NotAllowed; nothing is then written.
    """
    both = sorted(set(came) & set(absent))
    if both:
        raise ActionRefused("Nobody can have come and not come. Choose one of the two.")
    with writing(database) as connection:
        require_role(author, PM_ONLY)
        if connection.execute(select(trainings.c.title).where(trainings.c.training_key == training)).first() is None:
            raise ActionRefused("There is no such training. Nothing was changed.")
        wanted = {person: person in came for person in sorted({*came, *absent})}
        known = select(people.c.person_key).where(people.c.person_key.in_(wanted))
        if len(connection.execute(known).all()) < len(wanted):
            raise ActionRefused("Somebody of these is not known here. Nothing was changed.")
        changes = []
        for person, attended in wanted.items():
            key = key_text(training, person)
            before = read_state(connection, "", ATTENDANCE, key)
            if text_of(before) != opened.get((ATTENDANCE, key), NOTHING):
                raise Changed(who_changed(connection, author, "", ATTENDANCE, key, before))
            after = {"training_key": training, "person_key": person, "attended": attended}
            if before != after:
                changes.append((key, before, after))
        if not changes:
            raise ActionRefused("That is recorded already. Nothing was changed.")
        entries = []
        for key, before, after in changes:
            write_state(connection, "", ATTENDANCE, key, after)
            last = key == changes[-1][0]
            entries.append(
                keep_entry(connection, author, "", "attendance", ATTENDANCE, key, before, after, new_version=last)
            )
        return entries


undoing(TRAINING, PM_ONLY)
undoing(ATTENDANCE, PM_ONLY)
