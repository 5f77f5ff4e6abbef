"""Who comes back: retention by month after the first contribution, cohort by cohort and all together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, literal, literal_column, select
from sqlalchemy.sql.selectable import FromClause

from data_access.answers import Count, Day, Number, Share, Text, empty, typed
from data_access.database.schema import (
    contributions,
    contributor_levels,
    contributor_months,
    contributor_spans,
)
from data_access.database.sql import month_number
from data_access.privacy.small_groups import Sum, shown_counts
from data_access.questions.contributors.cohorts import cohort_selection, levels, person_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.selection import STAFF, Scope, Selection, SelectionError
from data_access.statistics.intervals import wilson_interval

# What others than PM and board see of the months since the first: the ones that programs compare themselves by.
COMPARED_MONTHS = (1, 3, 6, 12)
MOST_MONTHS = 24
_ENDS = ("now", "project")
# The columns of a reading, and the places of the two that are shares of the first.
_READINGS, ACTIVE, LATER = ("people", "active", "later"), 1, 2


def month_index(day: date) -> int:
    """The number of the day's month, as `contributor_months` has it."""
    return day.year * 12 + day.month - 1


def last_whole_month(selection: Selection) -> int:
    """The number of the last month that is over."""
    return month_index(selection.over_by) - 1


def first_of(month: int) -> date:
    """The first day of the month with this number."""
    return date(month // 12, month % 12 + 1, 1)


def _counts(connection: Connection, selection: Selection, ends: str) -> pd.DataFrame:
    """People by month of the first contribution, how it went on, and until when we know: the base of every reading.

    Columns: first, since, active (people active in that month), last (people whose last month it was), known (the
    months since the first that are over; −1: open). One row for each that occurs.
    """
    person, day = contributor_spans.c.person_key, selection.as_of
    end: ColumnElement[int] = literal(last_whole_month(selection))
    first = month_number(contributor_spans.c.first_on)
    spans: FromClause = contributor_spans.join(contributor_levels, levels.person_key == person)
    if ends == "project":
        own = _project_ends(day)
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
        .where(contributor_months.c.person_key == person, contributor_months.c.first_on <= day)
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
            .where(months.first_on <= day)
            .group_by(people.c.first, months.since_first, people.c.known)
        )
    else:
        # Without the people: the index alone says how many of each first month were active in each later one.
        starts = months.month - months.since_first
        counted = (
            select(months.month, months.since_first, func.count().label("people"))
            .where(months.month <= month_index(day), months.first_on <= day)
            .group_by(months.month, months.since_first)
            .subquery()
        )
        starts = counted.c.month - counted.c.since_first
        active = select(
            starts.label("first"),
            counted.c.since_first.label("since"),
            (literal(last_whole_month(selection)) - starts).label("known"),
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


def _project_ends(day: date) -> FromClause:
    """The last month of each person's projects: the latest day up to `day` on which anybody contributed to one."""
    project = func.coalesce(contributions.c.project, literal_column("''")).label("of_project")
    done = contributions.c.contributed_on <= day
    on = func.max(contributions.c.contributed_on).label("ended_on")
    ended = select(project, on).where(done).group_by("of_project").subquery("ended")
    theirs = select(contributions.c.person_key, project).where(done).distinct().subquery("theirs")
    return (
        select(theirs.c.person_key, func.max(month_number(ended.c.ended_on)).label("last_month"))
        .join_from(theirs, ended, ended.c.of_project == theirs.c.of_project)
        .group_by(theirs.c.person_key)
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


def _months_shown(months: int, scope: Scope) -> list[int]:
    if scope.inside:
        return list(range(months + 1))
    return [month for month in COMPARED_MONTHS if month <= months]


class RetentionCell(NamedTuple):
    cohort: Annotated[str, Text("Cohort", help="YYYY-MM, or YYYY-Qn, of the first contribution")]
    month: Annotated[int, Number("Month", help="Months since the cohort’s own, which is 0")]
    people: Annotated[int | None, Count("People", "people")]
    active_exactly: Annotated[float | None, Share("Active in that month", help="In exactly that calendar month")]
    active_then_or_later: Annotated[float | None, Share("Active then or later")]
    starts_on: Annotated[date, Day("Starts on")]


@question(roles=STAFF, counts=PEOPLE, columns=RetentionCell)
def retention(
    connection: Connection, selection: Selection, scope: Scope, *, months: int = MOST_MONTHS, ends: str = "now"
) -> pd.DataFrame:
    """Shares of contributors who are still active, by month of first contribution and months since.

    Both readings are shares of `people`. Cells whose month is not over on `as_of` (for somebody in the cohort) have no
    row; `ends=project` takes a person's month as over, and as known, only up to the last month of their projects.
    Filters choose people as in `contributor_funnel`, whatever else they did. For everyone outside: cohorts are
    quarters, months 1, 3, 6 and 12, and shares come from ranges of counts.
    """
    _checked(months, ends)
    allowed = cohort_selection(selection, scope)
    if allowed is None:
        return empty(RetentionCell)
    counts = _counts(connection, allowed, ends)
    parts = [_readings(_complete(counts, since), since).assign(month=since) for since in _months_shown(months, scope)]
    cells = pd.concat(parts).reset_index()
    if not scope.inside:
        cells = _by_quarter(cells, allowed)
    # Other answers too say how many people a cohort has.
    shown = _shown(cells[list(_READINGS)].to_numpy(dtype="int64"), scope, known_people=True)
    starts = [first_of(int(first)) for first in cells["first"]]
    cohorts = [f"{day:%Y-%m}" if scope.inside else f"{day:%Y}-Q{day.month // 3 + 1}" for day in starts]
    found = pd.DataFrame(
        {
            "cohort": cohorts,
            "month": cells["month"].to_numpy(),
            "people": shown.middle[:, 0],
            "active_exactly": shown.share(ACTIVE),
            "active_then_or_later": shown.share(LATER),
            "starts_on": starts,
        }
    )
    found = found.sort_values(["starts_on", "month"], kind="stable").reset_index(drop=True)
    return typed(RetentionCell, found)


def _complete(counts: pd.DataFrame, since: int) -> pd.DataFrame:
    """Cohorts of which everybody's month is over: with people of several projects, some can lack it."""
    short = counts.loc[(counts["known"] < since) & (counts["last"] > 0), "first"].unique()
    return counts[~counts["first"].isin(short)]


def _by_quarter(cells: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Months of first contributions put together by quarter, where all three months of the quarter are known."""
    quarter = cells["first"] // 3 * 3
    summed = cells.assign(first=quarter).groupby(["first", "month"], as_index=False).sum()
    last = last_whole_month(selection)
    return summed[summed["first"] + 2 + summed["month"] <= last].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class ShownReadings:
    """Counts as the scope may see them, a row each: people, active, later, and the rest of the people to both.

    `middle` is nan where a count is withheld; it lies between `least` and `most`.
    """

    middle: np.ndarray
    least: np.ndarray
    most: np.ndarray

    def share(self, reading: int) -> np.ndarray:
        """The share of ACTIVE or LATER; nan where it is withheld or there is nobody."""
        people, part = self.middle[:, 0], self.middle[:, reading]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(people > 0, np.minimum(part / people, 1), np.nan)

    def interval(self, reading: int) -> tuple[np.ndarray, np.ndarray]:
        """The 95 % interval of the share, as wide as both ranges allow."""
        hidden, rest = np.isnan(self.share(reading)), reading + 2
        low = wilson_interval(self.least[:, reading], self.least[:, reading] + self.most[:, rest])[0]
        high = wilson_interval(self.most[:, reading], self.most[:, reading] + self.least[:, rest])[1]
        return np.where(hidden, np.nan, low), np.where(hidden, np.nan, high)


def _shown(exact: np.ndarray, scope: Scope, *, known_people: bool) -> ShownReadings:
    """The counts of `_READINGS`, a row each, as the scope may see them."""
    # Who was not active is as easily found as who was: both sides are protected.
    counted = np.column_stack([exact, exact[:, 0] - exact[:, ACTIVE], exact[:, 0] - exact[:, LATER]])
    sums = []
    for at in range(0, 0 if scope.inside else counted.size, 5):
        sums += [Sum(at, (at + ACTIVE, at + 3)), Sum(at, (at + LATER, at + 4))]
    shown = shown_counts(counted.ravel(), scope, sums, range(0, counted.size, 5) if known_people else ())
    return ShownReadings(
        *(
            shown[name].to_numpy(dtype=float, na_value=np.nan).reshape(counted.shape)
            for name in ("people", "at_least", "at_most")
        )
    )


class RetentionMonth(NamedTuple):
    month: Annotated[int, Number("Month", help="Months since the first contribution’s own, which is 0")]
    people: Annotated[int | None, Count("People", "people", help="Whose month is over; the others are left out")]
    active_exactly: Annotated[float | None, Share("Active in that month", help="In exactly that calendar month")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval")]
    active_then_or_later: Annotated[float | None, Share("Active then or later")]
    later_low: Annotated[float | None, Share("Then or later, from", help="Lower end of the 95% interval")]
    later_high: Annotated[float | None, Share("Then or later, to", help="Upper end of the 95% interval")]


@question(roles=STAFF, counts=PEOPLE, columns=RetentionMonth)
def retention_overall(
    connection: Connection, selection: Selection, scope: Scope, *, months: int = MOST_MONTHS, ends: str = "now"
) -> pd.DataFrame:
    """Shares of contributors who are still active, by months since the first contribution, all cohorts together.

    Intervals are Wilson's. `ends=project`: only as far as a person's projects went on. For everyone outside: months
    1, 3, 6 and 12, and shares and intervals come from ranges of counts.
    """
    _checked(months, ends)
    allowed = cohort_selection(selection, scope)
    if allowed is None:
        return empty(RetentionMonth)
    counts = _counts(connection, allowed, ends)
    asked = _months_shown(months, scope)
    exact = np.array([_readings(counts, since).sum().to_numpy() for since in asked], dtype="int64").reshape(-1, 3)
    shown = _shown(exact, scope, known_people=False)
    (low, high), (later_low, later_high) = shown.interval(ACTIVE), shown.interval(LATER)
    found = pd.DataFrame(
        {
            "month": asked,
            "people": shown.middle[:, 0],
            "active_exactly": shown.share(ACTIVE),
            "low": low,
            "high": high,
            "active_then_or_later": shown.share(LATER),
            "later_low": later_low,
            "later_high": later_high,
        }
    )
    return typed(RetentionMonth, found[found["people"] > 0].reset_index(drop=True))
