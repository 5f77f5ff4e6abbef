"""What spaces bring: newcomers against one new active contributor an event, as reported and as attributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Change, Code, Count, Key, Number, Share, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import contributor_levels, events
from data_access.program import Program
from data_access.questions.registry import PEOPLE, question
from data_access.questions.spaces.year import SpacesYear, SpaceYear, held_days, spaces_year
from data_access.selection import INSIDE, Scope, Selection, SelectionError
from data_access.statistics.intervals import poisson_interval, wilson_interval

GOAL, NOT_OPEN, TIME_LEFT, TOO_FEW_EVENTS, MORE_EVENTS, TOO_FEW_NEW, MORE_NEW, NOT_YET, NOT_ACTIVE, REACHED = (
    "goal",
    "not_open",
    "time_left",
    "too_few_events",
    "more_events",
    "too_few_new",
    "more_new",
    "not_active_yet",
    "not_active",
    "reached",
)
# How the losses and gains follow one another, between the goal and what is reached.
STEPS = (NOT_OPEN, TIME_LEFT, TOO_FEW_EVENTS, MORE_EVENTS, TOO_FEW_NEW, MORE_NEW, NOT_YET, NOT_ACTIVE)


class Newcomer(NamedTuple):
    """Somebody whose very first contribution names an event of a space; `still_open`: may yet become active in time."""

    space: str
    area: str
    active: bool
    still_open: bool


def newcomers_of(connection: Connection, held: Selection, program: Program) -> list[Newcomer]:
    """Everybody who came new through an event of a space, among the events that were held."""
    levels = contributor_levels.c
    statement = (
        select(events.c.space_key, func.coalesce(levels.area, ""), levels.casual_on, levels.active_on)
        .join_from(contributor_levels, events, events.c.event_key == levels.event_key)
        .where(*held.conditions(), events.c.space_key.is_not(None), levels.casual_on <= held.as_of)
    )
    last_open = held.as_of - timedelta(days=program.conversion_window_days)
    found = []
    for space, area, first, active_on in connection.execute(statement):
        is_active = active_on is not None and active_on <= held.as_of
        found.append(Newcomer(space, area, is_active, not is_active and first > last_open))
    return found


def active_newcomers(connection: Connection, held: Selection) -> int:
    """How many of them became active since."""
    levels = contributor_levels.c
    statement = (
        select(func.count())
        .select_from(contributor_levels)
        .join(events, events.c.event_key == levels.event_key)
        .where(*held.conditions(), events.c.space_key.is_not(None))
        .where(levels.casual_on <= held.as_of, levels.active_on <= held.as_of)
    )
    return int(connection.execute(statement).scalar_one())


class SpaceNewcomers(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    events: Annotated[int, Count("Events held", "events", help="In the year so far")]
    target: Annotated[
        int, Count("Newcomers due", "people", help="Events held × new active contributors an event that are its target")
    ]
    reported: Annotated[int | None, Count("New, reported", "people", help="As events report. Empty: none reports any")]
    reporting: Annotated[int, Count("Events that report", "events")]
    attributed: Annotated[
        int, Count("New, attributed", "people", help="Whose very first contribution names an event of this space")
    ]
    difference: Annotated[int | None, Change("Reported − attributed")]
    active: Annotated[int, Count("Became active", "people", help="Of those attributed")]
    not_yet: Annotated[int, Count("May yet become active", "people", help="Their time to is not over")]
    gap: Annotated[int, Change("Active − due")]
    per_event: Annotated[float | None, Number("Active an event", decimals=2)]
    low: Annotated[float | None, Number("Active an event, from", decimals=2, help="Exact 95% interval (Garwood)")]
    high: Annotated[float | None, Number("Active an event, to", decimals=2, help="Exact 95% interval (Garwood)")]


@question(roles=INSIDE, counts=PEOPLE, columns=SpaceNewcomers)
def space_newcomers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Newcomers of each space in the year, as its events report them and as contributions show them.

    Due is one new active contributor an event held, or the space's own target. Attributed are people whose very first
    contribution names an event of the space; active are those of them who reached that level since. The two ways of
    counting stand side by side: where they differ, nobody has recorded the contributions, or newcomers were only seen.
    """
    year = spaces_year(connection, selection)
    reported = _reported(connection, year)
    people = Counter((each.space, kind) for each in _all(connection, year) for kind in _kinds(each))
    days = held_days(connection, year.held)
    found = []
    for space in year.spaces:
        held, (new, reporting) = len(days.get(space.key, [])), reported.get(space.key, (None, 0))
        attributed, active = people[space.key, "all"], people[space.key, "active"]
        low, high = poisson_interval([active], [held or 1])
        found.append(
            SpaceNewcomers(
                space=space.key,
                name=space.name,
                events=held,
                target=held * space.per_event,
                reported=new,
                reporting=reporting,
                attributed=attributed,
                difference=None if new is None else new - attributed,
                active=active,
                not_yet=people[space.key, "open"],
                gap=active - held * space.per_event,
                per_event=active / held if held else None,
                low=float(low[0]) if held else None,
                high=float(high[0]) if held else None,
            )
        )
    found.sort(key=lambda row: (row.gap, row.name.casefold(), row.space))
    return table(SpaceNewcomers, found)


def _all(connection: Connection, year: SpacesYear) -> list[Newcomer]:
    return newcomers_of(connection, year.held, year.program)


def _kinds(each: Newcomer) -> list[str]:
    return ["all", *(["active"] if each.active else []), *(["open"] if each.still_open else [])]


def _reported(connection: Connection, year: SpacesYear) -> dict[str, tuple[int | None, int]]:
    """For each space the newcomers that its events report, and how many of them do."""
    new = events.c.new_contributors
    statement = (
        select(events.c.space_key, func.sum(new), func.count(new))
        .where(*year.held.conditions(), events.c.space_key.is_not(None))
        .group_by(events.c.space_key)
    )
    return {
        key: (None if total is None else int(total), reporting)
        for key, total, reporting in connection.execute(statement)
    }


class BridgeStep(NamedTuple):
    step: Annotated[
        str,
        Code(
            "Step",
            help="The goal, what is lost and won on the way, and what is reached: not open, time left, too few events, "
            "more events, too few new, more new, not active yet, not active",
        ),
    ]
    people: Annotated[
        int, Change("New active contributors", help="Lost: negative. The steps add up to what is reached")
    ]
    spaces: Annotated[int, Count("Spaces", "spaces", help="In which people are lost, or won, at this step")]
    largest: Annotated[str | None, Text("Most of it at", help="The space with the largest part")]
    largest_people: Annotated[int | None, Change("Of it there")]


@question(roles=INSIDE, counts=PEOPLE, columns=BridgeStep)
def newcomer_bridge(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """From the goal of the year (12 spaces × 96 events × 1) to the new active contributors that came: where it is lost.

    A goal is the sum of all spaces' targets for a whole year. Steps without anybody are left out; the others add up:
    goal + losses and gains = reached. A space that held too few events and one that held more stand in two steps.
    """
    year = spaces_year(connection, selection)
    by_space = _by_space(connection, year)
    if not by_space:
        return table(BridgeStep, [])
    names = {space.key: space.name for space in year.spaces}
    return table(BridgeStep, [row for step in (GOAL, *STEPS, REACHED) for row in _step(step, by_space, names)])


class SpaceOfStep(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    people: Annotated[int, Change("New active contributors", help="Lost at this step: negative")]


@question(roles=INSIDE, counts=PEOPLE, columns=SpaceOfStep)
def bridge_spaces(connection: Connection, selection: Selection, scope: Scope, *, step: str = REACHED) -> pd.DataFrame:
    """The spaces that a step of `newcomer_bridge` adds up, those with most of it first."""
    if step not in (GOAL, *STEPS, REACHED):
        raise SelectionError(f"{step!r} is not a step. Choose from {', '.join((GOAL, *STEPS, REACHED))}.")
    year = spaces_year(connection, selection)
    names = {space.key: space.name for space in year.spaces}
    parts = {key: steps[step] for key, steps in _by_space(connection, year).items() if steps[step]}
    found = [SpaceOfStep(key, names[key], people) for key, people in parts.items()]
    found.sort(key=lambda row: (-abs(row.people), row.name.casefold(), row.space))
    return table(SpaceOfStep, found)


def _by_space(connection: Connection, year: SpacesYear) -> dict[str, dict[str, int]]:
    """What each space adds to each step."""
    days = held_days(connection, year.held)
    people = Counter((each.space, kind) for each in _all(connection, year) for kind in _kinds(each))
    return {
        space.key: _steps(
            space,
            len(days.get(space.key, [])),
            people[space.key, "all"],
            people[space.key, "active"],
            people[space.key, "open"],
        )
        for space in year.spaces
    }


def _steps(space: SpaceYear, held: int, new: int, active: int, still_open: int) -> dict[str, int]:
    """What one space adds to each step."""
    each = space.per_event
    events_gap, new_gap = (held - space.due_now) * each, new - held * each
    return {
        GOAL: space.per_year * each,
        NOT_OPEN: (space.due_in_year - space.per_year) * each,
        TIME_LEFT: (space.due_now - space.due_in_year) * each,
        TOO_FEW_EVENTS: min(events_gap, 0),
        MORE_EVENTS: max(events_gap, 0),
        TOO_FEW_NEW: min(new_gap, 0),
        MORE_NEW: max(new_gap, 0),
        NOT_YET: -still_open,
        NOT_ACTIVE: active + still_open - new,
        REACHED: active,
    }


def _step(step: str, by_space: dict[str, dict[str, int]], names: dict[str, str]) -> Sequence[BridgeStep]:
    parts = {key: steps[step] for key, steps in by_space.items() if steps[step]}
    total = sum(parts.values())
    if not parts and step not in (GOAL, REACHED):
        return ()
    if step not in STEPS:
        return (BridgeStep(step, total, len(parts), None, None),)
    largest = max(sorted(parts), key=lambda key: abs(parts[key]))
    return (BridgeStep(step, total, len(parts), names[largest], parts[largest]),)


class SpaceArea(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    area: Annotated[str, Text("Focus area", help="Of the newcomer’s first contribution")]
    newcomers: Annotated[int, Count("Newcomers", "people", help="Attributed to the space’s events of the year")]
    active: Annotated[int, Count("Became active", "people")]
    share: Annotated[float, Share("Share of the space’s newcomers")]


@question(roles=INSIDE, counts=PEOPLE, columns=SpaceArea)
def space_areas(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """To which focus areas the newcomers of each space's events went, by their first contribution."""
    year = spaces_year(connection, selection)
    new: Counter[tuple[str, str]] = Counter()
    active: Counter[tuple[str, str]] = Counter()
    for each in _all(connection, year):
        new[each.space, each.area] += 1
        active[each.space, each.area] += each.active
    found = []
    for space in year.spaces:
        own = {area: count for (key, area), count in new.items() if key == space.key}
        total = sum(own.values())
        for area, count in sorted(own.items(), key=lambda item: (-item[1], item[0])):
            found.append(SpaceArea(space.key, space.name, area, count, active[space.key, area], count / total))
    return table(SpaceArea, found)


class SpaceVisitors(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    visitors: Annotated[int, Count("Known visitors", "people", help="Recorded in any role at an event of the year")]
    returning: Annotated[int, Count("Came again", "people", help="On two days or more of the year")]
    share: Annotated[float | None, Share("Share that came again")]
    low: Annotated[float | None, Share("From", help="95% Wilson interval")]
    high: Annotated[float | None, Share("To", help="95% Wilson interval")]
    elsewhere: Annotated[int, Count("Also at another space", "people")]


@question(roles=INSIDE, counts=PEOPLE, columns=SpaceVisitors)
def space_visitors(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who is recorded at each space's events of the year, and how many of them came again."""
    year = spaces_year(connection, selection)
    visits = (
        select(
            attendances.c.space_key,
            attendances.c.person_key,
            func.count(attendances.c.starts_on.distinct()).label("days"),
        )
        .where(*attendances.beside(year.held.conditions()), attendances.c.space_key.is_not(None))
        .group_by(attendances.c.space_key, attendances.c.person_key)
        .cte("visits")
    )
    spaces_of = select(visits.c.person_key, func.count().label("spaces")).group_by(visits.c.person_key).cte("how_many")
    counted = (
        select(
            visits.c.space_key,
            func.count().label("visitors"),
            func.count().filter(visits.c.days > 1).label("again"),
            func.count().filter(spaces_of.c.spaces > 1).label("elsewhere"),
        )
        .join_from(visits, spaces_of, spaces_of.c.person_key == visits.c.person_key)
        .group_by(visits.c.space_key)
    )
    by_space = {row.space_key: row for row in connection.execute(counted)}
    found = []
    for space in year.spaces:
        row = by_space.get(space.key)
        people, again = (row.visitors, row.again) if row else (0, 0)
        low, high = wilson_interval([again], [people])
        found.append(
            SpaceVisitors(
                space.key,
                space.name,
                people,
                again,
                again / people if people else None,
                float(low[0]) if people else None,
                float(high[0]) if people else None,
                row.elsewhere if row else 0,
            )
        )
    return table(SpaceVisitors, found)
