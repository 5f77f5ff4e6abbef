"""The pipeline of each cohort: places, applied, accepted, trained, graduated, and members today."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, and_, case, func, or_, select

from data_access.database.schema import applications, cohorts, memberships
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.frames import TEXT, WHOLE, frame, typed
from data_access.questions.members.standing import NAMED
from data_access.questions.registry import question
from data_access.questions.teams.activity import people_day
from data_access.selection import Scope, Selection

STEPS = ("applied", "accepted", "trained", "graduated", "active")


@question(NAMED)
def cohort_pipeline(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each cohort from applications to the members it has today, newest first.

    Columns: cohort_key, name, applications_open_on, graduates_on, places, then for each step applied, accepted,
    trained, graduated and active (a member of that cohort on `as_of`): its people, and `<step>_at_least`,
    `<step>_at_most`. The board sees ranges, of the last day of the last quarter that is over. People count once; steps
    with a day count from that day on, an acceptance without a day from the day of the application. Whether a cohort
    falls into the period does not matter, nor do filters; cohorts that open later are left out.
    """
    day = people_day(selection.as_of, scope)
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
    lasting = or_(memberships.c.ended_on.is_(None), memberships.c.ended_on > day)
    active = (
        select(memberships.c.cohort_key, func.count(memberships.c.person_key.distinct()).label("active"))
        .where(memberships.c.started_on <= day, lasting)
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
    table = frame(connection, statement, cohort_key=TEXT, name=TEXT, places=WHOLE, **dict.fromkeys(STEPS, WHOLE))
    return _shown(table, scope)


def _shown(table: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Each step as its range; who stayed behind at a step is a count too, and is protected with them."""
    parts = []
    for row in table[list(STEPS)].itertuples(index=False, name=None):
        applied, accepted, trained, graduated, active = (int(value) for value in row)
        counts = [applied, accepted, trained, graduated, applied - accepted, accepted - trained, trained - graduated]
        sums = [Sum(0, (1, 4)), Sum(1, (2, 5)), Sum(2, (3, 6))]
        linked = shown_counts(counts, scope, sums).head(4)
        parts.append(pd.concat([linked, shown_counts([active], scope)], ignore_index=True))
    for place, name in enumerate(STEPS):
        for column, suffix in (("people", ""), ("at_least", "_at_least"), ("at_most", "_at_most")):
            values = [part[column].iloc[place] for part in parts]
            table[f"{name}{suffix}"] = pd.Series(values, dtype=WHOLE)
    return typed(table, **dict.fromkeys(STEPS, WHOLE))
