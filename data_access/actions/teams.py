"""What a partner records about a team: a milestone, a risk, a stage, a coordinator; by the rules of an import."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from data_access.actions.record import ActionRefused, Author, Snapshot, act, checked, past_day
from data_access.contract.lifecycle import LIFECYCLE, ORDER, risk_words, stage_title
from data_access.database.engine import Database
from data_access.database.schema import people, team_risks
from data_access.recorded import COORDINATOR, MILESTONE, RISK, STAGES, State
from data_access.wording import day_in_words


def record_milestone(
    database: Database,
    author: Author,
    team: str,
    *,
    opened: Snapshot,
    today: date,
    milestone: str,
    reached_on: date | None,
    evidence_url: str = "",
    note: str = "",
) -> int:
    """A milestone reached, with its evidence. One that is recorded already must be undone first."""
    table = "team_milestones"
    code: str = checked(table, "milestone", milestone, "Milestone")
    row = {
        "team_key": team,
        "milestone": code,
        "reached_on": past_day(table, "reached_on", reached_on, "Reached on", today),
        "evidence_url": checked(table, "evidence_url", evidence_url, "Evidence") or None,
        "note": checked(table, "note", note, "Note") or None,
    }

    def change(connection: Connection, before: State) -> State:
        if isinstance(before, dict):
            day = day_in_words(date.fromisoformat(before["reached_on"]))
            raise ActionRefused(f"This milestone was reached on {day} already. Undo that first, to correct it.")
        return row

    return act(database, author, team, "milestone", MILESTONE, code, opened, change)


def raise_risk(
    database: Database,
    author: Author,
    team: str,
    *,
    today: date,
    risk: str,
    severity: str = "medium",
    raised_on: date | None = None,
) -> int:
    """A risk, a typical one by its code or any other text. The same one cannot be open twice."""
    words: str = checked("team_risks", "risk", risk, "Risk")
    key = f"risk-{uuid.uuid4().hex[:16]}"
    row = {
        "risk_key": key,
        "team_key": team,
        "risk": words,
        "severity": checked("team_risks", "severity", severity, "Severity") or None,
        "raised_on": past_day("team_risks", "raised_on", raised_on or today, "Raised on", today),
        "closed_on": None,
    }

    def change(connection: Connection, before: State) -> State:
        same = (team_risks.c.team_key == team, team_risks.c.risk == words, team_risks.c.closed_on.is_(None))
        since = connection.execute(select(func.min(team_risks.c.raised_on)).where(*same)).scalar_one()
        if since:
            raise ActionRefused(f"The risk “{risk_words(words)}” is open already, since {day_in_words(since)}.")
        return row

    return act(database, author, team, "risk raised", RISK, key, {}, change)


def close_risk(
    database: Database,
    author: Author,
    team: str,
    *,
    opened: Snapshot,
    today: date,
    risk_key: str,
    closed_on: date | None,
) -> int:
    """An open risk is closed, on the day it was raised or later."""
    day = past_day("team_risks", "closed_on", closed_on, "Closed on", today)

    def change(connection: Connection, before: State) -> State:
        if not isinstance(before, dict):
            raise ActionRefused("This risk does not exist any more.")
        if before["closed_on"]:
            raise ActionRefused("This risk is closed already.")
        if day < before["raised_on"]:
            raised = day_in_words(date.fromisoformat(before["raised_on"]))
            raise ActionRefused(f"Closed on: the risk was raised on {raised}; it cannot be closed before.")
        return {**before, "closed_on": day}

    return act(database, author, team, "risk closed", RISK, risk_key, opened, change)


def change_stage(
    database: Database,
    author: Author,
    team: str,
    *,
    opened: Snapshot,
    today: date,
    stage: str,
    entered_on: date | None,
    note: str = "",
) -> int:
    """The team enters a stage, the next one or, falling back, an earlier one, after the day it entered the present one.

    A team without any stage may enter at any of them.
    """
    code: str = checked("team_stages", "stage", stage, "Stage")
    day = past_day("team_stages", "entered_on", entered_on, "Entered on", today)
    row = {"stage": code, "entered_on": day, "note": checked("team_stages", "note", note, "Note") or None}

    def change(connection: Connection, before: State) -> State:
        history: list[dict[str, Any]] = list(before) if isinstance(before, list) else []
        if history:
            _check_order(history[-1], code, day)
        return [*history, row]

    return act(database, author, team, "stage", STAGES, team, opened, change)


def _check_order(last: dict[str, Any], stage: str, day: str) -> None:
    since = day_in_words(date.fromisoformat(last["entered_on"]))
    here = stage_title(last["stage"])
    if stage == last["stage"]:
        raise ActionRefused(f"Stage: the team has been in “{here}” since {since}.")
    if ORDER[stage] > ORDER[last["stage"]] + 1:
        following = LIFECYCLE[ORDER[last["stage"]] + 1].title
        raise ActionRefused(f"Stage: a team moves one stage at a time; after “{here}” comes “{following}”.")
    if day == last["entered_on"]:
        raise ActionRefused(f"Entered on: the team entered “{here}” on that same day; it enters one stage a day.")
    if day < last["entered_on"]:
        raise ActionRefused(
            f"Entered on: the team has been in “{here}” since {since}; the next stage comes after that day."
        )


def appoint_coordinator(
    database: Database,
    author: Author,
    team: str,
    *,
    opened: Snapshot,
    today: date,
    person: str,
    appointed_on: date | None,
) -> int:
    """A person becomes the team's coordinator. Named by key; the PM, who sees names, may also write the exact name."""
    day = past_day("teams", "coordinator_appointed_on", appointed_on, "Appointed on", today)
    wanted: str = checked("teams", "coordinator_key", person, "Coordinator") or ""

    def change(connection: Connection, before: State) -> State:
        key = _person(connection, author, wanted)
        if isinstance(before, dict) and (before["coordinator_key"], before["coordinator_appointed_on"]) == (key, day):
            raise ActionRefused("This person has been the team’s coordinator since that day.")
        return {"coordinator_key": key, "coordinator_appointed_on": day}

    return act(database, author, team, "coordinator", COORDINATOR, team, opened, change)


def _person(connection: Connection, author: Author, wanted: str) -> str:
    if not wanted:
        raise ActionRefused("Coordinator: a person is needed.")
    if connection.execute(select(people.c.person_key).where(people.c.person_key == wanted)).first():
        return wanted
    if author.scope.inside:
        named = connection.execute(select(people.c.person_key).where(people.c.name == wanted).limit(6)).scalars().all()
        if len(named) == 1:
            return str(named[0])
        if named:
            raise ActionRefused(f"Coordinator: several people have this name. Give the key: {', '.join(named[:5])}.")
    raise ActionRefused("Coordinator: there is no person with this key. Import the person first, or correct the key.")
