"""The newcomers of a team one by one: who is behind the bars before and after a change of stage."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Count, Day, Key, Text, fetch
from data_access.database.schema import people
from data_access.program import load_program
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams.conversions import newcomers_of
from data_access.questions.teams.details import STEPS
from data_access.selection import INSIDE, Scope, Selection, SelectionError

MOST_ROWS = 1_000


class TeamNewcomer(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Person")]
    home: Annotated[str | None, Text("Home country")]
    first_on: Annotated[date, Day("First contribution", help="To the team")]
    total: Annotated[int, Count("People in all", "people", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=TeamNewcomer)
def team_newcomers(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    team: str = "",
    step: str = "new",
    limit: int = MOST_ROWS,
) -> pd.DataFrame:
    """Who first contributed to a team in the period, the newest first, as `team_change_funnel` counts them.

    `step` is new, or active or core: those of them who became it in time. `limit` at most (0: all).
    """
    if step not in STEPS:
        raise SelectionError(f"{step!r} is not a step. Choose from {', '.join(STEPS)}.")
    period = selection.period
    came = newcomers_of(load_program(connection), (team, period.start, period.end), step, selection.as_of)
    statement = (
        select(
            came.c.person_key,
            people.c.name,
            people.c.home_country.label("home"),
            came.c.first_on,
            func.count().over().label("total"),
        )
        .join_from(came, people, people.c.person_key == came.c.person_key)
        .order_by(came.c.first_on.desc(), came.c.person_key)
    )
    return fetch(connection, statement.limit(limit) if limit > 0 else statement, TeamNewcomer)
