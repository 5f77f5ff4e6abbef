"""What people achieved that deserves a word of thanks, as one table: members at events, contributors by firsts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from data_access.database.prepared import member_attendances
from data_access.database.schema import (
    contributions,
    contributor_areas,
    contributor_levels,
    contributor_months,
    contributor_spans,
    events,
    memberships,
)
from data_access.database.sql import month_number, year_of, years_after
from data_access.membership import stays_on
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.event_map.members import active_on
from data_access.questions.members.standing import QUALIFYING_ROLES, qualifies
from data_access.selection import Selection, month_index

FIRST_TALK, TENTH_EVENT = "first_talk", "tenth_event"
NEW_LANGUAGE, ANNIVERSARY = "new_language", "member_anniversary"
AS_MEMBER = (FIRST_TALK, TENTH_EVENT, NEW_LANGUAGE, ANNIVERSARY)
FIRST_CONTRIBUTION, TENTH, HUNDREDTH = "first_contribution", "tenth_contribution", "hundredth_contribution"
NEW_AREA, CORE, CONTRIBUTOR_ANNIVERSARY = "new_area", "core", "contributor_anniversary"
AS_CONTRIBUTOR = (FIRST_CONTRIBUTION, TENTH, HUNDREDTH, NEW_AREA, CORE, CONTRIBUTOR_ANNIVERSARY)
_NUMBERS = {TENTH: 10, HUNDREDTH: 100}
_ROUND_EVENT = 10
_ACTIVE_MONTHS = 3
_MOST_YEARS = 60
_COLUMNS = ("person_key", "what", "on", "event_key", "detail")
_NOTHING = cast(null(), String)


@dataclass(frozen=True, slots=True)
class Days:
    """From `start` on, before `end`, and not after the day that is asked about."""

    selection: Selection
    start: date
    end: date

    @classmethod
    def of_period(cls, connection: Connection, selection: Selection) -> Days:
        """The period's, from the first day on which anything can have been achieved."""
        firsts = (contributor_spans.c.first_on, memberships.c.started_on, events.c.starts_on)
        days = [connection.execute(select(func.min(first))).scalar() for first in firsts]
        known = min((day for day in days if day is not None), default=selection.period.start)
        return cls(selection, max(selection.period.start, known), selection.period.end)

    def hold(self, day: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(day >= self.start, day < self.end, day <= self.selection.as_of)


def achieved(days: Days, occasions: Collection[str] = (*AS_MEMBER, *AS_CONTRIBUTOR)) -> CTE:
    """One row an achievement: person_key, what (a word of the contract's occasions), on, event_key, detail.

    `detail` is the tag of the language, the area, or the number of years. Members are those of the day.
    """
    parts: list[Select[Any]] = []
    if wanted := [what for what in (FIRST_TALK, TENTH_EVENT, NEW_LANGUAGE) if what in occasions]:
        doings = _doings(days)
        at_events: dict[str, Callable[[], Select[Any]]] = {
            FIRST_TALK: lambda: _nth(days, doings, FIRST_TALK, 1, "speaker"),
            TENTH_EVENT: lambda: _nth(days, doings, TENTH_EVENT, _ROUND_EVENT, *QUALIFYING_ROLES),
            NEW_LANGUAGE: lambda: _new_languages(days, doings),
        }
        parts += [at_events[what]() for what in wanted]
    others: dict[str, Callable[[], Select[Any]]] = {
        ANNIVERSARY: lambda: _anniversaries(days, _stays(days)),
        FIRST_CONTRIBUTION: lambda: _first_contributions(days),
        TENTH: lambda: _numbered(days),
        NEW_AREA: lambda: _new_areas(days),
        CORE: lambda: _became_core(days),
        CONTRIBUTOR_ANNIVERSARY: lambda: _contributor_anniversaries(days),
    }
    parts += [make() for what, make in others.items() if what in occasions]
    return union_all(*parts).cte("achieved")


def _rows(
    source: Any, what: str, on: Any, *where: Any, event_key: Any = _NOTHING, detail: Any = _NOTHING
) -> Select[Any]:
    columns = (source.c.person_key, literal(what, String), on, event_key, detail)
    named = (column.label(name) for name, column in zip(_COLUMNS, columns, strict=True))
    return select(*named).select_from(source).where(*where)


def _doings(days: Days) -> CTE:
    """What today's members did at held events up to the day: person_key, event_key, role, language, on."""
    own = member_attendances.c
    held = or_(member_attendances.c.status == "held", member_attendances.c.status.is_(None))
    return (
        select(own.person_key, own.event_key, own.role, own.language, member_attendances.c.starts_on.label("on"))
        .where(
            own.person_key.in_(active_on(days.selection.as_of)),
            qualifies(own.role),
            held,
            member_attendances.c.starts_on <= days.selection.as_of,
            *home_conditions(own.person_key, days.selection),
        )
        .cte("doings")
    )


def _nth(days: Days, doings: CTE, what: str, number: int, *roles: str) -> Select[Any]:
    """The event that was each person's `number`th in one of the roles."""
    did = doings.c
    once = (
        select(did.person_key, did.event_key, func.max(did.on).label("on"))
        .where(did.role.in_(roles))
        .group_by(did.person_key, did.event_key)
        .subquery()
    )
    place = func.row_number().over(partition_by=once.c.person_key, order_by=(once.c.on, once.c.event_key))
    ranked = select(once, place.label("place")).subquery()
    where = (ranked.c.place == number, days.hold(ranked.c.on))
    return _rows(ranked, what, ranked.c.on, *where, event_key=ranked.c.event_key)


def _new_languages(days: Days, doings: CTE) -> Select[Any]:
    """The first event in each language, for languages that came after the person's first."""
    did = doings.c
    place = func.row_number().over(partition_by=(did.person_key, did.language), order_by=(did.on, did.event_key))
    first = func.min(did.on).over(partition_by=did.person_key)
    spoken = select(doings, place.label("place"), first.label("first")).where(did.language.is_not(None)).subquery()
    where = (spoken.c.place == 1, spoken.c.on > spoken.c.first, days.hold(spoken.c.on))
    detail = cast(spoken.c.language, String)
    return _rows(spoken, NEW_LANGUAGE, spoken.c.on, *where, event_key=spoken.c.event_key, detail=detail)


def _stays(days: Days) -> CTE:
    """Since when today's members are members without a gap: person_key, since."""
    homes = home_conditions(memberships.c.person_key, days.selection)
    found = stays_on(days.selection.as_of, *homes).subquery("found")
    return select(found.c.person_key, found.c.member_since.label("since")).cte("stays")


def _anniversaries(days: Days, since: CTE) -> Select[Any]:
    """Each whole number of years after `since.c.since`: person_key, what, on, event_key, detail."""
    last = min(days.end, days.selection.as_of)
    numbers = range(min(max(days.start.year, last.year - _MOST_YEARS), last.year), last.year + 1)
    years = union_all(*(select(literal_column(str(number)).label("year")) for number in numbers)).subquery("years")
    reached = (years.c.year - year_of(since.c.since)).label("reached")
    each = select(since.c.person_key, since.c.since, reached).join_from(since, years, reached >= 1).subquery()
    on = years_after(each.c.since, each.c.reached)
    return _rows(each, ANNIVERSARY, on, days.hold(on), detail=cast(each.c.reached, String))


def _contributors(days: Days, table: Any) -> list[ColumnElement[bool]]:
    return home_conditions(table.c.person_key, days.selection)


def _first_contributions(days: Days) -> Select[Any]:
    on = contributor_spans.c.first_on
    return _rows(contributor_spans, FIRST_CONTRIBUTION, on, days.hold(on), *_contributors(days, contributor_spans))


def _numbered(days: Days) -> Select[Any]:
    """The days on which somebody made their 10th or 100th contribution: of the months in which it was alone."""
    own, crossed_in = contributions.c, _months_that_cross(days)
    daily = (
        select(crossed_in.c.before, own.person_key, own.contributed_on, func.sum(own.quantity).label("quantity"))
        .join_from(
            crossed_in,
            contributions,
            and_(
                own.person_key == crossed_in.c.person_key,
                month_number(own.contributed_on) == crossed_in.c.month,
            ),
        )
        .where(own.contributed_on >= days.start.replace(day=1), own.contributed_on <= days.selection.as_of)
        .group_by(crossed_in.c.before, own.person_key, own.contributed_on)
        .subquery()
    )
    in_month = (daily.c.person_key, daily.c.before)
    so_far = daily.c.before + func.sum(daily.c.quantity).over(partition_by=in_month, order_by=daily.c.contributed_on)
    counted = select(daily, so_far.label("so_far")).cte("counted")
    crossings = []
    for what, number in _NUMBERS.items():
        crossed = and_(counted.c.so_far >= number, counted.c.so_far - counted.c.quantity < number)
        on = counted.c.contributed_on
        crossings.append(_rows(counted, what, on, crossed, days.hold(on)))
    both = union_all(*crossings).subquery()
    return select(both)


def _months_that_cross(days: Days) -> CTE:
    """The months in which somebody came to one of the numbers: person_key, month, and how many there were before."""
    own, spans = contributor_months.c, contributor_spans.c
    first, last = _months(days)
    far = select(spans.person_key).where(spans.quantity >= min(_NUMBERS.values()), spans.last_on >= days.start)
    whose = (own.person_key.in_(far), *home_conditions(own.person_key, days.selection))
    # Only the months of the days are put in order; what was before them is one number.
    earlier = (
        select(own.person_key, func.sum(own.quantity).label("quantity"))
        .where(own.month < first, *whose)
        .group_by(own.person_key)
        .subquery("earlier")
    )
    since_then = func.sum(own.quantity).over(partition_by=own.person_key, order_by=own.month)
    so_far = (func.coalesce(earlier.c.quantity, 0) + since_then).label("so_far")
    each = (
        select(own.person_key, own.month, own.quantity, so_far)
        .join_from(contributor_months, earlier, earlier.c.person_key == own.person_key, isouter=True)
        .where(own.month >= first, own.month <= last, *whose)
    )
    months = each.subquery("months")
    before = (months.c.so_far - months.c.quantity).label("before")
    crosses = or_(*(and_(before < number, months.c.so_far >= number) for number in _NUMBERS.values()))
    return select(months.c.person_key, months.c.month, before).where(crosses).cte("months_that")


def _new_areas(days: Days) -> Select[Any]:
    """The first contribution in an area that is not the person's first: a first review, where reviews are an area."""
    own, spans = contributor_areas.c, contributor_spans.c
    both = (
        select(own.person_key, own.area, own.first_on.label("on"), spans.first_on)
        .join_from(contributor_areas, contributor_spans, spans.person_key == own.person_key)
        .where(days.hold(own.first_on), *_contributors(days, contributor_areas))
        .subquery()
    )
    return _rows(both, NEW_AREA, both.c.on, both.c.on > both.c.first_on, detail=cast(both.c.area, String))


def _became_core(days: Days) -> Select[Any]:
    on = contributor_levels.c.core_on
    return _rows(contributor_levels, CORE, on, days.hold(on), *_contributors(days, contributor_levels))


def _contributor_anniversaries(days: Days) -> Select[Any]:
    """Of those who contributed in the month of it or the two before, up to its day."""
    own, begun_on = contributor_months.c, contributor_spans.c.first_on
    first, last = _months(days)
    # The months that come so late in a year of somebody's: theirs, and one more for who began on 29 February.
    late = own.since_first + _ACTIVE_MONTHS - 1
    years = cast((late - late % 12) / 12, Integer).label("reached")
    each = (
        select(own.person_key, own.month, own.first_on, begun_on.label("since"), years)
        .join_from(contributor_months, contributor_spans, contributor_spans.c.person_key == own.person_key)
        .where(
            own.month > first - _ACTIVE_MONTHS,
            own.month <= last,
            late >= 12,
            late % 12 <= _ACTIVE_MONTHS,
            *_contributors(days, contributor_months),
        )
        .subquery("late_months")
    )
    on = years_after(each.c.since, each.c.reached)
    dated = select(each.c.person_key, each.c.reached, each.c.month, each.c.first_on, on.label("on")).subquery("dated")
    month = month_number(dated.c.on)
    active = (dated.c.month > month - _ACTIVE_MONTHS, dated.c.month <= month, dated.c.first_on <= dated.c.on)
    once = (
        select(dated.c.person_key, dated.c.reached, dated.c.on)
        .where(*active, days.hold(dated.c.on))
        .distinct()
        .subquery("anniversaries")
    )
    return _rows(once, CONTRIBUTOR_ANNIVERSARY, once.c.on, detail=cast(once.c.reached, String))


def _months(days: Days) -> tuple[int, int]:
    """The first and the last month that can hold what the days do."""
    return month_index(days.start), month_index(min(days.end, days.selection.as_of))
