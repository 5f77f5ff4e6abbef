"""Reviews of applications: who has how many before them, and how far reviewers agree."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import CTE, ColumnElement, Connection, and_, case, func, select

from data_access.answers import Count, Day, Number, Text, table
from data_access.database.schema import application_reviews, applications, cohorts
from data_access.database.sql import day_number
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

_SCORE = "points"


class ReviewerLoad(NamedTuple):
    reviewer: Annotated[str, Text("Reviewer")]
    asked: Annotated[int, Count("Asked", "reviews")]
    done: Annotated[int, Count("Reviewed", "reviews")]
    waiting: Annotated[int, Count("Still to do", "reviews", help="Of applications that are not decided")]
    oldest_on: Annotated[date | None, Day("Oldest since")]
    days: Annotated[int | None, Count("Days", "days", help="How long the oldest has waited")]
    days_taken: Annotated[float | None, Number("Days taken", "days", help="On average", decimals=1)]
    mean_score: Annotated[float | None, Number("Mean score", _SCORE, decimals=1)]
    stricter: Annotated[
        float | None,
        Number("Above the others", _SCORE, help="On the same applications; below zero: stricter", decimals=1),
    ]
    compared: Annotated[int, Count("Compared", "reviews", help="Of applications that others reviewed too")]


@question(roles=INSIDE, counts=PEOPLE, columns=ReviewerLoad, names_people=True)
def reviewers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each reviewer of applications: what is still before them, how long they take, and how strict they are.

    The most to do first. A review waits when it was asked for, is not given, and the application is not decided. How
    strict: the mean of their score − the mean of the others' on the same application. As of the day: what is reviewed
    or decided later is not yet. Period and filters do not apply.
    """
    day, own = selection.as_of, application_reviews.c
    given, decided = own.reviewed_on <= day, _decided(day)
    waits = and_(~func.coalesce(given, False), ~func.coalesce(decided, False))
    scores = _scores(day)
    alone = (
        select(scores.c.application_key, func.sum(scores.c.score).label("total"), func.count().label("reviews"))
        .group_by(scores.c.application_key)
        .cte("alone")
    )
    others = (alone.c.total - scores.c.score) * 1.0 / (alone.c.reviews - 1)
    strict = (
        select(scores.c.reviewer, func.avg(scores.c.score - others).label("above"), func.count().label("compared"))
        .join_from(scores, alone, alone.c.application_key == scores.c.application_key)
        .where(alone.c.reviews > 1)
        .group_by(scores.c.reviewer)
        .cte("strict")
    )
    taken = day_number(own.reviewed_on) - day_number(own.assigned_on)
    counts = (
        select(
            own.reviewer,
            func.count().label("asked"),
            func.count(case((given, 1))).label("done"),
            func.count(case((waits, 1))).label("waiting"),
            func.min(case((waits, own.assigned_on))).label("oldest_on"),
            func.avg(case((given, taken))).label("days_taken"),
            func.avg(case((given, own.score))).label("mean_score"),
        )
        .join_from(application_reviews, applications, applications.c.application_key == own.application_key)
        .where(own.assigned_on <= day)
        .group_by(own.reviewer)
        .cte("counts")
    )
    statement = (
        select(counts, strict.c.above, func.coalesce(strict.c.compared, 0).label("compared"))
        .join_from(counts, strict, strict.c.reviewer == counts.c.reviewer, isouter=True)
        .order_by(counts.c.waiting.desc(), counts.c.oldest_on, counts.c.reviewer)
    )
    found = []
    for row in connection.execute(statement):
        days = (day - row.oldest_on).days if row.oldest_on else None
        means = (_number(row.days_taken), _number(row.mean_score), _number(row.above))
        load = (row.reviewer, row.asked, row.done, row.waiting, row.oldest_on, days)
        found.append(ReviewerLoad(*load, *means, row.compared))
    return table(ReviewerLoad, found)


class ReviewAgreement(NamedTuple):
    cohort: Annotated[str | None, Text("Cohort", help="Empty: all together")]
    applications: Annotated[int, Count("Applications", "applications", help="With a review")]
    twice: Annotated[int, Count("Reviewed twice", "applications", help="By two or more")]
    difference: Annotated[float | None, Number("Mean difference", _SCORE, help="Of two reviews", decimals=1)]
    agreement: Annotated[
        float | None, Number("Agreement", help="1: reviewers give the same; 0 or less: as if at random", decimals=2)
    ]


@question(roles=INSIDE, counts=PEOPLE, columns=ReviewAgreement)
def reviews_agreement(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How far reviewers of the same application agree: all together first, then by cohort, newest first.

    Agreement is the intraclass correlation (one-way, of single scores): the part of the variance of scores that lies
    between applications and not between the reviewers of one. Missing with fewer than two applications that two
    reviewed, or where all scores are the same. As of the day; period and filters do not apply.
    """
    scores = _scores(selection.as_of)
    key = applications.c.application_key
    each = (
        select(
            scores.c.application_key,
            func.count().label("n"),
            func.sum(scores.c.score).label("total"),
            func.sum(scores.c.score * scores.c.score).label("squares"),
        )
        .group_by(scores.c.application_key)
        .cte("each")
    )
    one, other = scores.alias("one"), scores.alias("other")
    apart = (
        select(
            one.c.application_key,
            func.sum(func.abs(one.c.score - other.c.score)).label("apart"),
            func.count().label("pairs"),
        )
        .join_from(
            one, other, and_(one.c.application_key == other.c.application_key, one.c.reviewer < other.c.reviewer)
        )
        .group_by(one.c.application_key)
        .cte("apart")
    )
    several = each.c.n > 1
    sums = (
        func.count().label("applications"),
        func.count(case((several, 1))).label("twice"),
        func.sum(case((several, each.c.n), else_=0)).label("reviews"),
        func.sum(case((several, each.c.n * each.c.n), else_=0)).label("sizes"),
        func.sum(case((several, each.c.total), else_=0)).label("total"),
        func.sum(case((several, each.c.squares), else_=0)).label("squares"),
        func.sum(case((several, each.c.total * each.c.total * 1.0 / each.c.n), else_=0)).label("between"),
        func.sum(func.coalesce(apart.c.apart, 0)).label("apart"),
        func.sum(func.coalesce(apart.c.pairs, 0)).label("pairs"),
    )
    joined = (
        each.join(applications, key == each.c.application_key)
        .join(cohorts, cohorts.c.cohort_key == applications.c.cohort_key)
        .outerjoin(apart, apart.c.application_key == each.c.application_key)
    )
    by_cohort = (
        select(cohorts.c.name, cohorts.c.cohort_key, *sums)
        .select_from(joined)
        .group_by(cohorts.c.cohort_key, cohorts.c.name, cohorts.c.applications_open_on)
        .order_by(cohorts.c.applications_open_on.desc(), cohorts.c.cohort_key.desc())
    )
    found = [tuple(row) for row in connection.execute(by_cohort)]
    rows = [_agreement(row[0], *row[2:]) for row in found]
    if found:
        rows.insert(0, _agreement(None, *(sum(row[place] for row in found) for place in range(2, len(found[0])))))
    return table(ReviewAgreement, rows)


def _agreement(
    cohort: str | None,
    reviewed: int,
    twice: int,
    reviews: float,
    sizes: float,
    total: float,
    squares: float,
    between: float,
    apart: float,
    pairs: float,
) -> ReviewAgreement:
    """The row of these sums over applications with several reviews; Shrout and Fleiss 1979, ICC(1,1), unequal sizes."""
    difference = float(apart) / float(pairs) if pairs else None
    if twice < 2:
        return ReviewAgreement(cohort, reviewed, twice, difference, None)
    count, total, squares, between = float(reviews), float(total), float(squares), float(between)
    mean_between = (between - total**2 / count) / (twice - 1)
    mean_within = (squares - between) / (count - twice)
    size = (count - float(sizes) / count) / (twice - 1)
    whole = mean_between + (size - 1) * mean_within
    return ReviewAgreement(
        cohort, reviewed, twice, difference, (mean_between - mean_within) / whole if whole > 1e-9 else None
    )


def _scores(day: date) -> CTE:
    """The scores that were given by the day: application_key, reviewer, score."""
    own = application_reviews.c
    given = (own.reviewed_on <= day, own.score.is_not(None))
    return select(own.application_key, own.reviewer, own.score).where(*given).cte("scores")


def _decided(day: date) -> ColumnElement[bool]:
    own = applications.c
    decided_on = func.coalesce(own.decided_on, own.applied_on)
    return and_(own.decision.is_not(None), own.decision != "pending", decided_on <= day)


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
