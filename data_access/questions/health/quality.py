"""How contributions to events are rated, and who could do with help. Who it is: the program manager only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from data_access.answers import Count, Day, Flag, Key, Number, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import memberships, people
from data_access.membership import member_on
from data_access.questions.health.judging import Figure, Spans
from data_access.questions.health.thresholds import FEWEST_RATINGS, LOW_RATING, YEAR
from data_access.questions.members.standing import qualifies
from data_access.questions.registry import PEOPLE, question
from data_access.selection import Role, Scope, Selection
from data_access.statistics.intervals import mean_interval

_RATING = attendances.c.rating
# How many were rated, their sum and their sum of squares.
_SUMS = (
    func.count(_RATING).label("rated"),
    func.sum(_RATING).label("total"),
    func.sum(_RATING * _RATING).label("squares"),
)


def figures(connection: Connection, selection: Selection) -> Iterator[Figure]:
    """The average rating with its interval, and how many people are rated low."""
    span = Spans(selection.as_of, YEAR)
    found = {row.recent: row for row in connection.execute(_both_years(span))}
    now, before = found.get(1), found.get(0)
    rated = int(now.rated) if now else 0
    average = mean_interval(rated, float(now.total), float(now.squares)) if now and rated else (None, None, None)
    had = before is not None and before.rated > 0
    yield Figure(
        "rating",
        average[0],
        float(before.total) / int(before.rated) if before and had else None,
        *average[1:],
        base=rated,
        missing=int(now.contributions) - rated if now else 0,
    )
    yield Figure("low_ratings", now.low if now and rated else None, before.low if before and had else None, base=rated)


def _both_years(span: Spans) -> Select[Any]:
    """A row for the year now (recent = 1) and the one before: contributions, ratings and their sums, people rated low.

    Grouped by person at once: ratings of large programs are read a single time. What is not rated is one group.
    """
    recent = case((attendances.c.starts_on > span.since, 1), else_=0).label("recent")
    whose = case((_RATING.is_not(None), attendances.c.person_key)).label("whose")
    each = (
        _contributions(recent, whose, func.count().label("contributions"), *_SUMS, since=span.earlier, day=span.as_of)
        .group_by(recent, whose)
        .subquery("each")
    )
    sums = (func.sum(each.c[name]).label(name) for name in ("contributions", "rated", "total", "squares"))
    low = func.count().filter(*_is_low(each.c.rated, each.c.total))
    return select(each.c.recent, *sums, low.label("low")).group_by(each.c.recent)


def _is_low(rated: ColumnElement[Any], total: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    """In whole numbers, so that exactly the threshold is exactly it."""
    return rated >= FEWEST_RATINGS, total * 10 < rated * round(LOW_RATING * 10)


def _contributions(*columns: Any, since: date, day: date) -> Select[Any]:
    return select(*columns).where(*_held(since, day), qualifies(attendances.c.role))


def _held(since: date, day: date) -> list[ColumnElement[bool]]:
    happened = or_(attendances.c.status == "held", attendances.c.status.is_(None))
    return [happened, attendances.c.starts_on > since, attendances.c.starts_on <= day]


def _low(since: date, day: date) -> Select[Any]:
    """Who is rated low on average: person_key, rated, total, squares, last_on."""
    last_on = func.max(attendances.c.starts_on).label("last_on")
    return (
        _contributions(attendances.c.person_key, *_SUMS, last_on, since=since, day=day)
        .where(_RATING.is_not(None))
        .group_by(attendances.c.person_key)
        .having(*_is_low(func.count(_RATING), func.sum(_RATING)))
    )


class LowRating(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    average: Annotated[float, Number("Average", "of 5", decimals=2)]
    low: Annotated[float | None, Number("Low end", decimals=2, help="Of the 95% interval")]
    high: Annotated[float | None, Number("High end", decimals=2, help="Of the 95% interval")]
    ratings: Annotated[int, Count("Ratings", "ratings")]
    before: Annotated[
        float | None, Number("Year before", "of 5", decimals=2, help="Average of the 365 days before; empty: none")
    ]
    last_on: Annotated[date, Day("Last rated event")]
    member: Annotated[bool, Flag("Member")]


@question(roles=frozenset({Role.PM}), counts=PEOPLE, columns=LowRating)
def who_needs_help(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """People rated below 3.2 on average, over five ratings or more of the last 365 days, lowest first (PM only).

    Rated are their talks, organizing, mentoring and facilitating at held events; the interval is Student's t, with
    ratings taken as independent. Filters do not apply.
    """
    span = Spans(selection.as_of, YEAR)
    found = connection.execute(_low(span.since, span.as_of)).all()
    keys = [row.person_key for row in found]
    own = attendances.c.person_key
    earlier = (
        _contributions(own, *_SUMS[:2], since=span.earlier, day=span.since)
        .where(_RATING.is_not(None), own.in_(keys))
        .group_by(own)
    )
    before = {row.person_key: float(row.total) / row.rated for row in connection.execute(earlier)}
    named = select(people.c.person_key, people.c.name).where(people.c.person_key.in_(keys))
    names = {row.person_key: row.name for row in connection.execute(named)}
    lasting = select(memberships.c.person_key).where(member_on(selection.as_of), memberships.c.person_key.in_(keys))
    members = set(connection.execute(lasting).scalars())
    rows = [
        LowRating(
            row.person_key,
            names.get(row.person_key),
            *mean_interval(row.rated, float(row.total), float(row.squares)),
            row.rated,
            before.get(row.person_key),
            row.last_on,
            row.person_key in members,
        )
        for row in found
    ]
    rows.sort(key=lambda row: (row.average, -row.ratings, row.person_key))
    return table(LowRating, rows)
