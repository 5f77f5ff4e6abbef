"""The board of teams: where each stands, what it has reached, what it lacks, and which moves came too early."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from data_access.answers import Count, Day, Flag, Key, Number, Text, table
from data_access.contract.lifecycle import ORDER, STAGE, stage_title
from data_access.database.schema import people, team_milestones, team_risks, teams
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams.activity import Range, ends, people_ends
from data_access.questions.teams.chosen import chosen
from data_access.questions.teams.exits import Exit, ExitCheck, exits
from data_access.questions.teams.people import people_of
from data_access.questions.teams.stages import STALLED_AFTER, Stay, stalled_after, stays
from data_access.selection import STAFF, Scope, Selection

EXIT_VALUE = Number("Exit measure", decimals=2, help="Empty where it may be shown as a range only")
EXIT_AT_LEAST = Number("Exit measure, at least", decimals=2)
EXIT_AT_MOST = Number("Exit measure, at most", decimals=2)
EXIT_NEEDED = Number("Exit measure needed", decimals=2)
SECOND_VALUE = Number("Second measure", decimals=2, help="Scaling: leadership milestones; sustaining: core retention")
SECOND_AT_LEAST = Number("Second measure, at least", decimals=2)
SECOND_AT_MOST = Number("Second measure, at most", decimals=2)
SECOND_NEEDED = Number("Second measure needed", decimals=2)

BASE_HELP = "Scaling: active at entry; sustaining: active a year ago; withheld with the measure"
BASE_AT_LEAST = Count("Of people, at least", "people", help=BASE_HELP)
BASE_AT_MOST = Count("Of people, at most", "people", help=BASE_HELP)
SECOND_BASE_AT_LEAST = Count("Second, of people, at least", "people", help="Sustaining: core a year ago")
SECOND_BASE_AT_MOST = Count("Second, of people, at most", "people", help="Sustaining: core a year ago")


class TeamStanding(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    area: Annotated[str | None, Text("Area")]
    partner: Annotated[str | None, Text("Partner")]
    coordinator_appointed: Annotated[bool, Flag("Coordinator appointed")]
    coordinator: Annotated[str | None, Text("Coordinator", help="For the program manager and the board only")]
    open_risks: Annotated[int, Count("Open risks", "risks")]
    stage: Annotated[str | None, Key("Stage code")]
    title: Annotated[str | None, Text("Stage")]
    learning_state: Annotated[str | None, Text("Learning state")]
    entered_on: Annotated[date | None, Day("Entered on")]
    days_in_stage: Annotated[int | None, Count("Days in stage", "days")]
    milestones_done: Annotated[int | None, Count("Milestones", "milestones", help="Of the present stage")]
    milestones_total: Annotated[int | None, Count("Milestones in all", "milestones", help="Of the present stage")]
    stalled: Annotated[bool | None, Flag("Stalled", help="Longer in the stage than is usual; never in the last stage")]
    stalled_after_days: Annotated[float | None, STALLED_AFTER]
    ready: Annotated[bool | None, Flag("Measure met", help="For sustaining: that of staying; empty: not certain")]
    exit_value: Annotated[float | None, EXIT_VALUE]
    exit_at_least: Annotated[float | None, EXIT_AT_LEAST]
    exit_at_most: Annotated[float | None, EXIT_AT_MOST]
    exit_of_at_least: Annotated[int | None, BASE_AT_LEAST]
    exit_of_at_most: Annotated[int | None, BASE_AT_MOST]
    exit_threshold: Annotated[float | None, EXIT_NEEDED]
    second_value: Annotated[float | None, SECOND_VALUE]
    second_at_least: Annotated[float | None, SECOND_AT_LEAST]
    second_at_most: Annotated[float | None, SECOND_AT_MOST]
    second_of_at_least: Annotated[int | None, SECOND_BASE_AT_LEAST]
    second_of_at_most: Annotated[int | None, SECOND_BASE_AT_MOST]
    second_threshold: Annotated[float | None, SECOND_NEEDED]
    counted_on: Annotated[date, Day("People counted on", help="Outside a quarter’s last day")]


def _longest_in_stage_first(found: pd.DataFrame) -> pd.DataFrame:
    """Longest in its stage first; teams without a stage last."""
    return found.sort_values(
        ["days_in_stage", "name"], ascending=[False, True], na_position="last", ignore_index=True, kind="stable"
    )


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=TeamStanding,
    names_people=True,
    own_teams=OwnTeams(_longest_in_stage_first, names=("coordinator",)),
)
def team_board(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Every team with its stage, its exit measure against what is needed, milestones, risks, and whether it is stalled.

    Longest in its stage first; teams without a stage come last. The exit measure is what the stage ends with, in its
    own unit: a coordinator (1 or 0), pathway milestones, new contributors, active contributors as a multiple of those
    at entry, active contributors as a share of those a year ago. Filters by team and area narrow the list; the other
    filters speak of events. The coordinator is named, and numbers are exact, inside only.
    """
    every = stays(connection, selection.as_of)
    usual = {code: stalled_after((stay for found in every.values() for stay in found), code) for code in STAGE}
    listed = _teams(connection, selection, scope)
    current = {team.key: every[team.key][-1] for team in listed if team.key in every}
    checks = {key: ExitCheck(key, stay.stage, stay.entered_on, selection.as_of) for key, stay in current.items()}
    counts = people_of(connection, selection, scope)
    measured = exits(connection, counts, checks.values())
    done, risks = _milestones_done(connection, selection), _open_risks(connection, selection)
    counted_on = counts.day(selection.as_of)
    rows: list[tuple[object, ...]] = []
    for team in listed:
        known = (*team, risks[team.key])
        stay = current.get(team.key)
        if stay is None:
            rows.append((*known, *[None] * len(_STAGE_COLUMNS), counted_on))
        else:
            reached = measured[checks[team.key]]
            rows.append((*known, *_stage_columns(stay, usual[stay.stage], done, reached), counted_on))
    return _longest_in_stage_first(table(TeamStanding, rows))


_STAGE_COLUMNS = TeamStanding._fields[TeamStanding._fields.index("stage") : -1]


class _Team(NamedTuple):
    """What the board says of a team whatever its stage, in the order of its columns."""

    key: str
    name: str
    area: str | None
    partner: str | None
    coordinator_appointed: bool
    coordinator: str | None


def _teams(connection: Connection, selection: Selection, scope: Scope) -> list[_Team]:
    on = teams.c.coordinator_appointed_on
    known = (teams.c.team_key, teams.c.name, teams.c.area, teams.c.partner)
    # All at once: in DuckDB the next statement of a connection ends what was not yet fetched.
    found = connection.execute(
        select(*known, func.coalesce(on <= selection.as_of, False)).where(*chosen(selection))
    ).all()
    coordinators = _coordinators(connection, selection) if scope.inside else {}
    return [
        _Team(key, name, area, partner, bool(appointed), coordinators.get(key))
        for key, name, area, partner, appointed in found
    ]


def _coordinators(connection: Connection, selection: Selection) -> dict[str, str]:
    """Who coordinates each team. Without a day of appointment they are known; of a later day not yet."""
    on = teams.c.coordinator_appointed_on
    statement = (
        select(teams.c.team_key, func.coalesce(people.c.name, teams.c.coordinator_key))
        .join_from(teams, people, people.c.person_key == teams.c.coordinator_key, isouter=True)
        .where(teams.c.coordinator_key.is_not(None), or_(on.is_(None), on <= selection.as_of))
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _stage_columns(
    stay: Stay, usual: float | None, done: Counter[tuple[str, str]], reached: Exit
) -> tuple[object, ...]:
    """What the board says of a team's present stage, in the order of its columns."""
    stage = STAGE[stay.stage]
    if ORDER[stay.stage] == len(ORDER) - 1:
        stalled: bool | None = False
    else:
        stalled = None if usual is None else stay.days > usual
    milestones_done = sum(done[stay.team, code] for code in stage.milestones)
    return (
        *(stage.code, stage.title, stage.learning_state, stay.entered_on, stay.days),
        *(milestones_done, len(stage.milestones), stalled, usual, reached.met, *_measures(reached)),
    )


def _measures(reached: Exit) -> tuple[float | None, ...]:
    """The exit measure and the second one, each as value, at least, at most, the people it is of, needed."""
    return (
        *(*ends(reached.value), *_base(reached.value, reached.base), reached.needed),
        *(*ends(reached.second), *_base(reached.second, reached.second_base), reached.second_needed),
    )


def _base(value: Range | None, base: Range | None) -> tuple[int | None, int | None]:
    """The ends of what a ratio is of; none where the ratio itself is not shown."""
    return people_ends(base if value else None)[1:]


def _milestones_done(connection: Connection, selection: Selection) -> Counter[tuple[str, str]]:
    reached = select(team_milestones.c.team_key, team_milestones.c.milestone)
    rows = connection.execute(reached.where(team_milestones.c.reached_on <= selection.as_of))
    return Counter((row[0], row[1]) for row in rows)


def _open_risks(connection: Connection, selection: Selection) -> Counter[str]:
    still = or_(team_risks.c.closed_on.is_(None), team_risks.c.closed_on > selection.as_of)
    statement = (
        select(team_risks.c.team_key, func.count())
        .where(team_risks.c.raised_on <= selection.as_of, still)
        .group_by(team_risks.c.team_key)
    )
    return Counter({row[0]: row[1] for row in connection.execute(statement)})


class TeamMove(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    stage: Annotated[str, Key("Stage left, code")]
    title: Annotated[str, Text("Stage left")]
    next_stage: Annotated[str, Key("Next stage, code")]
    next_title: Annotated[str, Text("Next stage")]
    moved_on: Annotated[date, Day("Moved on")]
    days: Annotated[int, Count("Days in the stage left", "days")]
    met: Annotated[bool | None, Flag("Measure met", help="No: moved too early; empty: not certain")]
    exit_value: Annotated[float | None, EXIT_VALUE]
    exit_at_least: Annotated[float | None, EXIT_AT_LEAST]
    exit_at_most: Annotated[float | None, EXIT_AT_MOST]
    exit_of_at_least: Annotated[int | None, BASE_AT_LEAST]
    exit_of_at_most: Annotated[int | None, BASE_AT_MOST]
    exit_threshold: Annotated[float | None, EXIT_NEEDED]
    second_value: Annotated[float | None, SECOND_VALUE]
    second_at_least: Annotated[float | None, SECOND_AT_LEAST]
    second_at_most: Annotated[float | None, SECOND_AT_MOST]
    second_of_at_least: Annotated[int | None, SECOND_BASE_AT_LEAST]
    second_of_at_most: Annotated[int | None, SECOND_BASE_AT_MOST]
    second_threshold: Annotated[float | None, SECOND_NEEDED]


def _newest_first(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["moved_on", "team"], ascending=[False, True], ignore_index=True, kind="stable")


@question(roles=STAFF, counts=PEOPLE, columns=TeamMove, own_teams=OwnTeams(_newest_first))
def team_moves(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Every move to a later stage, newest first, and whether the exit measure of the stage left was met on that day.

    The measures are in the units of `team_board`, on the day of the move. The coordinator's appointment is the one on
    record now: earlier ones are not kept.
    """
    names = {team.key: team.name for team in _teams(connection, selection, scope)}
    moves = [
        (stay, stay.next_stage, stay.left_on)
        for team, found in stays(connection, selection.as_of).items()
        for stay in found
        if team in names and stay.is_completed and stay.next_stage and stay.left_on
    ]
    checks = [ExitCheck(stay.team, stay.stage, stay.entered_on, moved_on) for stay, _, moved_on in moves]
    measured = exits(connection, people_of(connection, selection, scope), checks)
    rows = [
        (
            *(stay.team, names[stay.team], stay.stage, stage_title(stay.stage), following, stage_title(following)),
            *(moved_on, stay.days, measured[check].met, *_measures(measured[check])),
        )
        for (stay, following, moved_on), check in zip(moves, checks, strict=True)
    ]
    return _newest_first(table(TeamMove, rows))
