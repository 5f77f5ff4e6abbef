"""Each conversion of the contributor funnel over time: are we getting better?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, Day, Flag, Share, Text, empty, table
from data_access.database.sql import month_of
from data_access.program import load_program
from data_access.questions.contributors.cohorts import BREAKDOWNS, Breakdown, levels, year_selection
from data_access.questions.funnel.contributor_funnel import STEPS, contributor_walk
from data_access.questions.funnel.stepwise import STATES, count_steps, protected
from data_access.questions.registry import PEOPLE, question
from data_access.selection import STAFF, Period, Scope, Selection, SelectionError, add_months

# Years of overlapping cohorts that everyone outside sees.
MOST_YEARS = 20
# The months of joining: cohorts are put together from them.
_BY_MONTH = Breakdown("", "", BREAKDOWNS[""].origin, lambda: month_of(levels.joined_on), "")
_STILL_OPEN = (STATES.index("taken_open"), STATES.index("waiting"))


class CohortConversion(NamedTuple):
    cohort: Annotated[str, Text("Cohort", help="YYYY-Qn or YYYY-MM, by the day of joining")]
    starts_on: Annotated[date, Day("Starts on")]
    step: Annotated[str, Code("Step")]
    previous: Annotated[int | None, Count("Reached the step before", "people")]
    counted: Annotated[int | None, Count("Counted", "people", help="Of these, people whose conversion window is over")]
    share: Annotated[float | None, Share("Share", help="Of the people counted")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval of the share")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval of the share")]
    open: Annotated[bool, Flag("Still open", help="Some still have time, or the cohort can grow")]


@question(roles=STAFF, counts=PEOPLE, columns=CohortConversion)
def conversion_trend(
    connection: Connection, selection: Selection, scope: Scope, *, each: str = "quarter"
) -> pd.DataFrame:
    """Each conversion by cohort of entry.

    `each` is quarter or month (month: inside). Shares and intervals are those of `contributor_funnel`, and so are the
    rules for everyone outside: their cohorts are the years up to each quarter's end.
    """
    if each not in ("quarter", "month"):
        raise SelectionError(f"{each!r} is not a cohort. Choose quarter or month.")
    if each == "month" and not scope.inside:
        raise SelectionError("Cohorts by month are for the program manager and the board; choose quarter.")
    allowed = year_selection(selection, scope)
    if allowed is None:
        return empty(CohortConversion)
    years = () if scope.inside else _years(selection, allowed)
    if years:
        allowed = replace(allowed, period=Period(years[0].start, years[-1].end))
    steps = contributor_walk(load_program(connection), allowed, _BY_MONTH, scope=scope)
    by_month = count_steps(connection, steps, with_days=False)
    cohorts = _in_years(by_month, years, scope) if years else _in_spans(by_month, each)
    counted = pd.concat([by_month.iloc[:0], *(people.assign(group_key=str(span.start)) for span, people in cohorts)])
    shown = protected(counted, [str(span.start) for span, _ in cohorts], len(STEPS), scope, separately=True)
    shares = iter(shown.shares())
    rows: list[CohortConversion] = []
    for number, (span, _) in enumerate(cohorts):
        for step, label in enumerate(STEPS[1:]):
            share = next(shares)
            if scope.inside:
                waiting = shown.cells[0][number, step, _STILL_OPEN].sum() > 0
            else:
                # By the calendar, not by a count: the last who may join could take every step on its last day.
                waiting = span.end + timedelta(days=steps.window_days * (step + 1)) > allowed.as_of
            rows.append(
                CohortConversion(
                    cohort=_name(span, each),
                    starts_on=span.start,
                    step=label,
                    previous=shown.reached[0][number, step],
                    counted=share.counted,
                    share=share.share,
                    low=share.low,
                    high=share.high,
                    open=bool(waiting or span.is_open(allowed.over_by)),
                )
            )
    return table(CohortConversion, rows)


def _years(asked: Selection, allowed: Selection) -> tuple[Period, ...]:
    """The years up to the end of each quarter of the period, as far as it is over."""
    ends: list[date] = []
    end = allowed.period.end
    while end > asked.period.start and len(ends) < MOST_YEARS:
        ends.append(end)
        end = add_months(end, -3)
    return tuple(Period(add_months(end, -12), end) for end in reversed(ends))


_Cohorts = list[tuple[Period, pd.DataFrame]]


def _in_years(by_month: pd.DataFrame, years: tuple[Period, ...], scope: Scope) -> _Cohorts:
    """The counts of each year, from the first in which enough people joined to be shown."""
    days = pd.to_datetime(by_month["group_key"] + "-01").dt.date
    cohorts = [(year, by_month[(days >= year.start) & (days < year.end)]) for year in years]
    while cohorts and _joined(cohorts[0][1]) < scope.min_group_size:
        cohorts = cohorts[1:]
    return cohorts


def _joined(counted: pd.DataFrame) -> int:
    return int(counted.loc[counted["step"] == 1, "people"].sum())


def _in_spans(by_month: pd.DataFrame, each: str) -> _Cohorts:
    """The counts of each quarter or month in which somebody joined."""
    spans: dict[Period, list[str]] = {}
    for month in sorted(set(by_month["group_key"])):
        period = Period.parse(month)
        spans.setdefault(period if each == "month" else Period.quarter_of(period.start), []).append(month)
    return [(span, by_month[by_month["group_key"].isin(months)]) for span, months in spans.items()]


def _name(span: Period, each: str) -> str:
    """`2019-03`, or `2019-Q3` of a quarter and of a year that ends with it."""
    last = Period.quarter_of(span.end - timedelta(days=1)).start
    return f"{span.start:%Y-%m}" if each == "month" else f"{last:%Y}-Q{last.month // 3 + 1}"
