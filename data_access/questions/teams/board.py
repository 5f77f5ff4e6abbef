"""The board of teams: where each stands, what it has reached, what it lacks, and which moves came too early."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, or_, select

from data_access.contract.lifecycle import ORDER, STAGE, stage_title
from data_access.database.schema import people, team_milestones, team_risks, teams
from data_access.program import load_program
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.questions.teams.activity import people_day, shown_columns
from data_access.questions.teams.exits import Asked, Exit, exits
from data_access.questions.teams.stages import Stay, stalled_after, stays
from data_access.selection import STAFF, Scope, Selection

_TEXTS = ("team", "name", "area", "partner", "stage", "title", "learning_state", "coordinator")


@question(STAFF)
def team_board(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Every team with its stage, its exit measure against what is needed, milestones, risks, and whether it is stalled.

    Longest in its stage first; teams without a stage come last. Columns: team (key), name, area, partner, stage, title,
    learning_state, entered_on, days_in_stage, exit_value (missing where it may only be told as a range), exit_at_least,
    exit_at_most, exit_threshold, second_value … second_threshold (scaling: leadership milestones; sustaining: core
    retention), ready (the measure is met, for sustaining that of staying; missing = cannot be told), milestones_done,
    milestones_total (of the present stage), open_risks, stalled (days in stage > stalled_after_days = median + IQR of
    the program's completed stays; missing with fewer than four of them; never in the last stage),
    coordinator_appointed, coordinator (name, PM only), counted_on (the day people are counted on: for all but the PM a
    quarter's last). Filters by team and area narrow the list; the other filters speak of events.
    """
    every = stays(connection, selection.as_of)
    usual = {code: stalled_after((stay for found in every.values() for stay in found), code) for code in STAGE}
    listed = _teams(connection, selection, scope)
    current = {row["team"]: every[row["team"]][-1] for row in listed if row["team"] in every}
    asked = {team: Asked(team, stay.stage, stay.entered_on, selection.as_of) for team, stay in current.items()}
    measured = exits(connection, load_program(connection), scope, asked.values())
    done, risks = _milestones_done(connection, selection), _open_risks(connection, selection)
    rows: list[dict[str, Any]] = []
    found: list[Exit | None] = []
    for row in sorted(listed, key=lambda item: _longest_first(current.get(item["team"]), item["name"])):
        stay = current.get(row["team"])
        reached = measured[asked[row["team"]]] if stay else None
        found.append(reached)
        rows.append({**row, "open_risks": risks[row["team"]], **_stage_columns(stay, usual, done, reached)})
    columns = [*rows[0]] if rows else [*_TEXTS]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return _finished(table, found).assign(counted_on=people_day(selection.as_of, scope))


def _finished(table: pd.DataFrame, found: list[Exit | None]) -> pd.DataFrame:
    table = table.assign(**shown_columns([item.value if item else None for item in found], "exit_"))
    table["exit_threshold"] = pd.Series([item.needed if item else None for item in found], dtype=NUMBER)
    table = table.assign(**shown_columns([item.second if item else None for item in found], "second_"))
    table["second_threshold"] = pd.Series([item.second_needed if item else None for item in found], dtype=NUMBER)
    wholes = ("days_in_stage", "milestones_done", "milestones_total", "open_risks")
    for name in (*wholes, "entered_on", "stalled_after_days", "ready", "stalled", "coordinator_appointed"):
        if name not in table:
            table[name] = pd.Series([None] * len(table), dtype=object)
    flags = dict.fromkeys(("ready", "stalled", "coordinator_appointed"), "boolean")
    return typed(
        table,
        **dict.fromkeys(_TEXTS, TEXT),
        **dict.fromkeys(wholes, WHOLE),
        **flags,
        stalled_after_days=NUMBER,
    )


def _longest_first(stay: Stay | None, name: str) -> tuple[int, int, str]:
    return (1, 0, name) if stay is None else (0, -stay.days, name)


def _teams(connection: Connection, selection: Selection, scope: Scope) -> list[dict[str, Any]]:
    narrowed: list[ColumnElement[bool]] = []
    if selection.team:
        narrowed.append(teams.c.team_key.in_(selection.team))
    if selection.area:
        narrowed.append(teams.c.area.in_(selection.area))
    statement = (
        select(teams, people.c.name.label("coordinator_name"))
        .join_from(teams, people, people.c.person_key == teams.c.coordinator_key, isouter=True)
        .where(*narrowed)
    )
    return [
        {
            "team": row.team_key,
            "name": row.name,
            "area": row.area,
            "partner": row.partner,
            "coordinator_appointed": bool(
                row.coordinator_key and row.coordinator_appointed_on and row.coordinator_appointed_on <= selection.as_of
            ),
            "coordinator": (row.coordinator_name or row.coordinator_key) if scope.sees_small_groups else None,
        }
        for row in connection.execute(statement)
    ]


def _stage_columns(
    stay: Stay | None, usual: dict[str, float | None], done: Counter[tuple[str, str]], reached: Exit | None
) -> dict[str, Any]:
    names = ("stage", "title", "learning_state", "entered_on", "days_in_stage", "milestones_done", "milestones_total")
    if stay is None:
        return dict.fromkeys((*names, "stalled", "stalled_after_days", "ready"))
    stage = STAGE[stay.stage]
    after = usual[stay.stage]
    is_last = ORDER[stay.stage] == len(ORDER) - 1
    return {
        "stage": stay.stage,
        "title": stage.title,
        "learning_state": stage.learning_state,
        "entered_on": stay.entered_on,
        "days_in_stage": stay.days,
        "milestones_done": sum(done[stay.team, code] for code in stage.milestones),
        "milestones_total": len(stage.milestones),
        "stalled": False if is_last else None if after is None else stay.days > after,
        "stalled_after_days": after,
        "ready": reached.met if reached else None,
    }


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


@question(STAFF)
def team_moves(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Every move to a later stage, newest first, and whether the exit measure of the stage left was met on that day.

    Columns: team, name, stage (left), title, next_stage, next_title, moved_on, days (in the stage left), exit_value,
    exit_at_least, exit_at_most, exit_threshold, second_…, met (False = moved too early; missing = cannot be told).
    The coordinator's appointment is the one on record now: earlier ones are not kept.
    """
    names = {row["team"]: row["name"] for row in _teams(connection, selection, scope)}
    moves = [
        stay
        for team, found in stays(connection, selection.as_of).items()
        for stay in found
        if stay.is_completed and team in names
    ]
    moves.sort(key=lambda stay: (-(stay.left_on or stay.entered_on).toordinal(), stay.team))
    asked = [Asked(stay.team, stay.stage, stay.entered_on, stay.left_on or selection.as_of) for stay in moves]
    measured = exits(connection, load_program(connection), scope, asked)
    rows = [
        (
            *(stay.team, names[stay.team], stay.stage, stage_title(stay.stage), stay.next_stage),
            *(stage_title(stay.next_stage or ""), stay.left_on, stay.days, measured[item].met),
        )
        for stay, item in zip(moves, asked, strict=True)
    ]
    texts = ["team", "name", "stage", "title", "next_stage", "next_title"]
    table = pd.DataFrame(rows, columns=[*texts, "moved_on", "days", "met"], dtype=object)
    found = [measured[item] for item in asked]
    table = table.assign(**shown_columns([item.value for item in found], "exit_"))
    table["exit_threshold"] = pd.Series([item.needed for item in found], dtype=NUMBER)
    table = table.assign(**shown_columns([item.second for item in found], "second_"))
    table["second_threshold"] = pd.Series([item.second_needed for item in found], dtype=NUMBER)
    return typed(table, **dict.fromkeys(texts, TEXT), days=WHOLE, met="boolean")
