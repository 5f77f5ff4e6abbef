"""Stages over time: the history of a team, how long stays last, and the way from stage to stage with its times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, literal, select

from data_access.answers import Count, Day, Key, Number, Text, table
from data_access.contract.lifecycle import LIFECYCLE, ORDER, TeamStage, stage_title
from data_access.database.schema import team_stages
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection
from data_access.statistics.survival import Durations, kaplan_meier
from data_access.wording import say

# Quartiles of fewer stays say nothing about what is usual.
FEWEST_STAYS = 4
STALLED_AFTER = Number(
    "Stalled after",
    "days",
    help="Median + interquartile range of the program’s completed stays; empty with fewer than four of them",
)


@dataclass(frozen=True, slots=True)
class Stay:
    """A team's time in one stage. `next_stage` is None while it lasts; `days` then run to the day requested."""

    team: str
    stage: str
    entered_on: date
    left_on: date | None
    next_stage: str | None
    days: int
    note: str = ""

    @property
    def is_completed(self) -> bool:
        """Left for a later stage; a team that went back did not complete it."""
        return self.next_stage is not None and ORDER[self.next_stage] > ORDER[self.stage]


def stays(connection: Connection, as_of: date, *, with_notes: bool = False) -> dict[str, list[Stay]]:
    """The stays of every team up to a day, oldest first; a stage that is entered twice running is one stay.

    Notes are free text, and only in the program's own tables.
    """
    note = team_stages.c.note if with_notes else literal("")
    rows = connection.execute(
        select(team_stages.c.team_key, team_stages.c.stage, team_stages.c.entered_on, note)
        .where(team_stages.c.entered_on <= as_of)
        .order_by(team_stages.c.team_key, team_stages.c.entered_on)
    )
    entered: dict[str, list[tuple[str, date, str]]] = defaultdict(list)
    for team, stage, day, note in rows:
        if not entered[team] or entered[team][-1][0] != stage:
            entered[team].append((stage, day, note or ""))
    return {team: _as_stays(team, steps, as_of) for team, steps in entered.items()}


def _as_stays(team: str, steps: Sequence[tuple[str, date, str]], as_of: date) -> list[Stay]:
    made = [
        Stay(team, stage, day, left, following, (left - day).days, note)
        for (stage, day, note), (following, left, _) in pairwise(steps)
    ]
    stage, day, note = steps[-1]
    return [*made, Stay(team, stage, day, None, None, (as_of - day).days, note)]


def stalled_after(found: Iterable[Stay], stage: str) -> float | None:
    """Median + interquartile range of the completed stays in a stage (days); None where there are too few to say."""
    days = [stay.days for stay in found if stay.stage == stage and stay.is_completed]
    if len(days) < FEWEST_STAYS:
        return None
    low, middle, high = np.percentile(days, [25, 50, 75])
    return float(middle + high - low)


class TeamStay(NamedTuple):
    team: Annotated[str, Key("Team key")]
    stage: Annotated[str, Key("Stage code")]
    title: Annotated[str, Text("Stage")]
    entered_on: Annotated[date, Day("Entered on")]
    left_on: Annotated[date | None, Day("Left on", help="Empty for the present stage")]
    days: Annotated[int, Count("Days in the stage", "days")]
    remark: Annotated[str, Text("Remark", help="What is odd about the order of stages")]
    note: Annotated[str | None, Text("Note", help="For program manager, board and the team’s own partner")]


def _by_team_oldest_first(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["team", "entered_on"], ignore_index=True, kind="stable")


@question(roles=STAFF, counts=NOTHING, columns=TeamStay, own_teams=OwnTeams(_by_team_oldest_first))
def team_stage_history(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Stays of a team (or of all) in the stages, oldest first; the days of the present one run to `as_of`."""
    rows = []
    for key, found in sorted(stays(connection, selection.as_of, with_notes=scope.exact).items()):
        if team not in ("", key):
            continue
        for before, stay in zip([None, *found], found, strict=False):
            remark = "" if before is None else _remark(before.stage, stay.stage)
            title = stage_title(stay.stage)
            note = stay.note if scope.reads_notes_of(key) else ""
            rows.append(TeamStay(key, stay.stage, title, stay.entered_on, stay.left_on, stay.days, remark, note))
    return table(TeamStay, rows)


def goes_back(before: str, now: str) -> bool:
    """Whether the move from one stage (a code) to another leads to an earlier one."""
    return ORDER[now] < ORDER[before]


def skipped(before: str, now: str) -> tuple[TeamStage, ...]:
    """The stages between two that follow one another in a team's history."""
    return LIFECYCLE[ORDER[before] + 1 : ORDER[now]]


def _remark(before: str, now: str) -> str:
    if goes_back(before, now):
        return say("goes back from “{stage}”", stage=stage_title(before))
    left_out = "”, “".join(stage.title for stage in skipped(before, now))
    return say("skips “{stages}”", stages=left_out) if left_out else ""


class StageTransition(NamedTuple):
    stage: Annotated[str, Key("Stage code")]
    title: Annotated[str, Text("Stage")]
    next_stage: Annotated[str, Key("Next stage, code")]
    next_title: Annotated[str, Text("Next stage")]
    teams: Annotated[int, Count("Teams", "teams", help="That ever were in it")]
    moved: Annotated[int, Count("Stays completed", "stays", help="Moved on to a later stage")]
    open: Annotated[int, Count("Stays not completed", "stays", help="Still in it, or gone back to an earlier stage")]
    q1_days: Annotated[float | None, Number("A quarter had moved on after", "days", help="Kaplan–Meier")]
    median_days: Annotated[float | None, Number("Half had moved on after", "days", help="Kaplan–Meier")]
    q3_days: Annotated[float | None, Number("Three quarters had moved on after", "days", help="Kaplan–Meier")]
    median_low: Annotated[float | None, Number("Half, at least", "days", help="95% interval of the median")]
    median_high: Annotated[float | None, Number("Half, at most", "days", help="95% interval of the median")]
    completed_median: Annotated[float | None, Number("Median of completed stays", "days")]
    stalled_after_days: Annotated[float | None, STALLED_AFTER]


@question(roles=STAFF, counts=NOTHING, columns=StageTransition)
def team_transitions(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How long teams take from stage to stage, one row a stage but the last, with stays that still last counted in.

    A quarter, a half or three quarters are missing while fewer have moved on.
    """
    every = [stay for found in stays(connection, selection.as_of).values() for stay in found]
    rows = []
    for stage, following in pairwise(LIFECYCLE):
        here = [stay for stay in every if stay.stage == stage.code]
        moved = [stay.days for stay in here if stay.is_completed]
        lasting = [stay.days for stay in here if not stay.is_completed]
        middle = float(np.median(moved)) if moved else None
        rows.append(
            (
                *(stage.code, stage.title, following.code, following.title),
                *(len({stay.team for stay in here}), len(moved), len(lasting)),
                *_times(moved, lasting),
                *(middle, stalled_after(here, stage.code)),
            )
        )
    return table(StageTransition, rows)


def _times(moved: Sequence[int], lasting: Sequence[int]) -> list[float | None]:
    """Quartiles of the time to move on and the interval of the median, by Kaplan and Meier.

    The interval turns the log-log interval of the curve around (Brookmeyer and Crowley, Biometrics 38, 1982, 29–41).
    """
    if not moved:
        return [None] * 5
    curve = kaplan_meier(Durations.of([*moved, *lasting], [True] * len(moved) + [False] * len(lasting)))
    # Before anybody moved and after everybody did there is no interval.
    most = np.where(curve.share <= 0, 0.0, np.nan_to_num(curve.high, nan=1.0))
    soon, late = replace(curve, share=most), replace(curve, share=np.nan_to_num(curve.low))
    return [curve.quantile(0.25), curve.quantile(0.5), curve.quantile(0.75), soon.quantile(0.5), late.quantile(0.5)]
