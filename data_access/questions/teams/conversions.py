"""What a team's newcomers became: active and core, counted in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Subquery, and_, func, literal_column, select

from data_access.database.schema import contributions, team_contributors
from data_access.database.sql import day_number
from data_access.program import Program
from data_access.questions.teams.activity import Span, parts, spans_of


class Became(NamedTuple):
    """People with their first contribution to a team in some days, and how many of them became active and core."""

    new: int
    active: int
    core: int


def converted(connection: Connection, program: Program, wanted: Iterable[Span], as_of: date) -> dict[Span, Became]:
    """What became of the newcomers of each (team, first day, day after the last), as far as is known on `as_of`.

    A newcomer counts as active or core when the trailing window reaches the threshold within the conversion window
    after the first contribution to the team, by contributions to the team. Exact.
    """
    found = dict.fromkeys(sorted(set(wanted)), Became(0, 0, 0))
    for part in parts(list(found)):
        peaks = _peaks(part, program, as_of)
        core_min = max(program.core_min, program.active_min)
        counted = select(
            peaks.c.number,
            func.count(),
            func.count().filter(peaks.c.peak >= program.active_min),
            func.count().filter(peaks.c.peak >= core_min),
        ).group_by(peaks.c.number)
        for number, *people in connection.execute(counted):
            found[part[number]] = Became(*people)
    return found


def newcomers_of(program: Program, span: Span, step: str, as_of: date) -> Subquery:
    """The people of one span who came as far as a step (new, active, core): person_key, first_on."""
    least = {"new": 0, "active": program.active_min, "core": max(program.core_min, program.active_min)}[step]
    peaks = _peaks([span], program, as_of)
    own = team_contributors.c
    return (
        select(own.person_key, own.first_on)
        .join_from(peaks, team_contributors, own.person_key == peaks.c.person_key)
        .where(own.team_key == span[0], peaks.c.peak >= least)
        .subquery("newcomers")
    )


def _peaks(part: list[Span], program: Program, as_of: date) -> Subquery:
    """Each newcomer of each span with the most that they did in a window of days: number, person_key, peak."""
    spans = spans_of(part, ("first_day", "end_day"))
    came = team_contributors.c
    cohort = (
        select(spans.c.number, came.team_key, came.person_key, came.first_on)
        .join_from(spans, team_contributors, came.team_key == spans.c.team_key)
        .where(came.first_on >= spans.c.first_day, came.first_on < spans.c.end_day, came.first_on <= as_of)
        .subquery("cohort")
    )
    # The coalesced key is no column of an index: SQLite then looks for the few contributions of each newcomer, and
    # does not walk through all of the team's.
    same_team = func.coalesce(contributions.c.team_key, literal_column("''")) == cohort.c.team_key
    day = contributions.c.contributed_on
    since = day_number(day) - day_number(cohort.c.first_on)
    days = (
        select(
            cohort.c.number,
            cohort.c.person_key,
            day_number(day).label("day"),
            func.sum(contributions.c.quantity).label("made"),
        )
        .join_from(cohort, contributions, and_(contributions.c.person_key == cohort.c.person_key, same_team))
        .where(day <= as_of, since <= program.conversion_window_days)
        .group_by(cohort.c.number, cohort.c.person_key, day)
        .subquery("days")
    )
    total = func.sum(days.c.made).over(
        partition_by=(days.c.number, days.c.person_key),
        order_by=days.c.day,
        range_=(-(program.window_days - 1), 0),
    )
    windows = select(days.c.number, days.c.person_key, total.label("total")).subquery("windows")
    return (
        select(windows.c.number, windows.c.person_key, func.max(windows.c.total).label("peak"))
        .group_by(windows.c.number, windows.c.person_key)
        .subquery("peaks")
    )
