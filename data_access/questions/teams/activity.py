"""How many people a team has on a day: active, core, new and kept, exactly; and ranges of such counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Integer,
    String,
    and_,
    case,
    column,
    func,
    literal_column,
    select,
    union_all,
    values,
)
from sqlalchemy.sql.selectable import CTE

from data_access.database.prepared import is_ready
from data_access.database.schema import contributions, team_contributors
from data_access.database.sql import month_number
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.program import Program
from data_access.selection import EARLIEST, Period, Scope, add_months, month_index

# So many spans a statement.
MOST_PARTS = 1_000


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
    return activity_and_kept(connection, program, teams, ())[0]


def core_kept(connection: Connection, program: Program, wanted: Iterable[Span]) -> dict[Span, tuple[int, int]]:
    """(core, kept) for each (team, then, now): core contributors then, and those of them not lapsed now. Exact."""
    return activity_and_kept(connection, program, (), wanted)[1]


def activity_and_kept(
    connection: Connection, program: Program, teams: Iterable[tuple[str, date]], wanted: Iterable[Span]
) -> tuple[dict[tuple[str, date], tuple[int, int]], dict[Span, tuple[int, int]]]:
    """What `activity` and `core_kept` say, in one look at the contributions: many of their windows are the same."""
    active, kept = dict.fromkeys(sorted(set(teams)), (0, 0)), dict.fromkeys(sorted(set(wanted)), (0, 0))
    windows = sorted({*active, *((team, day) for team, then, now in kept for day in (then, now))})
    for part in _of_whole_teams(windows):
        place, here = {pair: number for number, pair in enumerate(part)}, {team for team, _ in part}
        spans = [span for span in kept if span[0] in here]
        pairs = [(place[team, then], place[team, now]) for team, then, now in spans]
        for what, number, one, other in _counted(connection, program, part, pairs):
            if what == _KEPT:
                kept[spans[number]] = (int(one), int(other))
            elif part[number] in active:
                active[part[number]] = (int(one), int(other))
    return active, kept


def _of_whole_teams(windows: list[tuple[str, date]]) -> Iterator[list[tuple[str, date]]]:
    """The windows, which are sorted, in lists that one statement can hold each: those of a team together."""
    part: list[tuple[str, date]] = []
    for _, group in groupby(windows, key=lambda window: window[0]):
        of_team = list(group)
        if part and len(part) + len(of_team) > MOST_PARTS:
            yield part
            part = []
        part += of_team
    if part:
        yield part


_ACTIVE, _KEPT = 0, 1


def _counted(
    connection: Connection, program: Program, windows: list[tuple[str, date]], pairs: list[tuple[int, int]]
) -> Sequence[Any]:
    """Rows (_ACTIVE, number of the window, active, core) and (_KEPT, number of the pair of windows, core, kept)."""
    back, days = timedelta(days=program.window_days), [day for _, day in windows]
    spans = spans_of([(team, day - back, day) for team, day in windows])
    number, source = work_within(connection, spans, min(days) - back, max(days))
    made = func.sum(contributions.c.quantity)
    each = (
        select(number, contributions.c.person_key, made.label("total"))
        .select_from(source)
        .group_by(number, contributions.c.person_key)
        .cte("each")
    )
    core = func.sum(case((each.c.total >= program.core_min, 1), else_=0))
    active = select(
        literal_column(str(_ACTIVE)).label("what"), each.c.number, func.count().label("one"), core.label("other")
    )
    statement: Any = active.where(each.c.total >= program.active_min).group_by(each.c.number)
    if pairs:
        asked = _numbered("pairs", ("pair", "then", "now"), [(at, *pair) for at, pair in enumerate(pairs)])
        still = each.alias("still")
        same = and_(still.c.number == asked.c.now, still.c.person_key == each.c.person_key)
        kept = (
            select(literal_column(str(_KEPT)), asked.c.pair, func.count(), func.count(still.c.person_key))
            .join_from(asked, each, each.c.number == asked.c.then)
            .join(still, same, isouter=True)
            .where(each.c.total >= program.core_min)
            .group_by(asked.c.pair)
        )
        statement = union_all(statement, kept)
    return connection.execute(statement).all()


def newcomers(connection: Connection, wanted: Iterable[Span]) -> dict[Span, int]:
    """People whose first contribution to the team lies after the first day given and not after the second. Exact."""
    found = dict.fromkeys(sorted(set(wanted)), 0)
    at_ends = [span for span in found if all(day == EARLIEST or _ends_month(day) for day in span[1:])]
    if len(at_ends) > 1:
        found |= _by_months(connection, at_ends)
    for part in parts([span for span in found if span not in set(at_ends) or len(at_ends) < 2]):
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


def _by_months(connection: Connection, wanted: Sequence[Span]) -> dict[Span, int]:
    """The newcomers between ends of months, as sums of those of each month: few rows, however many spans."""
    own = team_contributors.c
    month = month_number(own.first_on).label("month")
    counted = select(own.team_key, month, func.count()).group_by(own.team_key, "month")
    counted = counted.where(own.team_key.in_({team for team, _, _ in wanted}))
    by_team: dict[str, dict[int, int]] = {}
    for team, number, people in connection.execute(counted):
        by_team.setdefault(team, {})[number] = people
    return {
        (team, after, last): sum(
            people
            for number, people in by_team.get(team, {}).items()
            if month_index(after) < number <= month_index(last)
        )
        for team, after, last in wanted
    }


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def parts(spans: list[Span]) -> Iterator[list[Span]]:
    """The spans in lists that one statement can hold each."""
    for start in range(0, len(spans), MOST_PARTS):
        yield spans[start : start + MOST_PARTS]


def spans_of(rows: Sequence[tuple[Any, ...]], days: Sequence[str] = ("after_day", "last_day")) -> CTE:
    """The (team, day, day, …) as a table of the statement, numbered from 0."""
    columns: list[Any] = [column("number", Integer), column("team_key", String), *(column(name, Date) for name in days)]
    numbered = [(number, *row) for number, row in enumerate(rows)]
    return values(*columns, name="asked").data(numbered).cte("asked")


def _numbered(name: str, columns: Sequence[str], rows: Sequence[tuple[int, ...]]) -> CTE:
    return values(*(column(each, Integer) for each in columns), name=name).data(list(rows)).cte(name)


def work_within(connection: Connection, spans: CTE, first: date, last: date) -> tuple[ColumnElement[int], FromClause]:
    """The number of each span, and what is selected from: spans with the contributions to their teams in their days.

    All spans lie between the two days. Where no index leads to a span's days, its months do: each contribution would
    else be held against every span of its team.
    """
    if not is_ready(connection):
        return spans.c.number, spans.join(contributions, within(spans))
    day, begins, starts = contributions.c.contributed_on, first.replace(day=1), []
    while begins <= last:
        starts.append((month_index(begins), begins, add_months(begins, 1)))
        begins = add_months(begins, 1)
    columns = (column("month", Integer), column("first_day", Date), column("next_first", Date))
    months = values(*columns, name="months").data(starts).cte("months")
    overlap = and_(months.c.first_day <= spans.c.last_day, months.c.next_first > spans.c.after_day)
    split = select(spans, months.c.month).join_from(spans, months, overlap).cte("asked_by_month")
    in_month = split.c.month == month_number(day)
    # A columnar file skips what lies outside all spans by days alone.
    near = and_(day > first, day <= last)
    return split.c.number, split.join(contributions, and_(in_month, within(split), near))


def within(spans: CTE) -> ColumnElement[bool]:
    """That a contribution to the span’s team lies after its first day, and not after its last."""
    day = contributions.c.contributed_on
    return and_(contributions.c.team_key == spans.c.team_key, day > spans.c.after_day, day <= spans.c.last_day)


def ends(found: Range | None) -> tuple[float | None, float | None, float | None]:
    """The value where it is exact, and the two ends, as an answer shows them; all missing where nothing may be said."""
    return (None, None, None) if found is None else (found.value, found.at_least, found.at_most)


def people_ends(found: Range | None) -> tuple[int | None, int | None, int | None]:
    """The same for a count of people: the number where it is exact, at least, at most."""
    people, low, high = (None if end is None else int(end) for end in ends(found))
    return people, low, high
