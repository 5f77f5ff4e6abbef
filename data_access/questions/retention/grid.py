"""Who comes back: retention by month after the first contribution, cohort by cohort and all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, literal, literal_column, select
from sqlalchemy.sql.selectable import FromClause

from data_access.answers import Count, Day, Number, Share, Text, typed
from data_access.database.schema import (
    contributions,
    contributor_levels,
    contributor_months,
    contributor_spans,
)
from data_access.database.sql import month_number
from data_access.privacy.book import AS_OF
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.questions.contributors.activity import link_new, new_name
from data_access.questions.contributors.cohorts import levels, person_conditions, settled
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import STAFF, Period, Scope, Selection, SelectionError, month_index
from data_access.statistics.intervals import wilson_interval

# What is released of the months since the first: the ones that programs compare themselves by, and for how long
# after the cohort's year "later" looks.
COMPARED_MONTHS, DAYS_LATER = (1, 3, 6, 12), 731
MOST_MONTHS = 24
_ENDS = ("now", "project")
# The columns of a reading, and the places of the two that are shares of the first.
_READINGS, ACTIVE, LATER = ("people", "active", "later"), 1, 2


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


class RetentionCell(NamedTuple):
    cohort: Annotated[str, Text("Cohort", help="YYYY-MM, or YYYY-Qn, of the first contribution")]
    month: Annotated[int, Number("Month", help="Months since the cohort’s own, which is 0")]
    people: Annotated[int | None, Count("People", "people")]
    active_exactly: Annotated[float | None, Share("Active in that month", help="In exactly that calendar month")]
    active_then_or_later: Annotated[float | None, Share("Active then or later")]
    starts_on: Annotated[date, Day("Starts on")]


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=RetentionCell,
    released=Released((Windows.EVERYTHING,), goes_on=True),
)
def retention(
    connection: Connection, selection: Selection, scope: Scope, *, months: int = MOST_MONTHS, ends: str = "now"
) -> pd.DataFrame:
    """Shares of contributors who are still active, by month of first contribution and months since.

    Both readings are shares of `people`. Cells whose month is not over on `as_of` (for somebody in the cohort) have no
    row; `ends=project` takes a person's month as over, and as known, only up to the last month of their projects.
    Filters choose people as in `contributor_funnel`, whatever else they did. Released: cohorts are calendar years,
    months 1, 3, 6 and 12, and "then or later" looks at two years after the cohort's own.
    """
    if not scope.exact:
        return _cells(_of_years(connection, selection, scope), "%Y")
    _checked(months, ends)
    counts = _counts(connection, selection, ends)
    parts = [_readings(_complete(counts, since), since).assign(month=since) for since in range(months + 1)]
    cells = pd.concat(parts).reset_index()
    starts = [first_of(int(first)) for first in cells["first"]]
    return _cells(
        Readings.exactly(starts, cells["month"].tolist(), cells[list(_READINGS)].to_numpy(dtype="int64")), "%Y-%m"
    )


def _cells(shown: Readings, name: str) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "cohort": [day.strftime(name) for day in shown.starts],
            "month": shown.months,
            "people": shown.middle[:, 0],
            "active_exactly": shown.share(ACTIVE),
            "active_then_or_later": shown.share(LATER),
            "starts_on": shown.starts,
        }
    )
    found = found.sort_values(["starts_on", "month"], kind="stable").reset_index(drop=True)
    return typed(RetentionCell, found)


def _complete(counts: pd.DataFrame, since: int) -> pd.DataFrame:
    """Cohorts of which everybody's month is over: with people of several projects, some can lack it."""
    short = counts.loc[(counts["known"] < since) & (counts["last"] > 0), "first"].unique()
    return counts[~counts["first"].isin(short)]


@dataclass(frozen=True, slots=True)
class Readings:
    """Counts of cohorts at months since their start, as the scope may see them, a row each (nan: withheld).

    The columns of each array are people, active, later, and the rest of the people to both."""

    starts: Sequence[date]
    months: Sequence[int]
    middle: np.ndarray
    least: np.ndarray
    most: np.ndarray

    @classmethod
    def exactly(cls, starts: Sequence[date], months: Sequence[int], counts: np.ndarray) -> Readings:
        both = _with_rest(counts).astype(float)
        return cls(starts, months, both, both, both)

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

    def together(self) -> Readings:
        """All cohorts together, a row a month: ranges are added, so that nothing is told that the cohorts do not."""
        months = list(dict.fromkeys(sorted(self.months)))
        of = np.array([[month == each for month in self.months] for each in months], dtype=float)
        of = of.reshape(len(months), len(self.months))
        middles = np.where(np.isnan(self.middle), (self.least + self.most) // 2, self.middle)
        middle, least, most = (of @ part for part in (middles, self.least, self.most))
        middle = np.where((least == 0) & (most > 0), np.nan, middle)
        return Readings([self.starts[0] for _ in months], months, middle, least, most)


def _with_rest(counts: np.ndarray) -> np.ndarray:
    """People, active, later, and who was not active, and not later."""
    return np.column_stack([counts, counts[:, 0] - counts[:, ACTIVE], counts[:, 0] - counts[:, LATER]])


def _of_years(connection: Connection, selection: Selection, scope: Scope) -> Readings:
    """For a release: calendar years of first contributions at the months that are over for all who began in them."""
    starts, marks, sums = list[date](), list[int](), list[Sum]()
    rows, names = list[list[int]](), list[Name]()
    for year in range(selection.period.start.year, selection.period.end.year + 1):
        period = Period(date(year, 1, 1), date(year + 1, 1, 1))
        asked = settled(replace(selection, period=period), DAYS_LATER)
        over = [m for m in COMPARED_MONTHS if month_index(period.end) - 1 + m <= last_whole_month(asked)]
        counts = _counts(connection, asked, "now") if over else None
        if counts is None or counts.empty:
            continue
        link_new(scope, period)
        first = len(rows)
        for month in over:
            people, active, later = (int(value) for value in _readings(counts, month).sum())
            at = 6 * len(rows)
            sums += [Sum(at, (at + 1, at + 3)), Sum(at, (at + 2, at + 4)), Sum(at + 2, (at + 1, at + 5))]
            # Who is active at a month or later was so at the months before it.
            if len(rows) > first:
                scope.book.holds(names[at - 6 + 2], [_name(LATER, month, period, asked)])
            rows.append([people, active, later, people - active, people - later, later - active])
            names += [new_name(period), *(_name(column, month, period, asked) for column in range(1, 6))]
            starts.append(period.start)
            marks.append(month)
    shown = shown_counts(np.array(rows, dtype="int64").ravel(), scope, sums, names)
    middle, least, most = (
        shown[name].to_numpy(dtype=float, na_value=np.nan).reshape(-1, 6)[:, :5]
        for name in ("people", "at_least", "at_most")
    )
    return Readings(starts, marks, middle, least, most)


def _name(column: int, month: int, period: Period, asked: Selection) -> Name:
    name, when = ("retained", str(period), str(month)), f"{AS_OF}{asked.as_of}"
    if column in (ACTIVE, ACTIVE + 2):
        return (*name, str(column))
    # Who was active at a month or later becomes more with each release.
    return (*name, str(column), when) if column == LATER else (*name, when, str(column))


class RetentionMonth(NamedTuple):
    month: Annotated[int, Number("Month", help="Months since the first contribution’s own, which is 0")]
    people: Annotated[int | None, Count("People", "people", help="Whose month is over; the others are left out")]
    active_exactly: Annotated[float | None, Share("Active in that month", help="In exactly that calendar month")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval")]
    active_then_or_later: Annotated[float | None, Share("Active then or later")]
    later_low: Annotated[float | None, Share("Then or later, from", help="Lower end of the 95% interval")]
    later_high: Annotated[float | None, Share("Then or later, to", help="Upper end of the 95% interval")]


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=RetentionMonth,
    released=Released((Windows.EVERYTHING,), goes_on=True),
)
def retention_overall(
    connection: Connection, selection: Selection, scope: Scope, *, months: int = MOST_MONTHS, ends: str = "now"
) -> pd.DataFrame:
    """Shares of contributors who are still active, by months since the first contribution, all cohorts together.

    Intervals are Wilson's. `ends=project`: only as far as a person's projects went on. Released: the cohorts of
    `retention` added up, months 1, 3, 6 and 12.
    """
    if scope.exact:
        _checked(months, ends)
        counts, asked = _counts(connection, selection, ends), list(range(months + 1))
        exact = np.array([_readings(counts, since).sum().to_numpy() for since in asked], dtype="int64")
        shown = Readings.exactly([selection.period.start for _ in asked], asked, exact.reshape(-1, 3))
    else:
        shown = _of_years(connection, selection, scope).together()
    (low, high), (later_low, later_high) = shown.interval(ACTIVE), shown.interval(LATER)
    found = pd.DataFrame(
        {
            "month": shown.months,
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
