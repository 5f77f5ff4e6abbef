"""How often events of each scale are held, and what they take: organizers, helpers, preparation, teams involved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select, union_all

from data_access.answers import Code, Count, Number, Share, Text, table
from data_access.database.prepared import attendances, event_makers, event_preparations, is_ready
from data_access.database.schema import contributions, event_contributors, events, funding_requests
from data_access.database.sql import day_number, year_of
from data_access.questions.organizers.arc_people import HELPERS
from data_access.questions.organizers.growth import ORGANIZER
from data_access.questions.registry import EVENTS, PEOPLE, question
from data_access.selection import INSIDE, STAFF, Period, Scope, Selection
from data_access.statistics.intervals import mean_interval

DAYS_A_YEAR = 365.25


def _scale_of(table: Any) -> ColumnElement[str]:
    return func.coalesce(table.c.scale, literal_column("''")).label("of_scale")


_SCALE = _scale_of(events)


class ScaleYear(NamedTuple):
    scale: Annotated[str, Code("Scale", help="Empty: not recorded")]
    year: Annotated[str, Text("Year")]
    events: Annotated[int, Count("Events", "events")]
    a_year: Annotated[
        float | None, Number("Events a year", decimals=1, help="At this pace; of the days of the year that are known")
    ]
    attendance: Annotated[float | None, Number("Attendance per event", decimals=1, help="Of events that report one")]


@question(roles=STAFF, counts=EVENTS, columns=ScaleYear)
def scale_frequency(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many events of each scale were held in each of the last six calendar years, and how many came to each.

    The period does not matter, other filters do. A year that is not over, or in which the first event was held, is told
    as the pace of its known days.
    """
    every = replace(selection, period=Selection().period, status=("held",))
    first = connection.execute(select(func.min(events.c.starts_on)).where(*every.conditions())).scalar()
    if first is None:
        return table(ScaleYear, [])
    last = selection.as_of.year
    years = replace(every, period=Period(date(max(first.year, last - 5), 1, 1), date(last + 1, 1, 1)))
    statement = (
        select(
            _SCALE,
            year_of(events.c.starts_on).label("in_year"),
            func.count().label("events"),
            func.sum(selection.attendance()).label("came"),
            func.count(selection.attendance()).label("reporting"),
        )
        .where(*years.conditions())
        .group_by("of_scale", "in_year")
    )
    rows = []
    for row in connection.execute(statement):
        start, end = max(first, date(row.in_year, 1, 1)), min(selection.as_of, date(row.in_year, 12, 31))
        days = (end - start).days + 1
        came = int(row.came) / row.reporting if row.reporting else None
        rows.append(ScaleYear(row.of_scale, str(row.in_year), row.events, row.events * DAYS_A_YEAR / days, came))
    rows.sort(key=lambda row: (row.scale, row.year))
    return table(ScaleYear, rows)


class ScaleEffort(NamedTuple):
    scale: Annotated[str, Code("Scale", help="Empty: not recorded")]
    events: Annotated[int, Count("Events", "events")]
    recorded: Annotated[int, Count("With organizers", "events", help="Events of which an organizer is recorded")]
    organizers: Annotated[float | None, Number("Organizers an event", decimals=1, help="Of events with organizers")]
    low: Annotated[
        float | None, Number("Organizers, from", decimals=1, help="Lower end of the 95% interval of the mean")
    ]
    high: Annotated[
        float | None, Number("Organizers, to", decimals=1, help="Upper end of the 95% interval of the mean")
    ]
    helpers: Annotated[
        float | None, Number("Helpers an event", decimals=1, help="Mentors and facilitators, of events with organizers")
    ]
    prepared: Annotated[int, Count("Preparation known", "events", help="With a contribution or request before it")]
    days: Annotated[
        float | None,
        Number("Preparation", "days", help="Median, from the first contribution or request for the event to its day"),
    ]
    involving: Annotated[int, Count("Involving teams", "events", help="Contributions for them name a team")]
    involving_share: Annotated[float | None, Share("Involving teams, share")]
    teams: Annotated[float | None, Number("Teams an event", decimals=1, help="Of the events that involve any")]
    areas: Annotated[float | None, Number("Areas an event", decimals=1, help="Of the events that involve any")]


@question(roles=INSIDE, counts=PEOPLE, columns=ScaleEffort)
def effort_by_scale(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What held events of each scale take: organizers and helpers, days of preparation, teams and areas involved.

    Teams and areas are those of contributions that name the event, by `as_of`. Preparation is known of events for which
    somebody contributed or asked for money beforehand.
    """
    held = replace(selection, status=("held",))
    sizes = select(_SCALE, func.count().label("events")).where(*held.conditions()).group_by("of_scale")
    counted = {row.of_scale: row.events for row in connection.execute(sizes)}
    organized, prepared = _organized(connection, held), _prepared(connection, held)
    involved = _involved(connection, held)
    rows = []
    for scale, size in counted.items():
        who = organized.get(scale)
        mean, low, high = mean_interval(who.events, who.organizers, who.squares) if who else (None, None, None)
        days = prepared.get(scale, {})
        with_teams, pairs, areas = involved.get(scale, (0, 0, 0))
        rows.append(
            ScaleEffort(
                *(scale, size, who.events if who else 0, mean, low, high),
                who.helpers / who.events if who else None,
                sum(days.values()),
                _median(days),
                with_teams,
                with_teams / size,
                *((pairs / with_teams, areas / with_teams) if with_teams else (None, None)),
            )
        )
    rows.sort(key=lambda row: (-row.events, row.scale))
    return table(ScaleEffort, rows)


class _Organized(NamedTuple):
    events: int
    organizers: int
    squares: int
    helpers: int


def _organized(connection: Connection, held: Selection) -> dict[str, _Organized]:
    """By scale the events with organizers: how many organize them, with squares, and how many help."""
    role, makers = attendances.c.role, event_makers.c
    if is_ready(connection):
        counted: Any = select(_scale_of(event_makers), makers.organizers, makers.helpers)
        counted = counted.where(*event_makers.beside(held.conditions()))
    else:
        counted = (
            select(
                attendances.c.event_key,
                _scale_of(attendances),
                func.sum(case((role == ORGANIZER, 1), else_=0)).label("organizers"),
                func.sum(case((role.in_(HELPERS), 1), else_=0)).label("helpers"),
            )
            .where(role.in_((ORGANIZER, *HELPERS)), *attendances.beside(held.conditions()))
            .group_by(attendances.c.event_key, "of_scale")
        )
    each = counted.subquery("each_event")
    own = each.c
    sums = (func.count(), *(func.sum(what) for what in (own.organizers, own.organizers * own.organizers, own.helpers)))
    statement = select(own.of_scale, *sums).where(own.organizers > 0).group_by(own.of_scale)
    return {scale: _Organized(*map(int, numbers)) for scale, *numbers in connection.execute(statement)}


def _prepared(connection: Connection, held: Selection) -> dict[str, dict[int, int]]:
    """By scale how many events were prepared for so many days."""
    if is_ready(connection):
        of, begun = event_preparations, event_preparations.c.begun_on
        days = (day_number(of.c.starts_on) - day_number(begun)).label("days")
        each = select(_scale_of(of), days).where(*of.beside(held.conditions())).subquery("each_event")
    else:
        requested = select(funding_requests.c.event_key, funding_requests.c.requested_on.label("on"))
        worked = select(event_contributors.c.event_key, event_contributors.c.first_on.label("on"))
        began = union_all(requested.where(funding_requests.c.event_key.is_not(None)), worked).subquery("beginnings")
        first = func.min(day_number(began.c.on))
        each = (
            select(_SCALE, (day_number(events.c.starts_on) - first).label("days"))
            .join_from(began, events, events.c.event_key == began.c.event_key)
            .where(*held.conditions(), began.c.on < events.c.starts_on)
            .group_by(events.c.event_key, events.c.starts_on, "of_scale")
            .subquery("each_event")
        )
    statement = select(each.c.of_scale, each.c.days, func.count()).group_by(each.c.of_scale, each.c.days)
    found: dict[str, dict[int, int]] = {}
    for scale, days, number in connection.execute(statement):
        found.setdefault(scale, {})[int(days)] = number
    return found


def _median(numbers: dict[int, int]) -> float | None:
    """The median of values that occur so often each."""
    total = sum(numbers.values())
    if not total:
        return None
    values = sorted(numbers)
    upto = list(accumulate(numbers[value] for value in values))
    low, high = (
        next(v for v, end in zip(values, upto, strict=True) if end > at) for at in ((total - 1) // 2, total // 2)
    )
    return (low + high) / 2


def _involved(connection: Connection, held: Selection) -> dict[str, tuple[int, int, int]]:
    """By scale the events whose contributions name a team, and how many teams, and areas, of each event, in sum."""
    own = contributions.c
    # Counted before the join: the sets of keys are of few contributions, not of all that is known of their events.
    involved = (
        select(
            own.event_key,
            func.count(own.team_key.distinct()).label("teams"),
            func.count(own.area.distinct()).label("areas"),
        )
        .where(own.event_key.is_not(None), own.team_key.is_not(None), own.contributed_on <= held.as_of)
        .group_by(own.event_key)
        .subquery("involved")
    )
    per_event = (
        select(_SCALE, involved.c.teams, involved.c.areas)
        .join_from(involved, events, events.c.event_key == involved.c.event_key)
        .where(*held.conditions())
        .subquery("each_event")
    )
    sums: tuple[Any, ...] = (func.count(), func.sum(per_event.c.teams), func.sum(per_event.c.areas))
    statement = select(per_event.c.of_scale, *sums).group_by(per_event.c.of_scale)
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in connection.execute(statement)}
