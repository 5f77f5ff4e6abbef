"""Trainings: who came, and whether those who did speak and organize more afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, Connection, and_, case, exists, func, literal, or_, select, union

from data_access.answers import Code, Count, Day, Key, Number, Share, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import applications, cohorts, training_attendance, trainings
from data_access.database.sql import day_number
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, SelectionError
from data_access.statistics.intervals import share_difference, wilson_interval

AFTER_DAYS = 180
RUNNING, OVER = "running", "over"
_ACTIVE = ("speaker", "organizer")
_INTERVAL = "95% interval"


class TrainingEffect(NamedTuple):
    training_key: Annotated[str | None, Key("Training key")]
    title: Annotated[str | None, Text("Training")]
    kind: Annotated[str, Code("Kind")]
    held_on: Annotated[date | None, Day("Held on")]
    cohort: Annotated[str | None, Text("Cohort")]
    state: Annotated[str, Code("State", help="running: the 180 days are not over")]
    attended: Annotated[int, Count("Came", "people")]
    active_before: Annotated[int, Count("Spoke or organized before", "people", help="In the 180 days before")]
    active_after: Annotated[int, Count("Spoke or organized after", "people", help="In the 180 days after")]
    before: Annotated[float | None, Share("Share before")]
    after: Annotated[float | None, Share("Share after", help="Empty: the 180 days are not over")]
    after_low: Annotated[float | None, Share("At least", help=_INTERVAL)]
    after_high: Annotated[float | None, Share("At most", help=_INTERVAL)]
    others: Annotated[int, Count("Did not come", "people", help="Were asked, or are of the same cohort")]
    others_before: Annotated[float | None, Share("Others before")]
    others_after: Annotated[float | None, Share("Others after")]
    difference: Annotated[float | None, Number("After, against others", "points", help="Percentage points", decimals=0)]
    difference_low: Annotated[float | None, Number("At least", "points", help=_INTERVAL, decimals=0)]
    difference_high: Annotated[float | None, Number("At most", "points", help=_INTERVAL, decimals=0)]


@question(roles=INSIDE, counts=PEOPLE, columns=TrainingEffect)
def trainings_effect(
    connection: Connection, selection: Selection, scope: Scope, *, by: str = "training"
) -> pd.DataFrame:
    """Each training, newest first: who came, and how many of them spoke or organized in the 180 days before and after.

    Others are those who were asked and did not come, and those who had been accepted into the training's cohort by its
    day and are not recorded as having come. Held events; the day of the training is in neither span. As long as the 180
    days are not over nothing is said of them. `by="kind"` puts together the trainings whose days are over: who came to
    two of a kind counts for each. Trainings up to `as_of`; period and filters do not apply.
    """
    if by not in ("training", "kind"):
        raise SelectionError("by is training or kind")
    day = selection.as_of
    done = _done(day)
    own, over = trainings.c, trainings.c.held_on <= day - timedelta(days=AFTER_DAYS)
    counts = [
        func.coalesce(func.sum(case((and_(done.c.came == came, *is_so), 1), else_=0)), 0).label(name)
        for came, names in ((1, ("attended", "before", "after")), (0, ("others", "others_before", "others_after")))
        for name, is_so in zip(names, ((), (done.c.before == 1,), (done.c.after == 1,)), strict=True)
    ]
    joined = trainings.outerjoin(done, done.c.training_key == own.training_key).outerjoin(
        cohorts, cohorts.c.cohort_key == own.cohort_key
    )
    if by == "kind":
        statement: Any = select(own.kind, *counts).select_from(joined).where(over).group_by(own.kind).order_by(own.kind)
        found = [_effect((None, None, row.kind, None, None), True, *row[1:]) for row in connection.execute(statement)]
        return table(TrainingEffect, found)
    about = (own.training_key, own.title, own.kind, own.held_on, cohorts.c.name)
    statement = select(*about, *counts).select_from(joined).where(own.held_on <= day).group_by(*about)
    statement = statement.order_by(own.held_on.desc(), own.training_key)
    found = []
    for row in connection.execute(statement):
        is_over = row.held_on <= day - timedelta(days=AFTER_DAYS)
        found.append(_effect(tuple(row[:5]), is_over, *row[5:]))
    return table(TrainingEffect, found)


def _done(day: date) -> CTE:
    """Who came to each training or could have: training_key, person_key, came, before, after (each 1 or 0)."""
    own, came = trainings.c, training_attendance.c
    asked = (
        select(came.training_key, came.person_key, case((came.attended, 1), else_=0).label("came"))
        .join_from(training_attendance, trainings, own.training_key == came.training_key)
        .where(own.held_on <= day)
    )
    recorded = exists().where(came.training_key == own.training_key, came.person_key == applications.c.person_key)
    decided = func.coalesce(applications.c.decided_on, applications.c.applied_on)
    of_cohort = (
        select(own.training_key, applications.c.person_key, literal(0).label("came"))
        .join_from(trainings, applications, applications.c.cohort_key == own.cohort_key)
        .where(applications.c.decision == "accepted", decided <= own.held_on, own.held_on <= day, ~recorded)
    )
    who = union(asked, of_cohort).cte("who")
    since = day_number(attendances.c.starts_on) - day_number(own.held_on)
    held = or_(attendances.c.status == "held", attendances.c.status.is_(None))
    acted = (
        select(
            who.c.training_key,
            who.c.person_key,
            func.max(case((since.between(-AFTER_DAYS, -1), 1), else_=0)).label("before"),
            func.max(case((since.between(1, AFTER_DAYS), 1), else_=0)).label("after"),
        )
        .join_from(who, trainings, own.training_key == who.c.training_key)
        .join(attendances, attendances.c.person_key == who.c.person_key)
        .where(attendances.c.role.in_(_ACTIVE), held, attendances.c.starts_on <= day)
        .group_by(who.c.training_key, who.c.person_key)
        .cte("acted")
    )
    same = and_(acted.c.training_key == who.c.training_key, acted.c.person_key == who.c.person_key)
    return (
        select(who, *(func.coalesce(acted.c[name], 0).label(name) for name in ("before", "after")))
        .join_from(who, acted, same, isouter=True)
        .cte("done")
    )


def _effect(about: tuple[Any, ...], is_over: bool, *counts: int) -> TrainingEffect:
    attended, before, after, others, others_before, others_after = map(int, counts)
    low, high = (float(end) for end in wilson_interval(after, attended)) if attended and is_over else (None, None)
    difference: tuple[float | None, ...] = (None, None, None)
    if attended and others and is_over:
        difference = tuple(100 * each for each in share_difference(after, attended, others_after, others))
    training_key, title, kind, held_on, cohort = about
    return TrainingEffect(
        training_key=training_key,
        title=title,
        kind=kind,
        held_on=held_on,
        cohort=cohort,
        state=OVER if is_over else RUNNING,
        attended=attended,
        active_before=before,
        active_after=after,
        before=_share(before, attended),
        after=_share(after, attended) if is_over else None,
        after_low=low,
        after_high=high,
        others=others,
        others_before=_share(others_before, others),
        others_after=_share(others_after, others) if is_over else None,
        difference=difference[0],
        difference_low=difference[1],
        difference_high=difference[2],
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
