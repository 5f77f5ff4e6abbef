"""Active contributors at the ends of quarters, as ranges: what the public's trend shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Count, Day, empty, table
from data_access.privacy.small_groups import shown_counts
from data_access.program import load_program
from data_access.questions.contributors.activity import (
    active_counts,
    active_name,
    can_count,
    first_contribution,
    last_day,
)
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, Period, Scope, Selection, add_months

MOST_QUARTERS = 60


class ActiveInQuarter(NamedTuple):
    starts_on: Annotated[date, Day("Quarter’s first day")]
    people: Annotated[int | None, Count("Active", "contributors", help="On the last day of the quarter")]
    at_least: Annotated[int, Count("At least", "contributors")]
    at_most: Annotated[int, Count("At most", "contributors")]


@question(
    roles=EVERYBODY,
    counts=PEOPLE,
    columns=ActiveInQuarter,
    released=Released((Windows.EVERYTHING,), narrowed_by="starts_on"),
)
def active_by_quarter(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Active contributors at the end of each quarter that is over, from the first contribution on.

    At most the last 60 quarters. Empty when a filter has no meaning for contributions.
    """
    first = first_contribution(connection, selection) if can_count(selection) else None
    if first is None:
        return empty(ActiveInQuarter)
    program, end = load_program(connection), Period.quarter_of(min(selection.period.end, selection.over_by)).start
    quarters, start = [], Period.quarter_of(max(first, selection.period.start)).start
    while start < end:
        quarters.append(Period(start, add_months(start, 3)))
        start = add_months(start, 3)
    quarters = quarters[-MOST_QUARTERS:]
    active = active_counts(connection, selection, program, [last_day(each, selection.as_of) for each in quarters])
    names = [active_name(each.end - timedelta(days=1)) for each in quarters]
    shown = shown_counts(active, scope, names=names)
    ends = zip(shown["people"], shown["at_least"], shown["at_most"], strict=True)
    return table(ActiveInQuarter, [(quarter.start, *row) for quarter, row in zip(quarters, ends, strict=True)])
