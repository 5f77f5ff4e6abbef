"""Counting people along ordered steps, each within a conversion window: SQL counts, and the shares made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import FromClause

from data_access.database.sql import day_literal, day_number
from data_access.privacy.book import AS_OF
from data_access.privacy.ranges import may_be_left_out
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.selection import Period, Scope, Selection
from data_access.statistics.intervals import wilson_interval

# Quartiles are released of at least so many people, in whole weeks.
LEAST_FOR_QUARTILES, WEEK = 20, 7
SMALL_GROUPS = "\N{HORIZONTAL ELLIPSIS}"  # all that too few people belong to
# What became of the people of the step before. "Over" and "open" speak of their conversion window.
STATES = ("taken_over", "taken_open", "waiting", "not_taken")


@dataclass(frozen=True, slots=True)
class Walk:
    """People with the day of each step: `people` has group_key, on_0 … on_n (dates), took_1 … took_n (days), early_1 ….

    A step that was not taken is NULL; `early` is 1 where its days say nothing: taken before the one it follows.
    `window_days` is how long a step may take; what happens after `as_of` is unknown.
    """

    people: FromClause
    steps: tuple[str, ...]
    window_days: int
    # Of which funnel, and when the people entered.
    funnel: str
    period: Period
    as_of: date
    # Windows that end on this day or before are over: on its last day a window is open.
    over_by: date

    def took(self, step: int) -> ColumnElement[Any]:
        return self.people.c[f"took_{step}"]

    def waited(self, step: int) -> ColumnElement[Any]:
        """Days from the step before to `as_of`."""
        on: ColumnElement[Any] = self.people.c[f"on_{step - 1}"]
        return day_number(day_literal(self.as_of.isoformat())) - day_number(on)

    def taken(self, step: int) -> ColumnElement[bool]:
        """The step was taken within its window, whatever came before it."""
        return and_(self.took(step) <= self.window_days, self.people.c[f"on_{step}"] <= self.as_of)

    def reached(self, step: int) -> list[ColumnElement[bool]]:
        """Every step up to this one was taken, each within its window."""
        return [self.taken(number) for number in range(1, step + 1)]

    def window_over(self, step: int) -> ColumnElement[bool]:
        """The window of this step, which opens with the one before it, is over: no day is left to take it."""
        on: ColumnElement[Any] = self.people.c[f"on_{step - 1}"]
        return on < self.over_by - timedelta(days=self.window_days)

    def over_for_all(self, step: int) -> bool:
        """Whether nobody who entered in the period can still take the step, by the calendar alone."""
        return self.period.end - timedelta(days=1) < self.over_by - timedelta(days=step * self.window_days)

    def name_of(self, step: int, by: str, group: str) -> Name:
        """How a release names the people of a group who reached a step."""
        return (self.funnel, self.steps[step], str(self.period), by, group, f"{AS_OF}{self.as_of}")

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
    """How many people of each group are where: group_key, step (1 …), state (of STATES), early, took (days), people.

    `took` is how long the step took, or for how long it has not been taken: at most the window. It is −1, and `early`
    0, without `with_days`.
    """
    parts = []
    for step in range(1, len(walk.steps)):
        state = walk.state(step)
        known: ColumnElement[Any] = literal(-1, Integer)
        early: ColumnElement[Any] = literal(0, Integer)
        if with_days:
            window = literal(walk.window_days, Integer)
            known = case((walk.taken(step), walk.took(step)), (walk.window_over(step), window), else_=walk.waited(step))
            early = case((walk.taken(step), walk.people.c[f"early_{step}"]), else_=early)
        each = (
            select(
                walk.people.c.group_key.label("grouped"),
                state.label("state"),
                early.label("early"),
                known.label("took"),
            )
            .where(*walk.reached(step - 1))
            .subquery()
        )
        by = (each.c.grouped, each.c.state, each.c.early, each.c.took)
        parts.append(select(*by, literal(step, Integer).label("step"), func.count()).group_by(*by))
    rows = connection.execute(union_all(*parts)).fetchall()
    names = ["group_key", "state", "early", "took", "step", "people"]
    counted = pd.DataFrame([tuple(row) for row in rows], columns=names)
    return counted.astype({"group_key": "str", **dict.fromkeys(names[1:], "int64")})


class StepShare(NamedTuple):
    """Of the people whose window is over, the share that took a step, with its interval; nan = withheld or nobody."""

    counted: int | None
    share: float
    low: float
    high: float


NO_STEP, NO_DAYS = StepShare(None, np.nan, np.nan, np.nan), [np.nan] * 3


@dataclass(frozen=True)
class Steps:
    """The counts of groups along steps, as the scope may see them.

    `reached` is groups × steps. Of the people of the step before whose time is over, `taken` (groups × steps after the
    first) took a step, and `left` did not. Each is a triple of arrays: the number shown (nan = withheld), the least and
    the most it can be. `waiting` (groups × steps after the first) still have time; nan = not released.
    """

    groups: tuple[str, ...]
    reached: tuple[np.ndarray, ...]
    taken: tuple[np.ndarray, ...]
    left: tuple[np.ndarray, ...]
    waiting: np.ndarray

    def shares(self) -> list[StepShare]:
        """The shares of the steps after the first, group by group."""
        (taken, least, most), (left, left_least, left_most) = (
            tuple(part.ravel() for part in triple) for triple in (self.taken, self.left)
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


def shown_steps(counted: pd.DataFrame, walk: Walk, groups: Sequence[str], scope: Scope, by: str = "") -> Steps:
    """The counts as the scope may see them, of `groups` and in their order."""
    # Groups without a name count too: all of them add up to everybody.
    every = tuple(dict.fromkeys([*groups, *counted["group_key"]]))
    index = {group: number for number, group in enumerate(every)}
    exact = np.zeros((len(every), len(walk.steps) - 1, len(STATES)), dtype=np.int64)
    places = (counted["group_key"].map(index).to_numpy(), counted["step"].to_numpy() - 1, counted["state"].to_numpy())
    if len(counted):
        np.add.at(exact, places, counted["people"].to_numpy())
    reached = np.concatenate([exact[:, :1, :].sum(axis=2), exact[:, :, :2].sum(axis=2)], axis=1)
    if scope.exact:
        all_, taken, left = ((part.astype(float),) * 3 for part in (reached, exact[:, :, 0], exact[:, :, 3]))
        return Steps(tuple(groups), all_, taken, left, exact[:, :, 2].astype(float))
    return _released(reached, walk, every, scope, by)


def _released(reached: np.ndarray, walk: Walk, groups: Sequence[str], scope: Scope, by: str) -> Steps:
    """What a release tells: who reached each step, and so, where nobody has time left, who did not."""
    steps = len(walk.steps)
    reached, groups = _many_as_one(reached, groups, scope.min_group_size)
    keys = [(by, group) for group in groups]
    if by:
        # Everybody, as the answer without groups has them.
        reached, keys = np.concatenate([reached, reached.sum(axis=0, keepdims=True)]), [*keys, ("", "")]
    whole = np.concatenate([reached, reached[:, :-1] - reached[:, 1:]], axis=1)
    width, sums, names = whole.shape[1], [], []
    for row, key in enumerate(keys):
        first = row * width
        sums += [Sum(first + step - 1, (first + step, first + steps + step - 1)) for step in range(1, steps)]
        of_steps = [walk.name_of(step, *key) for step in range(steps)]
        names += [*of_steps, *((*name, "not") for name in of_steps[1:])]
    if by and groups:
        everybody = len(groups) * width
        sums += [Sum(everybody + at, tuple(range(at, everybody, width))) for at in range(steps)]
    shown = shown_counts(whole.ravel(), scope, sums, names)
    triple = [
        shown[name].to_numpy(dtype=float, na_value=np.nan).reshape(whole.shape)
        for name in ("people", "at_least", "at_most")
    ]
    over = np.array([walk.over_for_all(step) for step in range(1, steps)], dtype=bool)
    return Steps(
        tuple(groups),
        tuple(part[:, :steps] for part in triple),
        tuple(np.where(over, part[:, 1:steps], np.nan) for part in triple),
        tuple(np.where(over, part[:, steps:], np.nan) for part in triple),
        np.full((len(keys), steps - 1), np.nan),
    )


def _many_as_one(reached: np.ndarray, groups: Sequence[str], size: int) -> tuple[np.ndarray, list[str]]:
    """The groups that may be told, and those of too few people as one, where they are so many that this hides each."""
    small = reached[:, 0] < size
    if not may_be_left_out(reached[small], size):
        return reached, list(groups)
    told = [group for group, is_small in zip(groups, small.tolist(), strict=True) if not is_small]
    return np.concatenate([reached[~small], reached[small].sum(axis=0, keepdims=True)]), [*told, SMALL_GROUPS]


def quartiles(days: np.ndarray, people: np.ndarray, at_least: float, scope: Scope) -> list[float]:
    """The first quartile, the median and the third of the days (linear between neighbours); nan = nobody, or too few.

    Outside in whole weeks, and missing below LEAST_FOR_QUARTILES people (by the least there can be).
    """
    if not people.sum() or (not scope.exact and at_least < LEAST_FOR_QUARTILES):
        return [np.nan] * 3
    found = np.percentile(np.repeat(days, people), [25, 50, 75])
    if not scope.exact:
        found = np.round(found / WEEK) * WEEK
    return [float(value) for value in found]


def walk_columns(
    days: Sequence[ColumnElement[Any]], between: Sequence[ColumnElement[Any]], early: Sequence[ColumnElement[bool]]
) -> list[ColumnElement[Any]]:
    """The columns a Walk needs: the day of each step, the days from one to the next, and whether those say nothing."""
    flags = [case((condition, 1), else_=0) for condition in early]
    named = (("on", 0, days), ("took", 1, between), ("early", 1, flags))
    return [column.label(f"{name}_{at}") for name, first, each in named for at, column in enumerate(each, first)]


def walk(people: Select[Any], steps: Sequence[str], window_days: int, selection: Selection, funnel: str) -> Walk:
    """A Walk over the people that the statement selects."""
    # Each step looks at all of them: joined and computed once, not once a step.
    found = people.cte("walk").prefix_with("MATERIALIZED")
    return Walk(found, tuple(steps), window_days, funnel, selection.period, selection.as_of, selection.over_by)
