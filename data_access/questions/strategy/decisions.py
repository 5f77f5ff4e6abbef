"""The register of decisions: what was decided on each topic, when, by whom and with whom, and what took its place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Row, or_, select

from data_access.answers import Code, Day, Key, Text, table
from data_access.contract.strategy_tables import DECIDED, DONE, PARTS, TOPICS
from data_access.database.schema import decisions
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection

SUPERSEDED = "superseded"


class RegisteredDecision(NamedTuple):
    decision_key: Annotated[str, Key("Decision key")]
    topic: Annotated[str, Code("Topic code")]
    topic_name: Annotated[str, Text("Topic")]
    what: Annotated[str, Text("Decision")]
    decided_on: Annotated[date | None, Day("Decided on", help="Empty: not decided, or the day is not recorded")]
    state: Annotated[str, Code("State", help="proposed, decided, done, withdrawn, superseded (another took its place)")]
    superseded_by: Annotated[str | None, Text("Replaced by", help="The decision that took its place")]
    supersedes: Annotated[str | None, Key("Replaces, key")]
    who_decides: Annotated[str | None, Text("Who decides", help="A role; inside only, as are the next four")]
    who_agrees: Annotated[str | None, Text("Who agrees")]
    consulted: Annotated[str | None, Text("Consulted")]
    informed: Annotated[str | None, Text("Informed")]
    evidence_url: Annotated[str | None, Text("Papers", help="Their address")]


@question(roles=STAFF, counts=NOTHING, columns=RegisteredDecision)
def decisions_register(connection: Connection, selection: Selection, scope: Scope, *, topic: str = "") -> pd.DataFrame:
    """Decisions by topic, in the order of the ten topics; in each what stands first, then the newest.

    `topic`: only those of one topic, by its code. A decision without a day counts on every day; one that is dated later
    than the day does not exist yet. Whoever is outside learns what was decided, when and how it stands, and neither by
    whom nor from which papers. Period and filters do not apply.
    """
    own = decisions.c
    inside = (*PARTS, "evidence_url")
    told = [own[name] for name in ("decision_key", "topic", "what", "decided_on", "status", "supersedes")]
    statement = select(*told, *(own[name] for name in (inside if scope.inside else ()))).where(
        or_(own.decided_on.is_(None), own.decided_on <= selection.as_of)
    )
    known = connection.execute(statement).all()
    newer = {
        row.supersedes: row.what
        for row in sorted(known, key=_newest_last)
        if row.supersedes and row.supersedes != row.decision_key and row.status in (DECIDED, DONE)
    }
    found = []
    for row in known:
        if topic in ("", row.topic):
            state = SUPERSEDED if row.decision_key in newer else row.status
            about = (row.decision_key, row.topic, TOPICS[row.topic], row.what, row.decided_on, state)
            own_parts = [getattr(row, name) if scope.inside else None for name in inside]
            found.append(RegisteredDecision(*about, newer.get(row.decision_key), row.supersedes, *own_parts))
    found.sort(key=_standing_and_newest_first)
    return table(RegisteredDecision, found)


def _newest_last(row: Row[tuple[object, ...]]) -> tuple[date, str]:
    return row.decided_on or date.min, row.decision_key


def _standing_and_newest_first(row: RegisteredDecision) -> tuple[int, bool, int, str]:
    stands = row.state not in (SUPERSEDED, "withdrawn")
    day = row.decided_on.toordinal() if row.decided_on else date.max.toordinal()
    return list(TOPICS).index(row.topic), not stands, -day, row.decision_key
