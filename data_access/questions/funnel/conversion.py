"""Each conversion of the contributor funnel over time: are we getting better?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, Day, Flag, Share, Text, table
from data_access.database.sql import month_of
from data_access.program import Program, load_program
from data_access.questions.contributors.cohorts import BREAKDOWNS, Breakdown, breakdown, levels
from data_access.questions.funnel.contributor_funnel import STEPS, contributor_walk, until_settled
from data_access.questions.funnel.stepwise import STATES, StepShare, count_steps, shown_steps
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import STAFF, Period, Scope, Selection, SelectionError

# The months of joining: cohorts are put together from them.
_BY_MONTH = Breakdown("", "", BREAKDOWNS[""].origin, lambda: month_of(levels.joined_on), "")
_STILL_OPEN = (STATES.index("taken_open"), STATES.index("waiting"))


class CohortConversion(NamedTuple):
    cohort: Annotated[str, Text("Cohort", help="YYYY-Qn, YYYY-MM or YYYY, by the day of joining")]
    starts_on: Annotated[date, Day("Starts on")]
    step: Annotated[str, Code("Step")]
    previous: Annotated[int | None, Count("Reached the step before", "people")]
    counted: Annotated[int | None, Count("Counted", "people", help="Of these, people whose conversion window is over")]
    share: Annotated[float | None, Share("Share", help="Of the people counted")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval of the share")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval of the share")]
    open: Annotated[bool, Flag("Still open", help="Some still have time, or the cohort can grow")]


@question(roles=STAFF, counts=PEOPLE, columns=CohortConversion, released=Released((Windows.EVERYTHING,)))
def conversion_trend(
    connection: Connection, selection: Selection, scope: Scope, *, each: str = "quarter"
) -> pd.DataFrame:
    """Each conversion by cohort of entry.

    `each` is quarter or month. Shares and intervals are those of `contributor_funnel`; released are the calendar years
    that it is released for, and shares of those for whom the time of the step is over.
    """
    if each not in ("quarter", "month"):
        raise SelectionError(f"{each!r} is not a cohort. Choose quarter or month.")
    program = load_program(connection)
    if not scope.exact:
        return table(CohortConversion, _of_years(connection, selection, scope, program))
    steps = contributor_walk(program, selection, _BY_MONTH)
    by_month = count_steps(connection, steps, with_days=False)
    cohorts = _in_spans(by_month, each)
    counted = pd.concat([by_month.iloc[:0], *(people.assign(group_key=str(span.start)) for span, people in cohorts)])
    shown = shown_steps(counted, steps, [str(span.start) for span, _ in cohorts], scope)
    shares = iter(shown.shares())
    rows: list[CohortConversion] = []
    for number, (span, _) in enumerate(cohorts):
        for step, label in enumerate(STEPS[1:], start=1):
            of_group = counted[(counted["group_key"] == str(span.start)) & (counted["step"] == step)]
            waiting = of_group.loc[of_group["state"].isin(_STILL_OPEN), "people"].sum() > 0
            is_open = bool(waiting or span.is_open(selection.over_by))
            previous = int(shown.reached[0][number, step - 1])
            rows.append(_conversion(_name(span, each), span, label, previous, next(shares), is_open))
    return table(CohortConversion, rows)


def _conversion(
    cohort: str, span: Period, step: str, previous: int | None, share: StepShare, is_open: bool
) -> CohortConversion:
    return CohortConversion(
        cohort=cohort,
        starts_on=span.start,
        step=step,
        previous=previous,
        counted=share.counted,
        share=share.share,
        low=share.low,
        high=share.high,
        open=is_open,
    )


def _of_years(
    connection: Connection, selection: Selection, scope: Scope, program: Program
) -> Iterator[CohortConversion]:
    """For a release: the years of `contributor_funnel`, from the first in which enough people joined to be told."""
    for year in Windows.WHOLE_YEARS.of(selection.period.start, selection.period.end, program):
        asked = until_settled(replace(selection, period=year), program)
        steps = contributor_walk(program, asked, breakdown(""))
        shown = shown_steps(count_steps(connection, steps), steps, ("",), scope)
        if not shown.reached[1][0, 0]:
            continue
        for step, (label, share) in enumerate(zip(STEPS[1:], shown.shares(), strict=True), start=1):
            previous = shown.reached[0][0, step - 1]
            known = None if previous != previous else int(previous)
            yield _conversion(str(year.start.year), year, label, known, share, not steps.over_for_all(step))


def _in_spans(by_month: pd.DataFrame, each: str) -> list[tuple[Period, pd.DataFrame]]:
    """The counts of each quarter or month in which somebody joined."""
    spans: dict[Period, list[str]] = {}
    for month in sorted(set(by_month["group_key"])):
        period = Period.parse(month)
        spans.setdefault(period if each == "month" else Period.quarter_of(period.start), []).append(month)
    return [(span, by_month[by_month["group_key"].isin(months)]) for span, months in spans.items()]


def _name(span: Period, each: str) -> str:
    """`2019-03`, or `2019-Q3`."""
    return f"{span.start:%Y-%m}" if each == "month" else f"{span.start:%Y}-Q{span.start.month // 3 + 1}"
