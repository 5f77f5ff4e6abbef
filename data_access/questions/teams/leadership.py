"""A measure of a team's leadership: on how many the work rests, who begins to lead, who mentors, how often it meets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.answers import Code, Count, Flag, Key, Number, Share, Text, empty, table
from data_access.database.prepared import attendances
from data_access.database.schema import (
    contributions,
    events,
    mentorships,
    organizer_starts,
    people,
    spaces,
    team_contributors,
    teams,
)
from data_access.database.sql import day_literal, day_number
from data_access.geography.languages import language_name
from data_access.program import Program, load_program
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams.chosen import chosen
from data_access.questions.teams.shares import gini, part_of, work_shares
from data_access.questions.teams.signs import YEAR
from data_access.selection import INSIDE, Period, Role, Scope, Selection

MEETING_SCALE = "micro"
# The year has twelve of these, the last one a week shorter.
MONTH = 31
AREA, PROJECT, LANGUAGE, SPACE = KINDS = ("area", "project", "language", "space")


class TeamLeadership(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    contributions: Annotated[int, Count("Contributions", "contributions", help="Of the last 365 days")]
    people: Annotated[int, Count("Contributors", "people")]
    enough: Annotated[bool, Flag("Enough to say", help="At least as many contributions as make one person core")]
    largest_share: Annotated[float | None, Share("Largest share", help="Of the work, by one person")]
    half: Annotated[int | None, Count("Make half of it", "people", help="So many, the busiest first")]
    gini: Annotated[float | None, Number("Gini", decimals=2, help="0: all make as much; near 1: one makes all")]
    organizers: Annotated[int, Count("Organizers", "people", help="Of the team’s events")]
    first_time: Annotated[int, Count("For the first time", "people", help="Who never organized anything before")]
    newcomers: Annotated[int, Count("Newcomers", "people", help="First contribution to the team in these days")]
    mentored: Annotated[int, Count("With a mentor", "people", help="Of the newcomers")]
    mentors: Annotated[int, Count("Mentors", "people", help="Of the newcomers")]
    mentors_per_newcomer: Annotated[float | None, Number("Mentors per newcomer", decimals=2)]
    events: Annotated[int, Count("Events", "events", help="Of the team")]
    meetings: Annotated[int, Count("Meetings", "events", help="Its events of the smallest scale, micro")]
    months_met: Annotated[int, Count("Months with a meeting", "months", help="Of twelve, back from the day")]
    unscaled: Annotated[int, Count("Without a scale", "events", help="Events that may have been meetings")]


def _by_name(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["name", "team"], ignore_index=True, kind="stable")


@question(roles=INSIDE | {Role.PARTNER}, counts=PEOPLE, columns=TeamLeadership, own_teams=OwnTeams(_by_name))
def team_leadership(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """How far leadership is shared in each team (or one), of the last 365 days: work, organizers, mentors, meetings.

    Work is contributions, by their quantity; with fewer than make one person core its spread is not told. A first-time
    organizer organized a held event of the team, and none of the program before these days. A newcomer’s mentor
    is one whose mentorship lasted on a day of these. Meetings are held events of the team of the micro scale.
    """
    if not scope.exact:
        return empty(TeamLeadership)
    program, day = load_program(connection), selection.as_of
    since = day - timedelta(days=YEAR)
    listed = select(teams.c.team_key, teams.c.name).where(*chosen(selection, team))
    names = {row[0]: row[1] for row in connection.execute(listed)}
    keys = sorted(names)
    work = {row.team_key: row for row in connection.execute(work_shares(since, day, day, keys)).all()}
    organizing = _by_team(connection, _organizers(since, day, keys))
    newcomers = _by_team(connection, _newcomers(since, day, keys))
    met = _by_team(connection, _events(since, day, keys))
    rows = []
    for key in keys:
        row = work.get(key)
        enough = row is not None and row.total >= program.core_min
        new, mentored, mentors = newcomers.get(key, (0, 0, 0))
        rows.append(
            (
                *(key, names[key], int(row.total) if row else 0, row.people if row else 0, enough),
                *((part_of(row.most, row.total), row.half) if row and enough else (None, None)),
                gini(row.total, row.people, row.placed) if row and enough else None,
                *organizing.get(key, (0, 0)),
                *(new, mentored, mentors, mentors / new if new else None),
                *met.get(key, (0, 0, 0, 0)),
            )
        )
    return _by_name(table(TeamLeadership, rows))


def _by_team(connection: Connection, statement: Select[Any]) -> dict[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in connection.execute(statement)}


def _held(since: date, day: date) -> Selection:
    return Selection(period=Period(since + timedelta(days=1), day + timedelta(days=1)), as_of=day)


def _organizers(since: date, day: date, keys: list[str]) -> Select[Any]:
    """(team, organizers, those of them who never organized before)."""
    took = attendances.c
    here = (
        select(took.team_key, took.person_key)
        .where(took.role == "organizer", took.team_key.in_(keys), *attendances.beside(_held(since, day).conditions()))
        .group_by(took.team_key, took.person_key)
        .subquery("here")
    )
    return (
        select(here.c.team_key, func.count(), func.count().filter(organizer_starts.c.first_on > since))
        .join_from(here, organizer_starts, organizer_starts.c.person_key == here.c.person_key)
        .group_by(here.c.team_key)
    )


def _newcomers(since: date, day: date, keys: list[str]) -> Select[Any]:
    """(team, newcomers, those with a mentor, their mentors)."""
    came, pair = team_contributors.c, mentorships.c
    lasted = and_(
        pair.mentee_key == came.person_key,
        pair.started_on <= day,
        or_(pair.ended_on.is_(None), pair.ended_on > since),
    )
    return (
        select(
            came.team_key,
            func.count(came.person_key.distinct()),
            func.count(pair.mentee_key.distinct()),
            func.count(pair.mentor_key.distinct()),
        )
        .join_from(team_contributors, mentorships, lasted, isouter=True)
        .where(came.team_key.in_(keys), came.first_on > since, came.first_on <= day)
        .group_by(came.team_key)
    )


def _events(since: date, day: date, keys: list[str]) -> Select[Any]:
    """(team, events held, meetings, months with a meeting, events without a scale)."""
    meeting, ago = (
        events.c.scale == MEETING_SCALE,
        day_number(day_literal(day.isoformat())) - day_number(events.c.starts_on),
    )
    return (
        select(
            events.c.team_key,
            func.count(),
            func.count().filter(meeting),
            func.count((ago - ago % MONTH).distinct()).filter(meeting),
            func.count().filter(events.c.scale.is_(None)),
        )
        .where(events.c.team_key.in_(keys), *_held(since, day).conditions())
        .group_by(events.c.team_key)
    )


def _rests(since: date, day: date, keys: list[str], program: Program) -> CompoundSelect[Any]:
    """What rests on one person: team_key, kind, thing, person_key, done (contributions, or events)."""
    own, took, tag = contributions.c, attendances.c, attendances.c.language
    in_year = (own.team_key.in_(keys), own.contributed_on > since, own.contributed_on <= day)
    # Variants of a language are that language: codes have two or three letters.
    base = case((tag.like("__-%"), func.substr(tag, 1, 2)), (tag.like("___-%"), func.substr(tag, 1, 3)), else_=tag)

    def of_work(kind: str) -> Select[Any]:
        thing = own[kind]
        return (
            select(own.team_key, literal(kind).label("kind"), thing.label("thing"))
            .add_columns(func.min(own.person_key).label("person_key"), func.sum(own.quantity).label("done"))
            .where(*in_year, thing.is_not(None))
            .group_by(own.team_key, thing)
            .having(func.min(own.person_key) == func.max(own.person_key), func.sum(own.quantity) >= program.active_min)
        )

    def at_events(kind: str, source: FromClause, thing: Any, *those: Any) -> Select[Any]:
        held = attendances.beside(_held(since, day).conditions())
        here = (took.team_key.in_(keys), *those, *held)
        # Events are counted of those alone behind whom is one person, who are few.
        alone = (
            select(took.team_key, thing.label("thing"), func.min(took.person_key).label("person_key"))
            .select_from(source)
            .where(*here)
            .group_by(took.team_key, thing)
            .having(func.min(took.person_key) == func.max(took.person_key), func.count() >= program.active_min)
            .subquery(f"alone_{kind}")
        )
        one, done = alone.c, func.count(took.event_key.distinct())
        theirs = and_(took.team_key == one.team_key, took.person_key == one.person_key, thing == one.thing)
        return (
            select(one.team_key, literal(kind).label("kind"), one.thing, one.person_key, done.label("done"))
            .select_from(source.join(alone, theirs))
            .where(*here)
            .group_by(one.team_key, one.thing, one.person_key)
            .having(done >= program.active_min)
        )

    at_spaces = attendances.join(spaces, spaces.c.space_key == took.space_key)
    return union_all(
        of_work(AREA),
        of_work(PROJECT),
        at_events(LANGUAGE, attendances, base, took.role != "attendee", tag.is_not(None)),
        at_events(SPACE, at_spaces, spaces.c.name, took.role == "organizer", took.space_key.is_not(None)),
    )


class SinglePoint(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    kind: Annotated[str, Code("Kind", help="Area, project, language or space")]
    thing: Annotated[str, Text("What rests on one person")]
    done: Annotated[int, Count("Done", "contributions", help="Of languages and spaces: events")]
    person_key: Annotated[str | None, Key("Person key")]
    person: Annotated[str | None, Text("By", help="For the program manager and the board only")]


def _by_team_and_kind(found: pd.DataFrame) -> pd.DataFrame:
    order = found["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    return (
        found.assign(_order=order)
        .sort_values(["name", "team", "_order", "done", "thing"], ascending=[True, True, True, False, True])
        .drop(columns="_order")
        .reset_index(drop=True)
    )


@question(
    roles=INSIDE | {Role.PARTNER},
    counts=PEOPLE,
    columns=SinglePoint,
    own_teams=OwnTeams(_by_team_and_kind, names=("person_key", "person")),
)
def team_single_points(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """What breaks if one person leaves: what a team did in 365 days with a single person behind it.

    Areas and projects of its contributions; languages that were spoken, and spaces that were organized at, at its held
    events. From as many contributions or events on as make one person active. Who it is: inside only.
    """
    if not scope.exact:
        return empty(SinglePoint)
    program, day = load_program(connection), selection.as_of
    listed = select(teams.c.team_key, teams.c.name).where(*chosen(selection, team))
    names = {row[0]: row[1] for row in connection.execute(listed)}
    found = connection.execute(_rests(day - timedelta(days=YEAR), day, sorted(names), program)).all()
    named = select(people.c.person_key, people.c.name).where(people.c.person_key.in_({row.person_key for row in found}))
    who = {row[0]: row[1] or row[0] for row in connection.execute(named)}
    rows = [
        SinglePoint(
            *(row.team_key, names[row.team_key], row.kind),
            *(language_name(row.thing) if row.kind == LANGUAGE else row.thing, int(row.done)),
            *(row.person_key, who.get(row.person_key, row.person_key)),
        )
        for row in found
    ]
    return _by_team_and_kind(table(SinglePoint, rows))
