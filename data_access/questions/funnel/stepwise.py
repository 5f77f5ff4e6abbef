"""Counting people along ordered steps, each within a conversion window: SQL counts, and the shares made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import FromClause

from data_access.answers import Code, Count, Key, Number, Share, Text, table
from data_access.privacy.small_groups import Sum, shown_counts
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
    counted = pd.DataFrame([tuple(row) for row in rows], columns=["group_key", "step", "state", "took", "people"])
    return counted.astype({"group_key": "str", **dict.fromkeys(("step", "state", "took", "people"), "int64")})


class StepShare(NamedTuple):
    """Of the people whose window is over, the share that took a step, with its interval; nan = withheld or nobody."""

    counted: int | None
    share: float
    low: float
    high: float


# Nobody takes the first step from another one.
NO_STEP, NO_DAYS = StepShare(None, np.nan, np.nan, np.nan), [np.nan] * 3


@dataclass(frozen=True)
class Steps:
    """The counts of groups along steps, as the scope may see them.

    `cells` is groups × steps after the first × STATES; `reached` is groups × steps. Each is a triple of arrays: the
    number shown (nan = withheld), the least and the most it can be. For the PM all three agree.
    """

    groups: tuple[str, ...]
    reached: tuple[np.ndarray, ...]
    cells: tuple[np.ndarray, ...]

    def shares(self) -> list[StepShare]:
        """The shares of the steps after the first, group by group."""
        (taken, least, most), (left, left_least, left_most) = (
            tuple(part[:, :, state].ravel() for part in self.cells) for state in (0, 3)
        )
        counted = taken + left
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(counted > 0, taken / counted, np.nan)
        low = wilson_interval(least, least + left_most)[0]
        high = wilson_interval(most, most + left_least)[1]
        hidden = np.isnan(share)
        ends = (np.where(hidden, np.nan, end) for end in (low, high))
        return [
            StepShare(None if people != people else int(people), *values)
            for people, *values in zip(*(part.tolist() for part in (counted, share, *ends)), strict=True)
        ]


def protected(
    counted: pd.DataFrame, groups: Sequence[str], steps: int, scope: Scope, *, separately: bool = False
) -> Steps:
    """The counts as the scope may see them: steps add up, and so do groups, unless they are released `separately`."""
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
    elif separately or len(groups) < 2:
        # Each by itself, as the answer about it alone has it; other answers too say how many there are at the start.
        shown = [shown_counts(row, scope, _sums(1, steps), known=(0,)) for row in whole]
    else:
        # The answer without a breakdown releases the total of the groups.
        with_total = np.concatenate([whole, whole.sum(axis=0, keepdims=True)])
        known = range(whole.size, with_total.size)
        shown = [shown_counts(with_total.ravel(), scope, _sums(len(with_total), steps), known).iloc[: whole.size]]
    released = pd.concat(shown)
    triple = [
        released[name].to_numpy(dtype=float, na_value=np.nan).reshape(whole.shape)
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

    For others than the PM in whole weeks, and missing below LEAST_FOR_QUARTILES people (by the least there can be).
    """
    if not people.sum() or (not scope.sees_small_groups and at_least < LEAST_FOR_QUARTILES):
        return [np.nan] * 3
    found = np.percentile(np.repeat(days, people), [25, 50, 75])
    if not scope.sees_small_groups:
        found = np.round(found / WEEK) * WEEK
    return [float(value) for value in found]


class FunnelStep(NamedTuple):
    step: Annotated[str, Code("Step")]
    people: Annotated[int | None, Count("People", "people", help="Who reached the step, each within its window")]
    share_of_start: Annotated[float | None, Share("Of start", help="The product of the shares up to the step")]
    share_of_previous: Annotated[float | None, Share("Of previous", help="Of the people counted")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval of the share of the previous step")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval of the share of the previous step")]
    median_days: Annotated[float | None, Number("Median", "days", help="From the step before")]
    lower_quartile: Annotated[float | None, Number("A quarter within", "days")]
    upper_quartile: Annotated[float | None, Number("Three quarters within", "days")]
    open: Annotated[int | None, Count("Still have time", "people", help="Who have not taken the step and still can")]
    counted: Annotated[int | None, Count("Counted", "people", help="People whose conversion window is over")]
    window_days: Annotated[int | None, Count("Window, days", "days", help="How long the step may take")]
    at_least: Annotated[int | None, Count("People, at least", "people")]
    at_most: Annotated[int | None, Count("People, at most", "people")]
    group: Annotated[str, Key("Group key", help="Empty: not known", only_with="by")]
    name: Annotated[str, Text("Group", only_with="by")]


def funnel_table(counted: pd.DataFrame, walk: Walk, names: dict[str, str], scope: Scope, by: str) -> pd.DataFrame:
    """One row for each group and step, in the order of `names` (group_key → name); with `by` it names them."""
    steps = len(walk.steps)
    shown = protected(counted, tuple(names), steps, scope)
    shares = shown.shares()
    rows: list[FunnelStep] = []
    for number, (group, name) in enumerate(names.items()):
        of_start = 1.0
        for step, label in enumerate(walk.steps):
            people, at_least, at_most = (part[number, step] for part in shown.reached)
            share, days, waiting = NO_STEP, NO_DAYS, None
            if step:
                share = shares[number * (steps - 1) + step - 1]
                of_start *= share.share
                waiting = shown.cells[0][number, step - 1, 2]
                mine = counted[(counted["group_key"] == group) & (counted["step"] == step) & (counted["state"] == 0)]
                least = shown.cells[1][number, step - 1, 0]
                days = quartiles(mine["took"].to_numpy(), mine["people"].to_numpy(), least, scope)
            rows.append(
                FunnelStep(
                    step=label,
                    people=people,
                    share_of_start=of_start if people > 0 or step else None,
                    share_of_previous=share.share,
                    low=share.low,
                    high=share.high,
                    median_days=days[1],
                    lower_quartile=days[0],
                    upper_quartile=days[2],
                    open=waiting,
                    counted=share.counted,
                    window_days=walk.window_days if step else None,
                    at_least=at_least,
                    at_most=at_most,
                    group=group,
                    name=name,
                )
            )
    found = table(FunnelStep, rows)
    return found if by else found.drop(columns=["group", "name"])


def walk_columns(days: Sequence[ColumnElement[Any]], between: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The columns a Walk needs: the day of each step, and the days from one to the next."""
    on = [day.label(f"on_{number}") for number, day in enumerate(days)]
    return [*on, *(wait.label(f"took_{number}") for number, wait in enumerate(between, start=1))]


def walk(people: Select[Any], steps: Sequence[str], window_days: int, as_of: date) -> Walk:
    """A Walk over the people that the statement selects."""
    # Each step looks at all of them: joined and computed once, not once a step.
    return Walk(people.cte("walk").prefix_with("MATERIALIZED"), tuple(steps), window_days, as_of)
