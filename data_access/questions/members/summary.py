"""How many members meet the floor: counts for those who may see names, ranges for leadership."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Count, Day, Flag, table
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.program import load_program
from data_access.questions.members.standing import (
    COUNT_OR_MIDDLE,
    COUNTED,
    MEMBERS,
    STATES,
    homes_of,
    quarters_to_read,
    standing,
)
from data_access.questions.registry import PEOPLE, question
from data_access.selection import Scope, Selection, add_months


class FloorCount(NamedTuple):
    quarter: Annotated[date, Day("Quarter", help="Its first day")]
    state: Annotated[str, Code("State")]
    people: Annotated[int | None, Count("Members", "members", help=COUNT_OR_MIDDLE)]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]
    open: Annotated[bool, Flag("Open", help="The quarter is not over")]


@question(roles=COUNTED, counts=PEOPLE, columns=FloorCount)
def floor_summary(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many members met the floor, missed it and so on, quarter by quarter: one row a state.

    Program manager and board, who may see members' names, get exact counts. Leadership gets ranges, for quarters that
    are over, and of all members whatever the filters say.
    """
    named = scope.inside
    used = selection if named else Selection(selection.period, selection.as_of)
    quarters = quarters_to_read(connection, used, MEMBERS, history=0)
    found: dict[tuple[date, str], int] = {}
    if quarters:
        homes = homes_of(used, MEMBERS)
        rows = standing(load_program(connection), selection.as_of, quarters, MEMBERS, None, homes)
        statement = select(rows.c.quarter, rows.c.state, func.count()).group_by(rows.c.quarter, rows.c.state)
        found = {(row[0], row[1]): row[2] for row in connection.execute(statement)}
    counted = []
    for quarter in sorted({day for day, _ in found}):
        is_open = add_months(quarter, 3) > selection.as_of
        if is_open and not named:
            continue
        counts = [found.get((quarter, name), 0) for name in STATES]
        # The sum of all states is the number of members, which other answers show.
        shown = shown_counts(
            [*counts, sum(counts)],
            Scope.everything() if named else scope,
            [Sum(len(STATES), tuple(range(len(STATES))))],
        ).head(len(STATES))
        ends = zip(shown["people"], shown["at_least"], shown["at_most"], strict=True)
        counted += [(quarter, state, *numbers, is_open) for state, numbers in zip(STATES, ends, strict=True)]
    return table(FloorCount, counted)
