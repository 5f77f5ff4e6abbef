"""Counting people along ordered steps, each within a conversion window: SQL counts, and the shares made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import FromClause

from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.selection import Scope
from data_access.statistics.intervals import wilson_interval

# Others than the PM see quartiles of at least so many people, in whole weeks.
LEAST_FOR_QUARTILES, WEEK = 20, 7
# What became of the people of the step before. "Over" and "open" speak of their conversion window.
STATES = ("taken_over", "taken_open", "waiting", "not_taken")


@dataclass(frozen=True, slots=True)
class Walk:
    """People with the day of each step: `people` has group_key, on_0 … on_n (dates) and took_1 … took_n (days).

    A step that was not taken is NULL. `window_days` is how long a step may take; what happens after `as_of` is unknown.
    """

    people: FromClause
    steps: tuple[str, ...]
    window_days: int
    as_of: date

    def took(self, step: int) -> ColumnElement[Any]:
        return self.people.c[f"took_{step}"]

    def taken(self, step: int) -> ColumnElement[bool]:
        """The step was taken within its window, whatever came before it."""
        return and_(self.took(step) <= self.window_days, self.people.c[f"on_{step}"] <= self.as_of)

    def reached(self, step: int) -> list[ColumnElement[bool]]:
        """Every step up to this one was taken, each within its window."""
        return [self.taken(number) for number in range(1, step + 1)]

    def window_over(self, step: int) -> ColumnElement[bool]:
        """The window of this step, which opens with the one before it, has ended by `as_of`."""
        on: ColumnElement[Any] = self.people.c[f"on_{step - 1}"]
        return on <= self.as_of - timedelta(days=self.window_days)

    def state(self, step: int) -> ColumnElement[int]:
        """The place in STATES of a person who reached the step before."""
        over = self.window_over(step)
        return case(
            (and_(over, self.taken(step)), literal(0, Integer)),
            (self.taken(step), literal(1, Integer)),
            (over, literal(3, Integer)),
            else_=literal(2, Integer),
        )


def count_steps(connection: Connection, walk: Walk, *, with_days: bool = True) -> pd.DataFrame:
    """How many people of each group are where: group_key, step (1 …), state (of STATES), took (days), people.

    `took` is given where the step was taken within a window that is over (so that fast takers do not count for more);
    it is −1 elsewhere, and everywhere without `with_days`.
    """
    parts = []
    for step in range(1, len(walk.steps)):
        state = walk.state(step)
        known: ColumnElement[Any] = literal(-1, Integer)
        if with_days:
            known = case((and_(walk.window_over(step), walk.taken(step)), walk.took(step)), else_=known)
        each = (
            select(walk.people.c.group_key.label("grouped"), state.label("state"), known.label("took"))
            .where(*walk.reached(step - 1))
            .subquery()
        )
        parts.append(
            select(each.c.grouped, literal(step, Integer).label("step"), each.c.state, each.c.took, func.count())
            .group_by(each.c.grouped, each.c.state, each.c.took)
        )  # fmt: skip
    rows = connection.execute(union_all(*parts)).fetchall()
    table = pd.DataFrame([tuple(row) for row in rows], columns=["group_key", "step", "state", "took", "people"])
    return typed(table, group_key=TEXT, step="int64", state="int64", took="int64", people="int64")


@dataclass(frozen=True)
class Steps:
    """The counts of groups along steps, as the scope may see them.

    `cells` is groups × steps after the first × STATES; `reached` is groups × steps. Each is a triple of arrays: the
    number told (nan = withheld), the least and the most it can be. For the PM all three agree.
    """

    groups: tuple[str, ...]
    reached: tuple[np.ndarray, ...]
    cells: tuple[np.ndarray, ...]

    def share(self) -> pd.DataFrame:
        """Of those whose window is over, the share that took the step: counted, share, low, high; a row a cell."""
        (taken, least, most), (left, left_least, left_most) = (
            tuple(part[:, :, state].ravel() for part in self.cells) for state in (0, 3)
        )
        counted = taken + left
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(counted > 0, taken / counted, np.nan)
        low = wilson_interval(least, least + left_most)[0]
        high = wilson_interval(most, most + left_least)[1]
        hidden = np.isnan(share)
        return pd.DataFrame(
            {
                "counted": counted,
                "share": share,
                "low": np.where(hidden, np.nan, low),
                "high": np.where(hidden, np.nan, high),
            }
        )


def protected(counted: pd.DataFrame, groups: Sequence[str], steps: int, scope: Scope, *, apart: bool = False) -> Steps:
    """The counts as the scope may see them: steps add up, and so do groups, unless they are cohorts told `apart`."""
    index = {group: number for number, group in enumerate(groups)}
    exact = np.zeros((len(groups), steps - 1, len(STATES)), dtype=np.int64)
    places = (counted["group_key"].map(index).to_numpy(), counted["step"].to_numpy() - 1, counted["state"].to_numpy())
    if len(counted):
        np.add.at(exact, places, counted["people"].to_numpy())
    start = exact[:, :1, :].sum(axis=2)
    reached = np.concatenate([start, exact[:, :, :2].sum(axis=2)], axis=1)
    whole = np.concatenate([reached, exact.reshape(len(groups), (steps - 1) * len(STATES))], axis=1)
    if scope.sees_small_groups or not groups:
        shown = [shown_counts(whole.ravel(), scope)]
    elif apart or len(groups) < 2:
        # Each by itself, as the answer about it alone has it; how many there are at the start is told elsewhere too.
        shown = [shown_counts(row, scope, _sums(1, steps), known=(0,)) for row in whole]
    else:
        # The total of the groups is told by the answer without a breakdown.
        table = np.concatenate([whole, whole.sum(axis=0, keepdims=True)])
        known = range(whole.size, table.size)
        shown = [shown_counts(table.ravel(), scope, _sums(len(table), steps), known).iloc[: whole.size]]
    told = pd.concat(shown)
    triple = [
        told[name].to_numpy(dtype=float, na_value=np.nan).reshape(whole.shape)
        for name in ("people", "at_least", "at_most")
    ]
    cells = tuple(part[:, steps:].reshape(exact.shape) for part in triple)
    return Steps(tuple(groups), tuple(part[:, :steps] for part in triple), cells)


def _sums(groups: int, steps: int) -> list[Sum]:
    """How each group's steps add up, and, when there are several, how the last is the total of the others."""
    width = steps + (steps - 1) * len(STATES)
    sums = []
    for group in range(groups if groups == 1 else groups - 1):
        first = group * width
        for step in range(1, steps):
            cell = first + steps + (step - 1) * len(STATES)
            sums.append(Sum(first + step - 1, tuple(range(cell, cell + len(STATES)))))
            sums.append(Sum(first + step, (cell, cell + 1)))
    if groups > 1:
        parts = range(groups - 1)
        sums += [
            Sum((groups - 1) * width + column, tuple(group * width + column for group in parts))
            for column in range(width)
        ]
    return sums


def quartiles(days: np.ndarray, people: np.ndarray, at_least: float, scope: Scope) -> list[float]:
    """The first quartile, the median and the third of the days (linear between neighbours); nan = nobody, or too few.

    For others than the PM in whole weeks, and missing below LEAST_FOR_QUARTILES people (by the number told).
    """
    if not people.sum() or (not scope.sees_small_groups and at_least < LEAST_FOR_QUARTILES):
        return [np.nan] * 3
    found = np.percentile(np.repeat(days, people), [25, 50, 75])
    if not scope.sees_small_groups:
        found = np.round(found / WEEK) * WEEK
    return [float(value) for value in found]


FUNNEL_COLUMNS = [
    "step",
    "people",
    "share_of_start",
    "share_of_previous",
    "low",
    "high",
    "median_days",
    "lower_quartile",
    "upper_quartile",
    "open",
    "counted",
    "window_days",
    "at_least",
    "at_most",
    "group",
    "name",
]


def funnel_table(counted: pd.DataFrame, walk: Walk, names: dict[str, str], scope: Scope) -> pd.DataFrame:
    """One row for each group and step, in the order of `names` (group_key → name): FUNNEL_COLUMNS."""
    steps = len(walk.steps)
    told = protected(counted, tuple(names), steps, scope)
    shares = told.share()
    rows = []
    for number, (group, name) in enumerate(names.items()):
        of_start = 1.0
        for step, label in enumerate(walk.steps):
            people, least, most = (part[number, step] for part in told.reached)
            row: dict[str, Any] = {"step": label, "people": people, "at_least": least, "at_most": most}
            row |= {"group": group, "name": name, "window_days": walk.window_days if step else None}
            if step:
                share = shares.iloc[number * (steps - 1) + step - 1]
                of_start *= share["share"]
                row |= {"share_of_previous": share["share"], "low": share["low"], "high": share["high"]}
                row |= {"counted": share["counted"], "open": told.cells[0][number, step - 1, 2]}
                mine = counted[(counted["group_key"] == group) & (counted["step"] == step) & (counted["state"] == 0)]
                found = quartiles(
                    mine["took"].to_numpy(), mine["people"].to_numpy(), told.cells[1][number, step - 1, 0], scope
                )
                row |= dict(zip(("lower_quartile", "median_days", "upper_quartile"), found, strict=True))
            row["share_of_start"] = of_start if people > 0 or step else np.nan
            rows.append(row)
    table = pd.DataFrame(rows, columns=FUNNEL_COLUMNS)
    wholes = dict.fromkeys(("people", "at_least", "at_most", "open", "counted", "window_days"), WHOLE)
    shares_ = ("share_of_start", "share_of_previous", "low", "high", "median_days", "lower_quartile", "upper_quartile")
    return typed(table, step=TEXT, group=TEXT, name=TEXT, **wholes, **dict.fromkeys(shares_, NUMBER))


def walk_columns(days: Sequence[ColumnElement[Any]], between: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The columns a Walk needs: the day of each step, and the days from one to the next."""
    on = [day.label(f"on_{number}") for number, day in enumerate(days)]
    return [*on, *(wait.label(f"took_{number}") for number, wait in enumerate(between, start=1))]


def walk(people: Select[Any], steps: Sequence[str], window_days: int, as_of: date) -> Walk:
    """A Walk over the people that the statement selects."""
    # Each step looks at all of them: joined and computed once, not once a step.
    return Walk(people.cte("walk").prefix_with("MATERIALIZED"), tuple(steps), window_days, as_of)
