"""How long people wait until they take a step: Kaplan–Meier curves of groups, and whether they differ."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, and_, case, false, func, literal, select

from data_access.answers import Code, Count, Key, Number, Share, Text, table
from data_access.database.sql import day_literal, day_number
from data_access.derived.levels import LEVELS
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.contributors.cohorts import (
    Breakdown,
    breakdown,
    cohort,
    contributed_before_joining,
    levels,
    with_recorded,
    year_selection,
)
from data_access.questions.funnel.contributor_funnel import STEPS, group_names
from data_access.questions.funnel.stepwise import LEAST_FOR_QUARTILES
from data_access.questions.registry import PEOPLE, question
from data_access.selection import STAFF, Scope, Selection, SelectionError, split_list
from data_access.statistics.survival import Durations, kaplan_meier, log_rank

# Others than PM and board see curves every four weeks, in steps of 5 %.
COARSE_DAYS, COARSE_SHARE = 28, 0.05


class WaitedShare(NamedTuple):
    group: Annotated[str, Key("Group key", help="Empty: everybody, or not known")]
    name: Annotated[str, Text("Group")]
    days: Annotated[int, Count("Days since the step before", "days")]
    share: Annotated[float, Share("Share", help="Of the group, who had taken the step by then")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval; empty where it has none")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval; empty where it has none")]
    at_risk: Annotated[int | None, Count("Still waiting", "people")]
    people: Annotated[int | None, Count("People", "people", help="Of the group")]
    early: Annotated[
        int | None, Count("Taken before", "people", help="Took the step before the one it follows, and are left out")
    ]
    median_days: Annotated[
        float | None, Number("Median", "days", help="Empty where under half took the step within the horizon")
    ]


@question(roles=STAFF, counts=PEOPLE, columns=WaitedShare)
def time_to_level(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    level: str = "active",
    by: str = "",
    horizon: int = 730,
    groups: str = "",
) -> pd.DataFrame:
    """Share of people who took the step to `level`, by days since the one before (Kaplan–Meier).

    Who took it before the step it follows is left out (`early`). People who have not taken it (yet) are censored on
    `as_of`, or at the `horizon` in days: no conversion window applies. The interval is of Greenwood's variance on the
    log-log scale. `by` and `groups` (keys, comma-separated; empty: all) say which groups, the largest first. Each
    curve starts at 0 days and 0.

    For everyone outside: whole quarters, no filters, groups of 20 people or more (by the least there can be), a
    value every four weeks, in steps of 5 %, and nobody at risk is counted.
    """
    found = _waits(connection, selection, scope, level, breakdown(by), horizon, groups)
    rows: list[tuple[object, ...]] = []
    for group, (name, people, early, durations) in found.items():
        curve = kaplan_meier(durations)
        median = curve.quantile(0.5)
        if not scope.inside:
            median = None if median is None else float(np.ceil(median / 7) * 7)
        values = [curve.share, curve.low, curve.high, curve.at_risk.astype(float)]
        days, values = _from_nothing(curve.days, values, len(durations))
        if not scope.inside:
            days, values = _coarse(days, values, horizon)
        rows += [(group, name, *row, people, early, median) for row in zip(days, *values, strict=True)]
    return table(WaitedShare, rows)


class PaceTest(NamedTuple):
    level: Annotated[str, Code("Level")]
    groups: Annotated[int, Count("Groups", "groups")]
    people: Annotated[int, Count("People", "people", help="Of all groups together")]
    statistic: Annotated[float | None, Number("Log-rank statistic", decimals=2)]
    degrees_of_freedom: Annotated[int, Number("Degrees of freedom")]
    p_value: Annotated[
        float, Number("P value", decimals=3, help="The chance of curves as far apart as these at the same pace")
    ]


@question(roles=STAFF, counts=PEOPLE, columns=PaceTest)
def level_log_rank(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    level: str = "active",
    by: str = "team",
    horizon: int = 730,
    groups: str = "",
) -> pd.DataFrame:
    """Whether the groups of `time_to_level` differ in pace, by the log-rank test.

    One row, or none where fewer than two groups can be compared. It looks at all groups at once, and says nothing about
    causes. For everyone outside the statistic is missing and `p_value` is rounded to two decimals.
    """
    found = _waits(connection, selection, scope, level, breakdown(by), horizon, groups)
    tested = log_rank([durations for *_, durations in found.values()])
    rows = []
    if tested:
        exact = scope.inside
        people = sum(size for _, size, *_ in found.values())
        statistic = tested.statistic if exact else None
        p_value = tested.p_value if exact else round(tested.p_value, 2)
        rows = [PaceTest(level, len(found), people, statistic, tested.degrees_of_freedom, p_value)]
    return table(PaceTest, rows)


def _waits(
    connection: Connection, selection: Selection, scope: Scope, level: str, by: Breakdown, horizon: int, groups: str
) -> dict[str, tuple[str, int, int | None, Durations]]:
    """For each group that may be shown: its name, how many people (as shown), how many took it early, and the waits."""
    if level not in STEPS[1:] or horizon < 1:
        raise SelectionError(f"Choose a level from {', '.join(STEPS[1:])}, and a horizon of one day or more.")
    allowed = year_selection(selection, scope)
    if allowed is None:
        return {}
    before, here = (levels[f"{name}_on"] for name in (STEPS[STEPS.index(level) - 1], level))
    today = day_number(day_literal(allowed.as_of.isoformat()))
    took = case((here <= allowed.as_of, levels[f"days_to_{level}"]), else_=today - day_number(before))
    reached = case((and_(here <= allowed.as_of, levels[f"days_to_{level}"] <= horizon), 1), else_=0)
    early = contributed_before_joining if level == LEVELS[0] else false()
    each = (
        cohort(
            allowed,
            by,
            case((and_(here <= allowed.as_of, early), 1), else_=0).label("early"),
            case((took > horizon, literal(horizon, Integer)), else_=took).label("took"),
            reached.label("reached"),
            joined=with_recorded,
        )
        .where(before <= allowed.as_of)
        .subquery()
    )
    columns = (each.c.group_key, each.c.took, each.c.reached, each.c.early)
    rows = connection.execute(select(*columns, func.count()).group_by(*columns)).fetchall()
    counted = pd.DataFrame([tuple(row) for row in rows], columns=["group_key", "took", "reached", "early", "people"])
    names = group_names(connection, counted.assign(step=1), by)
    wanted = split_list(groups) if groups else tuple(names)
    sizes = [int(counted.loc[counted["group_key"] == group, "people"].sum()) for group in names]
    sums = [Sum(len(sizes), tuple(range(len(sizes))))] if len(sizes) > 1 else []
    shown = shown_counts([*sizes, sum(sizes)], scope, sums)
    found = {}
    for number, (group, name) in enumerate(names.items()):
        least = shown["at_least"].iloc[number]
        if group not in wanted or (not scope.inside and least < LEAST_FOR_QUARTILES):
            continue
        mine = counted[(counted["group_key"] == group) & (counted["early"] == 0)]
        left_out = sizes[number] - int(mine["people"].sum())
        if not scope.inside and mine["people"].sum() < LEAST_FOR_QUARTILES:
            continue
        durations = Durations.of(mine["took"].to_numpy(), mine["reached"].to_numpy() == 1, mine["people"].to_numpy())
        size = int(shown["people"].iloc[number]) if sizes[number] else 0
        found[group] = (name, size, left_out if scope.inside else None, durations)
    return {group: entry for group, entry in found.items() if len(entry[-1])}


def _from_nothing(days: np.ndarray, values: list[np.ndarray], people: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The curve from day 0, on which nobody has taken the step, unless some took it on that day."""
    if len(days) and days[0] == 0:
        return days, values
    first = [0.0, np.nan, np.nan, float(people)]
    return np.concatenate([[0.0], days]), [np.concatenate([[v], part]) for v, part in zip(first, values, strict=True)]


def _coarse(days: np.ndarray, values: list[np.ndarray], horizon: int) -> tuple[np.ndarray, list[np.ndarray]]:
    last = int(min(horizon, days[-1]))
    moments = np.arange(0, last + 1, COARSE_DAYS)
    at = np.searchsorted(days, moments, side="right") - 1
    rounded = [np.round(np.round(part[at] / COARSE_SHARE) * COARSE_SHARE, 2) for part in values[:3]]
    return moments.astype(float), [*rounded, np.full(len(moments), np.nan)]
