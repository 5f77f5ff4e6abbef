"""Applications that wait for their next step, and for how long."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select

from data_access.answers import Code, Count, Day, Key, Number, Text, table
from data_access.database.schema import application_reviews, applications, cohorts, people
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

EVALUATION, DECISION, TRAINING, GRADUATION = "evaluation", "decision", "training", "graduation"


class WaitingApplication(NamedTuple):
    application_key: Annotated[str, Key("Application key")]
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    cohort: Annotated[str | None, Text("Cohort")]
    step: Annotated[str, Code("Waits for")]
    since: Annotated[date, Day("Since")]
    days: Annotated[int, Count("Days", "days", help="How long it has waited")]
    score: Annotated[float | None, Number("Score", decimals=1)]
    asked: Annotated[int, Count("Reviewers", "reviewers", help="Who were asked")]
    reviewed: Annotated[int, Count("Reviews", "reviews")]
    review_score: Annotated[float | None, Number("Mean of reviews", decimals=1)]
    applied_on: Annotated[date, Day("Applied on")]
    closes_on: Annotated[date | None, Day("Cohort closes", help="Last day of applications")]


@question(roles=INSIDE, counts=PEOPLE, columns=WaitingApplication)
def applications_waiting(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each application that waits for its evaluation, decision, training or graduation, the longest first.

    Reviews are of the reviewers who were asked by the day. As of the day: a later step is not taken, a later review not
    given yet. One that was declined or withdrawn waits for nothing. Period and filters do not apply.
    """
    found = [of_row(row, selection.as_of) for row in connection.execute(waiting(selection.as_of))]
    return table(WaitingApplication, found)


def waiting(day: date) -> Select[Any]:
    """Who waits for the next step on a day, the longest first; `since` is the day of the step before."""
    own = applications.c
    evaluated, trained = own.evaluated_on <= day, own.trained_on <= day
    decided_on = func.coalesce(own.decided_on, own.applied_on)
    decided = and_(own.decision.is_not(None), own.decision != "pending", decided_on <= day)
    accepted = and_(own.decision == "accepted", decided_on <= day)
    step = case(
        (trained, GRADUATION), (accepted, TRAINING), (and_(~func.coalesce(decided, False), evaluated), DECISION),
        else_=EVALUATION,
    )  # fmt: skip
    since = case(
        (trained, own.trained_on), (accepted, decided_on), (evaluated, own.evaluated_on), else_=own.applied_on
    ).label("since")
    over = or_(own.graduated_on <= day, and_(decided, own.decision != "accepted"))
    one = application_reviews.c
    reviews = (
        select(
            one.application_key,
            func.count().label("asked"),
            func.count(case((one.reviewed_on <= day, 1))).label("reviewed"),
            func.avg(case((one.reviewed_on <= day, one.score))).label("review_score"),
        )
        .where(one.assigned_on <= day)
        .group_by(one.application_key)
        .cte("reviews")
    )
    return (
        select(
            own.application_key,
            own.person_key,
            people.c.name,
            cohorts.c.name.label("cohort"),
            step.label("step"),
            since,
            case((evaluated, own.score)).label("score"),
            *(func.coalesce(reviews.c[name], 0).label(name) for name in ("asked", "reviewed")),
            reviews.c.review_score,
            own.applied_on,
            cohorts.c.applications_close_on.label("closes_on"),
        )
        .join_from(applications, people, people.c.person_key == own.person_key)
        .join(cohorts, cohorts.c.cohort_key == own.cohort_key, isouter=True)
        .join(reviews, reviews.c.application_key == own.application_key, isouter=True)
        .where(own.applied_on <= day, ~func.coalesce(over, False))
        .order_by(since, own.application_key)
    )


def of_row(row: Row[Any], day: date) -> WaitingApplication:
    """A row of what waits, as it is told on that day."""
    return WaitingApplication(
        *(row.application_key, row.person_key, row.name, row.cohort, row.step, row.since),
        *((day - row.since).days, row.score, row.asked, row.reviewed, row.review_score),
        *(row.applied_on, row.closes_on),
    )
