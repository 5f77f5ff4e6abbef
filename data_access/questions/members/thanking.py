"""Thanks: who waits for them, and how many were thanked within a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, Connection, and_, case, func, select

from data_access.answers import Code, Count, Day, Key, Share, Text, table
from data_access.database.schema import events, people, thanks
from data_access.database.sql import day_number
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.members.achieved import FIRST_CONTRIBUTION, NEW_AREA, Days, achieved
from data_access.questions.members.recognition import detail_words
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection
from data_access.statistics.intervals import wilson_interval

WITHIN_DAYS = 30
WAITING_DAYS = 90


class WaitsForThanks(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    what: Annotated[str, Code("For")]
    detail: Annotated[str | None, Text("Which", help="The language, the area, or the years")]
    on: Annotated[date, Day("Happened on")]
    days: Annotated[int, Count("Days ago", "days")]
    event_key: Annotated[str | None, Key("Event key")]
    title: Annotated[str | None, Text("Event")]
    waiting: Annotated[int, Count("Wait in all", "achievements")]


@question(roles=INSIDE, counts=PEOPLE, columns=WaitsForThanks)
def thanks_waiting(connection: Connection, selection: Selection, scope: Scope, *, limit: int = 50) -> pd.DataFrame:
    """What people achieved in the last 90 days for which nobody has thanked them yet: rarer things first, then newest.

    Of members: a first talk, the 10th event, an event in a new language, an anniversary. Of everybody who contributes:
    the first, 10th and 100th contribution, a new area (a first review, where reviews are an area), becoming core, an
    anniversary while still active. First contributions and new areas come after the others, being many. Countries and
    regions are those of the home; the period and other filters do not apply.
    """
    day = selection.as_of
    days = Days(selection, day - timedelta(days=WAITING_DAYS - 1), day + timedelta(days=1))
    own, given = _with_thanks(days, day)
    is_common = case((own.c.what.in_((FIRST_CONTRIBUTION, NEW_AREA)), 1), else_=0)
    statement = (
        select(
            own.c.person_key,
            people.c.name,
            *(own.c.what, own.c.detail, own.c.on, own.c.event_key),
            events.c.title,
            func.count().over().label("waiting"),
        )
        .join_from(own, people, people.c.person_key == own.c.person_key)
        .join(events, events.c.event_key == own.c.event_key, isouter=True)
        .where(~select(thanks.c.person_key).where(given).exists())
        .order_by(is_common, own.c.on.desc(), own.c.what, own.c.person_key, own.c.detail)
    )
    if limit > 0:
        statement = statement.limit(limit)
    found = []
    for row in connection.execute(statement):
        detail = detail_words(row.what, row.detail)
        about = (row.person_key, row.name, row.what, detail, row.on, (day - row.on).days)
        found.append(WaitsForThanks(*about, row.event_key, row.title, row.waiting))
    return table(WaitsForThanks, found)


class ThanksGiven(NamedTuple):
    what: Annotated[str, Code("For")]
    happened: Annotated[int, Count("Happened", "achievements")]
    thanked: Annotated[int, Count("Thanked", "achievements")]
    judged: Annotated[int, Count("30 days over", "achievements", help="Or thanked within them")]
    in_time: Annotated[int, Count("Within 30 days", "achievements")]
    share: Annotated[float | None, Share("Share within 30 days")]
    low: Annotated[float | None, Share("At least", help="95% interval")]
    high: Annotated[float | None, Share("At most", help="95% interval")]


@question(roles=INSIDE, counts=PEOPLE, columns=ThanksGiven)
def thanks_given(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many of the period's achievements were thanked for within 30 days, by what they were; the last row is all.

    What happened less than 30 days ago and was not thanked for can still be: it is in neither part of the share. The
    achievements are those of `thanks_waiting`. Countries and regions are those of the home; other filters do not apply.
    """
    day = selection.as_of
    own, given = _with_thanks(Days.of_period(connection, selection), day)
    waited = day_number(thanks.c.given_on) - day_number(own.c.on)
    in_time = func.count(case((waited <= WITHIN_DAYS, 1)))
    over = own.c.on <= day - timedelta(days=WITHIN_DAYS)
    judged = func.count(case((waited <= WITHIN_DAYS, 1), (over, 1)))
    statement = (
        select(own.c.what, func.count(), func.count(thanks.c.given_on), judged, in_time)
        .join_from(own, thanks, given, isouter=True)
        .group_by(own.c.what)
        .order_by(func.count().desc(), own.c.what)
    )
    counts = [tuple(row) for row in connection.execute(statement)]
    if counts:
        counts.append(("all", *(sum(row[place] for row in counts) for place in range(1, 5))))
    return table(ThanksGiven, [_judged(*row) for row in counts])


class Thanked(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    what: Annotated[str, Code("For")]
    on: Annotated[date, Day("Happened on")]
    given_on: Annotated[date, Day("Thanked on")]
    days: Annotated[int, Count("Days after", "days")]
    how: Annotated[str | None, Text("How")]


@question(roles=INSIDE, counts=PEOPLE, columns=Thanked)
def thanks_list(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who was thanked in the period, for what and how, newest first; whatever it was for.

    Countries and regions are those of the home; other filters do not apply. Up to `as_of`.
    """
    own, period = thanks.c, selection.period
    statement = (
        select(own.person_key, people.c.name, own.occasion, own.occasion_on, own.given_on, own.how)
        .join_from(thanks, people, people.c.person_key == own.person_key)
        .where(own.given_on >= period.start, own.given_on < period.end, own.given_on <= selection.as_of)
        .where(*home_conditions(own.person_key, selection))
        .order_by(own.given_on.desc(), own.person_key, own.occasion, own.occasion_on)
    )
    found = [Thanked(*row[:5], (row.given_on - row.occasion_on).days, row.how) for row in connection.execute(statement)]
    return table(Thanked, found)


def _judged(what: str, happened: int, thanked: int, judged: int, in_time: int) -> ThanksGiven:
    if not judged:
        return ThanksGiven(what, happened, thanked, 0, 0, None, None, None)
    low, high = (float(end) for end in wilson_interval(in_time, judged))
    return ThanksGiven(what, happened, thanked, judged, in_time, in_time / judged, low, high)


def _with_thanks(days: Days, day: date) -> tuple[CTE, Any]:
    """What was achieved in the days, and the condition that a row of `thanks` is for it and known on the day."""
    own = achieved(days)
    same = (thanks.c.person_key == own.c.person_key, thanks.c.occasion == own.c.what, thanks.c.occasion_on == own.c.on)
    return own, and_(*same, thanks.c.given_on <= day)
