"""Everything about one event in time: requests, approval and payments, the day itself, and what came after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
from sqlalchemy import Connection, case, func

from data_access.database.schema import (
    challenges,
    contributor_levels,
    event_contributors,
    events,
    funding_requests,
    materials,
    organizer_needs,
    participations,
    people,
    spaces,
    teams,
)
from data_access.questions.named.entries import (
    MOST,
    PERSON,
    SPACE,
    TEAM,
    Branch,
    TimelineEntry,
    newest_first,
    of_person,
    rows_of,
)
from data_access.questions.named.person import money
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection, status_on


@question(roles=STAFF, counts=NOTHING, columns=TimelineEntry, names_people=True)
def event_timeline(
    connection: Connection, selection: Selection, scope: Scope, *, event: str = "", most: int = MOST
) -> pd.DataFrame:
    """Everything about one event in time, the newest first: `most` entries at the most.

    The day with its attendance, team and space, tasks and materials for everybody; inside also who took part, requests
    with decisions and payments, needs, and who contributed because of it, by month, and became active or core.
    """
    as_of = selection.as_of
    branches = [*_before(event, as_of)] if scope.inside else []
    branches += _facts(event, as_of)
    if scope.inside:
        branches += _after(event, as_of)
    return newest_first(rows_of(connection, branches, most), most)


def _facts(event: str, as_of: date) -> Iterator[Branch]:
    own, day = events.c.event_key == event, events.c.starts_on
    of_team = events.join(teams, teams.c.team_key == events.c.team_key)
    yield Branch("by_team", day, of_team, (own,), {"name": teams.c.name, "key": teams.c.team_key}, TEAM)
    of_space = events.join(spaces, spaces.c.space_key == events.c.space_key)
    yield Branch("at_space", day, of_space, (own,), {"name": spaces.c.name, "key": spaces.c.space_key}, SPACE)
    task = challenges.c
    given = challenges.join(events, events.c.event_key == task.event_key)
    known = (own, task.phase.is_not(None), day <= as_of)
    yield Branch("task_", day, given, known, {"words": task.project, "number": task.completed_count}, by=task.phase)
    made = materials.c.published_on
    of_event = (materials.c.event_key == event, made <= as_of)
    yield Branch("published", made, materials, of_event, {"words": materials.c.title})
    status = status_on(as_of)
    visitors = {"number": case((status == "held", events.c.attendance))}
    yield Branch("day_", day, events, (own,), visitors, by=status)


def _before(event: str, as_of: date) -> Iterator[Branch]:
    yield from money(funding_requests.c.event_key == event, as_of, by_event=False)
    need = organizer_needs.c
    for what, day in (("need_raised", need.raised_on), ("need_met", need.met_on)):
        yield Branch(what, day, organizer_needs, (need.event_key == event, day <= as_of), {"words": need.note})
    took_part = participations.join(events, events.c.event_key == participations.c.event_key)
    who = took_part.join(people, people.c.person_key == participations.c.person_key)
    own = events.c.event_key == event
    role = participations.c.role
    yield Branch("by_", events.c.starts_on, who, (own, role != "attendee"), of_person(), PERSON, by=role)
    known = (own, participations.c.role == "attendee")
    count = {"people": func.count()}
    yield Branch("known_attendees", events.c.starts_on, took_part, known, count, by_month=True)


def _after(event: str, as_of: date) -> Iterator[Branch]:
    came, level = event_contributors.c, contributor_levels.c
    known = (came.event_key == event, came.first_on <= as_of)
    yield Branch("contributed_after", came.first_on, event_contributors, known, {"people": func.count()}, by_month=True)
    of_level = contributor_levels.join(people, people.c.person_key == level.person_key)
    for what, day in (("became_active", level.active_on), ("became_core", level.core_on)):
        yield Branch(what, day, of_level, (level.event_key == event, day <= as_of), of_person(), PERSON)
