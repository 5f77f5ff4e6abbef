"""Stages over time: the history of a team, how long stays last, and the way from stage to stage with its times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access.contract.lifecycle import LIFECYCLE, ORDER, stage_title
from data_access.database.schema import team_stages, teams
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.selection import STAFF, Scope, Selection
from data_access.statistics.survival import Durations, kaplan_meier

# Quartiles of fewer stays say nothing about what is usual.
FEWEST_STAYS = 4


@dataclass(frozen=True, slots=True)
class Stay:
    """A team's time in one stage. `next_stage` is None while it lasts; `days` then run to the day asked for."""

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


def stays(connection: Connection, as_of: date) -> dict[str, list[Stay]]:
    """The stays of every team up to a day, oldest first; a stage that is entered twice running is one stay."""
    rows = connection.execute(
        select(team_stages.c.team_key, team_stages.c.stage, team_stages.c.entered_on, team_stages.c.note)
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
    """Median + interquartile range of the completed stays in a stage (days); None where there are too few to tell."""
    days = [stay.days for stay in found if stay.stage == stage and stay.is_completed]
    if len(days) < FEWEST_STAYS:
        return None
    low, middle, high = np.percentile(days, [25, 50, 75])
    return float(middle + high - low)


@question(STAFF)
def team_stage_history(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Stays of a team (or of all), oldest first: team, stage, title, entered_on, left_on, days, remark, note.

    `left_on` is missing for the present stage, whose days run to `as_of`. `remark` says what is odd about the order.
    """
    rows = []
    for key, found in sorted(stays(connection, selection.as_of).items()):
        if team not in ("", key):
            continue
        for before, stay in zip([None, *found], found, strict=False):
            remark = "" if before is None else _remark(before.stage, stay.stage)
            rows.append(
                (key, stay.stage, stage_title(stay.stage), stay.entered_on, stay.left_on, stay.days, remark, stay.note)
            )
    columns = ["team", "stage", "title", "entered_on", "left_on", "days", "remark", "note"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return typed(table, team=TEXT, stage=TEXT, title=TEXT, days=WHOLE, remark=TEXT, note=TEXT)


def _remark(before: str, now: str) -> str:
    steps = ORDER[now] - ORDER[before]
    if steps < 0:
        return f"goes back from “{stage_title(before)}”"
    skipped = [stage.title for stage in LIFECYCLE[ORDER[before] + 1 : ORDER[now]]]
    return f"skips “{'”, “'.join(skipped)}”" if skipped else ""


@question(STAFF)
def team_transitions(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How long teams take from stage to stage, one row a stage but the last, with stays that still last counted in.

    Columns: stage, title, next_stage, next_title, teams (that ever were in it), moved, open (still in it, or gone
    back), q1_days, median_days, q3_days (Kaplan–Meier: when a quarter, a half, three quarters had moved on; missing
    while so many have not), median_low, median_high (95 % interval), completed_median, stalled_after_days (median +
    interquartile range of completed stays; missing with fewer than four).
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
    columns = ["stage", "title", "next_stage", "next_title", "teams", "moved", "open"]
    numbers = ["q1_days", "median_days", "q3_days", "median_low", "median_high", "completed_median"]
    numbers.append("stalled_after_days")
    table = pd.DataFrame(rows, columns=[*columns, *numbers], dtype=object)
    return typed(table, **dict.fromkeys(columns[:4], TEXT), **dict.fromkeys(columns[4:], WHOLE), **_all(numbers))


def _all(names: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(names, NUMBER)


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


def team_names(connection: Connection) -> dict[str, str]:
    """Names of all teams by key."""
    return {row[0]: row[1] for row in connection.execute(select(teams.c.team_key, teams.c.name))}
