"""Each space's public events against its targets: so many a week, and so many a year."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Change, Code, Count, Day, Flag, Key, Number, Share, Text, table
from data_access.database.schema import events
from data_access.questions.registry import EVENTS, question
from data_access.questions.spaces.year import WEEK, SpaceYear, held_days, spaces_year
from data_access.selection import STAFF, Period, Scope, Selection, add_months

OPEN, CLOSED, PLANNED = "open", "closed", "not_open_yet"
RECENT_WEEKS = 12
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class SpaceSchedule(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    city: Annotated[str | None, Text("City")]
    state: Annotated[str, Code("State", help="open, closed, not open yet")]
    year_starts: Annotated[date, Day("The year’s first day")]
    year_ends: Annotated[date, Day("The year’s last day")]
    held: Annotated[int, Count("Events held", "events", help="In the year so far")]
    due: Annotated[int, Count("Due by now", "events", help="The year’s target, spread over its days, while it is open")]
    gap: Annotated[int, Change("Ahead or behind", help="Events held − due by now")]
    due_in_year: Annotated[
        int, Count("Due in the year", "events", help="Less than the target where it was not open the whole year")
    ]
    target_year: Annotated[int, Count("Target a year", "events")]
    planned: Annotated[int, Count("Planned", "events", help="For the rest of the year")]
    weeks: Annotated[int, Count("Whole weeks open", "weeks", help="Monday to Sunday, in the year so far")]
    weeks_met: Annotated[int, Count("Weeks on target", "weeks", help="With as many events as the target a week")]
    target_week: Annotated[int, Count("Target a week", "events")]
    per_week: Annotated[float | None, Number("Events a week", decimals=1, help="In those weeks")]
    recent: Annotated[float | None, Number("Lately, a week", decimals=1, help="In the last 12 weeks that it was open")]
    weeks_left: Annotated[float, Number("Weeks left", decimals=1, help="Until the year ends or the space closes")]
    needed: Annotated[
        float | None, Number("Needed a week", decimals=1, help="To reach what is due in the year; empty: it is over")
    ]


@question(roles=STAFF, counts=EVENTS, columns=SpaceSchedule)
def space_schedule(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each space's events of the year against 3 a week and 96 a year (or its own targets), furthest behind first.

    The year is the fiscal year that holds the period's last day, or `as_of` if that is earlier. A year's target is
    spread evenly over its days, and due while the space is open. A week is on target with as many events as the
    target a week; whole weeks of the year so far count, while the space was open.
    """
    year = spaces_year(connection, selection)
    days = held_days(connection, year.held)
    planned = _planned(connection, selection, year.period)
    found = [_schedule(space, year.period, year.as_of, days.get(space.key, []), planned) for space in year.spaces]
    found.sort(key=lambda row: (row.state == CLOSED, row.gap, row.name.casefold(), row.space))
    return table(SpaceSchedule, found)


def _planned(connection: Connection, selection: Selection, period: Period) -> dict[str, int]:
    ahead = replace(selection, period=period, status=("planned",))
    statement = (
        select(events.c.space_key, func.count())
        .where(*ahead.conditions(), events.c.starts_on > selection.as_of, events.c.space_key.is_not(None))
        .group_by(events.c.space_key)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _schedule(
    space: SpaceYear, period: Period, as_of: date, days: list[date], planned: dict[str, int]
) -> SpaceSchedule:
    weeks = _whole_weeks(space.gone)
    by_week = Counter(day - timedelta(days=day.weekday()) for day in days)
    in_weeks = sum(by_week[week] for week in weeks)
    late = space.gone.end if space.gone else as_of
    since = max(late - timedelta(days=RECENT_WEEKS * WEEK), space.gone.start) if space.gone else as_of
    recent_weeks = (late - since).days / WEEK
    left = (space.days_open - space.days_gone) / WEEK
    held = len(days)
    state = CLOSED if space.closed_on else OPEN if space.gone or as_of >= period.end else PLANNED
    return SpaceSchedule(
        space=space.key,
        name=space.name,
        city=space.city,
        state=state,
        year_starts=period.start,
        year_ends=period.end - timedelta(days=1),
        held=held,
        due=space.due_now,
        gap=held - space.due_now,
        due_in_year=space.due_in_year,
        target_year=space.per_year,
        planned=planned.get(space.key, 0),
        weeks=len(weeks),
        weeks_met=sum(by_week[week] >= space.per_week for week in weeks),
        target_week=space.per_week,
        per_week=in_weeks / len(weeks) if weeks else None,
        recent=sum(since <= day < late for day in days) / recent_weeks if recent_weeks >= 1 else None,
        weeks_left=left,
        needed=max(space.due_in_year - held, 0) / left if left else None,
    )


def _whole_weeks(period: Period | None) -> list[date]:
    """The Mondays of the weeks that lie in the period as a whole."""
    if period is None:
        return []
    first = period.start + timedelta(days=-period.start.weekday() % WEEK)
    count = max((period.end - first).days // WEEK, 0)
    return [first + timedelta(days=WEEK * number) for number in range(count)]


class SpaceMonth(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    month: Annotated[date, Day("Up to", help="The last day that is counted: of a month, or today")]
    held: Annotated[int, Count("Held so far", "events", help="In the year, up to this day")]
    due: Annotated[float, Number("Due by then", decimals=1)]
    open: Annotated[bool, Flag("Month not over")]


@question(roles=STAFF, counts=EVENTS, columns=SpaceMonth)
def space_months(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How the events of each space's year added up, month by month, and how many were due."""
    year = spaces_year(connection, selection)
    days = held_days(connection, year.held)
    ends: list[date] = []
    start = year.period.start
    while start < year.period.end and start <= year.as_of:
        after = min(add_months(start, 1), year.period.end)
        ends.append(min(after - timedelta(days=1), year.as_of))
        start = after
    found = []
    for space in year.spaces:
        for end in ends:
            passed = (min(end + timedelta(days=1), space.open.end) - space.open.start).days if space.open else 0
            found.append(
                SpaceMonth(
                    space.key,
                    space.name,
                    end,
                    sum(day <= end for day in days.get(space.key, [])),
                    space.per_year * max(passed, 0) / space.days,
                    end >= year.as_of,
                )
            )
    return table(SpaceMonth, found)


class SpaceWeekday(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    weekday: Annotated[str, Text("Weekday")]
    events: Annotated[int, Count("Events", "events")]
    share: Annotated[float | None, Share("Share of the space’s events")]
    first_at: Annotated[str | None, Text("Earliest begin", help="Local time. Empty: no event says when it begins")]
    last_at: Annotated[str | None, Text("Latest begin", help="Local time")]


@question(roles=STAFF, counts=EVENTS, columns=SpaceWeekday)
def space_weekdays(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """On which weekdays each space's events of the year began, and at what times: its schedule as people meet it.

    Every weekday of every space is listed, Monday first. Times are those that events give.
    """
    year = spaces_year(connection, selection)
    time = func.substr(events.c.starts_at, 12, 5)
    statement = (
        select(
            events.c.space_key,
            events.c.starts_on,
            func.count().label("events"),
            func.min(time).label("first_at"),
            func.max(time).label("last_at"),
        )
        .where(*year.held.conditions(), events.c.space_key.is_not(None))
        .group_by(events.c.space_key, events.c.starts_on)
    )
    counts: Counter[tuple[str, int]] = Counter()
    times: dict[tuple[str, int], list[str]] = {}
    for row in connection.execute(statement):
        at = (row.space_key, row.starts_on.weekday())
        counts[at] += row.events
        times.setdefault(at, []).extend(value for value in (row.first_at, row.last_at) if value)
    found = []
    for space in year.spaces:
        total = sum(counts[space.key, number] for number in range(WEEK))
        for number, name in enumerate(WEEKDAYS):
            known = times.get((space.key, number), [])
            count = counts[space.key, number]
            found.append(
                SpaceWeekday(
                    space.key,
                    space.name,
                    name,
                    count,
                    count / total if total else None,
                    min(known, default=None),
                    max(known, default=None),
                )
            )
    return table(SpaceWeekday, found)
