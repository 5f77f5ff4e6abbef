"""The contribution jump: by how much teams' contributions change when they enter a stage, over all teams."""

from __future__ import annotations

from datetime import timedelta
from math import exp, log
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Count, Key, Number, Text, table
from data_access.contract.lifecycle import LIFECYCLE
from data_access.database.schema import contributions
from data_access.program import load_program
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams.activity import Span, parts, spans_of, work_within
from data_access.questions.teams.stages import stays
from data_access.selection import INSIDE, Scope, Selection
from data_access.statistics.intervals import mean_interval


class ContributionJump(NamedTuple):
    stage: Annotated[str, Key("Stage code")]
    title: Annotated[str, Text("Stage entered")]
    changes: Annotated[int, Count("Changes", "changes", help="Teams that moved on to it, each time counted")]
    too_new: Annotated[int, Count("Too new", "changes", help="Less than a window ago")]
    from_nothing: Annotated[int, Count("From nothing", "changes", help="No contribution in the window before")]
    to_nothing: Annotated[int, Count("To nothing", "changes", help="Contributions before, and none after")]
    judged: Annotated[int, Count("Compared", "changes", help="With contributions before and after")]
    grew: Annotated[int, Count("Grew", "changes", help="Of those compared")]
    jump: Annotated[float | None, Number("Times", decimals=2, help="Contributions after ÷ before, geometric mean")]
    low: Annotated[float | None, Number("Times, at least", decimals=2, help="95% interval over changes")]
    high: Annotated[float | None, Number("Times, at most", decimals=2)]


@question(roles=INSIDE, counts=PEOPLE, columns=ContributionJump)
def contribution_jumps(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many times the contributions of the window before a team entered a stage it made in the window from then on.

    A row for each stage but the first, over all teams and moves forward: the geometric mean, with Student’s interval of
    the logarithms. Windows are the program’s (90 days). A change from nothing, or to nothing, has no ratio: it is left
    out of the mean, and counted apart. Filters do not apply.
    """
    day, window = selection.as_of, timedelta(days=load_program(connection).window_days)
    one = timedelta(days=1)
    entered = [
        (stay.team, stay.next_stage, stay.left_on)
        for found in stays(connection, day).values()
        for stay in found
        if stay.is_completed and stay.left_on
    ]
    over = [(team, stage, on) for team, stage, on in entered if on + window <= selection.over_by]
    before = {(team, on): (team, on - window - one, on - one) for team, _, on in over}
    after = {(team, on): (team, on - one, on + window - one) for team, _, on in over}
    made = _made(connection, [*before.values(), *after.values()])
    rows = []
    for stage in LIFECYCLE[1:]:
        pairs = [(made[before[team, on]], made[after[team, on]]) for team, code, on in over if code == stage.code]
        compared = [(was, then) for was, then in pairs if was and then]
        changes = sum(code == stage.code for _, code, _ in entered)
        from_nothing = sum(not was for was, _ in pairs)
        grew = sum(then > was for was, then in compared)
        to_nothing = sum(was > 0 and not then for was, then in pairs)
        counts = (changes, changes - len(pairs), from_nothing, to_nothing, len(compared), grew)
        rows.append(ContributionJump(stage.code, stage.title, *counts, *_mean([log(b / a) for a, b in compared])))
    return table(ContributionJump, rows)


def _mean(logs: list[float]) -> tuple[float | None, float | None, float | None]:
    if not logs:
        return None, None, None
    mean, low, high = mean_interval(len(logs), sum(logs), sum(value**2 for value in logs))
    return exp(mean), None if low is None else exp(low), None if high is None else exp(high)


def _made(connection: Connection, wanted: list[Span]) -> dict[Span, int]:
    """Contributions to each team after the first day and not after the second, by quantity."""
    found = dict.fromkeys(sorted(set(wanted)), 0)
    for part in parts(list(found)):
        first, last = min(after for _, after, _ in part), max(day for _, _, day in part)
        number, source = work_within(connection, spans_of(part), first, last)
        summed = select(number, func.sum(contributions.c.quantity)).select_from(source).group_by(number)
        for number, quantity in connection.execute(summed):
            found[part[number]] = int(quantity)
    return found
