"""The contributors behind a count: who is active at the end of a period, and who is new in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Count, Day, Key, Text, fetch
from data_access.database.schema import contributions, contributor_spans, people
from data_access.program import load_program
from data_access.questions.contributors.activity import can_count, contribution_conditions, last_day
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, SelectionError

ACTIVE, NEW = "active", "new"
MOST_ROWS = 1_000


class CountedContributor(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Person")]
    home: Annotated[str | None, Text("Home country")]
    contributions: Annotated[int, Count("Contributions", "contributions", help="In the time that is counted")]
    first_on: Annotated[date, Day("First contribution", help="To the program")]
    total: Annotated[int, Count("People in all", "people", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=CountedContributor)
def contributors_counted(
    connection: Connection, selection: Selection, scope: Scope, *, which: str = ACTIVE, limit: int = MOST_ROWS
) -> pd.DataFrame:
    """The people whom `contributors_trend` counts, most contributions first, `limit` at most (0: all).

    `which` is active (at the end of the period, in the program's window of days) or new (their first contribution to
    the program lies in the period, and in what the filters leave). Empty when a filter means nothing here.
    """
    if which not in (ACTIVE, NEW):
        raise SelectionError(f"{which!r} are no contributors to list. Choose active or new.")
    program, last = load_program(connection), last_day(selection.period, selection.as_of)
    day, done, began = contributions.c.contributed_on, func.sum(contributions.c.quantity), contributor_spans.c.first_on
    counted = (
        select(contributions.c.person_key, done.label("contributions"), func.min(day).label("first_here"))
        .where(day <= last, *contribution_conditions(selection))
        .group_by(contributions.c.person_key)
    )
    if which == ACTIVE:
        counted = counted.where(day > last - timedelta(days=program.window_days)).having(done >= program.active_min)
    else:
        counted = counted.where(day >= selection.period.start)
    found = counted.subquery()
    statement = (
        select(
            found.c.person_key,
            people.c.name,
            people.c.home_country.label("home"),
            found.c.contributions,
            began.label("first_on"),
            func.count().over().label("total"),
        )
        .join_from(found, people, people.c.person_key == found.c.person_key)
        .join(contributor_spans, contributor_spans.c.person_key == found.c.person_key)
        .order_by(found.c.contributions.desc(), found.c.person_key)
    )
    if which == NEW:
        # Who began elsewhere, on an earlier day, is not new.
        statement = statement.where(began == found.c.first_here)
    if not can_count(selection):
        statement = statement.where(found.c.person_key.is_(None))
    return fetch(connection, statement.limit(limit) if limit > 0 else statement, CountedContributor)
