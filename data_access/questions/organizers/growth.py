"""Does the circle of organizers grow: who organized in each quarter, and who for the first time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Subquery, case, func, select

from data_access.answers import Count, Day, Flag, Key, Share, Text, fetch, table
from data_access.database.prepared import attendances
from data_access.database.schema import mentorships, organizer_starts, people
from data_access.database.sql import month_number
from data_access.questions.organizers.circles import lasts_on
from data_access.questions.registry import PEOPLE, question
from data_access.questions.retention.grid import first_of
from data_access.selection import INSIDE, Period, Scope, Selection, SelectionError, add_months, month_index
from data_access.statistics.intervals import wilson_interval

MOST_QUARTERS, A_YEAR = 20, 4
ORGANIZER = "organizer"
FIRST_TIME, BEFORE = WHICH = ("first_time", "before")
MOST_ROWS = 1_000


class QuarterOrganizers(NamedTuple):
    quarter: Annotated[str, Text("Quarter")]
    starts_on: Annotated[date, Day("Starts on")]
    organizers: Annotated[int, Count("Organizers", "people", help="Recorded as an organizer of a held event")]
    first_time: Annotated[int, Count("First time", "people", help="Who had never organized an event before")]
    mentorships: Annotated[int, Count("Mentorships", "mentorships", help="That last at the quarter’s end, whoever’s")]
    year: Annotated[
        int | None, Count("First time, a year", "people", help="In the four quarters that end with this one")
    ]
    before: Annotated[
        int | None, Count("The year before", "people", help="In the four quarters before; empty: data begin later")
    ]
    low: Annotated[float | None, Share("From", help="95% interval (Wilson) of the year’s part of both years")]
    high: Annotated[float | None, Share("To", help="Wholly above 50%: more than before; wholly below: fewer")]
    open: Annotated[bool, Flag("Still open")]


@question(roles=INSIDE, counts=PEOPLE, columns=QuarterOrganizers)
def organizer_growth(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Organizers of each quarter, how many of them for the first time, and mentorships that last.

    The last 20 quarters that the period touches, each as a whole, from the first one with an organizer. Filters choose
    the events; first time is the first event that somebody organized at all.
    """
    period = selection.period.whole_quarters()
    latest = Period.quarter_of(min(period.end - timedelta(days=1), selection.as_of))
    earliest = max(period.start, add_months(latest.start, -3 * (MOST_QUARTERS - 1)))
    if earliest >= latest.end:
        return table(QuarterOrganizers, [])
    whole = replace(selection, period=Period(earliest, latest.end), status=("held",))
    month = month_number(attendances.c.starts_on)
    quarter = (month - month % 3).label("in_quarter")
    each = (
        select(attendances.c.person_key, quarter)
        .where(attendances.c.role == ORGANIZER, *attendances.beside(whole.conditions()))
        .group_by(attendances.c.person_key, "in_quarter")
        .subquery("each_one")
    )
    first = first_organized(selection.as_of)
    began = month_number(first.c.first_on)
    counted = (
        select(
            each.c.in_quarter,
            func.count().label("organizers"),
            func.sum(case((began - began % 3 == each.c.in_quarter, 1), else_=0)).label("first_time"),
        )
        .join_from(each, first, first.c.person_key == each.c.person_key)
        .group_by(each.c.in_quarter)
    )
    found = {int(row.in_quarter): (row.organizers, int(row.first_time)) for row in connection.execute(counted)}
    if not found:
        return table(QuarterOrganizers, [])
    numbers = range(min(found), month_index(latest.start) + 1, 3)
    quarters = [Period(first_of(number), add_months(first_of(number), 3)) for number in numbers]
    lasting = _mentorships(connection, [min(each.end - timedelta(days=1), selection.as_of) for each in quarters])
    firsts = [found.get(number, (0, 0))[1] for number in numbers]
    rows: list[QuarterOrganizers] = []
    for number, own, running in zip(numbers, quarters, lasting, strict=True):
        named = f"{own.start:%Y}-Q{own.start.month // 3 + 1}"
        organizers, new = found.get(number, (0, 0))
        year, before, low, high = _two_years(firsts[: len(rows) + 1])
        is_open = own.is_open(selection.over_by)
        rows.append(QuarterOrganizers(named, own.start, organizers, new, running, year, before, low, high, is_open))
    return table(QuarterOrganizers, rows)


class CountedOrganizer(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Person")]
    home: Annotated[str | None, Text("Home country")]
    events: Annotated[int, Count("Events", "events", help="Organized in the period")]
    first_on: Annotated[date, Day("First organized on")]
    total: Annotated[int, Count("People in all", "people", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=CountedOrganizer)
def organizers_counted(
    connection: Connection, selection: Selection, scope: Scope, *, which: str = FIRST_TIME, limit: int = MOST_ROWS
) -> pd.DataFrame:
    """The organizers whom `organizer_growth` counts in the quarters that the period touches, most events first.

    `which` is first_time (organized for the first time in the period) or before (had organized before it). `limit` at
    most (0: all).
    """
    if which not in WHICH:
        raise SelectionError(f"{which!r} are no organizers to list. Choose {' or '.join(WHICH)}.")
    whole = replace(selection, period=selection.period.whole_quarters(), status=("held",))
    # A role is recorded once for each person at an event: their rows are the events.
    number = func.count().label("events")
    each = (
        select(attendances.c.person_key, number)
        .where(attendances.c.role == ORGANIZER, *attendances.beside(whole.conditions()))
        .group_by(attendances.c.person_key)
        .subquery("each_one")
    )
    first = first_organized(selection.as_of)
    began = first.c.first_on >= whole.period.start
    chosen = (
        select(each, first.c.first_on, func.count().over().label("total"))
        .join_from(each, first, first.c.person_key == each.c.person_key)
        .where(began if which == FIRST_TIME else ~began)
        .order_by(each.c.events.desc(), each.c.person_key)
    )
    listed = (chosen.limit(limit) if limit > 0 else chosen).subquery("listed")
    own = listed.c
    statement = (
        select(own.person_key, people.c.name, people.c.home_country.label("home"), own.events, own.first_on, own.total)
        .join_from(listed, people, people.c.person_key == own.person_key)
        .order_by(own.events.desc(), own.person_key)
    )
    return fetch(connection, statement, CountedOrganizer)


def _two_years(firsts: list[int]) -> tuple[int | None, int | None, float | None, float | None]:
    """First-time organizers of the last four quarters and the four before, and the interval of the former's part.

    In the first quarter of the data everybody is new: it is in neither year.
    """
    year = sum(firsts[-A_YEAR:]) if len(firsts) > A_YEAR else None
    if len(firsts) <= 2 * A_YEAR:
        return year, None, None, None
    now, before = sum(firsts[-A_YEAR:]), sum(firsts[-2 * A_YEAR : -A_YEAR])
    low, high = wilson_interval([now], [now + before])
    return now, before, float(low[0]), float(high[0])


def first_organized(day: date) -> Subquery:
    """A row a person who organized a held event by the day: since when."""
    return select(organizer_starts).where(organizer_starts.c.first_on <= day).subquery("first_organized")


def _mentorships(connection: Connection, days: list[date]) -> list[int]:
    """How many mentorships last on each of the days."""
    sums = [func.coalesce(func.sum(case((lasts_on(day), 1), else_=0)), 0) for day in days]
    return [int(value) for value in connection.execute(select(*sums).select_from(mentorships)).one()]
