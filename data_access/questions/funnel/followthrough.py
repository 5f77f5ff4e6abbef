"""Events drive action: who contributed because of an event, what it cost, and tasks before, during and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, literal_column, select

from data_access.answers import Amount, Code, Count, Key, Number, Text, table
from data_access.database.prepared import event_tasks
from data_access.database.schema import (
    challenges,
    contributor_levels,
    event_contributors,
    events,
    funding_conversions,
    funding_requests,
    spaces,
)
from data_access.database.sql import day_number
from data_access.privacy.book import AS_OF
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.program import load_program
from data_access.questions.contributors.cohorts import levels, settled
from data_access.questions.registry import EVENTS, PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import STAFF, Scope, Selection, SelectionError
from data_access.statistics.intervals import poisson_interval

SOON, LATER = 30, 90
_BY = ("scale", "format", "space", "mode", "tasks")


class FollowedEvents(NamedTuple):
    group: Annotated[str, Key("Group key", help="Empty: not recorded")]
    name: Annotated[str, Text("Group")]
    events: Annotated[int, Count("Events", "events", help="Began at least 90 days ago")]
    open_events: Annotated[
        int, Count("Too young", "events", help="Events younger than 90 days, counted in no other column")
    ]
    new_30: Annotated[int | None, Count("New, 30 days", "people", help="First contribution ever, within 30 days")]
    new_90: Annotated[int | None, Count("New, 90 days", "people", help="First contribution ever, within 90 days")]
    returning_30: Annotated[int | None, Count("Returning, 30 days", "people", help="Had contributed before")]
    returning_90: Annotated[int | None, Count("Returning, 90 days", "people", help="Had contributed before")]
    new_per_event: Annotated[float | None, Number("New per event", decimals=2, help="Within 90 days")]
    new_low: Annotated[
        float | None, Number("New per event, from", decimals=2, help="Lower end of the exact 95% interval (Garwood)")
    ]
    new_high: Annotated[
        float | None, Number("New per event, to", decimals=2, help="Upper end of the exact 95% interval (Garwood)")
    ]
    cost: Annotated[Decimal | None, Amount("Paid", help="For these events, without amounts that have no rate")]
    cost_per_new: Annotated[Decimal | None, Amount("Paid per new", help="Per new contributor within 90 days")]
    currency: Annotated[str, Text("Currency")]
    period: Annotated[str, Text("Events of", help="The first day, and the first day after it")]


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=FollowedEvents,
    released=Released((Windows.WHOLE_YEARS,), tuple({} if by == "scale" else {"by": by} for by in _BY), goes_on=True),
)
def event_followthrough(
    connection: Connection, selection: Selection, scope: Scope, *, by: str = "scale"
) -> pd.DataFrame:
    """New and returning contributors within 30 and 90 days of events, most new contributors per event first.

    `by` is scale, format, space, mode or tasks (with or without a challenge or learning task). Events count that match
    the selection and began at least 90 days before `as_of`. A contribution belongs to the event it names, no later than
    so many days after the event's first day; tasks done beforehand count. Each person counts once a group.

    `new_low` to `new_high` is the exact Poisson interval of new contributors per event.

    Released for the events of each calendar year that is over, without what was paid.
    """
    if by not in _BY:
        raise SelectionError(f"{by!r} is not a breakdown of events. Choose from {', '.join(_BY)}.")
    if not scope.exact:
        selection = settled(selection, LATER)
    listed = (
        select(
            events.c.event_key,
            events.c.starts_on,
            func.coalesce(_value(by), literal_column("''")).label("grouped"),
            case((_is_over(events, selection), 1), else_=0).label("counts"),
        )
        .where(*selection.conditions(), events.c.starts_on <= selection.as_of)
        .subquery("listed")
    )
    sizes = select(
        listed.c.grouped, func.sum(listed.c.counts).label("events"), func.sum(1 - listed.c.counts).label("open_events")
    ).group_by(listed.c.grouped)
    found = connection.execute(sizes).all()
    exact, paid = _people(connection, listed, selection), _costs(connection, listed, selection) if scope.exact else {}
    people = {row.grouped: exact.get(row.grouped, _Followers()) for row in found}
    shown, new_least, new_most = _shown(people, by, selection, scope)
    names = _names(connection, by)
    currency = load_program(connection).currency
    rows: list[FollowedEvents] = []
    for row, followers, least, most in zip(found, shown, new_least, new_most, strict=True):
        known = row.events and followers.new_90 is not None
        low, high = poisson_interval([least, most], [row.events or 1])
        new, held = followers.new_90, int(row.events)
        cost = paid.get(row.grouped) if currency else None
        rows.append(
            FollowedEvents(
                row.grouped,
                names(row.grouped),
                held,
                int(row.open_events),
                *followers,
                new_per_event=new / held if held and new is not None else None,
                new_low=float(low[0]) if known else None,
                new_high=float(high[1]) if known else None,
                cost=cost,
                cost_per_new=(cost / new).quantize(Decimal("0.01")) if cost is not None and new else None,
                currency=currency,
                period=str(selection.period),
            )
        )
    rows.sort(key=_most_new_first)
    return table(FollowedEvents, rows)


def _most_new_first(row: FollowedEvents) -> tuple[bool, float, str]:
    return row.new_per_event is None, -(row.new_per_event or 0), row.group


def _value(by: str) -> ColumnElement[Any]:
    if by == "tasks":
        has_task = select(literal_column("1")).where(challenges.c.event_key == events.c.event_key).exists()
        return case((has_task, "with"), else_="without")
    return events.c["space_key" if by == "space" else by]


def _is_over(rows: Any, selection: Selection) -> ColumnElement[bool]:
    """Whether events began long enough ago to count."""
    began: ColumnElement[bool] = rows.c.starts_on <= selection.as_of - timedelta(days=LATER)
    return began


class _Followers(NamedTuple):
    """Distinct people who contributed because of a group's events; None: withheld."""

    new_30: int | None = 0
    new_90: int | None = 0
    returning_30: int | None = 0
    returning_90: int | None = 0


def _people(connection: Connection, listed: Any, selection: Selection) -> dict[str, _Followers]:
    """The exact followers of each group that has any."""
    first = event_contributors.c.first_on
    after = day_number(first) - day_number(listed.c.starts_on)
    is_new = and_(levels.event_key == event_contributors.c.event_key, levels.casual_on == first)
    new = case((is_new, 1), else_=0).label("is_new")
    # Each person once a group, as new or as returning, by the contribution that followed soonest.
    each = (
        select(listed.c.grouped, event_contributors.c.person_key, new, func.min(after).label("after"))
        .join_from(listed, event_contributors, event_contributors.c.event_key == listed.c.event_key)
        .join(contributor_levels, levels.person_key == event_contributors.c.person_key)
        .where(_is_over(listed, selection), first <= selection.as_of)
        .group_by(listed.c.grouped, event_contributors.c.person_key, "is_new")
        .subquery("each_one")
    )
    counts = [
        func.sum(case((and_(each.c.is_new == kind, each.c.after <= days), 1), else_=0)).label(f"{name}_{days}")
        for kind, name in ((1, "new"), (0, "returning"))
        for days in (SOON, LATER)
    ]
    rows = connection.execute(select(each.c.grouped, *counts).group_by(each.c.grouped))
    return {row.grouped: _Followers(row.new_30, row.new_90, row.returning_30, row.returning_90) for row in rows}


def _costs(connection: Connection, listed: Any, selection: Selection) -> dict[str, Decimal]:
    """What was paid for the events that count, by group."""
    paid, requests = funding_conversions.c.paid, funding_requests
    statement = (
        select(listed.c.grouped, func.sum(paid).label("cost"))
        .join_from(listed, requests, requests.c.event_key == listed.c.event_key)
        .join(funding_conversions, funding_conversions.c.request_key == requests.c.request_key)
        .where(_is_over(listed, selection), paid.is_not(None))
        .group_by(listed.c.grouped)
    )
    return {row.grouped: row.cost for row in connection.execute(statement)}


def _shown(
    of_groups: dict[str, _Followers], by: str, selection: Selection, scope: Scope
) -> tuple[list[_Followers], list[int], list[int]]:
    """The followers of each group as the scope may see them, and the least and the most that `new_90` can be."""
    followers = list(of_groups.values())
    if scope.exact or not followers:
        new = [each.new_90 or 0 for each in followers]
        return followers, new, new
    # Who came after 30 days can be found by subtraction, and is protected too.
    exact = np.array(followers, dtype=np.int64)
    counted = np.column_stack([exact, exact[:, [1, 3]] - exact[:, [0, 2]]])
    when = (str(selection.period), f"{AS_OF}{selection.as_of}")
    words = (*_Followers._fields, "new, later", "returning, later")
    names: list[Name] = [("after events", word, by, group, *when) for group in of_groups for word in words]
    sums = []
    for at in range(0, counted.size, len(words)):
        sums += [Sum(at + 1, (at, at + 4)), Sum(at + 3, (at + 2, at + 5))]
    # Whoever is new is so by one event: the groups of every breakdown add up to the same people.
    new = exact[:, :2].sum(axis=0).tolist()
    names += [("after events", word, "", "", *when) for word in words[:2]]
    sums += [Sum(counted.size + at, tuple(range(at, counted.size, len(words)))) for at in range(2)]
    found = shown_counts([*counted.ravel().tolist(), *new], scope, sums, names).iloc[: counted.size]
    shown = [None if value is pd.NA else int(value) for value in found["people"]]
    least, most = ([int(value) for value in found[name]][1 :: len(words)] for name in ("at_least", "at_most"))
    return [_Followers(*shown[at : at + 4]) for at in range(0, len(shown), len(words))], least, most


def _names(connection: Connection, by: str) -> Callable[[str], str]:
    """What each group of this kind is called, by its key."""
    known = {"with": "With a task", "without": "Without a task"} if by == "tasks" else {}
    if by == "space":
        known = {row[0]: row[1] for row in connection.execute(select(spaces.c.space_key, spaces.c.name))}
    unknown = "Not at a space" if by == "space" else "Not recorded"
    return lambda group: known.get(group, group.replace("_", " ").capitalize()) if group else unknown


class TaskPhase(NamedTuple):
    phase: Annotated[str, Code("Phase", help="Before, during or after the event; empty: not recorded")]
    kind: Annotated[str, Code("Kind", help="Empty: not recorded")]
    tasks: Annotated[int, Count("Tasks", "tasks")]
    events: Annotated[int, Count("Events", "events")]
    completed: Annotated[
        int | None, Count("Completed", "completions", help="As tasks report it; empty where none of them does")
    ]
    completed_per_task: Annotated[float | None, Number("Completed per task", decimals=1, help="Of tasks that report")]


@question(roles=STAFF, counts=EVENTS, columns=TaskPhase)
def tasks_by_phase(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Challenges and learning tasks of events by phase.

    Like the attendance of an event, `completed` is what tasks report: completions, not people.
    """
    own = event_tasks.c
    phase = func.coalesce(own.phase, literal_column("''")).label("in_phase")
    completed = case((own.starts_on <= selection.as_of, own.completed_count))
    kind = func.coalesce(own.kind, literal_column("''")).label("of_kind")
    order = case(
        (literal_column("in_phase") == "before", 0),
        (literal_column("in_phase") == "during", 1),
        (literal_column("in_phase") == "after", 2),
        else_=3,
    )
    counted = (
        select(
            phase,
            kind,
            func.count().label("tasks"),
            func.count(own.event_key.distinct()).label("events"),
            func.sum(completed).label("completed"),
            func.count(completed).label("reporting"),
        )
        .where(*event_tasks.beside(selection.conditions()))
        .group_by("in_phase", "of_kind")
        .subquery("counted")
    )
    statement = select(counted).order_by(order, counted.c.of_kind)
    rows = [
        TaskPhase(
            phase=row.in_phase,
            kind=row.of_kind,
            tasks=row.tasks,
            events=row.events,
            completed=row.completed,
            completed_per_task=int(row.completed) / row.reporting if row.reporting else None,
        )
        for row in connection.execute(statement)
    ]
    return table(TaskPhase, rows)
