"""Events drive action: who contributed because of an event, what it cost, and tasks before, during and after."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, literal_column, select

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
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.program import load_program
from data_access.questions.contributors.cohorts import cohort_selection, levels
from data_access.questions.frames import EXACT, NUMBER, TEXT, WHOLE, frame, typed
from data_access.questions.registry import question
from data_access.selection import STAFF, Scope, Selection, SelectionError

SOON, LATER = 30, 90
_BY = ("scale", "format", "space", "mode", "tasks")
_PEOPLE = ("new_30", "new_90", "returning_30", "returning_90")


@question(STAFF)
def event_followthrough(
    connection: Connection, selection: Selection, scope: Scope, *, by: str = "scale"
) -> pd.DataFrame:
    """New and returning contributors within 30 and 90 days of events: group, events, new_30, new_90, returning_30, ….

    `by` is scale, format, space, mode or tasks (with or without a challenge or learning task). Events count that match
    the selection and began at least 90 days before `as_of`; `open_events` are the younger ones, in no other figure. A
    contribution belongs to the event it names, no later than so many days after the event's first day; tasks done
    beforehand count. `new`: the person's very first contribution; `returning`: they had contributed before. Each person
    counts once a group. `cost` is what was paid for these events (program's currency, without amounts that have no
    rate), `cost_per_new` is cost ÷ new_90. Most new contributors per event first.

    For everyone but the PM: whole quarters, no filters, ranges' middles (missing: fewer than the minimum group), and no
    cost paid to fewer members than that.
    """
    if by not in _BY:
        raise SelectionError(f"{by!r} is not a breakdown of events. Choose from {', '.join(_BY)}.")
    columns = ["group", "name", "events", "open_events", *_PEOPLE, "new_per_event", "cost", "cost_per_new", "currency"]
    allowed = cohort_selection(selection, scope)
    if allowed is None:
        return pd.DataFrame({name: [] for name in columns})
    listed = (
        select(
            events.c.event_key,
            day_number(events.c.starts_on).label("starts"),
            func.coalesce(_value(by), literal_column("''")).label("grouped"),
            case((events.c.starts_on <= allowed.as_of - timedelta(days=LATER), 1), else_=0).label("counts"),
        )
        .where(*allowed.conditions(), events.c.starts_on <= allowed.as_of)
        .subquery("listed")
    )
    sizes = select(
        listed.c.grouped, func.sum(listed.c.counts).label("events"), func.sum(1 - listed.c.counts).label("open_events")
    ).group_by(listed.c.grouped)
    table = frame(connection, sizes, grouped=TEXT, events=WHOLE, open_events=WHOLE).set_index("grouped")
    table = table.join(_people(connection, listed, allowed), how="left").join(_costs(connection, listed), how="left")
    exact = table[list(_PEOPLE)].fillna(0).to_numpy(dtype=np.int64)
    table[list(_PEOPLE)] = _told(exact, scope)
    currency = load_program(connection).currency
    costs, each = [], []
    for row in table.to_dict("records"):
        seen = scope.sees_small_groups or not 0 < (row["members"] or 0) < scope.min_group_size
        cost = row["cost"] if currency and seen and row["cost"] is not None and row["cost"] == row["cost"] else None
        new = row["new_90"]
        costs.append(cost)
        each.append(None if cost is None or pd.isna(new) or new <= 0 else (cost / int(new)).quantize(Decimal("0.01")))
    with np.errstate(divide="ignore", invalid="ignore"):
        held = table["events"].to_numpy(dtype=float)
        rate = np.where(held > 0, table["new_90"].to_numpy(dtype=float) / held, np.nan)
    table = table.assign(
        cost=pd.Series(costs, index=table.index, dtype=object),
        cost_per_new=pd.Series(each, index=table.index, dtype=object),
        currency=currency,
        new_per_event=rate,
    )
    table = table.reset_index().rename(columns={"grouped": "group"})
    table["name"] = _names(connection, by, list(table["group"]))
    table = table.sort_values(["new_per_event", "group"], ascending=[False, True], na_position="last", kind="stable")
    wholes = dict.fromkeys(_PEOPLE, WHOLE)
    answer = table[columns].reset_index(drop=True)
    return typed(answer, name=TEXT, currency=TEXT, new_per_event=NUMBER, cost=EXACT, **wholes)


def _value(by: str) -> ColumnElement[Any]:
    if by == "tasks":
        has_task = select(literal_column("1")).where(challenges.c.event_key == events.c.event_key).exists()
        return case((has_task, "with"), else_="without")
    return events.c["space_key" if by == "space" else by]


def _people(connection: Connection, listed: Any, selection: Selection) -> pd.DataFrame:
    """Distinct people by group: new and returning, within 30 and 90 days."""
    first = event_contributors.c.first_on
    after = day_number(first) - listed.c.starts
    is_new = and_(levels.event_key == event_contributors.c.event_key, levels.casual_on == first)
    new = case((is_new, 1), else_=0).label("is_new")
    # Each person once a group, as new or as returning, by the contribution that followed soonest.
    each = (
        select(listed.c.grouped, event_contributors.c.person_key, new, func.min(after).label("after"))
        .join_from(listed, event_contributors, event_contributors.c.event_key == listed.c.event_key)
        .join(contributor_levels, levels.person_key == event_contributors.c.person_key)
        .where(listed.c.counts == 1, first <= selection.as_of)
        .group_by(listed.c.grouped, event_contributors.c.person_key, "is_new")
        .subquery("each_one")
    )
    counts = [
        func.sum(case((and_(each.c.is_new == kind, each.c.after <= days), 1), else_=0)).label(f"{name}_{days}")
        for kind, name in ((1, "new"), (0, "returning"))
        for days in (SOON, LATER)
    ]
    return frame(connection, select(each.c.grouped, *counts).group_by(each.c.grouped), grouped=TEXT).set_index(
        "grouped"
    )


def _costs(connection: Connection, listed: Any) -> pd.DataFrame:
    """What was paid for the events that count, by group, and to how many members."""
    paid, requests = funding_conversions.c.paid, funding_requests
    statement = (
        select(
            listed.c.grouped,
            func.sum(paid).label("cost"),
            func.count(requests.c.person_key.distinct()).label("members"),
        )
        .join_from(listed, requests, requests.c.event_key == listed.c.event_key)
        .join(funding_conversions, funding_conversions.c.request_key == requests.c.request_key)
        .where(listed.c.counts == 1, paid.is_not(None))
        .group_by(listed.c.grouped)
    )
    return frame(connection, statement, grouped=TEXT, cost=EXACT).set_index("grouped")


def _told(exact: np.ndarray, scope: Scope) -> pd.DataFrame | np.ndarray:
    """The four counts of each group as the scope may see them; who came after 30 days is told of too."""
    if scope.sees_small_groups or not len(exact):
        return exact
    soon, later = exact[:, [0, 2]], exact[:, [1, 3]]
    counted = np.column_stack([exact, later - soon])
    sums = []
    for row in range(len(counted)):
        at = row * 6
        sums += [Sum(at + 1, (at, at + 4)), Sum(at + 3, (at + 2, at + 5))]
    shown = shown_counts(counted.ravel(), scope, sums)["people"].to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(shown.reshape(counted.shape)[:, :4])


def _names(connection: Connection, by: str, groups: list[str]) -> list[str]:
    known = {"with": "With a task", "without": "Without a task"} if by == "tasks" else {}
    if by == "space":
        known = {row[0]: row[1] for row in connection.execute(select(spaces.c.space_key, spaces.c.name))}
    unknown = "Not at a space" if by == "space" else "Not said"
    return [known.get(group, group.replace("_", " ").capitalize()) if group else unknown for group in groups]


@question(STAFF)
def tasks_by_phase(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Challenges and learning tasks of events by phase: phase, kind, tasks, events, completed, completed_per_task.

    Phases are before, during and after the event ("" = not said). `completed` sums what tasks report (completions, not
    people) and is missing where none does; `completed_per_task` looks at tasks that report.
    """
    phase = func.coalesce(challenges.c.phase, literal_column("''")).label("in_phase")
    kind = func.coalesce(challenges.c.kind, literal_column("''")).label("of_kind")
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
            func.count(challenges.c.event_key.distinct()).label("events"),
            func.sum(challenges.c.completed_count).label("completed"),
            func.count(challenges.c.completed_count).label("reporting"),
        )
        .join_from(challenges, events, events.c.event_key == challenges.c.event_key)
        .where(*selection.conditions())
        .group_by("in_phase", "of_kind")
        .subquery("counted")
    )
    statement = select(counted).order_by(order, counted.c.of_kind)
    table = frame(connection, statement, in_phase=TEXT, of_kind=TEXT).rename(
        columns={"in_phase": "phase", "of_kind": "kind"}
    )
    table = typed(table, tasks=WHOLE, events=WHOLE, completed=WHOLE, reporting=WHOLE)
    reporting = table.pop("reporting").to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        done = table["completed"].to_numpy(dtype=float, na_value=np.nan)
        table["completed_per_task"] = np.where(reporting > 0, done / reporting, np.nan)
    return typed(table, completed_per_task=NUMBER)
