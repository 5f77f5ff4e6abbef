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
    now, before = _given(connection, span)
    rated, had = now.rated, before.rated
    average = mean_interval(rated, float(now.total), float(now.squares)) if rated else (None, None, None)
    low, low_before = _rated_low(connection, span)
    yield Figure(
        "rating",
        average[0],
        before.total / had if had else None,
        *average[1:],
        base=rated,
        missing=now.contributions - rated,
    )
    yield Figure("low_ratings", low if rated else None, low_before if had else None, base=rated)


class _Given:
    """The contributions of a year, by the rating that each was given (None: none), and what their ratings add up to."""

    def __init__(self) -> None:
        self.contributions = self.rated = self.total = self.squares = 0

    def add(self, rating: int | None, number: int) -> None:
        self.contributions += number
        if rating is not None:
            self.rated += number
            self.total += number * rating
            self.squares += number * rating * rating


def _given(connection: Connection, span: Spans) -> tuple[_Given, _Given]:
    """What was given in the year now and in the one before: a dozen rows, whatever the program."""
    recent = case((attendances.c.starts_on > span.since, 1), else_=0).label("recent")
    each = _contributions(recent, _RATING, func.count(), since=span.earlier, day=span.as_of)
    found = (_Given(), _Given())
    for is_recent, rating, number in connection.execute(each.group_by(recent, _RATING)):
        found[1 - is_recent].add(rating, number)
    return found


def _rated_low(connection: Connection, span: Spans) -> tuple[int, int]:
    """How many people are rated low in the year now, and in the one before."""
    recent = case((attendances.c.starts_on > span.since, 1), else_=0).label("recent")
    low = (
        _contributions(recent, since=span.earlier, day=span.as_of)
        .where(_RATING.is_not(None))
        .group_by(recent, attendances.c.person_key)
        .having(*_is_low(func.count(), func.sum(_RATING)))
        .subquery("low")
    )
    statement = select(low.c.recent, func.count()).group_by(low.c.recent)
    found = {row[0]: row[1] for row in connection.execute(statement)}
    return found.get(1, 0), found.get(0, 0)


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
