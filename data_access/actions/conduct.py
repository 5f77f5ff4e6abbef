"""The code of conduct: who accepted which version, and when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import PM_ONLY, Row, record_row, there, undoing
from data_access.database.engine import Database
from data_access.kept_rows import CONDUCT
from data_access.wording import say

LONGEST_VERSION = 60


def accept_code(
    database: Database,
    author: Author,
    person: str,
    *,
    opened: Snapshot,
    today: date,
    version: str,
    accepted_on: date | None,
    note: str = "",
) -> int:
    """Somebody accepted a version of the code of conduct; an earlier acceptance stays in the record of changes."""
    which: str = checked("people", "code_version", version, "Version") or ""
    day = past_day("people", "code_accepted_on", accepted_on, "Accepted on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "person")
        if not which or len(which) > LONGEST_VERSION:
            raise ActionRefused("Version: write it as the code itself does, such as 2.1 or 2026-03.")
        if row["code_version"] == which:
            accepted = row["code_accepted_on"]
            if not accepted:
                raise ActionRefused(say("This person accepted version {version} already.", version=which))
            said = "This person accepted version {version} on {day} already."
            raise ActionRefused(say(said, version=which, day=date.fromisoformat(accepted)))
        if row["code_accepted_on"] and day < row["code_accepted_on"]:
            said = "Accepted on: version {version} was accepted on {day}; a newer one cannot be accepted before."
            before_day = date.fromisoformat(row["code_accepted_on"])
            raise ActionRefused(say(said, version=row["code_version"] or "–", day=before_day))
        return {**row, "code_version": which, "code_accepted_on": day}

    return record_row(database, author, CONDUCT, person, "code of conduct", opened, change, note=note)


undoing(CONDUCT, PM_ONLY)
