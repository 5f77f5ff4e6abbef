"""The pipeline of each cohort: places, applied, accepted, trained, graduated, and members today."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, and_, case, func, or_, select

from data_access.answers import Count, Day, Key, Text, table
from data_access.database.schema import applications, cohorts, memberships
from data_access.membership import member_on
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

STEPS = ("applied", "accepted", "trained", "graduated", "active")


class CohortPipeline(NamedTuple):
    cohort_key: Annotated[str, Key("Cohort key")]
    name: Annotated[str | None, Text("Cohort")]
    applications_open_on: Annotated[date | None, Day("Applications open on")]
    graduates_on: Annotated[date | None, Day("Graduation")]
    places: Annotated[int | None, Count("Places", "places")]
    applied: Annotated[int, Count("Applied", "applicants")]
    accepted: Annotated[int, Count("Accepted", "applicants")]
    trained: Annotated[int, Count("Trained", "applicants")]
    graduated: Annotated[int, Count("Graduated", "applicants")]
    active: Annotated[int, Count("Members today", "members")]


@question(roles=INSIDE, counts=PEOPLE, columns=CohortPipeline)
def cohort_pipeline(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each cohort from applications to the members it has today, newest first.

    People count once; steps with a day count from that day on, an acceptance without a day from the day of the
    application. Members are those of that cohort on `as_of`. Whether a cohort falls into the period does not matter,
    nor do filters; cohorts that open later are left out.
    """
    day = selection.as_of
    person = applications.c.person_key
    accepted = and_(
        applications.c.decision == "accepted",
        func.coalesce(applications.c.decided_on, applications.c.applied_on) <= day,
    )
    trained, graduated = applications.c.trained_on <= day, applications.c.graduated_on <= day
    # A later step implies the earlier ones, whatever was not recorded.
    reached = {
        "accepted": or_(accepted, trained, graduated),
        "trained": or_(trained, graduated),
        "graduated": graduated,
    }
    steps = [func.count(case((is_so, person)).distinct()).label(name) for name, is_so in reached.items()]
    applied = (
        select(applications.c.cohort_key, func.count(person.distinct()).label("applied"), *steps)
        .where(applications.c.applied_on <= day)
        .group_by(applications.c.cohort_key)
        .cte("applied")
    )
    active = (
        select(memberships.c.cohort_key, func.count(memberships.c.person_key.distinct()).label("active"))
        .where(member_on(day))
        .group_by(memberships.c.cohort_key)
        .cte("active")
    )
    counts = [func.coalesce((active if name == "active" else applied).c[name], 0).label(name) for name in STEPS]
    statement = (
        select(
            cohorts.c.cohort_key,
            cohorts.c.name,
            cohorts.c.applications_open_on,
            cohorts.c.graduates_on,
            cohorts.c.places,
            *counts,
        )
        .join_from(cohorts, applied, applied.c.cohort_key == cohorts.c.cohort_key, isouter=True)
        .join(active, active.c.cohort_key == cohorts.c.cohort_key, isouter=True)
        .where(or_(cohorts.c.applications_open_on.is_(None), cohorts.c.applications_open_on <= day))
        .order_by(cohorts.c.applications_open_on.desc(), cohorts.c.cohort_key.desc())
    )
    return table(CohortPipeline, connection.execute(statement))
