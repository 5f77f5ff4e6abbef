"""The program's own funnel: applied → evaluated → accepted → trained → graduated → active member."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal_column, null, or_, select

from data_access.answers import Day, Key, Text, empty, fetch
from data_access.database.schema import applications, cohorts, memberships, people
from data_access.database.sql import day_number
from data_access.program import load_program
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.contributors.cohorts import settled
from data_access.questions.funnel.step_table import FunnelStep, funnel_table
from data_access.questions.funnel.stepwise import Walk, count_steps, walk, walk_columns
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, INSIDE, Scope, Selection, SelectionError

STEPS = ("applied", "evaluated", "accepted", "trained", "graduated", "active_member")
_BY = ("", "cohort")


@question(
    roles=EVERYBODY,
    counts=PEOPLE,
    columns=FunnelStep,
    released=Released((Windows.WHOLE_YEARS,), ({}, {"by": "cohort"}), goes_on=True),
)
def program_funnel(
    connection: Connection, selection: Selection, scope: Scope, *, by: str = "", window: int = 0
) -> pd.DataFrame:
    """People who applied in the period along applied → evaluated → accepted → trained → graduated → active member.

    Rules as in `contributor_funnel`; `by` is cohort (of the first application) or nothing. A person counts once, from
    the first application; a second one can still take them further. A step that is dated earlier than the one before
    it, or not at all although a later one is known, counts as taken on the day of that later one: nobody graduates
    without having been accepted. Such days say nothing of how long it took and are left out (`early`). An active
    member is a membership started. Filters by country and region look at homes; the others have no meaning here and
    leave the answer empty.
    """
    grouped = _checked(by)
    if not _has_meaning(selection):
        return empty(FunnelStep)
    days = window or load_program(connection).conversion_window_days
    if not scope.exact:
        selection = settled(selection, (len(STEPS) - 1) * days)
    steps = program_walk(selection, grouped, days)
    counted = count_steps(connection, steps)
    return funnel_table(counted, steps, _names(connection, counted, grouped), scope, by)


class ProgramPerson(NamedTuple):
    person_key: Annotated[str, Key("Key")]
    name: Annotated[str | None, Text("Name")]
    home_country: Annotated[str | None, Key("Country", help="ISO 3166 code of the home")]
    applied_on: Annotated[date | None, Day("Applied")]
    evaluated_on: Annotated[date | None, Day("Evaluated")]
    accepted_on: Annotated[date | None, Day("Accepted")]
    trained_on: Annotated[date | None, Day("Trained")]
    graduated_on: Annotated[date | None, Day("Graduated")]
    active_member_on: Annotated[date | None, Day("Active member")]


@question(roles=INSIDE, counts=PEOPLE, columns=ProgramPerson)
def program_people(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    step: str = "accepted",
    state: str = "reached",
) -> pd.DataFrame:
    """The people behind a step of the program funnel, with the day of each step they took (PM and board only).

    `state` is reached, open or lost, as in `funnel_people`. The latest first.
    """
    if step not in STEPS or state not in ("reached", "open", "lost"):
        raise SelectionError(f"Choose a step from {', '.join(STEPS)} and a state from reached, open, lost.")
    number = STEPS.index(step)
    steps = program_walk(selection, "", load_program(connection).conversion_window_days)
    which = steps.people.c
    conditions = steps.reached(number if state == "reached" else max(number - 1, 0))
    if state != "reached":
        conditions.append(steps.state(max(number, 1)) == (2 if state == "open" else 3))
    days = [
        case((which[f"on_{index}"] <= selection.as_of, which[f"on_{index}"]), else_=null()).label(f"{name}_on")
        for index, name in enumerate(STEPS)
    ]
    statement = (
        select(which.person_key, people.c.name, people.c.home_country, *days)
        .select_from(steps.people.join(people, people.c.person_key == which.person_key))
        .where(*conditions)
        .order_by(which.on_0.desc(), which.person_key)
    )
    return fetch(connection, statement, ProgramPerson)


def _checked(by: str) -> str:
    if by not in _BY:
        raise SelectionError(f"{by!r} is not a breakdown of the program funnel. Choose cohort, or none.")
    return by


def _has_meaning(selection: Selection) -> bool:
    return all(item.name in ("country", "region") for item in selection.narrowed_by)


def program_walk(selection: Selection, by: str, window_days: int) -> Walk:
    """The steps of the people whose first application lies in the period."""
    given = [
        func.min(applications.c.evaluated_on),
        func.min(
            case(
                (
                    applications.c.decision == "accepted",
                    func.coalesce(applications.c.decided_on, applications.c.evaluated_on, applications.c.applied_on),
                ),
                else_=null(),
            )
        ),
        func.min(applications.c.trained_on),
        func.min(applications.c.graduated_on),
    ]
    applied = (
        select(
            applications.c.person_key,
            func.min(applications.c.applied_on).label("day_0"),
            *(day.label(f"day_{number}") for number, day in enumerate(given, start=1)),
        )
        .group_by(applications.c.person_key)
        .subquery()
    )
    # Somebody who was a member before they ever applied has not become one by applying.
    later = and_(memberships.c.person_key == applied.c.person_key, memberships.c.started_on >= applied.c.day_0)
    member = (
        select(memberships.c.person_key, func.min(memberships.c.started_on).label("day_5"))
        .join_from(applied, memberships, later)
        .group_by(memberships.c.person_key)
        .subquery()
    )
    days: list[ColumnElement[Any]] = [*(applied.c[f"day_{number}"] for number in range(5)), member.c.day_5]
    # How long a step took is known where both days are recorded, in this order; what is moved below says nothing.
    between = [day_number(there) - day_number(here) for here, there in pairwise(days)]
    recorded = [case((wait.between(0, window_days), wait)) for wait in between]
    for number in reversed(range(1, 5)):
        days[number] = _implied(days[number], days[number + 1])
    known = (
        select(
            applied.c.person_key,
            (_cohort_of(applied) if by else literal_column("''")).label("group_key"),
            *(day.label(f"on_{number}") for number, day in enumerate(days)),
            *(wait.label(f"waited_{number}") for number, wait in enumerate(recorded, start=1)),
        )
        .select_from(applied.outerjoin(member, member.c.person_key == applied.c.person_key))
        .where(
            applied.c.day_0 >= selection.period.start,
            applied.c.day_0 < selection.period.end,
            applied.c.day_0 <= selection.as_of,
            *home_conditions(applied.c.person_key, selection),
        )
        .subquery()
    )
    on: list[ColumnElement[Any]] = [known.c[f"on_{number}"] for number in range(len(STEPS))]
    own = [known.c[f"waited_{number}"] for number in range(1, len(STEPS))]
    waits = [
        func.coalesce(wait, day_number(there) - day_number(here))
        for wait, (here, there) in zip(own, pairwise(on), strict=True)
    ]
    early = [wait.is_(None) for wait in own]
    rows: Select[Any] = select(known.c.person_key, known.c.group_key, *walk_columns(on, waits, early))
    return walk(rows, STEPS, window_days, selection, "applicants")


def _implied(day: ColumnElement[Any], later: ColumnElement[Any]) -> ColumnElement[Any]:
    """A step's day, no later than the next step's."""
    return case((and_(later.is_not(None), or_(day.is_(None), day > later)), later), else_=day)


def _cohort_of(applied: Any) -> ColumnElement[Any]:
    """The cohort of the first application (the least key, should one day have two)."""
    return (
        select(func.min(applications.c.cohort_key))
        .where(applications.c.person_key == applied.c.person_key, applications.c.applied_on == applied.c.day_0)
        .scalar_subquery()
    )


def _names(connection: Connection, counted: pd.DataFrame, by: str) -> dict[str, str]:
    if not by:
        return {"": "Everybody"}
    order = func.coalesce(cohorts.c.training_starts_on, cohorts.c.applications_open_on)
    rows = connection.execute(select(cohorts.c.cohort_key, cohorts.c.name).order_by(order, cohorts.c.cohort_key))
    present = set(counted["group_key"])
    return {row.cohort_key: row.name for row in rows if row.cohort_key in present}
