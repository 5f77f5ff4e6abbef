"""Everything about one team in time: stages, milestones, risks, meetings, newcomers, core contributors, handovers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.contract.lifecycle import MILESTONE_WORDS, risk_words, stage_title
from data_access.database.schema import (
    contributions,
    contributor_levels,
    events,
    people,
    team_contributors,
    team_milestones,
    team_risks,
    team_stages,
    teams,
)
from data_access.program import load_program
from data_access.questions.named.entries import (
    MOST,
    PERSON,
    Branch,
    TimelineEntry,
    newest_first,
    of_events,
    of_person,
    rows_of,
)
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection

_IN_WORDS: Mapping[str, Callable[[str], str]] = {
    "stage": stage_title,
    "milestone": lambda code: MILESTONE_WORDS.get(code, code),
    **dict.fromkeys(("risk_raised", "risk_closed"), risk_words),
}


def _by_day(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values("happened_on", ascending=False, ignore_index=True, kind="stable")


@question(roles=STAFF, counts=NOTHING, columns=TimelineEntry, names_people=True, own_teams=OwnTeams(_by_day))
def team_timeline(
    connection: Connection, selection: Selection, scope: Scope, *, team: str = "", most: int = MOST
) -> pd.DataFrame:
    """Everything about one team in time, the newest first: `most` entries at the most.

    Stages, milestones, risks and meetings for everybody; newcomers by month, who became core and who ceased to be for
    the inside and, as numbers, the team's own partner; the coordinator inside. Who ceased to be core, on the day of the
    last contribution, has contributed nothing in the program's window since.
    """
    as_of = selection.as_of
    branches = [*_facts(team, as_of)]
    if scope.exact:
        branches += _newcomers(team, as_of)
        branches += _core(team, as_of, load_program(connection).window_days, named=scope.inside)
    if scope.inside:
        branches += _coordinator(team, as_of)
    found = [_worded(entry, team) for entry in rows_of(connection, branches, most)]
    return newest_first(found, most)


def _worded(entry: TimelineEntry, team: str) -> TimelineEntry:
    words = _IN_WORDS[entry.what](entry.words or "") if entry.what in _IN_WORDS else entry.words
    return entry._replace(words=words, team=team)


def _facts(team: str, as_of: date) -> Iterator[Branch]:
    stays, reached, risk = team_stages.c, team_milestones.c, team_risks.c
    known = (stays.team_key == team, stays.entered_on <= as_of)
    yield Branch("stage", stays.entered_on, team_stages, known, {"words": stays.stage})
    known = (reached.team_key == team, reached.reached_on <= as_of)
    yield Branch("milestone", reached.reached_on, team_milestones, known, {"words": reached.milestone})
    for what, day in (("risk_raised", risk.raised_on), ("risk_closed", risk.closed_on)):
        yield Branch(what, day, team_risks, (risk.team_key == team, day <= as_of), {"words": risk.risk})
    yield of_events(events.c.team_key == team, as_of)


def _newcomers(team: str, as_of: date) -> Iterator[Branch]:
    new = team_contributors.c
    known = (new.team_key == team, new.first_on <= as_of)
    yield Branch("newcomers", new.first_on, team_contributors, known, {"people": func.count()}, by_month=True)


def _core(team: str, as_of: date, window: int, *, named: bool) -> Iterator[Branch]:
    """Who came through the team and became core; by name or, for partners, how many a month."""
    level, made = contributor_levels.c, contributions.c
    own = (level.team_key == team, level.core_on <= as_of)
    last = (
        select(made.person_key, func.max(made.contributed_on).label("last_on"))
        .join_from(contributions, contributor_levels, level.person_key == made.person_key)
        .where(*own, made.contributed_on <= as_of)
        .group_by(made.person_key)
        .subquery("last")
    )
    gone = last.c.last_on < as_of - timedelta(days=window)
    if not named:
        count = {"people": func.count()}
        yield Branch("became_core", level.core_on, contributor_levels, own, count, by_month=True)
        yield Branch("left_core", last.c.last_on, last, (gone,), count, by_month=True)
        return
    joined = contributor_levels.join(people, people.c.person_key == level.person_key)
    yield Branch("became_core", level.core_on, joined, own, of_person(), PERSON)
    left = last.join(people, people.c.person_key == last.c.person_key)
    yield Branch("left_core", last.c.last_on, left, (gone,), of_person(), PERSON)


def _coordinator(team: str, as_of: date) -> Iterator[Branch]:
    appointed = teams.c.coordinator_appointed_on
    tables = teams.join(people, people.c.person_key == teams.c.coordinator_key)
    own = (teams.c.team_key == team, appointed <= as_of)
    yield Branch("coordinator", appointed, tables, own, of_person(), PERSON)
