"""Reviews of applications: who is asked to review which, and what they found."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import PM_ONLY, Row, record_row, undoing
from data_access.database.engine import Database
from data_access.database.schema import applications
from data_access.kept_rows import REVIEW, key_text
from data_access.wording import day_in_words, say


def review_key(application: str, reviewer: str) -> str:
    """What a review is known by."""
    return key_text(application, reviewer)


def ask_for_review(
    database: Database,
    author: Author,
    application: str,
    *,
    opened: Snapshot,
    today: date,
    reviewer: str,
    assigned_on: date | None = None,
    note: str = "",
) -> int:
    """Somebody is asked to review an application that is not decided yet."""
    name = _reviewer(reviewer)
    day = past_day("application_reviews", "assigned_on", assigned_on or today, "Asked on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        if before is not None:
            raise ActionRefused(say("{reviewer} reviews this application already.", reviewer=name))
        applied = _undecided(connection, application)
        if day < applied.isoformat():
            raise ActionRefused(say("Asked on: they applied on {day} only.", day=day_in_words(applied)))
        about = {"application_key": application, "reviewer": name}
        return {**about, "assigned_on": day, "reviewed_on": None, "score": None}

    key = review_key(application, name)
    return record_row(database, author, REVIEW, key, "review asked", opened, change, note=note)


def review(
    database: Database,
    author: Author,
    application: str,
    *,
    opened: Snapshot,
    today: date,
    reviewer: str,
    score: object = None,
    reviewed_on: date | None = None,
    note: str = "",
) -> int:
    """A reviewer gave their score, before the application is decided; once. Nobody needs to have been asked before."""
    name = _reviewer(reviewer)
    number: float | None = checked("application_reviews", "score", score, "Score")
    day = past_day("application_reviews", "reviewed_on", reviewed_on or today, "Reviewed on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        if number is None:
            raise ActionRefused("Score: a review has one, so that reviews can be compared.")
        applied = _undecided(connection, application)
        row = before or {"application_key": application, "reviewer": name, "assigned_on": day, "reviewed_on": None}
        if row["reviewed_on"]:
            done = day_in_words(date.fromisoformat(row["reviewed_on"]))
            said = "{reviewer} reviewed it on {day} already. Undo that first, to correct it."
            raise ActionRefused(say(said, reviewer=name, day=done))
        first = max(date.fromisoformat(row["assigned_on"]), applied)
        if day < first.isoformat():
            raise ActionRefused(say("Reviewed on: it was asked for on {day} only.", day=day_in_words(first)))
        return {**row, "reviewed_on": day, "score": number}

    return record_row(database, author, REVIEW, review_key(application, name), "review", opened, change, note=note)


def _reviewer(name: str) -> str:
    if not name.strip():
        raise ActionRefused("Reviewer: name who reviews it.")
    found: str = checked("application_reviews", "reviewer", name, "Reviewer")
    return found


def _undecided(connection: Connection, application: str) -> date:
    """The day on which they applied. Raises ActionRefused where there is no such application, or it is decided."""
    own = applications.c
    row = connection.execute(select(own.applied_on, own.decision).where(own.application_key == application)).first()
    if row is None:
        raise ActionRefused("There is no such application. Nothing was changed.")
    if row.decision not in (None, "pending"):
        raise ActionRefused("This application is decided already: it needs no review.")
    day: date = row.applied_on
    return day


undoing(REVIEW, PM_ONLY)
