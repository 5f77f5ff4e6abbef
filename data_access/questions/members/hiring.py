"""The hiring pipeline: members whom companies hired, by quarter and year, by company, and how long it took.

A person is hired once: at the end of the first membership that was recorded as a hire, by reason or by company.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from data_access.answers import Code, Count, Day, Flag, Number, Share, Text, empty, table
from data_access.contract.labels import label_key
from data_access.database.schema import applications, memberships
from data_access.database.sql import day_literal, day_number
from data_access.privacy.book import AS_OF
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.funnel.stepwise import quartiles
from data_access.questions.members.standing import COUNT_OR_MIDDLE, COUNTED
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import INSIDE, Period, Scope, Selection, add_months
from data_access.statistics.intervals import median_interval
from data_access.statistics.survival import Durations, kaplan_meier

QUARTER, YEAR, ALL = "quarter", "year", "all"
JOINING, GRADUATION = SINCE = ("joining", "graduation")
LATEST_YEARS = 3
DAYS_OF_A_YEAR = 365.25
NOT_NAMED = ""

_is_hire = or_(memberships.c.end_reason == "hired", memberships.c.hired_by.is_not(None))


class HiresInPeriod(NamedTuple):
    each: Annotated[str, Code("Each", help="quarter, year, or all so far")]
    starts_on: Annotated[date, Day("From", help="The first day of the quarter or year")]
    people: Annotated[int | None, Count("Hired", "members", help=COUNT_OR_MIDDLE)]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]
    open: Annotated[bool, Flag("Open", help="The quarter or year is not over")]


@question(
    roles=COUNTED,
    counts=PEOPLE,
    columns=HiresInPeriod,
    released=Released((Windows.EVERYTHING,), rows_by={"each": "each"}),
)
def hires(connection: Connection, selection: Selection, scope: Scope, *, each: str = "") -> pd.DataFrame:
    """Members who were hired, each once: by quarter and by calendar year from the first membership on, and in all.

    `each` (quarter, year, all) chooses the rows of one kind. Whatever the period; countries and regions are those of
    the home. Inside counts are exact and the running quarter and year are told as open; released are ranges, of
    quarters and years that are over.
    """
    begun = select(func.min(memberships.c.started_on)).where(memberships.c.started_on <= selection.as_of)
    first = connection.execute(begun).scalar()
    if first is None:
        return empty(HiresInPeriod)
    hired = _first_hires(selection).subquery()
    counted: dict[date, int] = defaultdict(int)
    for day, people in connection.execute(select(hired.c.hired_on, func.count()).group_by(hired.c.hired_on)):
        counted[Period.quarter_of(day).start] += people
    quarters = _periods(date(first.year, 1, 1), 3, selection, scope)
    years = _periods(date(first.year, 1, 1), 12, selection, scope)
    if not quarters:
        return empty(HiresInPeriod)
    place = {quarter.start: at for at, quarter in enumerate(quarters)}
    counts = [counted[quarter.start] for quarter in quarters]
    sums: list[Sum] = []
    names: list[Name] = [("hired", str(quarter)) for quarter in quarters]
    for year in years:
        parts = [at for day, at in place.items() if year.start <= day < year.end]
        sums.append(Sum(len(counts), tuple(parts)))
        counts.append(sum(counts[at] for at in parts))
        names.append(("hired", str(year)))
    sums.append(Sum(len(counts), tuple(place.values())))
    counts.append(sum(counts[: len(quarters)]))
    names.append(_in_all(selection))
    shown = shown_counts(counts, scope, sums, names)
    whole = Period(quarters[0].start, quarters[-1].end)
    of = [*((QUARTER, found) for found in quarters), *((YEAR, found) for found in years), (ALL, whole)]
    ends = zip(shown["people"], shown["at_least"], shown["at_most"], strict=True)
    rows = [
        HiresInPeriod(kind, period.start, *numbers, period.end > selection.over_by)
        for (kind, period), numbers in zip(of, ends, strict=True)
    ]
    return table(HiresInPeriod, [row for row in rows if each in ("", row.each)])


def _periods(start: date, months: int, selection: Selection, scope: Scope) -> list[Period]:
    """From the first on, one after the other: inside with the one that runs, else those that are over."""
    found = []
    while start <= selection.as_of:
        period = Period(start, add_months(start, months))
        if scope.exact or period.end <= selection.over_by:
            found.append(period)
        start = period.end
    return found


def _in_all(selection: Selection) -> Name:
    return ("hired", f"{AS_OF}{selection.as_of}")


class HiringCompany(NamedTuple):
    company: Annotated[str, Text("Company", help="Empty: not recorded")]
    people: Annotated[int, Count("Hired", "members")]
    first_on: Annotated[date, Day("First hire")]
    last_on: Annotated[date, Day("Last hire")]
    median_days: Annotated[float, Number("Days since joining", "days", help="Median, from joining to the hire")]


@question(roles=INSIDE, counts=PEOPLE, columns=HiringCompany)
def hiring_companies(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The companies that hired members, most hires first, then by name; each member once, with the first hire.

    Whatever the period, up to `as_of`; countries and regions are those of the home. Names that differ only in case,
    width or space are one company.
    """
    hired = _first_hires(selection).subquery()
    named = (
        select(hired, func.max(memberships.c.hired_by).label("company"))
        .join_from(hired, memberships, memberships.c.person_key == hired.c.person_key)
        .where(_is_hire, memberships.c.ended_on == hired.c.hired_on)
        .group_by(*hired.c)
        .subquery()
    )
    days = day_number(named.c.hired_on) - day_number(named.c.joined_on)
    columns = (named.c.company, named.c.hired_on, days.label("took"))
    found: dict[str, list[Any]] = defaultdict(list)
    spelled: dict[str, str] = {}
    statement = select(*columns, func.count().label("people")).group_by(*columns).order_by(*columns[1:])
    for row in connection.execute(statement):
        key = label_key(row.company or NOT_NAMED)
        spelled.setdefault(key, row.company or NOT_NAMED)
        found[key] += [row] * row.people
    rows = [
        HiringCompany(
            company=spelled[key],
            people=len(hires_of),
            first_on=min(row.hired_on for row in hires_of),
            last_on=max(row.hired_on for row in hires_of),
            median_days=float(np.median([row.took for row in hires_of])),
        )
        for key, hires_of in found.items()
    ]
    rows.sort(key=lambda row: (row.company == NOT_NAMED, -row.people, row.company))
    return table(HiringCompany, rows)


class TimeToHire(NamedTuple):
    since: Annotated[str, Code("Since", help="joining or graduation")]
    people: Annotated[int | None, Count("Hired", "members", help=COUNT_OR_MIDDLE)]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]
    median_days: Annotated[float | None, Number("Median", "days", help="Empty: nobody was hired, or too few to tell")]
    low: Annotated[float | None, Number("From", "days", help="95% interval of the median; of 6 hires or more, inside")]
    high: Annotated[float | None, Number("To", "days")]
    lower_quartile: Annotated[float | None, Number("Lower quartile", "days")]
    upper_quartile: Annotated[float | None, Number("Upper quartile", "days")]
    left_out: Annotated[int | None, Count("Left out", "members", help="Hired without a graduation before; inside")]


@question(roles=COUNTED, counts=PEOPLE, columns=TimeToHire, released=Released((Windows.EVERYTHING,)))
def time_to_hire(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Days from joining, and from graduation, to the hire: median and quartiles of those who were hired so far.

    Joining is the first day of the first membership, graduation the first that is recorded. The interval of the median
    goes by ranks. Released is the time since joining, in whole weeks, of 20 hires or more. Whatever the period;
    countries and regions are those of the home.
    """
    rows = []
    for since in SINCE if scope.exact else SINCE[:1]:
        found = [(took, people) for took, hired, people in _waits(connection, selection, since) if hired]
        days = np.array([took for took, _ in found if took is not None], dtype=np.float64)
        people = np.array([count for took, count in found if took is not None], dtype=np.int64)
        left_out = sum(count for took, count in found if took is None)
        names = [_in_all(selection)] if since == JOINING else None
        [(middle, least, most)] = shown_counts([int(people.sum())], scope, names=names).itertuples(index=False)
        parts = quartiles(days, people, least, scope)
        ends: tuple[float | None, float | None] = (None, None)
        if scope.exact and people.sum():
            ends = median_interval(np.repeat(days, people))[1:]
        told = left_out if scope.exact else None
        rows.append((since, middle, least, most, parts[1], *ends, parts[0], parts[2], told))
    return table(TimeToHire, rows)


class HiredWithin(NamedTuple):
    since: Annotated[str, Code("Since", help="joining or graduation")]
    years: Annotated[int, Count("Within years", "years")]
    share: Annotated[float, Share("Hired", help="Of all who joined, or graduated: Kaplan–Meier")]
    low: Annotated[float | None, Share("From", help="95% interval; empty where nobody, or everybody, was hired")]
    high: Annotated[float | None, Share("To")]
    people: Annotated[int, Count("Members", "members", help="Who joined, or graduated")]
    observed: Annotated[int, Count("Followed so long", "members", help="Not hired before, and followed for that time")]


@question(roles=INSIDE, counts=PEOPLE, columns=HiredWithin)
def hired_within(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The share of members hired within one, two and three years of joining, and of graduation (Kaplan–Meier).

    Who was not hired by `as_of` is censored on that day. Who left for another reason stays among those who were not
    hired, so that the share is of all. A time for which nobody was followed has no row. Countries and regions are
    those of the home.
    """
    rows = []
    for since in SINCE:
        found = [each for each in _waits(connection, selection, since) if each[0] is not None]
        if not found:
            continue
        durations = Durations.of(*zip(*found, strict=True))
        curve = kaplan_meier(durations)
        for years in range(1, LATEST_YEARS + 1):
            days = years * DAYS_OF_A_YEAR
            observed = int((durations.days >= days).sum())
            at = int(np.searchsorted(curve.days, days, side="right")) - 1
            share = curve.share[at] if at >= 0 else 0.0
            if observed:
                ends = (curve.low[at], curve.high[at]) if at >= 0 else (None, None)
                rows.append((since, years, share, *ends, len(durations), observed))
    return table(HiredWithin, rows)


def _first_hires(selection: Selection) -> Select[Any]:
    """Who was hired: person_key, joined_on (the first day of the first membership), hired_on (the first hire)."""
    came = _came(selection).subquery()
    return select(came.c.person_key, came.c.joined_on, came.c.hired_on).where(came.c.hired_on.is_not(None))


def _came(selection: Selection) -> Select[Any]:
    """Everybody who was ever a member, with the day of joining and, once it has come, of the hire."""
    hired = case((and_(_is_hire, memberships.c.ended_on <= selection.as_of), memberships.c.ended_on))
    return (
        select(
            memberships.c.person_key,
            func.min(memberships.c.started_on).label("joined_on"),
            func.min(hired).label("hired_on"),
        )
        .where(
            memberships.c.started_on <= selection.as_of,
            *home_conditions(memberships.c.person_key, selection),
        )
        .group_by(memberships.c.person_key)
    )


def _waits(connection: Connection, selection: Selection, since: str) -> list[tuple[int | None, bool, int]]:
    """How long so many members waited, or have waited by `as_of`: days, whether they were hired, people.

    Days are missing for a hire without a graduation before it.
    """
    came = _came(selection).subquery()
    begun: ColumnElement[Any] = came.c.joined_on
    source: Any = came
    if since == GRADUATION:
        graduated = (
            select(applications.c.person_key, func.min(applications.c.graduated_on).label("graduated_on"))
            .where(applications.c.graduated_on <= selection.as_of)
            .group_by(applications.c.person_key)
            .subquery()
        )
        begun = case(
            (or_(came.c.hired_on.is_(None), graduated.c.graduated_on <= came.c.hired_on), graduated.c.graduated_on)
        )
        source = came.join(graduated, graduated.c.person_key == came.c.person_key, isouter=True)
    today = day_number(day_literal(selection.as_of.isoformat()))
    until = case((came.c.hired_on.is_not(None), day_number(came.c.hired_on)), else_=today)
    columns = (
        (until - day_number(begun)).label("took"),
        case((came.c.hired_on.is_not(None), 1), else_=0).label("hired"),
    )
    statement = select(*columns, func.count().label("people")).select_from(source).group_by(*columns)
    return [(row.took, row.hired == 1, row.people) for row in connection.execute(statement)]
