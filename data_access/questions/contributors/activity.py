"""Questions about contributors: active at a day, new in a period, and how much each has done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, union_all
from sqlalchemy.sql.selectable import FromClause

from data_access.answers import Count, Day, Flag, Text, empty, table
from data_access.database.schema import contributions, contributor_levels, contributor_spans, people
from data_access.database.sql import day_literal, month_of
from data_access.narrowing import countries_in
from data_access.privacy.small_groups import people_selection, shown_count, shown_counts
from data_access.program import Program, load_program
from data_access.questions.events.counts import months_in
from data_access.questions.registry import PEOPLE, question
from data_access.selection import EVERYBODY, STAFF, Period, Scope, Selection, SelectionError, add_months

# Filters that say something about a contribution or its author; the others speak of events only.
_APPLICABLE = frozenset({"country", "region", "area", "team"})


def can_count(selection: Selection) -> bool:
    """Whether every filter in use has a meaning for contributions (mode, scale, topic, language, space have none)."""
    return all(item.name in _APPLICABLE for item in selection.narrowed_by)


def contribution_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    """The selection's filters on contributions: area and team are the contribution's, country the person's home."""
    conditions: list[ColumnElement[bool]] = []
    if selection.area:
        conditions.append(contributions.c.area.in_(selection.area))
    if selection.team:
        conditions.append(contributions.c.team_key.in_(selection.team))
    return [*conditions, *home_conditions(contributions.c.person_key, selection)]


def home_conditions(person: ColumnElement[str], selection: Selection) -> list[ColumnElement[bool]]:
    """The selection's filters on where the person lives: country and region."""
    conditions: list[ColumnElement[bool]] = []
    homes = people.c.home_country
    if selection.country:
        at_home = select(people.c.person_key).where(homes.in_(selection.country))
        conditions.append(person.in_(at_home))
    if selection.region:
        at_home = select(people.c.person_key).where(homes.in_(countries_in(selection.region)))
        conditions.append(person.in_(at_home))
    return conditions


def joined_after(day: date) -> Select[tuple[str]]:
    """The people who joined later: their recorded day and their first contribution both come after."""
    recorded = people.c.joined_on > day  # with a day of joining: without one, nobody knows when they came
    later = contributor_levels.c.joined_on > day
    levels = contributor_levels.join(people, people.c.person_key == contributor_levels.c.person_key)
    return select(contributor_levels.c.person_key).select_from(levels).where(recorded, later)


def _last_day(period: Period, as_of: date) -> date:
    return min(period.end - timedelta(days=1), as_of)


def active_contributors(connection: Connection, selection: Selection, program: Program) -> int:
    """People with at least `active_min` contributions in the `window_days` ending on the period's last day.

    The last day is the period's, or `as_of` when the period is still open. Exact: callers apply the privacy rule.
    """
    day = _last_day(selection.period, selection.as_of)
    active = (
        select(contributions.c.person_key)
        .where(
            contributions.c.contributed_on > day - timedelta(days=program.window_days),
            contributions.c.contributed_on <= day,
            *contribution_conditions(selection),
        )
        .group_by(contributions.c.person_key)
        .having(func.sum(contributions.c.quantity) >= program.active_min)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(active)).scalar_one()


def first_contribution(connection: Connection, selection: Selection) -> date | None:
    """The day of the first contribution that the filters leave, in any period; None: there is none by `as_of`."""
    day = select(func.min(contributions.c.contributed_on)).where(
        contributions.c.contributed_on <= selection.as_of, *contribution_conditions(selection)
    )
    found: date | None = connection.execute(day).scalar_one()
    return found


def new_to_these(connection: Connection, selection: Selection) -> int:
    """People whose first contribution to the selection's teams and areas lies in the period. Exact, as above.

    They may have contributed elsewhere before: new contributors are new to the program.
    """
    return sum(_new_by_month(connection, selection, to_the_program=False).values())


def shown_new_contributors(connection: Connection, selection: Selection, scope: Scope) -> int | None:
    """New contributors as the scope may see them: new to the program, here; None: too few to be shown.

    For everyone outside the sum of what is shown quarter by quarter: nothing is learnt by adding quarters.
    """
    return _shown_by_quarter(_new_by_month(connection, selection), scope)


def shown_new_core(connection: Connection, selection: Selection, scope: Scope) -> int | None:
    """People who reached core in the period, casual and active before or on that day; shown like new contributors."""
    reached = contributor_levels.c.core_on
    statement = (
        select(month_of(reached).label("month"), func.count().label("people"))
        .where(reached >= selection.period.start, reached <= _last_day(selection.period, selection.as_of))
        .group_by("month")
    )
    return _shown_by_quarter({row.month: row.people for row in connection.execute(statement)}, scope)


def _shown_by_quarter(by_month: Mapping[str, int], scope: Scope) -> int | None:
    if scope.inside:
        return sum(by_month.values())
    quarters: dict[Period, int] = {}
    for month, count in by_month.items():
        quarter = Period.quarter_of(date.fromisoformat(f"{month}-01"))
        quarters[quarter] = quarters.get(quarter, 0) + count
    shown = shown_counts(list(quarters.values()), scope)
    least = int(shown["at_least"].sum())
    return (least + int(shown["at_most"].sum())) // 2 if least else None


def _new_by_month(connection: Connection, selection: Selection, *, to_the_program: bool = True) -> dict[str, int]:
    """First contributions in the period per month: {"2019-03": people}; of those that the filters leave."""
    firsts: FromClause = contributor_spans
    if selection.narrowed_by:
        here = (
            select(contributions.c.person_key, func.min(contributions.c.contributed_on).label("first_on"))
            .where(*contribution_conditions(selection))
            .group_by(contributions.c.person_key)
            .subquery()
        )
        # Who began elsewhere, on an earlier day, is not new.
        began = contributor_spans.c
        same = (began.person_key == here.c.person_key) & (began.first_on == here.c.first_on)
        firsts = select(here.c.first_on).join_from(here, contributor_spans, same).subquery() if to_the_program else here
    statement = (
        select(month_of(firsts.c.first_on).label("month"), func.count().label("people"))
        .where(
            firsts.c.first_on >= selection.period.start,
            firsts.c.first_on <= _last_day(selection.period, selection.as_of),
        )
        .group_by("month")
    )
    return {row.month: row.people for row in connection.execute(statement)}


class SpanContributors(NamedTuple):
    span: Annotated[str, Text("Span", help="YYYY-MM or YYYY-Qn")]
    starts_on: Annotated[date, Day("Starts on")]
    active: Annotated[
        int | None, Count("Active", "contributors", help="At the end of the span, in the program’s window of days")
    ]
    new: Annotated[
        int | None, Count("New", "contributors", help="To the program: whose first contribution lies in the span")
    ]
    open: Annotated[bool, Flag("Still open")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=SpanContributors)
def contributors_trend(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Active and new contributors per month (PM) or quarter.

    Missing counts are withheld: fewer people than the program's minimum group. Empty when a filter has no meaning for
    contributions or may not be combined with counts of people. At most the last 60 spans.
    """
    allowed = people_selection(selection, scope)
    bounds = connection.execute(select(func.min(contributions.c.contributed_on))).scalar_one()
    if allowed is None or not can_count(allowed) or bounds is None:
        return empty(SpanContributors)
    program = load_program(connection)
    spans = _spans(max(allowed.period.start, bounds), _last_day(allowed.period, allowed.as_of), scope)
    if not spans:
        return empty(SpanContributors)
    days = union_all(
        *(
            select(
                literal(index).label("span"),
                day_literal((last - timedelta(days=program.window_days)).isoformat()).label("after_day"),
                day_literal(last.isoformat()).label("last_day"),
            )
            for index, period in enumerate(spans)
            for last in [_last_day(period, allowed.as_of)]
        )
    ).cte("spans")
    per_person = (
        select(days.c.span, contributions.c.person_key)
        .join_from(
            days,
            contributions,
            (contributions.c.contributed_on > days.c.after_day) & (contributions.c.contributed_on <= days.c.last_day),
        )
        .where(*contribution_conditions(allowed))
        .group_by(days.c.span, contributions.c.person_key)
        .having(func.sum(contributions.c.quantity) >= program.active_min)
        .subquery()
    )
    counted = connection.execute(select(per_person.c.span, func.count()).group_by(per_person.c.span))
    active: dict[int, int] = {row[0]: row[1] for row in counted}
    joined = _new_by_month(connection, replace(allowed, period=Period(spans[0].start, spans[-1].end)))
    rows = []
    for index, period in enumerate(spans):
        new = sum(joined.get(month, 0) for month in months_in(period))
        name = (
            f"{period.start:%Y-%m}" if period.in_months == 1 else f"{period.start.year}-Q{period.start.month // 3 + 1}"
        )
        rows.append(
            SpanContributors(
                span=name,
                starts_on=period.start,
                active=shown_count(active.get(index, 0), scope),
                new=shown_count(new, scope),
                open=period.is_open(allowed.over_by),
            )
        )
    return table(SpanContributors, rows)


def _spans(first: date, last: date, scope: Scope, most: int = 60) -> list[Period]:
    months = 1 if scope.inside else 3
    start = first.replace(day=1) if months == 1 else Period.quarter_of(first).start
    spans = []
    while start <= last:
        spans.append(Period(start, add_months(start, months)))
        start = add_months(start, months)
    return spans[-most:]


class VolumeContributors(NamedTuple):
    at_least: Annotated[int, Count("Contributions, at least", "contributions")]
    people: Annotated[int | None, Count("People", "contributors", help="Who made so many in the period")]


@question(roles=STAFF, counts=PEOPLE, columns=VolumeContributors)
def contributors_by_volume(
    connection: Connection, selection: Selection, scope: Scope, *, at_least: str = "1,10,100"
) -> pd.DataFrame:
    """How many people made at least so many contributions in the period; a missing count is withheld."""
    allowed = people_selection(selection, scope)
    thresholds = [int(part) for part in at_least.split(",")]
    if not scope.inside and at_least != "1,10,100":
        raise SelectionError(
            "Other thresholds than 1,10,100 are for the program manager and the board: two of them together could "
            "reveal one person."
        )
    if allowed is None or not can_count(allowed):
        return table(VolumeContributors, [(threshold, None) for threshold in thresholds])
    totals = (
        select(func.sum(contributions.c.quantity).label("quantity"))
        .where(
            contributions.c.contributed_on >= allowed.period.start,
            contributions.c.contributed_on <= _last_day(allowed.period, allowed.as_of),
            *contribution_conditions(allowed),
        )
        .group_by(contributions.c.person_key)
        .subquery()
    )
    counts = [func.count().filter(totals.c.quantity >= threshold).label(f"at_{threshold}") for threshold in thresholds]
    found = connection.execute(select(*counts).select_from(totals)).one()
    shown = [shown_count(count, scope) for count in found]
    return table(VolumeContributors, zip(thresholds, shown, strict=True))
