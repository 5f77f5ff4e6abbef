"""The table of a funnel: a row for each group and step, made of counts that the scope may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from data_access.answers import Code, Count, Day, Key, Number, Share, Text, table
from data_access.questions.funnel.stepwise import NO_DAYS, NO_STEP, Steps, Walk, quartiles, shown_steps
from data_access.selection import Scope
from data_access.statistics.survival import Durations, chained_share


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
    cohort: Annotated[str, Text("Cohort", help="When they entered: the first day, and the first day after it")]
    as_of: Annotated[date, Day("As of")]
    group: Annotated[str, Key("Group key", help="Empty: not known", only_with="by")]
    name: Annotated[str, Text("Group", only_with="by")]


def funnel_table(counted: pd.DataFrame, walk: Walk, names: dict[str, str], scope: Scope, by: str) -> pd.DataFrame:
    """One row for each group and step, in the order of `names` (group_key → name); with `by` it names them.

    Released are groups that enough people entered by, the largest first as far as it is told: a row, and its place,
    say something about how many there are.
    """
    steps = len(walk.steps)
    shown = shown_steps(counted, walk, tuple(names), scope, by)
    shares = shown.shares()
    rows: list[FunnelStep] = []
    for number in range(len(names)) if scope.exact else _order(shown, names, by):
        group, waits = shown.groups[number], list[Durations]()
        start = shown.reached[0][number, 0]
        for step, label in enumerate(walk.steps):
            people, at_least, at_most = (part[number, step] for part in shown.reached)
            of_start = people / start if start > 0 else np.nan
            share, days, estimate, waiting, early = NO_STEP, NO_DAYS, NO_DAYS, None, None
            if step:
                share = shares[number * (steps - 1) + step - 1]
                waiting = shown.waiting[number, step - 1]
                mine = counted[(counted["group_key"] == group) & (counted["step"] == step)]
                waits.append(Durations.of(mine["took"], mine["state"] < 2, mine["people"]))
                estimate = _estimate(waits, walk.window_days, of_start) if scope.exact else NO_DAYS
                early = int(mine.loc[mine["early"] == 1, "people"].sum()) if scope.exact else None
                over = mine[(mine["state"] == 0) & (mine["early"] == 0)]
                least = np.nan_to_num(min(shown.taken[1][number, step - 1], over["people"].sum()))
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
                    cohort=str(walk.period),
                    as_of=walk.as_of,
                    group=group,
                    name=names[group],
                )
            )
    found = table(FunnelStep, rows)
    return found if by else found.drop(columns=["group", "name"])


def _order(shown: Steps, names: dict[str, str], by: str) -> list[int]:
    """The places of the groups that are told, by what is told of them."""
    least = shown.reached[1][:, 0].tolist()
    told = [number for number, group in enumerate(shown.groups) if group in names and (least[number] or not by)]
    return sorted(told, key=lambda number: (-least[number], names[shown.groups[number]]))
