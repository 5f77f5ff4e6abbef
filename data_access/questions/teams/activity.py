"""How many people a team has on a day: active, core, new and kept, exactly; and ranges of such counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import CTE

from data_access.database.schema import contributions, team_contributors
from data_access.database.sql import day_literal
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.program import Program
from data_access.selection import Period, Scope, add_months

# SQLite takes at most 500 parts of a UNION ALL.
_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Range:
    """What may be said of a number: it lies between the two ends. Inside the ends are the same."""

    at_least: float
    at_most: float

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most

    @property
    def is_withheld(self) -> bool:
        """Under the minimum group: nothing may be computed from it."""
        return self.at_least == 0 < self.at_most

    @property
    def value(self) -> float | None:
        return self.at_least if self.is_exact else None

    def times(self, factor: float) -> Range:
        return Range(self.at_least * factor, self.at_most * factor)

    def reaches(self, least: float) -> bool | None:
        """Whether the number is at least so large; None where the range leaves it open."""
        return True if self.at_least >= least else False if self.at_most < least else None

    def divided_by(self, base: Range) -> Range | None:
        """The ratio of two counts; None where the base is, or may be, nothing, or where either is withheld."""
        if base.at_least <= 0 or self.is_withheld:
            return None
        return Range(self.at_least / base.at_most, self.at_most / base.at_least)


# A team and two days.
Span = tuple[str, date, date]


def people_day(day: date, scope: Scope) -> date:
    """The day on which people are counted for the scope: the day itself, or the last day of the last whole quarter."""
    if scope.exact:
        return day
    return Period.quarter_of(day).start - timedelta(days=1)


def year_before(day: date) -> date:
    """The same day four quarters earlier; the last day of a quarter stays one."""
    if (day + timedelta(days=1)).day == 1:
        return add_months(day + timedelta(days=1), -12) - timedelta(days=1)
    return day.replace(year=day.year - 1)


def ranges(
    counts: Sequence[int], scope: Scope, sums: Sequence[Sum] = (), names: Sequence[Name | None] | None = None
) -> list[Range]:
    """Counts of people as the scope may see them."""
    shown = shown_counts(counts, scope, sums, names)
    return [Range(int(low), int(high)) for low, high in zip(shown["at_least"], shown["at_most"], strict=True)]


def first_days(connection: Connection) -> dict[str, date]:
    """The day of each team's first contribution. Exact: for who may see a single person's."""
    first = func.min(team_contributors.c.first_on)
    statement = select(team_contributors.c.team_key, first).group_by(team_contributors.c.team_key)
    return {row[0]: row[1] for row in connection.execute(statement)}


def activity(
    connection: Connection, program: Program, teams: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], tuple[int, int]]:
    """(active, core) contributors of a team in the trailing window that ends on a day, for each (team, day). Exact."""
    pairs = sorted(set(teams))
    window = timedelta(days=program.window_days)
    found = dict.fromkeys(pairs, (0, 0))
    for part in parts([(team, day - window, day) for team, day in pairs]):
        spans = spans_of(part)
        per_person = (
            select(spans.c.number, func.sum(contributions.c.quantity).label("total"))
            .join_from(spans, contributions, within(spans))
            .group_by(spans.c.number, contributions.c.person_key)
            .having(func.sum(contributions.c.quantity) >= program.active_min)
            .subquery()
        )
        core = func.sum(case((per_person.c.total >= program.core_min, 1), else_=0))
        counted = select(per_person.c.number, func.count(), core).group_by(per_person.c.number)
        for number, active, many in connection.execute(counted):
            team, _, day = part[number]
            found[team, day] = (active, int(many))
    return found


def newcomers(connection: Connection, wanted: Iterable[Span]) -> dict[Span, int]:
    """People whose first contribution to the team lies after the first day given and not after the second. Exact."""
    found = dict.fromkeys(sorted(set(wanted)), 0)
    for part in parts(list(found)):
        spans = spans_of(part)
        first = team_contributors.c.first_on
        inside = and_(
            team_contributors.c.team_key == spans.c.team_key, first > spans.c.after_day, first <= spans.c.last_day
        )
        counted = (
            select(spans.c.number, func.count()).join_from(spans, team_contributors, inside).group_by(spans.c.number)
        )
        for number, people in connection.execute(counted):
            found[part[number]] = people
    return found


def core_kept(connection: Connection, program: Program, wanted: Iterable[Span]) -> dict[Span, tuple[int, int]]:
    """(core, kept) for each (team, then, now): core contributors then, and those of them not lapsed now. Exact."""
    window = timedelta(days=program.window_days)
    found = dict.fromkeys(sorted(set(wanted)), (0, 0))
    for part in parts(list(found)):
        rows = [(team, then - window, then, now - window, now) for team, then, now in part]
        spans = spans_of(rows, ("after_day", "last_day", "after_now", "now_day"))
        grouped = (spans.c.number, contributions.c.person_key)
        core = (
            select(*grouped)
            .join_from(spans, contributions, within(spans))
            .group_by(*grouped)
            .having(func.sum(contributions.c.quantity) >= program.core_min)
            .subquery()
        )
        still = (
            select(*grouped)
            .join_from(spans, contributions, within(spans, "after_now", "now_day"))
            .group_by(*grouped)
            .subquery()
        )
        same = and_(still.c.number == core.c.number, still.c.person_key == core.c.person_key)
        counted = (
            select(core.c.number, func.count(), func.count(still.c.person_key))
            .join_from(core, still, same, isouter=True)
            .group_by(core.c.number)
        )
        for number, many, kept in connection.execute(counted):
            found[part[number]] = (many, kept)
    return found


def parts(spans: list[Span]) -> Iterator[list[Span]]:
    """The spans in lists that one statement can hold each."""
    for start in range(0, len(spans), _MOST_PARTS):
        yield spans[start : start + _MOST_PARTS]


def spans_of(rows: Sequence[tuple[Any, ...]], days: Sequence[str] = ("after_day", "last_day")) -> CTE:
    """The (team, day, day, …) as a table of the statement, numbered from 0."""
    parts = (
        select(
            literal(number).label("number"),
            literal(team).label("team_key"),
            *(day_literal(value.isoformat()).label(name) for name, value in zip(days, values, strict=True)),
        )
        for number, (team, *values) in enumerate(rows)
    )
    return union_all(*parts).cte("asked")


def within(spans: CTE, after: str = "after_day", last: str = "last_day") -> ColumnElement[bool]:
    """That a contribution to the span’s team lies after its first day, and not after its last."""
    day = contributions.c.contributed_on
    return and_(contributions.c.team_key == spans.c.team_key, day > spans.c[after], day <= spans.c[last])


def ends(found: Range | None) -> tuple[float | None, float | None, float | None]:
    """The value where it is exact, and the two ends, as an answer shows them; all missing where nothing may be said."""
    return (None, None, None) if found is None else (found.value, found.at_least, found.at_most)


def people_ends(found: Range | None) -> tuple[int | None, int | None, int | None]:
    """The same for a count of people: the number where it is exact, at least, at most."""
    people, low, high = (None if end is None else int(end) for end in ends(found))
    return people, low, high
