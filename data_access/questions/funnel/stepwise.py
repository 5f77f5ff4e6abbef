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
from data_access.database.sql import day_literal, day_number
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.selection import Scope, Selection
from data_access.statistics.intervals import wilson_interval
from data_access.statistics.survival import Durations, chained_share

# Others than PM and board see quartiles of at least so many people, in whole weeks.
LEAST_FOR_QUARTILES, WEEK = 20, 7
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


# Nobody takes the first step from another one.
NO_STEP, NO_DAYS = StepShare(None, np.nan, np.nan, np.nan), [np.nan] * 3


@dataclass(frozen=True)
class Steps:
    """The counts of groups along steps, as the scope may see them.

    `cells` is groups × steps after the first × STATES; `reached` is groups × steps. Each is a triple of arrays: the
    number shown (nan = withheld), the least and the most it can be. Inside all three agree.
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
    if scope.inside or not groups:
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

    Outside in whole weeks, and missing below LEAST_FOR_QUARTILES people (by the least there can be).
    """
    if not people.sum() or (not scope.inside and at_least < LEAST_FOR_QUARTILES):
        return [np.nan] * 3
    found = np.percentile(np.repeat(days, people), [25, 50, 75])
    if not scope.inside:
        found = np.round(found / WEEK) * WEEK
    return [float(value) for value in found]


def _estimate(waits: Sequence[Durations], window_days: int, so_far: float) -> list[float]:
    """The share of the start that will have come so far once every window is over, with its interval; nan: not known.

    Nothing below what has happened already. It is made of exact counts, and once all windows are over it is their
    ratio: nobody outside may see it, however coarse.
    """
    found = chained_share(waits, window_days)
    if found is None or so_far != so_far:
        return NO_DAYS
    return [max(part, so_far) for part in found]


class FunnelStep(NamedTuple):
    step: Annotated[str, Code("Step")]
    people: Annotated[int | None, Count("People", "people", help="Who reached the step, each within its window")]
    share_of_start: Annotated[
        float | None, Share("Of start, so far", help="People who reached the step so far ÷ people at the start")
    ]
    estimate: Annotated[
        float | None,
        Share("Of start, in the end", help="Kaplan–Meier estimate for when every window is over (PM and board only)"),
    ]
    estimate_low: Annotated[float | None, Share("In the end, from", help="Lower end of its 95% interval")]
    estimate_high: Annotated[float | None, Share("In the end, to", help="Upper end of its 95% interval")]
    share_of_previous: Annotated[
        float | None, Share("Of previous, time over", help="Of the people counted: their conversion window is over")
    ]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval of the share of the previous step")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval of the share of the previous step")]
    median_days: Annotated[float | None, Number("Median", "days", help="From the step before, of the people counted")]
    lower_quartile: Annotated[float | None, Number("A quarter within", "days")]
    upper_quartile: Annotated[float | None, Number("Three quarters within", "days")]
    early: Annotated[
        int | None,
        Count("Taken before", "people", help="Took the step before the one it follows, so they have no days"),
    ]
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
        waits: list[Durations] = []
        start = shown.reached[0][number, 0]
        for step, label in enumerate(walk.steps):
            people, at_least, at_most = (part[number, step] for part in shown.reached)
            of_start = people / start if start > 0 else np.nan
            share, days, estimate, waiting, early = NO_STEP, NO_DAYS, NO_DAYS, None, None
            if step:
                share = shares[number * (steps - 1) + step - 1]
                waiting = shown.cells[0][number, step - 1, 2]
                mine = counted[(counted["group_key"] == group) & (counted["step"] == step)]
                waits.append(Durations.of(mine["took"], mine["state"] < 2, mine["people"]))
                estimate = _estimate(waits, walk.window_days, of_start) if scope.inside else NO_DAYS
                early = int(mine.loc[mine["early"] == 1, "people"].sum()) if scope.inside else None
                over = mine[(mine["state"] == 0) & (mine["early"] == 0)]
                least = min(shown.cells[1][number, step - 1, 0], over["people"].sum())
                days = quartiles(over["took"].to_numpy(), over["people"].to_numpy(), least, scope)
            rows.append(
                FunnelStep(
                    step=label,
                    people=people,
                    share_of_start=of_start,
                    estimate=estimate[0],
                    estimate_low=estimate[1],
                    estimate_high=estimate[2],
                    share_of_previous=share.share,
                    low=share.low,
                    high=share.high,
                    median_days=days[1],
                    lower_quartile=days[0],
                    upper_quartile=days[2],
                    early=early,
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


def walk_columns(
    days: Sequence[ColumnElement[Any]], between: Sequence[ColumnElement[Any]], early: Sequence[ColumnElement[bool]]
) -> list[ColumnElement[Any]]:
    """The columns a Walk needs: the day of each step, the days from one to the next, and whether those say nothing."""
    on = [day.label(f"on_{number}") for number, day in enumerate(days)]
    took = [wait.label(f"took_{number}") for number, wait in enumerate(between, start=1)]
    return [
        *on,
        *took,
        *(case((condition, 1), else_=0).label(f"early_{number}") for number, condition in enumerate(early, start=1)),
    ]


def walk(people: Select[Any], steps: Sequence[str], window_days: int, selection: Selection) -> Walk:
    """A Walk over the people that the statement selects."""
    # Each step looks at all of them: joined and computed once, not once a step.
    found = people.cte("walk").prefix_with("MATERIALIZED")
    return Walk(found, tuple(steps), window_days, selection.as_of, selection.over_by)
