"""Questions about contributors: active at a day, new in a period, and how much each has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, union_all
from sqlalchemy.sql.selectable import FromClause

from data_access.answers import Count, Day, Flag, Text, empty, table
from data_access.database.schema import (
    contributions,
    contributor_levels,
    contributor_spans,
    contributor_spells,
    people,
    team_contributors,
)
from data_access.database.sql import day_literal, month_of
from data_access.narrowing import countries_in
from data_access.privacy.small_groups import Name, Sum, shown_count, shown_counts
from data_access.program import Program, load_program
from data_access.questions.events.counts import months_in
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, STAFF, Period, Scope, Selection, add_months

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


def last_day(period: Period, as_of: date) -> date:
    """The period's last day, or `as_of` while the period is open."""
    return min(period.end - timedelta(days=1), as_of)


def active_contributors(connection: Connection, selection: Selection, program: Program) -> int:
    """People with at least `active_min` contributions in the `window_days` ending on the period's last day.

    The last day is the period's, or `as_of` when the period is still open. Exact: callers apply the privacy rule.
    """
    [number] = active_counts(connection, selection, program, [last_day(selection.period, selection.as_of)])
    return number


def active_counts(connection: Connection, selection: Selection, program: Program, days: Sequence[date]) -> list[int]:
    """How many people are active on each of the days, none of which is later than `as_of`. Exact, as above."""
    narrowed = contribution_conditions(selection)
    if not days:
        return []
    asked = union_all(
        *(
            select(
                literal(index).label("span"),
                day_literal((day - timedelta(days=program.window_days)).isoformat()).label("after_day"),
                day_literal(day.isoformat()).label("last_day"),
            )
            for index, day in enumerate(days)
        )
    ).cte("asked")
    if narrowed:
        given = contributions.c
        per_person = (
            select(asked.c.span, given.person_key)
            .join_from(
                asked,
                contributions,
                (given.contributed_on > asked.c.after_day) & (given.contributed_on <= asked.c.last_day),
            )
            .where(*narrowed)
            .group_by(asked.c.span, given.person_key)
            .having(func.sum(given.quantity) >= program.active_min)
            .subquery()
        )
        counted = select(per_person.c.span, func.count()).group_by(per_person.c.span)
    else:
        spell = contributor_spells.c
        lasts = (spell.begins_on <= asked.c.last_day) & (spell.ends_on >= asked.c.last_day)
        counted = select(asked.c.span, func.count()).join_from(asked, contributor_spells, lasts).group_by(asked.c.span)
    found: dict[int, int] = {row[0]: row[1] for row in connection.execute(counted)}
    return [found.get(index, 0) for index in range(len(days))]


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
    """New contributors as the scope may see them: new to the program, here; None: too few to be shown."""
    link_new(scope, selection.period)
    return shown_count(sum(_new_by_month(connection, selection).values()), scope, new_name(selection.period))


def shown_new_core(connection: Connection, selection: Selection, scope: Scope) -> int | None:
    """People who reached core in the period, casual and active before or on that day; shown like new contributors."""
    reached = contributor_levels.c.core_on
    statement = (
        select(func.count())
        .select_from(contributor_levels)
        .where(reached >= selection.period.start, reached <= last_day(selection.period, selection.as_of))
    )
    return shown_count(connection.execute(statement).scalar_one(), scope, ("new core", str(selection.period)))


def active_name(day: date) -> Name:
    """How the release names the contributors who are active at the end of a day."""
    return ("active contributors", day.isoformat())


def new_name(period: Period) -> Name:
    """How the release names the people whose first contribution lies in a period."""
    return ("new contributors", str(period))


def contributors_name(period: Period) -> Name:
    """How the release names the people who contributed in a period, in `attribute_shares` too."""
    return ("people", "contributors", str(period), "", "", "", "")


def link_new(scope: Scope, period: Period) -> None:
    """Note for a release that the new contributors of a period are those of its quarters."""
    quarters = _quarters_of(period)
    if scope.book is not None and len(quarters) > 1:
        scope.book.link(new_name(period), map(new_name, quarters))


def _quarters_of(period: Period) -> list[Period]:
    """The calendar quarters that the period is made of; none where it is not."""
    last = period.end - timedelta(days=1)
    return _spans(period.start, last, 3, most=400) if period.whole_quarters() == period else []


def _first_here(selection: Selection) -> Select[Any]:
    """The first day of each person among the contributions that the filters leave: person_key, first_on."""
    if all(item.name == "team" for item in selection.narrowed_by):
        came = team_contributors.c
        first = select(came.person_key, func.min(came.first_on).label("first_on"))
        return first.where(came.team_key.in_(selection.team)).group_by(came.person_key)
    given = contributions.c
    first = select(given.person_key, func.min(given.contributed_on).label("first_on"))
    return first.where(*contribution_conditions(selection)).group_by(given.person_key)


def _new_by_month(connection: Connection, selection: Selection, *, to_the_program: bool = True) -> dict[str, int]:
    """First contributions in the period per month: {"2019-03": people}; of those that the filters leave."""
    firsts: FromClause = contributor_spans
    if selection.narrowed_by:
        here = _first_here(selection).subquery()
        # Who began elsewhere, on an earlier day, is not new.
        began = contributor_spans.c
        same = (began.person_key == here.c.person_key) & (began.first_on == here.c.first_on)
        firsts = select(here.c.first_on).join_from(here, contributor_spans, same).subquery() if to_the_program else here
    statement = (
        select(month_of(firsts.c.first_on).label("month"), func.count().label("people"))
        .where(
            firsts.c.first_on >= selection.period.start,
            firsts.c.first_on <= last_day(selection.period, selection.as_of),
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


@question(
    roles=EVERYBODY,
    counts=PEOPLE,
    columns=SpanContributors,
    released=Released((Windows.EVERYTHING,), narrowed_by="starts_on"),
)
def contributors_trend(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Active and new contributors per month (inside) or quarter (released).

    Missing counts are withheld: fewer people than the program's minimum group. Empty when a filter has no meaning for
    contributions. At most the last 60 spans.
    """
    bounds = connection.execute(select(func.min(contributions.c.contributed_on))).scalar_one()
    if not can_count(selection) or bounds is None:
        return empty(SpanContributors)
    program = load_program(connection)
    months = 1 if scope.exact else 3
    spans = _spans(max(selection.period.start, bounds), last_day(selection.period, selection.as_of), months)
    if not spans:
        return empty(SpanContributors)
    active = active_counts(connection, selection, program, [last_day(period, selection.as_of) for period in spans])
    joined = _new_by_month(connection, replace(selection, period=Period(spans[0].start, spans[-1].end)))
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
                active=shown_count(active[index], scope, active_name(last_day(period, selection.as_of))),
                new=shown_count(new, scope, new_name(period)),
                open=period.is_open(selection.over_by),
            )
        )
    return table(SpanContributors, rows)


def _spans(first: date, last: date, months: int, most: int = 60) -> list[Period]:
    start = first.replace(day=1) if months == 1 else Period.quarter_of(first).start
    spans = []
    while start <= last:
        spans.append(Period(start, add_months(start, months)))
        start = add_months(start, months)
    return spans[-most:]


class VolumeContributors(NamedTuple):
    at_least: Annotated[int, Count("Contributions, at least", "contributions")]
    people: Annotated[int | None, Count("People", "contributors", help="Who made so many in the period")]


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=VolumeContributors,
    released=Released((Windows.YEARS, Windows.EVERYTHING)),
)
def contributors_by_volume(
    connection: Connection, selection: Selection, scope: Scope, *, at_least: str = "1,10,100"
) -> pd.DataFrame:
    """How many people made at least so many contributions in the period; a missing count is withheld.

    Released for years and for all time up to the release, with these three numbers.
    """
    thresholds = [int(part) for part in at_least.split(",")]
    if not can_count(selection):
        return table(VolumeContributors, [(threshold, None) for threshold in thresholds])
    totals = (
        select(func.sum(contributions.c.quantity).label("quantity"))
        .where(
            contributions.c.contributed_on >= selection.period.start,
            contributions.c.contributed_on <= last_day(selection.period, selection.as_of),
            *contribution_conditions(selection),
        )
        .group_by(contributions.c.person_key)
        .subquery()
    )
    counts = [func.count().filter(totals.c.quantity >= threshold).label(f"at_{threshold}") for threshold in thresholds]
    found = connection.execute(select(*counts).select_from(totals)).one()
    first = connection.execute(select(func.min(contributions.c.contributed_on))).scalar_one()
    is_all = first is None or first >= selection.period.start
    shown = _shown_volumes(list(found), thresholds, selection, scope, is_all=is_all)
    return table(VolumeContributors, zip(thresholds, shown, strict=True))


def _shown_volumes(
    counts: list[int], thresholds: list[int], selection: Selection, scope: Scope, *, is_all: bool
) -> list[int | None]:
    """`is_all`: nobody contributed before the period."""
    if scope.exact:
        return list(counts)
    period = str(selection.period)
    names: list[Name] = [
        contributors_name(selection.period) if threshold == 1 else ("contributors of at least", str(threshold), period)
        for threshold in thresholds
    ]
    # Who made fewer than the next number is found by subtraction, and protected too.
    between = [more - fewer for more, fewer in pairwise(counts)]
    names += [("contributors of", str(low), str(high - 1), period) for low, high in pairwise(thresholds)]
    size = len(counts)
    sums = [Sum(at, (at + 1, size + at)) for at in range(size - 1)]
    # All who ever contributed came new in some quarter, and the windows that begin with the program hold each other.
    quarters = _quarters_of(selection.period)
    (scope.book.link if is_all else scope.book.holds)(names[0], list(map(new_name, quarters)))
    if len(quarters) > 1:
        last, earlier = quarters[-1], Period(selection.period.start, quarters[-1].start)
        scope.book.link(names[0], (contributors_name(earlier), new_name(last)))
        for name in names[1:size]:
            scope.book.holds(name, [(*name[:-1], str(earlier))])
    return list(shown_counts([*counts, *between], scope, sums, names)["people"])[:size]
