"""People in a team's pathway, who of them was connected to what comes next, and who left the core."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Select, String, and_, cast, exists, func, or_, select

from data_access.answers import Count, Day, Key, Share, Text, empty, table
from data_access.contract.lifecycle import NEWCOMERS_NEEDED, PROTOTYPE_PEOPLE
from data_access.database.prepared import attendances
from data_access.database.schema import contributions, mentorships, people, team_contributors
from data_access.database.schema import teams as teams_table
from data_access.database.sql import day_number
from data_access.program import load_program
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams.activity import Span, core_kept, parts, spans_of, year_before
from data_access.questions.teams.chosen import chosen
from data_access.questions.teams.stages import stays
from data_access.selection import INSIDE, Role, Scope, Selection
from data_access.statistics.intervals import wilson_interval

# A next step a month after the first is the first one's doing; later it is a new beginning.
CONNECTED_DAYS = 30
# How many people a stage is about: so many at most, or more than so many.
LIMITS = {"starting": PROTOTYPE_PEOPLE, "learning": NEWCOMERS_NEEDED}


class TeamPathway(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    stage: Annotated[str, Key("Stage code")]
    since: Annotated[date, Day("In the stage since")]
    people: Annotated[int, Count("In the pathway", "people", help="First contribution to the team after that day")]
    limit: Annotated[int | None, Count("The stage is about", "people", help="Starting: at most; learning: more than")]
    judged: Annotated[int, Count("Whose 30 days are over", "people", help="After their first contribution")]
    connected: Annotated[int, Count("Of them connected", "people", help="To an event, a task of one, or a mentor")]
    share: Annotated[float | None, Share("Connected")]
    share_low: Annotated[float | None, Share("Connected, low", help="95% interval (Wilson)")]
    share_high: Annotated[float | None, Share("Connected, high")]
    to_event: Annotated[int, Count("To an event", "people", help="Took part in another one")]
    to_task: Annotated[int, Count("To a task", "people", help="Contributed because of another event")]
    to_mentor: Annotated[int, Count("To a mentor", "people")]
    core_before: Annotated[int, Count("Core a year ago", "people")]
    core_left: Annotated[int, Count("Of them gone", "people", help="No contribution to the team in the window")]


def _by_name(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["name", "team"], ignore_index=True, kind="stable")


@question(roles=INSIDE | {Role.PARTNER}, counts=PEOPLE, columns=TeamPathway, own_teams=OwnTeams(_by_name))
def team_pathway(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """People who came into each team’s pathway (or one’s) in its present stage, and how many were connected in 30 days.

    Connected: in the 30 days after their first contribution to the team they took part in a held event, contributed
    because of an event, or got a mentor. The day of the first contribution itself does not count, but for the mentor.
    Judged are those whose 30 days are over. Teams without a stage are left out.
    """
    if not scope.exact:
        return empty(TeamPathway)
    program, day = load_program(connection), selection.as_of
    listed = select(teams_table.c.team_key, teams_table.c.name).where(*chosen(selection, team))
    names = {row[0]: row[1] for row in connection.execute(listed)}
    current = {key: found[-1] for key, found in sorted(stays(connection, day).items()) if key in names}
    came = _came(connection, [(key, stay.entered_on, day) for key, stay in current.items()])
    core = core_kept(connection, program, [(key, year_before(day), day) for key in current])
    rows = []
    for key, stay in current.items():
        in_pathway, judged, connected, *to = came[key, stay.entered_on, day]
        before, kept = core[key, year_before(day), day]
        low, high = (float(end) for end in wilson_interval(connected, judged)) if judged else (None, None)
        rows.append(
            (
                *(key, names[key], stay.stage, stay.entered_on, in_pathway, LIMITS.get(stay.stage)),
                *(judged, connected, connected / judged if judged else None, low, high, *to),
                *(before, before - kept),
            )
        )
    return _by_name(table(TeamPathway, rows))


def _came(connection: Connection, wanted: list[Span]) -> dict[Span, tuple[int, ...]]:
    """(people, judged, connected, to an event, to a task, to a mentor) of who came to each team in its days."""
    found: dict[Span, tuple[int, ...]] = dict.fromkeys(wanted, (0,) * 6)
    for part in parts(wanted):
        spans = spans_of(part)
        came = team_contributors.c
        last = part[0][2]
        # Somebody may come to several teams: a key for each time.
        newcomer = cast(spans.c.number, String) + " " + came.person_key
        cohort = (
            select(spans.c.number, came.person_key, came.first_on, newcomer.label("newcomer"))
            .join_from(spans, team_contributors, came.team_key == spans.c.team_key)
            .where(came.first_on > spans.c.after_day, came.first_on <= spans.c.last_day)
            .cte("cohort")
        )
        judged = cohort.c.first_on <= last - timedelta(days=CONNECTED_DAYS)
        to_event, to_task = _next_steps(cohort, min(since for _, since, _ in part), last)
        each = select(
            cohort.c.number,
            judged.label("judged"),
            to_event.label("to_event"),
            to_task.label("to_task"),
            cohort.c.newcomer.in_(_mentored(cohort, last)).label("to_mentor"),
        ).subquery("each")
        ways = (each.c.to_event, each.c.to_task, each.c.to_mentor)
        counted = select(
            each.c.number,
            func.count(),
            func.count().filter(each.c.judged),
            func.count().filter(each.c.judged, or_(*ways)),
            *(func.count().filter(each.c.judged, way) for way in ways),
        ).group_by(each.c.number)
        for number, *people_of in connection.execute(counted):
            found[part[number]] = tuple(people_of)
    return found


def _soon(cohort: Any, day: Any, last: date, since: int = 1) -> Any:
    """Whether a day lies in the 30 days after a newcomer's first, and not after the last that is known."""
    passed = day_number(day) - day_number(cohort.c.first_on)
    return and_(passed >= since, passed <= CONNECTED_DAYS, day <= last)


def _next_steps(cohort: Any, since: date, last: date) -> tuple[Any, Any]:
    """Conditions on a newcomer of the cohort: took part in an event, did a task of one, in 30 days.

    All of them came after the day `since`: what was before it need not be looked at.
    """
    took, own = attendances.c, contributions.c
    to_event = exists(
        select(took.event_key)
        .where(took.person_key == cohort.c.person_key, _soon(cohort, took.starts_on, last), took.starts_on > since)
        .where(*attendances.beside(Selection(as_of=last).status_conditions()))
    )
    to_task = exists(
        select(own.person_key).where(
            own.person_key == cohort.c.person_key,
            own.event_key.is_not(None),
            _soon(cohort, own.contributed_on, last),
            own.contributed_on > since,
        )
    )
    return to_event, to_task


def _mentored(cohort: Any, last: date) -> Select[Any]:
    """The newcomers who got a mentor in 30 days, found from the mentors' side: no index leads there from a mentee."""
    pair = mentorships.c
    return (
        select(cohort.c.newcomer)
        .join_from(mentorships, cohort, cohort.c.person_key == pair.mentee_key)
        .where(_soon(cohort, pair.started_on, last, 0))
        .distinct()
    )


class CoreLeaver(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    person_key: Annotated[str, Key("Person key")]
    person: Annotated[str, Text("Who left the core")]
    contributions: Annotated[int, Count("Then", "contributions", help="To the team, in the window a year ago")]
    last_on: Annotated[date, Day("Last contribution to the team")]
    elsewhere: Annotated[int, Count("Elsewhere since", "contributions", help="In the program, in the window now")]


@question(roles=frozenset({Role.PM}), counts=PEOPLE, columns=CoreLeaver)
def core_leavers(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Who was core of a team (or of each) a year ago and has contributed nothing to it in the window since.

    Whoever contributes elsewhere in the program is not lost to it. Who made most then comes first. For the program
    manager alone.
    """
    program, day = load_program(connection), selection.as_of
    listed = select(teams_table.c.team_key, teams_table.c.name).where(*chosen(selection, team))
    names = {row[0]: row[1] for row in connection.execute(listed)}
    window, then = timedelta(days=program.window_days), year_before(day)
    statement = _left(sorted(names), (then - window, then), (day - window, day), program.core_min)
    rows = [
        CoreLeaver(
            row.team_key, names[row.team_key], row.person_key, row.name or row.person_key, int(row.then), *row[4:]
        )
        for row in connection.execute(statement)
    ]
    rows.sort(key=lambda row: (row.name, row.team, -row.contributions, row.person_key))
    return table(CoreLeaver, rows)


def _left(keys: list[str], then: tuple[date, date], now: tuple[date, date], enough: int) -> Select[Any]:
    own = contributions.c
    core = (
        select(own.team_key, own.person_key, func.sum(own.quantity).label("then"))
        .where(own.team_key.in_(keys), own.contributed_on > then[0], own.contributed_on <= then[1])
        .group_by(own.team_key, own.person_key)
        .having(func.sum(own.quantity) >= enough)
        .subquery("core")
    )
    here = own.team_key == core.c.team_key
    lately = own.contributed_on > now[0]
    return (
        select(
            core.c.team_key,
            core.c.person_key,
            people.c.name,
            core.c.then,
            func.max(own.contributed_on).filter(here).label("last_on"),
            func.coalesce(func.sum(own.quantity).filter(lately), 0).label("elsewhere"),
        )
        .join_from(core, contributions, own.person_key == core.c.person_key)
        .join(people, people.c.person_key == core.c.person_key)
        .where(own.contributed_on <= now[1])
        .group_by(core.c.team_key, core.c.person_key, people.c.name, core.c.then)
        .having(func.count().filter(here, lately) == 0)
    )
