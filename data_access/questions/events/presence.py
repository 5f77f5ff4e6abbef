"""Constant presence: in how many weeks each region had an event, and for how long it was silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Select, case, func, select

from data_access.answers import Count, Day, Share, Text, table
from data_access.database.schema import countries, events, regions
from data_access.database.sql import day_number
from data_access.questions.registry import EVENTS, question
from data_access.questions.territories import territories
from data_access.selection import EARLIEST, EVERYBODY, Period, Scope, Selection

ONLINE, UNKNOWN_PLACE = "Online", "Unknown place"
_FIRST_DAY = date(1970, 1, 1).toordinal()


class RegionPresence(NamedTuple):
    region: Annotated[str, Text("Region")]
    weeks_with_events: Annotated[int, Count("Weeks with events", "weeks")]
    weeks: Annotated[int, Count("Weeks", "weeks")]
    share: Annotated[float | None, Share("Share of weeks")]
    longest_silence: Annotated[int | None, Count("Longest silence, weeks", "weeks")]
    events: Annotated[int, Count("Events", "events")]
    last_event_on: Annotated[date | None, Day("Last event")]


@question(roles=EVERYBODY, counts=EVENTS, columns=RegionPresence)
def presence(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """In which share of the weeks each region had at least one held event, and its longest silence.

    Weeks are whole ISO weeks, Monday to Sunday; a week belongs to the period that holds its Thursday. Counted are the
    weeks from the program's first event on that are over on `as_of`, and the events in them. `longest_silence` is the
    longest run of weeks without an event, `last_event_on` the last event up to the period's end, also from before its
    start. Regions without events are listed; online events and events of unknown place have rows of their own
    ("Online", "Unknown place"), unless countries or regions are asked for.
    """
    held = replace(selection, status=("held",))
    region_of = {territory.code: territory.region for territory in territories(connection, selection)}
    rows_wanted = sorted(set(region_of.values()))
    if not (selection.country or selection.region):
        rows_wanted += [ONLINE, UNKNOWN_PLACE]
    first_week, end_week = _weeks(connection, held)
    weeks_of: dict[str, set[int]] = defaultdict(set)
    counts: Counter[str] = Counter()
    if end_week > first_week:
        whole_weeks = replace(held, period=Period(_monday(first_week), _monday(end_week)))
        for row, week, count in connection.execute(_by_week(whole_weeks)):
            weeks_of[row].add(week // 7)
            counts[row] += int(count)
    last = _last_days(connection, held, region_of)
    weeks = max(end_week - first_week, 0)
    rows = [
        (
            name,
            len(weeks_of[name]),
            weeks,
            len(weeks_of[name]) / weeks if weeks else None,
            _longest_gap(weeks_of[name], first_week, end_week) if weeks else None,
            counts[name],
            last.get(name),
        )
        for name in rows_wanted
    ]
    return table(RegionPresence, rows)


def _weeks(connection: Connection, held: Selection) -> tuple[int, int]:
    """The period's weeks [first, end): those with their Thursday in it, not before the first event, over on `as_of`."""
    # Along the index of days to the first that fits: min() would read them all.
    in_order = select(events.c.starts_on).where(*held.status_conditions()).order_by(events.c.starts_on).limit(1)
    earliest = connection.execute(in_order).scalar_one_or_none()
    if earliest is None:
        return 0, 0
    start, end = held.period.start.toordinal(), held.period.end.toordinal()
    # Week number w runs from day 7w + 1 to day 7w + 7 of the calendar (1 January of year 1 was a Monday).
    first = max(-((4 - start) // 7), _week(earliest))
    return first, min((end - 5) // 7 + 1, held.as_of.toordinal() // 7)


def _last_days(connection: Connection, held: Selection, region_of: dict[str, str]) -> dict[str, date]:
    before_end = replace(held, period=Period(min(EARLIEST, held.period.start), held.period.end))
    statement = (
        select(events.c.located_country, events.c.mode, func.max(events.c.starts_on))
        .where(events.c.starts_on <= held.as_of, *before_end.conditions())
        .group_by(events.c.located_country, events.c.mode)
    )
    last: dict[str, date] = {}
    for code, mode, day in connection.execute(statement):
        row = _row_of(code, mode, region_of)
        last[row] = max(last.get(row, day), day)
    return last


def _row_of(code: str | None, mode: str | None, region_of: dict[str, str]) -> str:
    if mode == "online":
        return ONLINE
    return UNKNOWN_PLACE if code is None else region_of.get(code, UNKNOWN_PLACE)


def _by_week(chosen: Selection) -> Select[Any]:
    """The same in SQL, with the events of each week: row, the week's number times seven, events."""
    day = day_number(events.c.starts_on) + (_FIRST_DAY - 1)
    each = (
        select(events.c.located_country, events.c.mode, (day - day % 7).label("of_week"), func.count().label("held"))
        .where(*chosen.conditions())
        .group_by(events.c.located_country, events.c.mode, "of_week")
        .subquery("each_week")
    )
    region = func.coalesce(regions.c.region, countries.c.region, UNKNOWN_PLACE)
    row = case((each.c.mode == "online", ONLINE), else_=region).label("of_row")
    return (
        select(row, each.c.of_week, func.sum(each.c.held))
        .join_from(each, countries, countries.c.country == each.c.located_country, isouter=True)
        .join(regions, regions.c.country == countries.c.country, isouter=True)
        .group_by("of_row", each.c.of_week)
    )


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _monday(week: int) -> date:
    return date.fromordinal(1) + timedelta(weeks=week)


def _longest_gap(weeks: set[int], first: int, end: int) -> int:
    edges = [first - 1, *sorted(weeks), end]
    return max(later - earlier - 1 for earlier, later in pairwise(edges))
