"""How long people wait until they take a step: Kaplan–Meier curves of groups, and whether they differ."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, and_, case, false, func, literal, select

from data_access.answers import Code, Count, Key, Number, Share, Text, table
from data_access.database.sql import day_literal, day_number
from data_access.derived.levels import LEVELS
from data_access.questions.contributors.cohorts import (
    Breakdown,
    breakdown,
    cohort,
    contributed_before_joining,
    levels,
    with_recorded,
)
from data_access.questions.funnel.contributor_funnel import STEPS, group_names
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, SelectionError, split_list
from data_access.statistics.survival import Durations, kaplan_meier, log_rank


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


@question(roles=INSIDE, counts=PEOPLE, columns=WaitedShare)
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
    curve starts at 0 days and 0. A step of the curve is one person: it is for the program manager and the board.
    """
    found = _waits(connection, selection, level, breakdown(by), horizon, groups)
    rows: list[tuple[object, ...]] = []
    for group, (name, people, early, durations) in found.items():
        curve = kaplan_meier(durations)
        median = curve.quantile(0.5)
        values = [curve.share, curve.low, curve.high, curve.at_risk.astype(float)]
        days, values = _from_nothing(curve.days, values, len(durations))
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


@question(roles=INSIDE, counts=PEOPLE, columns=PaceTest)
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
    causes.
    """
    found = _waits(connection, selection, level, breakdown(by), horizon, groups)
    tested = log_rank([durations for *_, durations in found.values()])
    rows = []
    if tested:
        people = sum(size for _, size, *_ in found.values())
        rows = [PaceTest(level, len(found), people, tested.statistic, tested.degrees_of_freedom, tested.p_value)]
    return table(PaceTest, rows)


def _waits(
    connection: Connection, selection: Selection, level: str, by: Breakdown, horizon: int, groups: str
) -> dict[str, tuple[str, int, int, Durations]]:
    """For each group: its name, how many people, how many took it early, and the waits."""
    if level not in STEPS[1:] or horizon < 1:
        raise SelectionError(f"Choose a level from {', '.join(STEPS[1:])}, and a horizon of one day or more.")
    before, here = (levels[f"{name}_on"] for name in (STEPS[STEPS.index(level) - 1], level))
    today = day_number(day_literal(selection.as_of.isoformat()))
    took = case((here <= selection.as_of, levels[f"days_to_{level}"]), else_=today - day_number(before))
    reached = case((and_(here <= selection.as_of, levels[f"days_to_{level}"] <= horizon), 1), else_=0)
    early = contributed_before_joining if level == LEVELS[0] else false()
    each = (
        cohort(
            selection,
            by,
            case((and_(here <= selection.as_of, early), 1), else_=0).label("early"),
            case((took > horizon, literal(horizon, Integer)), else_=took).label("took"),
            reached.label("reached"),
            joined=with_recorded,
        )
        .where(before <= selection.as_of)
        .subquery()
    )
    columns = (each.c.group_key, each.c.took, each.c.reached, each.c.early)
    rows = connection.execute(select(*columns, func.count()).group_by(*columns)).fetchall()
    counted = pd.DataFrame([tuple(row) for row in rows], columns=["group_key", "took", "reached", "early", "people"])
    names = group_names(connection, counted.assign(step=1), by)
    wanted = split_list(groups) if groups else tuple(names)
    found = {}
    for group, name in names.items():
        whole = counted[counted["group_key"] == group]
        mine = whole[whole["early"] == 0]
        if group not in wanted or mine.empty:
            continue
        durations = Durations.of(mine["took"].to_numpy(), mine["reached"].to_numpy() == 1, mine["people"].to_numpy())
        size, took_early = int(whole["people"].sum()), int(whole.loc[whole["early"] == 1, "people"].sum())
        found[group] = (name, size, took_early, durations)
    return found


def _from_nothing(days: np.ndarray, values: list[np.ndarray], people: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The curve from day 0, on which nobody has taken the step, unless some took it on that day."""
    if len(days) and days[0] == 0:
        return days, values
    first = [0.0, np.nan, np.nan, float(people)]
    return np.concatenate([[0.0], days]), [np.concatenate([[v], part]) for v, part in zip(first, values, strict=True)]
