"""Counts of a team's people, exact: for questions about teams, which put them through `privacy.shown_counts`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, func, literal, select, union_all

from data_access.program import Program
from data_access.questions.frames import TEXT, WHOLE, typed
from data_access.schema import contributions
from data_access.sql import day_literal


def active_by_day(connection: Connection, teams: Sequence[str], days: Sequence[date], program: Program) -> pd.DataFrame:
    """Active contributors of each team on each day: team_key, day, active; every pair has a row, 0 included.

    Active in a team: at least `active_min` contributions *to that team* in the `window_days` ending on the day. One
    statement, however many teams and days. Exact: callers apply the privacy rule.
    """
    counted: dict[tuple[str, int], int] = {}
    if teams and days:
        listed = union_all(
            *(
                select(
                    literal(index).label("day_index"),
                    day_literal((day - timedelta(days=program.window_days)).isoformat()).label("after_day"),
                    day_literal(day.isoformat()).label("last_day"),
                )
                for index, day in enumerate(days)
            )
        ).cte("days")
        per_person = (
            select(listed.c.day_index, contributions.c.team_key, contributions.c.person_key)
            .join_from(
                listed,
                contributions,
                (contributions.c.contributed_on > listed.c.after_day)
                & (contributions.c.contributed_on <= listed.c.last_day),
            )
            .where(contributions.c.team_key.in_(teams))
            .group_by(listed.c.day_index, contributions.c.team_key, contributions.c.person_key)
            .having(func.sum(contributions.c.quantity) >= program.active_min)
            .subquery()
        )
        rows = connection.execute(
            select(per_person.c.team_key, per_person.c.day_index, func.count().label("active")).group_by(
                per_person.c.team_key, per_person.c.day_index
            )
        )
        counted = {(row.team_key, row.day_index): row.active for row in rows}
    table = pd.DataFrame(
        [(team, day, counted.get((team, index), 0)) for team in teams for index, day in enumerate(days)],
        columns=["team_key", "day", "active"],
    )
    return typed(table, team_key=TEXT, active=WHOLE)


def new_contributors_of_team(connection: Connection, team: str, since: date, until: date) -> int:
    """People whose first contribution to the team lies after `since` (a stage's entry) and no later than `until`.

    They may have contributed to another team before. Exact: callers apply the privacy rule.
    """
    firsts = (
        select(func.min(contributions.c.contributed_on).label("first_on"))
        .where(contributions.c.team_key == team)
        .group_by(contributions.c.person_key)
        .subquery()
    )
    statement = select(func.count()).select_from(firsts).where(firsts.c.first_on > since, firsts.c.first_on <= until)
    return connection.execute(statement).scalar_one()
