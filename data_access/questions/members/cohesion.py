"""Whether the people of a cohort come to know each other: who of them met at events or trainings in a year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, ColumnElement, Connection, and_, case, func, literal, or_, select, union

from data_access.answers import Code, Count, Day, Key, Share, Text, table
from data_access.database.prepared import attendances, is_ready
from data_access.database.schema import (
    applications,
    cohorts,
    events,
    memberships,
    participations,
    training_attendance,
    trainings,
)
from data_access.database.sql import day_number, mostly
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

YEAR_DAYS = 365
RUNNING, OVER = "running", "over"


class CohortCohesion(NamedTuple):
    cohort_key: Annotated[str, Key("Cohort key")]
    name: Annotated[str | None, Text("Cohort")]
    starts_on: Annotated[date, Day("From", help="The training’s first day, else the first membership’s")]
    state: Annotated[str, Code("State", help="running: the year is not over")]
    people: Annotated[int, Count("People", "people")]
    pairs: Annotated[int, Count("Pairs", "pairs")]
    met: Annotated[int, Count("Pairs who met", "pairs")]
    at_events: Annotated[int, Count("Met at events", "pairs", help="Not only at trainings")]
    share: Annotated[float | None, Share("Of the pairs", help="Who met at events; empty: fewer than two people")]
    alone: Annotated[int, Count("Met nobody", "people", help="Of their own cohort")]


@question(roles=INSIDE, counts=PEOPLE, columns=CohortCohesion)
def cohort_cohesion(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Of each cohort's pairs of people, how many were at a same held event or training within a year; newest first.

    Trainings bring most of them together: the share is of those who met at events, too. People were accepted into the
    cohort or are, or were, members of it. The year begins on the first day of the cohort's training, else of its first
    membership. Pairs depend on each other, so that their share has no interval. As of the day; period and filters do
    not apply.
    """
    day = selection.as_of
    of_cohort, starts = _people(day), _starts(day)
    people = select(of_cohort.c.cohort_key, func.count().label("people")).group_by(of_cohort.c.cohort_key).cte("people")
    visits = _visits(of_cohort, starts, day, ready=is_ready(connection))
    one, other = visits.alias("one"), visits.alias("other")
    same = and_(
        one.c.cohort_key == other.c.cohort_key, one.c.what == other.c.what, one.c.person_key < other.c.person_key
    )
    pair = (one.c.cohort_key, one.c.person_key.label("first"), other.c.person_key.label("second"))
    pairs = (
        select(*pair, func.max(one.c.is_event).label("is_event"))
        .join_from(one, other, same)
        .group_by(*pair)
        .cte("pairs")
    )
    met = (
        select(pairs.c.cohort_key, func.count().label("met"), func.sum(pairs.c.is_event).label("at_events"))
        .group_by(pairs.c.cohort_key)
        .cte("met")
    )
    both = union(
        select(pairs.c.cohort_key, pairs.c.first.label("person_key")), select(pairs.c.cohort_key, pairs.c.second)
    ).subquery()
    tied = select(both.c.cohort_key, func.count().label("tied")).group_by(both.c.cohort_key).cte("tied")
    key = cohorts.c.cohort_key
    statement = (
        select(
            key,
            cohorts.c.name,
            starts.c.starts_on,
            people.c.people,
            *(func.coalesce(met.c[name], 0).label(name) for name in ("met", "at_events")),
            (people.c.people - func.coalesce(tied.c.tied, 0)).label("alone"),
        )
        .join_from(cohorts, starts, starts.c.cohort_key == key)
        .join(people, people.c.cohort_key == key)
        .join(met, met.c.cohort_key == key, isouter=True)
        .join(tied, tied.c.cohort_key == key, isouter=True)
        .order_by(starts.c.starts_on.desc(), key.desc())
    )
    found = []
    for row in connection.execute(statement):
        count = row.people * (row.people - 1) // 2
        state = OVER if row.starts_on + timedelta(days=YEAR_DAYS) <= day else RUNNING
        share = int(row.at_events) / count if count else None
        about = (row.cohort_key, row.name, row.starts_on, state)
        found.append(CohortCohesion(*about, row.people, count, row.met, int(row.at_events), share, row.alone))
    return table(CohortCohesion, found)


def _people(day: date) -> CTE:
    decided = func.coalesce(applications.c.decided_on, applications.c.applied_on)
    accepted = select(applications.c.cohort_key, applications.c.person_key).where(
        applications.c.decision == "accepted", decided <= day
    )
    own = memberships.c
    members = select(own.cohort_key, own.person_key).where(own.cohort_key.is_not(None), own.started_on <= day)
    return union(accepted, members).cte("of_cohort")


def _starts(day: date) -> CTE:
    """When each cohort's year began: cohort_key, starts_on; those that began by the day."""
    first = (
        select(memberships.c.cohort_key, func.min(memberships.c.started_on).label("first"))
        .where(memberships.c.cohort_key.is_not(None))
        .group_by(memberships.c.cohort_key)
        .subquery()
    )
    starts_on = case(
        (cohorts.c.training_starts_on.is_not(None), cohorts.c.training_starts_on), else_=first.c.first
    ).label("starts_on")
    both = (
        select(cohorts.c.cohort_key, starts_on)
        .join_from(cohorts, first, first.c.cohort_key == cohorts.c.cohort_key, isouter=True)
        .subquery()
    )
    return select(both).where(both.c.starts_on <= day).cte("starts")


def _visits(of_cohort: CTE, starts: CTE, day: date, *, ready: bool) -> CTE:
    """Where people of a cohort were within its year: cohort_key, person_key, what, is_event (1 or 0)."""

    def within(on: ColumnElement[Any]) -> ColumnElement[bool]:
        return (day_number(on) - day_number(starts.c.starts_on)).between(0, YEAR_DAYS - 1)

    own = (of_cohort.c.cohort_key, of_cohort.c.person_key)
    began = and_(starts.c.cohort_key == of_cohort.c.cohort_key)
    # Where it is not held ready, what these people took part in comes first: SQLite would else walk through all events.
    took_part: Any = attendances
    if not ready:
        theirs = participations.c.person_key.in_(select(of_cohort.c.person_key))
        columns = (participations.c.person_key, participations.c.event_key)
        took_part = select(*columns).where(theirs).distinct().subquery("took_part")
    at: Any = attendances if ready else events
    held = or_(at.c.status == "held", at.c.status.is_(None))
    at_events = (
        select(*own, (literal("event ") + took_part.c.event_key).label("what"), literal(1).label("is_event"))
        .join_from(of_cohort, starts, began)
        .join(took_part, took_part.c.person_key == of_cohort.c.person_key)
        .where(held, mostly(at.c.starts_on <= day), within(at.c.starts_on))
    )
    if not ready:
        at_events = at_events.join(events, events.c.event_key == took_part.c.event_key)
    came = training_attendance.c
    at_trainings = (
        select(*own, (literal("training ") + came.training_key).label("what"), literal(0))
        .join_from(of_cohort, starts, began)
        .join(training_attendance, came.person_key == of_cohort.c.person_key)
        .join(trainings, trainings.c.training_key == came.training_key)
        .where(came.attended, trainings.c.held_on <= day, within(trainings.c.held_on))
    )
    return union(at_events, at_trainings).cte("visits")
