"""The contributor funnel: joined → casual → active → core, for the people who entered in a period."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, false, func, null, or_, select

from data_access.answers import Count, Day, Key, Text, fetch
from data_access.database.schema import people, teams
from data_access.database.sql import day_number
from data_access.derived.levels import LEVELS, reached_levels
from data_access.program import Program, load_program
from data_access.questions.contributors.cohorts import (
    BREAKDOWNS,
    NOT_KNOWN,
    ORDERS,
    Breakdown,
    breakdown,
    cohort,
    contributed_before_joining,
    entered,
    levels,
    settled,
    with_recorded,
)
from data_access.questions.funnel.step_table import FunnelStep, funnel_table
from data_access.questions.funnel.stepwise import Walk, count_steps, walk, walk_columns
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, INSIDE, Scope, Selection, SelectionError

STEPS = ("joined", *LEVELS)


@question(
    roles=EVERYBODY,
    counts=PEOPLE,
    columns=FunnelStep,
    released=Released((Windows.WHOLE_YEARS,), tuple({"by": by} if by else {} for by in BREAKDOWNS), goes_on=True),
)
def contributor_funnel(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    by: str = "",
    window: int = 0,
    active_min: int = 0,
    core_min: int = 0,
) -> pd.DataFrame:
    """People who joined in the period along joined → casual → active → core.

    One row for each step, and with `by` (team, stage, area, region, channel, scale, space) for each group. A step
    counts if it is taken within `window` days of the one before (0: the program's conversion window). Shares of the
    previous step, their 95 % Wilson intervals and the quartiles of days look only at the `counted`, people of the step
    before whose window is over, so that who is quick does not count for more. `share_of_start` is people ÷ start, as
    of now; `estimate` is what that share will be once every window is over. A contribution before the joining date
    counts as taken, is left out of the days, and is counted in `early`. `active_min` and `core_min` try other
    thresholds (0: the program's).

    Released for the people of each calendar year that is over, until nobody of them has time left: who reached each
    step, as ranges (at_least to at_most, `people` their middle or missing). What is of people whose time is over stands
    once it is over for all of the year; quartiles in whole weeks, of 20 people or more.
    """
    grouped, program = breakdown(by), load_program(connection)
    if not scope.exact:
        selection = until_settled(selection, program)
    steps = contributor_walk(program, selection, grouped, window=window, active_min=active_min, core_min=core_min)
    counted = count_steps(connection, steps)
    return funnel_table(counted, steps, group_names(connection, counted, grouped), scope, by)


def until_settled(selection: Selection, program: Program) -> Selection:
    """The selection as of the day on which nobody who entered has time left, at most."""
    return settled(selection, len(LEVELS) * program.conversion_window_days)


def contributor_walk(
    program: Program,
    selection: Selection,
    by: Breakdown,
    *,
    window: int = 0,
    active_min: int = 0,
    core_min: int = 0,
    extra: tuple[ColumnElement[Any], ...] = (),
) -> Walk:
    """The steps of the people who entered; `extra` columns of `contributor_levels` come along."""
    tried = bool(active_min or core_min)
    # A level never lies before the one it follows, only the first contribution before what it follows: joining.
    early = [contributed_before_joining, *(false() for _ in LEVELS[1:])]
    if min(window, active_min, core_min) < 0:
        raise SelectionError("A window and a threshold are whole numbers above 0 (0: the program’s own).")
    days: list[ColumnElement[Any]] = [levels.joined_on]
    if not tried:
        days += [levels[f"{level}_on"] for level in LEVELS]
        between: list[ColumnElement[Any]] = [levels[f"days_to_{level}"] for level in LEVELS]
        rows = cohort(selection, by, *walk_columns(days, between, early), *extra, joined=with_recorded)
    else:
        who = select(levels.person_key).where(*entered(selection))
        found = reached_levels(active_min or program.active_min, core_min or program.core_min, who)
        reached = found.subquery("reached")
        days += [reached.c[f"{level}_on"] for level in LEVELS]
        between = [day_number(later) - day_number(earlier) for earlier, later in pairwise(days)]
        rows = cohort(
            selection,
            by,
            *walk_columns(days, between, early),
            *extra,
            joined=lambda origin: with_recorded(origin).outerjoin(reached, reached.c.person_key == levels.person_key),
        )
    return walk(rows, STEPS, window or program.conversion_window_days, selection, "contributors")


def group_names(connection: Connection, counted: pd.DataFrame, by: Breakdown) -> dict[str, str]:
    """The groups that occur, with their names: in their own order if they have one, else the largest first."""
    if not by.name:
        return {NOT_KNOWN: by.unknown}
    first = counted[counted["step"] == 1].groupby("group_key")["people"].sum()
    sizes = {str(group): int(size) for group, size in first.items()}
    known, order = by.names(connection), ORDERS.get(by.name, ())

    def place(group: str) -> tuple[bool, int, int, str]:
        return group == NOT_KNOWN, order.index(group) if group in order else len(order), -sizes[group], group

    return {group: known.get(group, group) or by.unknown for group in sorted(sizes, key=place)}


MOST_PEOPLE = 500


class FunnelPerson(NamedTuple):
    person_key: Annotated[str, Key("Key")]
    name: Annotated[str | None, Text("Name")]
    home_country: Annotated[str | None, Key("Country", help="ISO 3166 code of the home")]
    team: Annotated[str | None, Text("Team", help="Of the first contribution")]
    area: Annotated[str | None, Text("Area", help="Of the first contribution")]
    joined_on: Annotated[date | None, Day("Joined")]
    casual_on: Annotated[date | None, Day("Casual")]
    active_on: Annotated[date | None, Day("Active")]
    core_on: Annotated[date | None, Day("Core")]
    total: Annotated[int, Count("People in all", "people", help="How many there are, listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=FunnelPerson)
def funnel_people(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    step: str = "active",
    state: str = "reached",
    by: str = "",
    group: str = "",
    search: str = "",
    limit: int = MOST_PEOPLE,
) -> pd.DataFrame:
    """The people behind a step of the contributor funnel, with the day of each step (PM and board only).

    `state` is reached (took the step), open (reached the step before and still have time) or lost (their window is
    over). With `by` and `group` (a key; "" is the unknown) those of one group; `search` is looked for in names and
    keys. Days after `as_of` are left out. The latest step first, `limit` people at most (0: all).
    """
    if step not in STEPS or state not in ("reached", "open", "lost"):
        raise SelectionError(f"Choose a step from {', '.join(STEPS)} and a state from reached, open, lost.")
    grouped, number = breakdown(by), STEPS.index(step)
    steps = contributor_walk(
        load_program(connection),
        selection,
        grouped,
        extra=(levels.person_key, levels.team_key, levels.area),
    )
    which = steps.people.c
    conditions = steps.reached(number if state == "reached" else number - 1)
    if state != "reached":
        wanted = (2,) if state == "open" else (3,)
        conditions.append(steps.state(number).in_(wanted) if number else false())
    if by:
        conditions.append(which.group_key == group)
    if search:
        told = (
            func.lower(text).contains(search.lower(), autoescape=True) for text in (people.c.name, people.c.person_key)
        )
        conditions.append(which.person_key.in_(select(people.c.person_key).where(or_(*told))))
    # Who they are comes first: names would be carried along for all of whom most are left out.
    first = select(steps.people, func.count().over().label("total")).where(*conditions)
    latest = f"on_{max(number - (state != 'reached'), 0)}"
    if limit > 0:
        first = first.order_by(which[latest].desc(), which.person_key).limit(limit)
    own = first.subquery("first_of_them")
    known = [
        case((own.c[f"on_{index}"] <= selection.as_of, own.c[f"on_{index}"]), else_=null()).label(f"{name}_on")
        for index, name in enumerate(STEPS)
    ]
    statement = (
        select(own.c.person_key, people.c.name, people.c.home_country, teams.c.name.label("team"), own.c.area, *known)
        .add_columns(own.c.total)
        .join_from(own, people, people.c.person_key == own.c.person_key)
        .join(teams, teams.c.team_key == own.c.team_key, isouter=True)
        .order_by(own.c[latest].desc(), own.c.person_key)
    )
    return fetch(connection, statement, FunnelPerson)
