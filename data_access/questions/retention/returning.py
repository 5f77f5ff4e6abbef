"""Who returns: the contributors of each quarter by whether they are new, continuing or reactivated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, select
from sqlalchemy.sql.selectable import FromClause

from data_access.answers import Count, Day, Flag, Text, table
from data_access.database.schema import contributor_levels, contributor_months, contributor_returns
from data_access.database.sql import month_number
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.questions.contributors.activity import contributors_name, new_name
from data_access.questions.contributors.cohorts import levels, person_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.questions.retention.grid import first_of
from data_access.selection import STAFF, Period, Scope, Selection, add_months, month_index


class QuarterContributors(NamedTuple):
    quarter: Annotated[str, Text("Quarter")]
    starts_on: Annotated[date, Day("Starts on")]
    active: Annotated[int | None, Count("Active", "people", help="Contributed at least once in the quarter")]
    new: Annotated[int | None, Count("New", "people", help="Had never contributed before")]
    continuing: Annotated[int | None, Count("Continuing", "people", help="Neither new nor reactivated")]
    reactivated: Annotated[int | None, Count("Reactivated", "people", help="Came back after they had lapsed")]
    open: Annotated[bool, Flag("Still open")]


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=QuarterContributors,
    released=Released((Windows.EVERYTHING,), narrowed_by="starts_on"),
)
def returning(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Contributors of each quarter: new, continuing, and reactivated after they had lapsed.

    Lapsed is who did not contribute for longer than the program's window of days. The last 20 quarters that the period
    touches, each as a whole, as far as contributions go. Filters choose people as in `contributor_funnel`, whatever
    else they did. Released: quarters that are over.
    """
    month = contributor_months.c.month
    quarter = month - month % 3
    # A quarter is counted as a whole, whichever days of it the period touches.
    period = selection.period.whole_quarters()
    latest = min(month_index(period.end - timedelta(days=1)), month_index(selection.as_of))
    conditions = [
        month <= latest,
        contributor_months.c.first_on <= selection.as_of,
        month >= max(month_index(period.start), latest - 59 - latest % 3),
    ]
    joined = contributor_months.join(contributor_levels, levels.person_key == contributor_months.c.person_key)
    narrowed = person_conditions(selection)
    origin: FromClause = joined if narrowed else contributor_months
    everybody = (
        select(
            contributor_months.c.person_key,
            quarter.label("quarter"),
            func.min(contributor_months.c.since_first).label("since"),
        )
        .select_from(origin)
        .where(*conditions, *narrowed)
        .group_by(contributor_months.c.person_key, "quarter")
        .subquery()
    )
    is_new = everybody.c.since == 0
    back = month_number(contributor_returns.c.returned_on)
    returned = (
        select(contributor_returns.c.person_key, (back - back % 3).label("back_in"))
        .where(contributor_returns.c.returned_on <= selection.as_of)
        .distinct()
        .subquery()
    )
    statement = (
        select(
            everybody.c.quarter,
            func.count().label("active"),
            func.sum(case((is_new, 1), else_=0)).label("new"),
            func.sum(case((is_new, 0), (returned.c.back_in.is_not(None), 1), else_=0)).label("reactivated"),
        )
        .select_from(
            everybody.outerjoin(
                returned,
                (returned.c.person_key == everybody.c.person_key) & (returned.c.back_in == everybody.c.quarter),
            )
        )
        .group_by(everybody.c.quarter)
        .order_by(everybody.c.quarter)
    )
    rows = [(int(q), int(a), int(n), int(a) - int(n) - int(r), int(r)) for q, a, n, r in connection.execute(statement)]
    quarters = [Period(first_of(row[0]), add_months(first_of(row[0]), 3)) for row in rows]
    names = [name for period in quarters for name in _names(period)]
    sums = [Sum(at, (at + 1, at + 2, at + 3)) for at in range(0, len(rows) * 4, 4)]
    shown = list(shown_counts([value for row in rows for value in row[1:]], scope, sums, names)["people"])
    found = []
    for number, period in enumerate(quarters):
        named = f"{period.start:%Y}-Q{period.start.month // 3 + 1}"
        found.append((named, period.start, *shown[number * 4 : number * 4 + 4], period.is_open(selection.over_by)))
    return table(QuarterContributors, found)


def _names(quarter: Period) -> tuple[Name, ...]:
    continuing, reactivated = ((word, str(quarter)) for word in ("continuing", "reactivated"))
    return (contributors_name(quarter), new_name(quarter), continuing, reactivated)
