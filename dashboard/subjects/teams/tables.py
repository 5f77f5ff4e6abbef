"""The tables of the Teams page: exit measures not yet met, teams that are ready, moves that came too early."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.subjects.teams.cards import can_move_on, states
from dashboard.subjects.teams.measures import measure_of, measure_words
from dashboard.words.numbers import short_day
from dashboard.words.ranges import people_words
from dashboard.words.sentences import say
from data_access.answers import Count, Day, Key, Text, table
from data_access.questions.teams.board import TeamMove, TeamStanding
from data_access.questions.teams.details import ChangeStep
from data_access.selection import Scope

WINDOW_OVER, WINDOW_OPEN = "over", "still open"
# In pixels: a measure is a sentence or two.
WIDTHS: dict[str, int | str] = {
    **{"name": 170, "title": 225, "days_in_stage": 105, "state": 120, "measure": 480, "move": "large"},
    **dict.fromkeys(("milestones_done", "milestones_total", "open_risks", "days"), "small"),
}


class UnmetMeasure(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    title: Annotated[str, Text("Stage")]
    days_in_stage: Annotated[int, Count("Days in stage", "days")]
    state: Annotated[str, Text("State")]
    measure: Annotated[str, Text("Exit measure")]
    milestones_done: Annotated[int, Count("Milestones", "milestones")]
    milestones_total: Annotated[int, Count("Milestones in all", "milestones")]
    open_risks: Annotated[int, Count("Open risks", "risks")]
    partner: Annotated[str | None, Text("Partner")]


def unmet(board: Iterable[TeamStanding], scope: Scope) -> pd.DataFrame:
    """Teams whose exit measure is not met, or not for certain, to act on."""
    rows = [
        (
            *(row.team, row.name, row.title, row.days_in_stage, ", ".join(states(row))),
            *(measure_words(measure_of(row, scope)), row.milestones_done, row.milestones_total),
            *(row.open_risks, row.partner),
        )
        for row in board
        if row.stage and not row.ready
    ]
    return table(UnmetMeasure, rows)


class ReadyTeam(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    title: Annotated[str, Text("Stage")]
    days_in_stage: Annotated[int, Count("Days in stage", "days")]
    measure: Annotated[str, Text("Exit measure")]
    partner: Annotated[str | None, Text("Partner")]


def ready(board: Iterable[TeamStanding], scope: Scope) -> pd.DataFrame:
    """Teams that have met the exit measure of a stage that can be left."""
    rows = [
        (row.team, row.name, row.title, row.days_in_stage, measure_words(measure_of(row, scope)), row.partner)
        for row in board
        if can_move_on(row)
    ]
    return table(ReadyTeam, rows)


class EarlyMove(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    move: Annotated[str, Text("Move")]
    moved_on: Annotated[date, Day("Moved on")]
    days: Annotated[int, Count("Days in the stage left", "days")]
    measure: Annotated[str, Text("Exit measure", help="On the day of the move")]


def early_moves(moves: Iterable[TeamMove], scope: Scope) -> pd.DataFrame:
    """Moves before the exit measure was met."""
    rows = [
        EarlyMove(
            *(row.team, row.name, say("{stage} → {next_stage}", stage=row.title, next_stage=row.next_title)),
            *(row.moved_on, row.days, measure_words(measure_of(row, scope))),
        )
        for row in moves
        if row.met is False
    ]
    return table(EarlyMove, rows)


class ChangeInWords(NamedTuple):
    change: Annotated[str, Text("Change")]
    side: Annotated[str, Text("Newcomers", help="Before or after the change")]
    step: Annotated[str, Text("Step")]
    people: Annotated[str, Text("People")]
    window: Annotated[str, Text("Time to become active or core")]
    first_day: Annotated[date, Day("First contributions from")]
    last_day: Annotated[date, Day("First contributions to")]


def changes_in_words(funnel: Iterable[ChangeStep]) -> pd.DataFrame:
    """The funnel around changes of stage, its counts in words: a number inside, a range outside."""
    rows = [
        ChangeInWords(
            change=say("{stage}, {day}", stage=row.next_title, day=short_day(row.changed_on)),
            side=row.side.capitalize(),
            step=row.step.capitalize(),
            people=people_words(row.at_least, row.at_most),
            window=WINDOW_OVER if row.closed else WINDOW_OPEN,
            first_day=row.first_day,
            last_day=row.last_day,
        )
        for row in funnel
    ]
    return table(ChangeInWords, rows)
