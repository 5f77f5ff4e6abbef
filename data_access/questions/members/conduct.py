"""The code of conduct and disputes: who has not accepted the newest version, what is open and what comes next."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, or_, select

from data_access.answers import Code, Count, Day, Flag, Key, Text, empty, table
from data_access.contract.runbook import DISPUTE_DAYS, STEPS
from data_access.database.schema import dispute_steps, disputes, memberships, people
from data_access.membership import member_on
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

OPEN, CLOSED = "open", "closed"


class MissingAcceptance(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    accepted: Annotated[str | None, Text("Accepted version")]
    accepted_on: Annotated[date | None, Day("Accepted on")]
    newest: Annotated[str, Text("Newest version")]


@question(roles=INSIDE, counts=PEOPLE, columns=MissingAcceptance)
def conduct_not_accepted(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Members of the day who have not accepted the newest version of the code of conduct.

    The newest is the one that somebody accepted first on the latest day. As of the day; period and filters do not
    apply.
    """
    own, day = people.c, selection.as_of
    known = case((own.code_accepted_on <= day, own.code_version))
    first = func.min(own.code_accepted_on).label("first_on")
    versions = select(own.code_version, first).where(own.code_version.is_not(None), own.code_accepted_on <= day)
    newest = connection.execute(
        versions.group_by(own.code_version).order_by(first.desc(), own.code_version.desc()).limit(1)
    ).scalar()
    if newest is None:
        return empty(MissingAcceptance)
    statement = (
        select(
            own.person_key,
            own.name,
            known.label("accepted"),
            case((own.code_accepted_on <= day, own.code_accepted_on)).label("accepted_on"),
        )
        .where(own.person_key.in_(select(memberships.c.person_key).where(member_on(day))))
        .where(or_(known.is_(None), known != newest))
        .order_by(own.name, own.person_key)
    )
    found = [MissingAcceptance(*row, newest) for row in connection.execute(statement)]
    return table(MissingAcceptance, found)


class ListedDispute(NamedTuple):
    dispute_key: Annotated[str, Key("Dispute key")]
    kind: Annotated[str, Text("About")]
    state: Annotated[str, Code("State", help="open, closed")]
    opened_on: Annotated[date, Day("Opened on")]
    closed_on: Annotated[date | None, Day("Closed on")]
    days: Annotated[int, Count("Days", "days", help="Open so far, or until it was closed")]
    late: Annotated[bool, Flag("Too long", help="Open for more than 60 days, or closed after more than 60")]
    done: Annotated[int, Count("Steps done", "steps", help="Of the runbook")]
    next_step: Annotated[str | None, Text("Next step")]
    outcome: Annotated[str | None, Text("Outcome")]


@question(roles=INSIDE, counts=PEOPLE, columns=ListedDispute)
def disputes_list(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Every dispute with its age, the steps of the runbook that were done and the next one.

    Open ones come first, the oldest of them first, then those that were closed last. As of the day: what was closed or
    done later is not yet. Period and filters do not apply.
    """
    own, day = disputes.c, selection.as_of
    closed = case((own.closed_on <= day, own.closed_on))
    steps = select(dispute_steps.c.dispute_key, dispute_steps.c.step).where(dispute_steps.c.done_on <= day)
    done: dict[str, set[str]] = defaultdict(set)
    for key, step in connection.execute(steps):
        done[key].add(step)
    statement = select(
        own.dispute_key,
        own.kind,
        own.opened_on,
        closed.label("closed_on"),
        case((or_(own.closed_on <= day, own.closed_on.is_(None)), own.outcome)).label("outcome"),
    ).where(own.opened_on <= day)
    found = []
    for row in connection.execute(statement):
        is_over, did = row.closed_on is not None, done[row.dispute_key]
        days = ((row.closed_on or day) - row.opened_on).days
        about = (row.dispute_key, row.kind, CLOSED if is_over else OPEN, row.opened_on, row.closed_on, days)
        found.append(ListedDispute(*about, days > DISPUTE_DAYS, len(did), _next(did, closed=is_over), row.outcome))
    found.sort(key=_open_and_oldest_first)
    return table(ListedDispute, found)


def _open_and_oldest_first(row: ListedDispute) -> tuple[bool, int, str]:
    day = -row.closed_on.toordinal() if row.closed_on else row.opened_on.toordinal()
    return row.state == CLOSED, day, row.dispute_key


def _next(done: set[str], *, closed: bool) -> str | None:
    """The first step that was not done; of a dispute that is closed only what comes after it."""
    steps = list(STEPS)[-1:] if closed else STEPS
    return next((STEPS[step] for step in steps if step not in done), None)
