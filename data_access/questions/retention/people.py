"""Who came back: the people behind a cell of the grid, and behind a point of its curves."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Count, Day, Key, Text, fetch
from data_access.database.schema import contributor_levels, contributor_months, contributor_spans, people
from data_access.database.sql import month_number
from data_access.questions.contributors.cohorts import levels, person_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.questions.retention.grid import last_whole_month
from data_access.selection import INSIDE, Scope, Selection, SelectionError

EXACTLY, LATER = READINGS = ("active_exactly", "active_then_or_later")
MOST_ROWS = 1_000


class RetainedPerson(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Person")]
    home: Annotated[str | None, Text("Home country")]
    first_on: Annotated[date, Day("First contribution")]
    total: Annotated[int, Count("People in all", "people", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=RetainedPerson)
def retained_people(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    month: int = 1,
    reading: str = EXACTLY,
    limit: int = MOST_ROWS,
) -> pd.DataFrame:
    """The people whom `retention` counts as active in a month: those who began in the period, the newest first.

    `month` is counted from that of the first contribution, which is 0; whose month is not over is left out. `reading`
    is active_exactly (in that calendar month) or active_then_or_later. `limit` at most (0: all).
    """
    if reading not in READINGS:
        raise SelectionError(f"{reading!r} is not a reading. Choose {' or '.join(READINGS)}.")
    spans, months = contributor_spans.c, contributor_months.c
    since = months.since_first == month if reading == EXACTLY else months.since_first >= month
    active = select(months.person_key).where(since, months.first_on <= selection.as_of)
    statement = (
        select(
            spans.person_key,
            people.c.name,
            people.c.home_country.label("home"),
            spans.first_on,
            func.count().over().label("total"),
        )
        .join_from(contributor_spans, people, people.c.person_key == spans.person_key)
        .join(contributor_levels, levels.person_key == spans.person_key)
        .where(
            spans.first_on >= selection.period.start,
            spans.first_on < selection.period.end,
            spans.first_on <= selection.as_of,
            month_number(spans.first_on) + month <= last_whole_month(selection),
            spans.person_key.in_(active),
            *person_conditions(selection),
        )
        .order_by(spans.first_on.desc(), spans.person_key)
    )
    return fetch(connection, statement.limit(limit) if limit > 0 else statement, RetainedPerson)
