"""How many members meet the floor: exact counts inside, ranges in a release."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Count, Day, Flag, table
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.program import load_program
from data_access.questions.members.standing import (
    AT_RISK,
    COUNT_OR_MIDDLE,
    COUNTED,
    MEMBERS,
    ON_TRACK,
    STATES,
    homes_of,
    quarters_to_read,
    standing,
)
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import Scope, Selection, add_months


class FloorCount(NamedTuple):
    quarter: Annotated[date, Day("Quarter", help="Its first day")]
    state: Annotated[str, Code("State")]
    people: Annotated[int | None, Count("Members", "members", help=COUNT_OR_MIDDLE)]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]
    open: Annotated[bool, Flag("Open", help="The quarter is not over")]


# Of a quarter that is over nobody is on track or at risk.
OVER = tuple(state for state in STATES if state not in (ON_TRACK, AT_RISK))


@question(
    roles=COUNTED,
    counts=PEOPLE,
    columns=FloorCount,
    released=Released((Windows.EVERYTHING,), narrowed_by="quarter"),
)
def floor_summary(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many members met the floor, missed it and so on, quarter by quarter: one row a state.

    Released are ranges, for quarters that are over, and of all members.
    """
    quarters = quarters_to_read(connection, selection, MEMBERS, history=0)
    day = selection.over_by
    found: dict[tuple[date, str], int] = {}
    if quarters:
        homes = homes_of(selection, MEMBERS)
        rows = standing(load_program(connection), day, quarters, MEMBERS, None, homes)
        statement = select(rows.c.quarter, rows.c.state, func.count()).group_by(rows.c.quarter, rows.c.state)
        found = {(row[0], row[1]): row[2] for row in connection.execute(statement)}
    states = STATES if scope.inside else OVER
    counted = []
    for quarter in sorted({start for start, _ in found}):
        counts = [found.get((quarter, name), 0) for name in states]
        # The sum of all states is the number of members.
        linked = [Sum(len(states), tuple(range(len(states))))]
        names = [("floor", str(quarter), state) for state in (*states, "")]
        shown = shown_counts([*counts, sum(counts)], scope, linked, names).head(len(states))
        ends = zip(shown["people"], shown["at_least"], shown["at_most"], strict=True)
        is_open = add_months(quarter, 3) > day
        counted += [(quarter, state, *numbers, is_open) for state, numbers in zip(states, ends, strict=True)]
    return table(FloorCount, counted)
