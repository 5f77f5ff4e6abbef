"""Who comes back: retention by month after the first contribution, and people who return or are reactivated."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, literal, select
from sqlalchemy.sql.selectable import FromClause

from data_access.database.schema import (
    contributor_levels,
    contributor_months,
    contributor_projects,
    contributor_returns,
    contributor_spans,
)
from data_access.database.sql import month_number
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.contributors.cohorts import cohort_selection, levels, person_conditions
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.selection import STAFF, Period, Scope, Selection, SelectionError, add_months
from data_access.statistics.intervals import wilson_interval

# What others than the PM see of the months since the first: the ones that programs compare themselves by.
TOLD_MONTHS = (1, 3, 6, 12)
MOST_MONTHS = 24
_ENDS = ("now", "project")


def month_index(day: date) -> int:
    """The number of the day's month, as `contributor_months` has it."""
    return day.year * 12 + day.month - 1


def last_whole_month(day: date) -> int:
    """The number of the last month that is over at the end of the day."""
    return month_index(day + timedelta(days=1)) - 1


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _counts(connection: Connection, selection: Selection, ends: str) -> pd.DataFrame:
    """People by month of the first contribution, how it went on, and until when we know: the base of every reading.

    Columns: first, since, active (people active in that month), last (people whose last month it was), known (the
    months since the first that are over; −1: open). One row for each that occurs.
    """
    person, day = contributor_spans.c.person_key, selection.as_of
    end: ColumnElement[int] = literal(last_whole_month(day))
    first = month_number(contributor_spans.c.first_on)
    spans: FromClause = contributor_spans.join(contributor_levels, levels.person_key == person)
    if ends == "project":
        own = _project_ends()
        spans = spans.join(own, own.c.person_key == person)
        # The last month of a project that has ended is over for it.
        end = case((own.c.last_month < end, own.c.last_month), else_=end)
    entered = [
        contributor_spans.c.first_on >= selection.period.start,
        contributor_spans.c.first_on < selection.period.end,
        contributor_spans.c.first_on <= day,
        *person_conditions(selection),
    ]
    # Only who did something after `as_of` needs a look at the months; usually that is nobody.
    until = (
        select(func.max(contributor_months.c.month))
        .where(contributor_months.c.person_key == person, contributor_months.c.month <= month_index(day))
        .scalar_subquery()
    )
    last = case((contributor_spans.c.last_on <= day, month_number(contributor_spans.c.last_on)), else_=until)
    people = (
        select(person, first.label("first"), (last - first).label("stayed"), (end - first).label("known"))
        .select_from(spans)
        .where(*entered)
        .subquery()
    )
    ended = select(people.c.first, people.c.stayed, people.c.known, func.count().label("people")).group_by(
        people.c.first, people.c.stayed, people.c.known
    )
    whole_months = selection.period.start.day == 1 and selection.period.end.day == 1
    narrowed = bool(selection.narrowed_by) or ends == "project" or not whole_months
    months = contributor_months.c
    if narrowed:
        active = (
            select(people.c.first, months.since_first.label("since"), people.c.known, func.count().label("people"))
            .join_from(people, contributor_months, months.person_key == people.c.person_key)
            .where(months.month <= month_index(day))
            .group_by(people.c.first, months.since_first, people.c.known)
        )
    else:
        # Without the people: the index alone says how many of each first month were active in each later one.
        starts = months.month - months.since_first
        counted = (
            select(months.month, months.since_first, func.count().label("people"))
            .where(months.month <= month_index(day))
            .group_by(months.month, months.since_first)
            .subquery()
        )
        starts = counted.c.month - counted.c.since_first
        active = select(
            starts.label("first"),
            counted.c.since_first.label("since"),
            (literal(last_whole_month(day)) - starts).label("known"),
            counted.c.people,
        ).where(
            starts >= month_index(max(selection.period.start, date(1, 1, 1))),
            starts <= month_index(selection.period.end - timedelta(days=1)),
        )
    rows = [
        *((first, stayed, known, 0, people) for first, stayed, known, people in connection.execute(ended)),
        *((first, since, known, people, 0) for first, since, known, people in connection.execute(active)),
    ]
    table = pd.DataFrame(rows, columns=["first", "since", "known", "active", "last"], dtype="int64")
    return table


def _project_ends() -> FromClause:
    """The last month of each person's projects: the latest day on which anybody contributed to one of them."""
    projects, everybodys = contributor_projects.c, contributor_projects.alias("everybodys").c
    ends = select(everybodys.project, func.max(everybodys.last_on).label("ended_on")).group_by(everybodys.project)
    ended = ends.subquery("ended")
    return (
        select(projects.person_key, func.max(month_number(ended.c.ended_on)).label("last_month"))
        .join_from(contributor_projects, ended, ended.c.project == projects.project)
        .group_by(projects.person_key)
        .subquery("own")
    )


def _readings(counts: pd.DataFrame, since: int) -> pd.DataFrame:
    """For each first month, of the people whose month `since` is over: people, active, later (then or afterwards)."""
    known = counts[counts["known"] >= since]
    people = known.groupby("first")["last"].sum()
    active = known[known["since"] == since].groupby("first")["active"].sum()
    later = known[known["since"] >= since].groupby("first")["last"].sum()
    return pd.DataFrame({"people": people, "active": active, "later": later}).fillna(0).astype("int64")


def _checked(months: int, ends: str) -> None:
    if ends not in _ENDS:
        raise SelectionError(f"{ends!r} is not an end. Choose now, or project (each project by its own last month).")
    if not 1 <= months <= 240:
        raise SelectionError("Choose 1 to 240 months.")


@question(STAFF)
def retention(
    connection: Connection, selection: Selection, scope: Scope, *, months: int = MOST_MONTHS, ends: str = "now"
) -> pd.DataFrame:
    """By month of first contribution × months since: cohort, month, people, active_exactly, active_then_or_later.

    `month` counts from 0, the cohort's own. Both readings are shares of `people`: active in exactly that calendar
    month, and active then or later. Cells whose month is not over on `as_of` (for somebody in the cohort) have no row;
    `ends=project` takes a person's month as over, and as known, only up to the last month of their projects. For
    everyone but the PM: cohorts are quarters, months 1, 3, 6 and 12, and shares come from ranges of counts.
    """
    _checked(months, ends)
    columns = ["cohort", "month", "people", "active_exactly", "active_then_or_later", "starts_on"]
    allowed = cohort_selection(selection, scope)
    if allowed is None:
        return pd.DataFrame({name: [] for name in columns})
    counts = _counts(connection, allowed, ends)
    asked = range(months + 1) if scope.sees_small_groups else [number for number in TOLD_MONTHS if number <= months]
    parts = [_readings(_complete(counts, since), since).assign(month=since) for since in asked]
    cells = pd.concat(parts).reset_index() if parts else pd.DataFrame(columns=["first", "people"])
    if not scope.sees_small_groups:
        cells = _by_quarter(cells, allowed)
    told = _told(cells, scope)
    starts = [_first_of(int(first)) for first in cells["first"]]
    each = [f"{day:%Y-%m}" if scope.sees_small_groups else f"{day:%Y}-Q{day.month // 3 + 1}" for day in starts]
    table = told.assign(cohort=each, starts_on=starts, month=cells["month"].to_numpy())[columns]
    table = table.sort_values(["starts_on", "month"], kind="stable").reset_index(drop=True)
    return typed(table, cohort=TEXT, month=WHOLE, people=WHOLE, active_exactly=NUMBER, active_then_or_later=NUMBER)


def _complete(counts: pd.DataFrame, since: int) -> pd.DataFrame:
    """Cohorts of which everybody's month is over: with people of several projects, some can lack it."""
    short = counts.loc[(counts["known"] < since) & (counts["last"] > 0), "first"].unique()
    return counts[~counts["first"].isin(short)]


def _by_quarter(cells: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Months of first contributions put together by quarter, where all three months of the quarter are known."""
    quarter = cells["first"] // 3 * 3
    summed = cells.assign(first=quarter).groupby(["first", "month"], as_index=False).sum()
    last = last_whole_month(selection.as_of)
    return summed[summed["first"] + 2 + summed["month"] <= last].reset_index(drop=True)


def _told(cells: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Counts as the scope may see them, and the two shares made of them."""
    names = ("people", "active", "later")
    exact = cells[list(names)].to_numpy(dtype="int64") if len(cells) else np.zeros((0, 3), dtype="int64")
    # Who was not active is as easily found as who was: both sides are told of.
    counted = np.column_stack([exact, exact[:, 0] - exact[:, 1], exact[:, 0] - exact[:, 2]])
    sums = []
    if not scope.sees_small_groups:
        for row in range(len(counted)):
            at = row * 5
            sums += [Sum(at, (at + 1, at + 3)), Sum(at, (at + 2, at + 4))]
    # How many people a cohort has is told by other answers too.
    known = range(0, counted.size, 5)
    shown = shown_counts(counted.ravel(), scope, sums, known)["people"].to_numpy(dtype=float, na_value=np.nan)
    people, active, later, *_ = shown.reshape(counted.shape).T if len(counted) else np.zeros((5, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [np.where(people > 0, np.minimum(part / people, 1), np.nan) for part in (active, later)]
    return pd.DataFrame({"people": people, "active_exactly": shares[0], "active_then_or_later": shares[1]})


@question(STAFF)
def retention_overall(
    connection: Connection, selection: Selection, scope: Scope, *, months: int = MOST_MONTHS, ends: str = "now"
) -> pd.DataFrame:
    """All cohorts together: month, people, active_exactly, low, high, active_then_or_later, later_low, later_high.

    `people` are those whose first month plus `month` is over on `as_of`; the others are left out. Intervals are 95 %
    Wilson. `ends=project`: only as far as a person's projects went on. For everyone but the PM: months 1, 3, 6 and 12,
    and shares and intervals come from ranges of counts.
    """
    _checked(months, ends)
    columns = [
        "month",
        "people",
        "active_exactly",
        "low",
        "high",
        "active_then_or_later",
        "later_low",
        "later_high",
    ]
    allowed = cohort_selection(selection, scope)
    if allowed is None:
        return pd.DataFrame({name: [] for name in columns})
    counts = _counts(connection, allowed, ends)
    asked = range(months + 1) if scope.sees_small_groups else [number for number in TOLD_MONTHS if number <= months]
    exact = np.array([_readings(counts, since).sum().to_numpy() for since in asked], dtype="int64").reshape(-1, 3)
    counted = np.column_stack([exact, exact[:, 0] - exact[:, 1], exact[:, 0] - exact[:, 2]])
    sums = [] if scope.sees_small_groups else [
        link for row in range(len(counted)) for link in (Sum(row * 5, (row * 5 + 1, row * 5 + 3)),
                                                         Sum(row * 5, (row * 5 + 2, row * 5 + 4)))
    ]  # fmt: skip
    shown = shown_counts(counted.ravel(), scope, sums)
    told, least, most = (
        shown[name].to_numpy(dtype=float, na_value=np.nan).reshape(counted.shape)
        for name in ("people", "at_least", "at_most")
    )
    table = pd.DataFrame({"month": list(asked), "people": told[:, 0]})
    for place, (share, low, high) in ((1, ("active_exactly", "low", "high")),
                                      (2, ("active_then_or_later", "later_low", "later_high"))):  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(told[:, 0] > 0, np.minimum(told[:, place] / told[:, 0], 1), np.nan)
        hidden = np.isnan(value)
        fewest, missing_most = least[:, place], most[:, place + 2]
        most_, missing_least = most[:, place], least[:, place + 2]
        table[share] = value
        table[low] = np.where(hidden, np.nan, wilson_interval(fewest, fewest + missing_most)[0])
        table[high] = np.where(hidden, np.nan, wilson_interval(most_, most_ + missing_least)[1])
    table = table[table["people"] > 0][columns].reset_index(drop=True)
    return typed(table, month=WHOLE, people=WHOLE, **dict.fromkeys(columns[2:], NUMBER))


@question(STAFF)
def returning(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Contributors of each quarter: quarter, starts_on, active, new, continuing, reactivated, open.

    `active` contributed at least once in the quarter. Of these, `new` had never before; `reactivated` came back after
    they had lapsed: longer than the program's window of days without a contribution (and are not new); `continuing`
    are the rest. The last 20 quarters of the period, as far as contributions go. For everyone but the PM: whole, closed
    quarters, no filters, counts as ranges' middles (missing: fewer than the minimum group).
    """
    columns = ["quarter", "starts_on", "active", "new", "continuing", "reactivated", "open"]
    allowed = cohort_selection(selection, scope)
    if allowed is None:
        return pd.DataFrame({name: [] for name in columns})
    month = contributor_months.c.month
    quarter = month - month % 3
    latest = min(month_index(allowed.period.end - timedelta(days=1)), month_index(allowed.as_of))
    conditions = [month <= latest, month >= max(month_index(allowed.period.start), latest - 59 - latest % 3)]
    joined = contributor_months.join(contributor_levels, levels.person_key == contributor_months.c.person_key)
    narrowed = person_conditions(allowed)
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
        .where(contributor_returns.c.returned_on <= allowed.as_of)
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
    sums = [Sum(at, (at + 1, at + 2, at + 3)) for at in range(0, len(rows) * 4, 4)]
    told_elsewhere = range(1, len(rows) * 4, 4)  # who is new
    every = [value for row in rows for value in row[1:]]
    shown = shown_counts(every, scope, () if scope.sees_small_groups else sums, told_elsewhere)
    told = list(shown["people"])
    table = []
    for number, row in enumerate(rows):
        start = _first_of(row[0])
        period = Period(start, add_months(start, 3))
        named = f"{start:%Y}-Q{start.month // 3 + 1}"
        table.append((named, start, *told[number * 4 : number * 4 + 4], period.is_open(allowed.as_of)))
    answer = pd.DataFrame(table, columns=columns)
    return typed(answer, quarter=TEXT, **dict.fromkeys(columns[2:6], WHOLE))
