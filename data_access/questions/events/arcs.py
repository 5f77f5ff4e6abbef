"""Events drive action: the tasks that events set before, during and after, and the projects that they move on."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, Select, Subquery, case, func, literal_column, select

from data_access.answers import Code, Count, Day, Key, Number, Text, fetch, table
from data_access.database.prepared import event_tasks
from data_access.database.schema import challenges, events, places, spaces, teams
from data_access.questions.registry import EVENTS, question
from data_access.selection import STAFF, Scope, Selection, SelectionError, status_on
from data_access.statistics.intervals import poisson_interval

PHASES = ("before", "during", "after")
WHOLE = "whole"
MOST_EVENTS = 100
_NOTHING: ColumnElement[str] = literal_column("''")
_PLACE = func.coalesce(events.c.city, places.c.city)


class ScaleArcs(NamedTuple):
    scale: Annotated[str, Code("Scale", help="Empty: not recorded")]
    events: Annotated[int, Count("Events", "events")]
    with_tasks: Annotated[int, Count("With tasks", "events", help="With a challenge or learning task in any phase")]
    before: Annotated[int, Count("Before", "events", help="With a task before the event")]
    during: Annotated[int, Count("During", "events", help="With a task during the event")]
    after: Annotated[int, Count("After", "events", help="With a task after the event")]
    whole: Annotated[int, Count("All three phases", "events", help="With tasks before, during and after")]
    with_project: Annotated[int, Count("With a project", "events", help="Whose tasks name a project")]
    projects: Annotated[int, Count("Projects", "projects", help="That tasks of these events name, each once")]
    pairs: Annotated[int, Count("Projects, by event", "projects", help="Each counted once at every event")]
    per_event: Annotated[float, Number("Projects per event", decimals=2, help="Of all these events")]
    low: Annotated[
        float, Number("Projects per event, from", decimals=2, help="Lower end of the exact 95% interval (Garwood)")
    ]
    high: Annotated[float, Number("Projects per event, to", decimals=2, help="Upper end of the exact 95% interval")]


@question(roles=STAFF, counts=EVENTS, columns=ScaleArcs)
def arcs_by_scale(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many events of each scale set tasks before, during and after, and how many projects they move on.

    An arc is whole that has a challenge or learning task in all three phases.
    """
    here = event_tasks.beside(selection.conditions())
    own = _arcs(here, "scale")
    size_of = func.coalesce(events.c.scale, _NOTHING).label("of_scale")
    sizes = select(size_of, func.count().label("events")).where(*selection.conditions()).group_by("of_scale")
    held = {row.of_scale: row.events for row in connection.execute(sizes)}
    statement = select(
        func.coalesce(own.c.scale, _NOTHING).label("of_scale"),
        func.count().label("with_tasks"),
        *(func.sum(case((own.c[phase] > 0, 1), else_=0)).label(phase) for phase in PHASES),
        func.sum(case((_phases(own) == len(PHASES), 1), else_=0)).label("whole"),
        func.sum(case((own.c.named > 0, 1), else_=0)).label("with_project"),
    ).group_by("of_scale")
    arcs = {row.of_scale: row for row in connection.execute(statement)}
    named = (event_tasks.c.event_key, event_tasks.c.project, event_tasks.c.scale)
    pairs = select(*named).where(event_tasks.c.project.is_not(None), *here).group_by(*named).subquery("pairs")
    scale = func.coalesce(pairs.c.scale, _NOTHING).label("of_scale")
    moved = select(scale, pairs.c.project, func.count().label("pairs")).group_by("of_scale", pairs.c.project)
    projects: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(moved):
        projects[row.of_scale].append(row.pairs)
    counts = [sum(projects[name]) for name in held]
    low, high = poisson_interval(counts, list(held.values()))
    made = []
    for number, (scale_of, size) in enumerate(held.items()):
        arc = arcs.get(scale_of)
        made.append(
            ScaleArcs(
                scale=scale_of,
                events=size,
                with_tasks=arc.with_tasks if arc else 0,
                before=int(arc.before) if arc else 0,
                during=int(arc.during) if arc else 0,
                after=int(arc.after) if arc else 0,
                whole=int(arc.whole) if arc else 0,
                with_project=int(arc.with_project) if arc else 0,
                projects=len(projects[scale_of]),
                pairs=counts[number],
                per_event=counts[number] / size,
                low=float(low[number]),
                high=float(high[number]),
            )
        )
    made.sort(key=lambda row: (-row.per_event, row.scale))
    return table(ScaleArcs, made)


class EventArc(NamedTuple):
    event_key: Annotated[str, Key("Event key")]
    starts_on: Annotated[date, Day("Date")]
    title: Annotated[str | None, Text("Event")]
    city: Annotated[str | None, Text("Place")]
    scale: Annotated[str | None, Code("Scale")]
    phases: Annotated[int, Count("Phases", "phases", help="Of three: before, during, after")]
    before: Annotated[int, Count("Before", "tasks")]
    during: Annotated[int, Count("During", "tasks")]
    after: Annotated[int, Count("After", "tasks")]
    completed: Annotated[int | None, Count("Completed", "completions", help="Of the tasks that report; empty: none")]
    projects: Annotated[int, Count("Projects", "projects")]
    total: Annotated[int, Count("Events with tasks", "events", help="How many match, listed or not")]


@question(roles=STAFF, counts=EVENTS, columns=EventArc)
def event_arcs(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    phase: str = "",
    project: str = "",
    limit: int = MOST_EVENTS,
) -> pd.DataFrame:
    """Events that set tasks, those with most phases and then the newest first, `limit` at most.

    `phase` (before, during, after, or whole for all three) leaves those with a task in it, `project` those with a task
    for it.
    """
    if phase not in ("", *PHASES, WHOLE):
        raise SelectionError(f"{phase!r} is not a phase. Choose from {', '.join((*PHASES, WHOLE))}.")
    chosen = _in_order(selection, phase, project).limit(limit).cte("chosen")
    own = (
        select(
            challenges.c.event_key,
            func.sum(challenges.c.completed_count).label("completed"),
            func.count(challenges.c.project.distinct()).label("projects"),
        )
        .where(challenges.c.event_key.in_(select(chosen.c.event_key)))
        .group_by(challenges.c.event_key)
        .subquery("own")
    )
    phases = _phases(chosen)
    statement = (
        select(
            events.c.event_key,
            events.c.starts_on,
            events.c.title,
            _PLACE.label("city"),
            events.c.scale,
            phases.label("phases"),
            *(chosen.c[phase] for phase in PHASES),
            case((events.c.starts_on <= selection.as_of, own.c.completed)).label("completed"),
            own.c.projects,
            chosen.c.total,
        )
        .join_from(chosen, events, events.c.event_key == chosen.c.event_key)
        .join(own, own.c.event_key == chosen.c.event_key)
        .join(places, places.c.place_id == events.c.place_id, isouter=True)
        .order_by(phases.desc(), events.c.starts_on.desc(), events.c.event_key)
    )
    return fetch(connection, statement, EventArc)


class OneEvent(NamedTuple):
    event_key: Annotated[str, Key("Event key")]
    title: Annotated[str | None, Text("Event")]
    starts_on: Annotated[date, Day("Begins")]
    ends_on: Annotated[date, Day("Ends")]
    status: Annotated[str, Code("Status")]
    city: Annotated[str | None, Text("Place")]
    scale: Annotated[str | None, Code("Scale")]
    mode: Annotated[str | None, Code("How it is held")]
    space: Annotated[str | None, Text("Space")]
    team: Annotated[str | None, Text("Team")]
    attendance: Annotated[int | None, Count("Attendance", "visits", help="As reported; empty: not")]
    reported: Annotated[int | None, Count("Newcomers reported", "people", help="As the event says; empty: it does not")]


@question(roles=STAFF, counts=EVENTS, columns=OneEvent)
def one_event(connection: Connection, selection: Selection, scope: Scope, *, event: str = "") -> pd.DataFrame:
    """What is reported of one event; without an `event` of the first that `event_arcs` lists. Filters do not matter."""
    key = event or first_arc(connection, selection)
    has_begun = events.c.starts_on <= selection.as_of
    statement = (
        select(
            events.c.event_key,
            events.c.title,
            events.c.starts_on,
            func.coalesce(events.c.ends_on, events.c.starts_on).label("ends_on"),
            status_on(selection.as_of).label("status"),
            _PLACE.label("city"),
            events.c.scale,
            events.c.mode,
            spaces.c.name.label("space"),
            teams.c.name.label("team"),
            case((has_begun, events.c.attendance)).label("attendance"),
            case((has_begun, events.c.new_contributors)).label("reported"),
        )
        .select_from(events)
        .join(places, places.c.place_id == events.c.place_id, isouter=True)
        .join(spaces, spaces.c.space_key == events.c.space_key, isouter=True)
        .join(teams, teams.c.team_key == events.c.team_key, isouter=True)
        .where(events.c.event_key == key)
    )
    return fetch(connection, statement, OneEvent)


class EventTask(NamedTuple):
    phase: Annotated[str, Code("Phase", help="Before, during or after the event; empty: not recorded")]
    kind: Annotated[str, Code("Kind", help="Learning task or contribution challenge; empty: not recorded")]
    project: Annotated[str, Text("Project", help="Empty: the task names none")]
    tasks: Annotated[int, Count("Tasks", "tasks")]
    completed: Annotated[int | None, Count("Completed", "completions", help="Empty: no task reports it")]


@question(roles=STAFF, counts=EVENTS, columns=EventTask)
def event_arc(connection: Connection, selection: Selection, scope: Scope, *, event: str = "") -> pd.DataFrame:
    """The tasks of one event before, during and after it, by kind and project, with how often they were completed.

    Without an `event` of the first that `event_arcs` lists. Filters do not matter.
    """
    key = event or first_arc(connection, selection)
    own = challenges.c
    grouped = [
        func.coalesce(own[name], _NOTHING).label(label)
        for name, label in (("phase", "in_phase"), ("kind", "of_kind"), ("project", "for_project"))
    ]
    statement = (
        select(
            *grouped,
            func.count().label("tasks"),
            func.sum(case((events.c.starts_on <= selection.as_of, own.completed_count))).label("completed"),
        )
        .join_from(challenges, events, events.c.event_key == own.event_key)
        .where(own.event_key == key)
        .group_by("in_phase", "of_kind", "for_project")
    )
    found = [
        EventTask(
            row.in_phase,
            row.of_kind,
            row.for_project,
            row.tasks,
            None if row.completed is None else int(row.completed),
        )
        for row in connection.execute(statement)
    ]
    found.sort(key=lambda row: (_phase_order(row.phase), row.kind != "learning_task", row.kind, row.project))
    return table(EventTask, found)


def _phase_order(phase: str) -> int:
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


class ProjectEvents(NamedTuple):
    project: Annotated[str, Text("Project", help="Empty: tasks that name none")]
    events: Annotated[int, Count("Events", "events", help="With a task for it")]
    micro: Annotated[int, Count("Micro", "events")]
    regional: Annotated[int, Count("Regional", "events")]
    annual: Annotated[int, Count("Annual", "events")]
    challenges: Annotated[int, Count("Challenges", "tasks", help="Contribution challenges")]
    learning: Annotated[int, Count("Learning tasks", "tasks")]
    completed: Annotated[int | None, Count("Completed", "completions", help="Of the tasks that report; empty: none")]
    reporting: Annotated[int, Count("Tasks that report", "tasks")]
    last_on: Annotated[date, Day("Last event")]


@question(roles=STAFF, counts=EVENTS, columns=ProjectEvents)
def event_projects(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Which projects events moved on: challenges and learning tasks for each, and what was completed of them.

    The project with most events first; tasks that name none last. Completions are not people.
    """
    own = event_tasks.c
    completed = case((own.starts_on <= selection.as_of, own.completed_count))
    # A row an event and project first: sets of keys, one for each count, would take three times as long.
    each = (
        select(
            *(func.coalesce(own.project, _NOTHING).label("for_project"), own.event_key, own.scale, own.starts_on),
            func.sum(case((own.kind == "contribution_challenge", 1), else_=0)).label("challenges"),
            func.sum(case((own.kind == "learning_task", 1), else_=0)).label("learning"),
            func.sum(completed).label("completed"),
            func.count(completed).label("reporting"),
        )
        .where(*event_tasks.beside(selection.conditions()))
        .group_by("for_project", own.event_key, own.scale, own.starts_on)
        .subquery("each_event")
    )
    statement = select(
        each.c.for_project,
        func.count().label("events"),
        *(func.count(case((each.c.scale == scale, 1))).label(scale) for scale in ("micro", "regional", "annual")),
        *(func.sum(each.c[name]).label(name) for name in ("challenges", "learning", "completed", "reporting")),
        func.max(each.c.starts_on).label("last_on"),
    ).group_by(each.c.for_project)
    rows = [
        ProjectEvents(
            *(row.for_project, row.events, row.micro, row.regional, row.annual),
            *(int(row.challenges), int(row.learning)),
            None if row.completed is None else int(row.completed),
            int(row.reporting),
            row.last_on,
        )
        for row in connection.execute(statement)
    ]
    rows.sort(key=lambda row: (row.project == "", -row.events, row.project))
    return table(ProjectEvents, rows)


def first_arc(connection: Connection, selection: Selection) -> str:
    """The key of the first event that `event_arcs` lists; "" where no event set a task."""
    own = _arcs(event_tasks.beside(selection.conditions()), "starts_on")
    return connection.execute(select(own.c.event_key).order_by(*_order(own)).limit(1)).scalar() or ""


def _in_order(selection: Selection, phase: str = "", project: str = "") -> Select[Any]:
    """Keys of events with tasks, with how many match: those with most phases and then the newest first."""
    own = _arcs(event_tasks.beside(selection.conditions()), "starts_on")
    chosen = select(own.c.event_key, *(own.c[name] for name in PHASES), func.count().over().label("total"))
    if phase == WHOLE:
        chosen = chosen.where(_phases(own) == len(PHASES))
    elif phase:
        chosen = chosen.where(own.c[phase] > 0)
    if project:
        named = select(challenges.c.event_key).where(challenges.c.project == project)
        chosen = chosen.where(own.c.event_key.in_(named))
    return chosen.order_by(*_order(own))


def _order(own: FromClause) -> tuple[ColumnElement[Any], ...]:
    return _phases(own).desc(), own.c.starts_on.desc(), own.c.event_key


def _arcs(conditions: list[ColumnElement[bool]], known: str) -> Subquery:
    """A row an event with tasks: event_key, what else is `known` of it, how many in each phase, and with a project."""
    own = event_tasks.c
    about = (own.event_key, own[known])
    counts = [func.count(case((own.phase == phase, 1))).label(phase) for phase in PHASES]
    named = func.count(own.project).label("named")
    return select(*about, *counts, named).where(*conditions).group_by(*about).subquery("arcs")


def _phases(own: FromClause) -> ColumnElement[int]:
    """In how many phases an event has tasks."""
    before, during, after = (case((own.c[phase] > 0, 1), else_=0) for phase in PHASES)
    return before + during + after
