"""How long people wait until they take a step: Kaplan–Meier curves of groups, and whether they differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, and_, case, func, literal, select

from data_access.database.sql import day_literal, day_number
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.contributors.cohorts import Breakdown, breakdown, cohort, levels, year_selection
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.funnel.contributor_funnel import STEPS, group_names
from data_access.questions.funnel.stepwise import LEAST_FOR_QUARTILES
from data_access.questions.registry import question
from data_access.selection import STAFF, Scope, Selection, SelectionError, split_list
from data_access.statistics.survival import Durations, kaplan_meier, log_rank

# Others than the PM see curves every four weeks, in steps of 5 %.
COARSE_DAYS, COARSE_SHARE = 28, 0.05
_COLUMNS = ["group", "name", "days", "share", "low", "high", "at_risk", "people", "median_days"]


@question(STAFF)
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
    """Share of people who took the step to `level`, by days since the one before (Kaplan–Meier): group, days, share, ….

    People who have not taken it (yet) are censored on `as_of`, or at the `horizon` in days: no conversion window
    applies. `low` and `high` are a 95 % interval (Greenwood's variance, log-log scale), missing where it has none;
    `at_risk` were still waiting; `people` is the group's size, `median_days` missing where under half took the step
    within the horizon. `by` and `groups` (keys, comma-separated; empty: all) say which groups, the largest first. Each
    curve starts at 0 days and 0.

    For everyone but the PM: whole quarters, no filters, groups of 20 people or more (by the number told), a value every
    four weeks, in steps of 5 %, and nobody at risk is counted.
    """
    found = _waits(connection, selection, scope, level, breakdown(by), horizon, groups)
    rows: list[tuple[object, ...]] = []
    for group, (name, told, durations) in found.items():
        curve = kaplan_meier(durations)
        median = curve.quantile(0.5)
        if not scope.sees_small_groups:
            median = None if median is None else float(np.ceil(median / 7) * 7)
        values = [curve.share, curve.low, curve.high, curve.at_risk.astype(float)]
        days, values = _from_nothing(curve.days, values, len(durations))
        if not scope.sees_small_groups:
            days, values = _coarse(days, values, horizon)
        rows += [(group, name, *row, told, median) for row in zip(days, *values, strict=True)]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return typed(
        table,
        group=TEXT,
        name=TEXT,
        **dict.fromkeys(("days", "at_risk", "people"), WHOLE),
        **dict.fromkeys(("share", "low", "high", "median_days"), NUMBER),
    )


@question(STAFF)
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
    """Do the groups of `time_to_level` differ in pace? Log-rank: level, groups, people, statistic, df, p_value.

    One row, or none where fewer than two groups can be compared. `p_value` is the chance of curves as far apart as
    these if all groups had the same pace. It looks at all groups at once, and says nothing about causes. For everyone
    but the PM the statistic is missing and `p_value` is rounded to two decimals.
    """
    found = _waits(connection, selection, scope, level, breakdown(by), horizon, groups)
    tested = log_rank([durations for _, _, durations in found.values()])
    columns = ["level", "groups", "people", "statistic", "degrees_of_freedom", "p_value"]
    rows = []
    if tested:
        exact = scope.sees_small_groups
        people = sum(told for _, told, _ in found.values())
        statistic = tested.statistic if exact else None
        p_value = tested.p_value if exact else round(tested.p_value, 2)
        rows = [(level, len(found), people, statistic, tested.degrees_of_freedom, p_value)]
    table = pd.DataFrame(rows, columns=columns)
    whole = dict.fromkeys(("groups", "people", "degrees_of_freedom"), WHOLE)
    return typed(table, level=TEXT, statistic=NUMBER, p_value=NUMBER, **whole)


def _waits(
    connection: Connection, selection: Selection, scope: Scope, level: str, by: Breakdown, horizon: int, groups: str
) -> dict[str, tuple[str, int, Durations]]:
    """For each group that may be shown: its name, how many people (as told), and their waits."""
    if level not in STEPS[1:] or horizon < 1:
        raise SelectionError(f"Choose a level from {', '.join(STEPS[1:])}, and a horizon of one day or more.")
    allowed = year_selection(selection, scope)
    if allowed is None:
        return {}
    before, here = (levels[f"{name}_on"] for name in (STEPS[STEPS.index(level) - 1], level))
    today = day_number(day_literal(allowed.as_of.isoformat()))
    took = case((here <= allowed.as_of, levels[f"days_to_{level}"]), else_=today - day_number(before))
    reached = case((and_(here <= allowed.as_of, levels[f"days_to_{level}"] <= horizon), 1), else_=0)
    each = (
        cohort(
            allowed,
            by,
            case((took > horizon, literal(horizon, Integer)), else_=took).label("took"),
            reached.label("reached"),
        )
        .where(before <= allowed.as_of)
        .subquery()
    )
    columns = (each.c.group_key, each.c.took, each.c.reached)
    rows = connection.execute(select(*columns, func.count()).group_by(*columns)).fetchall()
    counted = pd.DataFrame([tuple(row) for row in rows], columns=["group_key", "took", "reached", "people"])
    names = group_names(connection, counted.assign(step=1), by)
    wanted = split_list(groups) if groups else tuple(names)
    sizes = [int(counted.loc[counted["group_key"] == group, "people"].sum()) for group in names]
    sums = [Sum(len(sizes), tuple(range(len(sizes))))] if len(sizes) > 1 else []
    shown = shown_counts([*sizes, sum(sizes)], scope, sums)
    found = {}
    for number, (group, name) in enumerate(names.items()):
        least = shown["at_least"].iloc[number]
        if group not in wanted or (not scope.sees_small_groups and least < LEAST_FOR_QUARTILES):
            continue
        mine = counted[counted["group_key"] == group]
        durations = Durations.of(mine["took"].to_numpy(), mine["reached"].to_numpy() == 1, mine["people"].to_numpy())
        found[group] = (name, int(shown["people"].iloc[number]) if sizes[number] else 0, durations)
    return {group: entry for group, entry in found.items() if len(entry[2])}


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
