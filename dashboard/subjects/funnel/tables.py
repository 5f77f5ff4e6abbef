"""The funnel's tables: steps as people read them, the weakest steps, and two settings next to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.parts.labels import group_name
from dashboard.subjects.funnel.words import LEVELS, of_group, shown_people
from dashboard.words.steps import STEP_NAMES
from data_access.answers import Change, Count, Number, Share, Text, columns_of, rows, table
from data_access.questions.funnel.step_table import FunnelStep

# A weak step is one of at least so many people.
LEAST_PEOPLE = 20
# The funnel's own columns; who reached a step stands in words, because it may be a range.
STEP_COLUMNS = tuple(
    Text("People", help=column.help, name="people") if column.name == "people" else column
    for column in columns_of(FunnelStep)
)


def step_table(funnel: pd.DataFrame) -> pd.DataFrame:
    """The funnel as people read it, in STEP_COLUMNS: names for steps and groups, people in words."""
    shown = funnel.copy(deep=False)
    shown["step"] = [STEP_NAMES[step] for step in funnel["step"]]
    shown["people"] = [shown_people(step) for step in rows(FunnelStep, funnel)]
    if "name" in funnel:
        shown["name"] = [group_name(name) for name in funnel["name"]]
    return shown


class WeakStep(NamedTuple):
    kind: Annotated[str, Text("By")]
    name: Annotated[str, Text("Group")]
    step: Annotated[str, Text("Step")]
    share_of_previous: Annotated[float | None, Share("Of previous, time over", help="Of the people counted")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval of the share of the previous step")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval of the share of the previous step")]
    counted: Annotated[int | None, Count("Counted", "people", help="People whose conversion window is over")]
    median_days: Annotated[float | None, Number("Median", "days", help="From the step before")]
    upper_quartile: Annotated[float | None, Number("Three quarters within", "days")]


def weak_steps(funnels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The steps of groups of enough people, the weakest first, from the funnel of each kind of group."""
    found = [
        WeakStep(
            kind,
            group_name(step.name),
            LEVELS[step.step],
            step.share_of_previous,
            step.low,
            step.high,
            step.counted,
            step.median_days,
            step.upper_quartile,
        )
        for kind, funnel in funnels.items()
        for step in rows(FunnelStep, funnel)
        # Team, stage and area are those of the first contribution: that step says nothing of them.
        if step.step in ("active", "core") and step.group and (step.counted or 0) >= LEAST_PEOPLE
    ]
    known = [step for step in found if step.share_of_previous is not None]
    known.sort(key=lambda step: step.share_of_previous or 0)
    return table(WeakStep, known)


class TriedStep(NamedTuple):
    step: Annotated[str, Text("Step")]
    people: Annotated[int | None, Count("People", "people")]
    share: Annotated[float | None, Share("Of start, so far")]
    tried_people: Annotated[int | None, Count("People, tried", "people")]
    tried_share: Annotated[float | None, Share("Of start so far, tried")]
    difference: Annotated[float | None, Change("Difference, points", "points", decimals=1)]


def tried_table(own: Sequence[FunnelStep], tried: Sequence[FunnelStep]) -> pd.DataFrame:
    """Two settings next to each other, and the difference of the shares in points."""
    other = of_group(tried)
    return table(TriedStep, [_tried(step, other[name]) for name, step in of_group(own).items()])


def _tried(own: FunnelStep, tried: FunnelStep) -> TriedStep:
    share, tried_share = own.share_of_start, tried.share_of_start
    difference = None if share is None or tried_share is None else (tried_share - share) * 100
    return TriedStep(STEP_NAMES[own.step], own.people, share, tried.people, tried_share, difference)
