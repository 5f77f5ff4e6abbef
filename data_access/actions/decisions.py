"""The register of decisions, by the program manager and the board: what was decided on a topic, and by whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import BOTH, Row, record_row, there, undoing
from data_access.contract.strategy_tables import DECIDED, DONE, PARTS, PROPOSED
from data_access.database.engine import Database
from data_access.database.schema import decisions
from data_access.kept_rows import DECISION
from data_access.wording import day_in_words, say


def record_decision(
    database: Database,
    author: Author,
    decision: str = "",
    *,
    opened: Snapshot,
    today: date,
    topic: str,
    what: str,
    status: str,
    decided_on: date | None = None,
    parts: Mapping[str, str] | None = None,
    evidence_url: str = "",
    supersedes: str = "",
    note: str = "",
) -> int:
    """Record a decision, or with its key change one that is there; `parts` says by whom, with whom, as roles in words.

    What was decided has its day and who decides; a proposal has no day. A decision that takes the place of another is
    decided no earlier, and one that was only proposed has no place to take.
    """
    if not topic:
        raise ActionRefused("Topic: choose what it belongs to.")
    if not what.strip():
        raise ActionRefused("Decision: say in a sentence what was decided, or is proposed.")
    given = {
        "topic": checked("decisions", "topic", topic, "Topic"),
        "what": checked("decisions", "what", what, "Decision"),
        **{name: checked("decisions", name, (parts or {}).get(name), "Whose part") or None for name in PARTS},
        "status": checked("decisions", "status", status, "Status"),
        "evidence_url": checked("decisions", "evidence_url", evidence_url, "Address") or None,
        "supersedes": supersedes or None,
    }
    is_settled = given["status"] in (DECIDED, DONE)
    if given["status"] == PROPOSED and decided_on is not None:
        raise ActionRefused("Decided on: a proposal has no day yet. Leave it empty, or choose another status.")
    if is_settled and not given["who_decides"]:
        raise ActionRefused("Who decides: name the role, such as “board” or “program manager”.")
    day = None
    if is_settled or decided_on is not None:
        day = past_day("decisions", "decided_on", decided_on, "Decided on", today)
    key = decision or f"decision-{uuid.uuid4().hex[:16]}"

    def change(connection: Connection, before: Row | None) -> Row:
        if decision:
            there(before, "decision")
        if supersedes:
            _refuse_place(connection, key, supersedes, day)
        return {"decision_key": key, **given, "decided_on": day}

    action = "decision changed" if decision else "decision recorded"
    return record_row(database, author, DECISION, key, action, opened, change, roles=BOTH, note=note)


def _refuse_place(connection: Connection, key: str, other: str, day: str | None) -> None:
    """Raises ActionRefused where the decision cannot take the place of the other."""
    own = decisions.c
    rows = {row.decision_key: row for row in connection.execute(select(decisions))}
    if other not in rows or other == key:
        raise ActionRefused("Takes the place of: there is no such decision. Nothing was changed.")
    if day is None:
        raise ActionRefused("Takes the place of: what is not decided cannot take a place yet.")
    place = rows[other]
    if place.status not in (DECIDED, DONE) or place.decided_on is None:
        raise ActionRefused("Takes the place of: that one was never decided. Change it instead.")
    if place.decided_on.isoformat() > day:
        said = "Takes the place of: that one was decided later, on {day}."
        raise ActionRefused(say(said, day=day_in_words(place.decided_on)))
    newer = connection.execute(
        select(own.what).where(own.supersedes == other, own.decision_key != key).order_by(own.decision_key)
    ).scalar()
    if newer is not None:
        raise ActionRefused(say("Takes the place of: another one took it already: “{what}”.", what=newer))
    seen = {key}
    while other in rows:
        if other in seen:
            raise ActionRefused("Takes the place of: the two would take the place of each other.")
        seen.add(other)
        other = rows[other].supersedes or ""


undoing(DECISION, BOTH)
