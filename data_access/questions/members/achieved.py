"""What people achieved that deserves a word of thanks, as one table: members at events, contributors by firsts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, and_, cast, func, literal, null, or_, select, union_all
from sqlalchemy.sql.selectable import Subquery

from data_access.database.schema import (
    contributions,
    contributor_areas,
    contributor_levels,
    contributor_months,
    contributor_spans,
    events,
    memberships,
    participations,
)
from data_access.database.sql import month_number, year_of, years_after
from data_access.membership import member_on, member_since
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.event_map.members import active_on
from data_access.questions.members.standing import QUALIFYING_ROLES
from data_access.selection import Selection

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

    def hold(self, day: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(day >= self.start, day < self.end, day <= self.selection.as_of)


def achieved(days: Days, occasions: Collection[str] = (*AS_MEMBER, *AS_CONTRIBUTOR)) -> CTE:
    """One row an achievement: person_key, what (a word of the contract's occasions), on, event_key, detail.

    `detail` is the tag of the language, the area, or the number of years. Members are those of the day.
    """
    makers = {
        FIRST_TALK: lambda: _nth(days, FIRST_TALK, 1, "speaker"),
        TENTH_EVENT: lambda: _nth(days, TENTH_EVENT, _ROUND_EVENT, *QUALIFYING_ROLES),
        NEW_LANGUAGE: lambda: _new_languages(days),
        ANNIVERSARY: lambda: _anniversaries(days, _stays(days), ANNIVERSARY),
        FIRST_CONTRIBUTION: lambda: _first_contributions(days),
        TENTH: lambda: _numbered(days, TENTH),
        HUNDREDTH: lambda: _numbered(days, HUNDREDTH),
        NEW_AREA: lambda: _new_areas(days),
        CORE: lambda: _became_core(days),
        CONTRIBUTOR_ANNIVERSARY: lambda: _contributor_anniversaries(days),
    }
    return union_all(*(make() for what, make in makers.items() if what in occasions)).cte("achieved")


def _rows(
    source: Any, what: str, on: Any, *where: Any, event_key: Any = _NOTHING, detail: Any = _NOTHING
) -> Select[Any]:
    columns = (source.c.person_key, literal(what, String), on, event_key, detail)
    named = (column.label(name) for name, column in zip(_COLUMNS, columns, strict=True))
    return select(*named).select_from(source).where(*where)


def _own_events(days: Days, *roles: str) -> Subquery:
    """Held events of today's members in which they had one of the roles, once each: person_key, event_key, on."""
    held = or_(events.c.status == "held", events.c.status.is_(None))
    person = participations.c.person_key
    return (
        select(person, participations.c.event_key, func.max(events.c.starts_on).label("on"))
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            person.in_(active_on(days.selection.as_of)),
            participations.c.role.in_(roles),
            held,
            events.c.starts_on <= days.selection.as_of,
            *home_conditions(person, days.selection),
        )
        .group_by(person, participations.c.event_key)
        .subquery()
    )


def _nth(days: Days, what: str, number: int, *roles: str) -> Select[Any]:
    """The event that was each person's `number`th."""
    own = _own_events(days, *roles)
    place = func.row_number().over(partition_by=own.c.person_key, order_by=(own.c.on, own.c.event_key))
    ranked = select(own, place.label("place")).subquery()
    return _rows(
        ranked, what, ranked.c.on, ranked.c.place == number, days.hold(ranked.c.on), event_key=ranked.c.event_key
    )


def _new_languages(days: Days) -> Select[Any]:
    """The first event in each language, for languages that came after the person's first."""
    held = or_(events.c.status == "held", events.c.status.is_(None))
    person, language = participations.c.person_key, participations.c.language
    place = func.row_number().over(partition_by=(person, language), order_by=(events.c.starts_on, events.c.event_key))
    first_on = func.min(events.c.starts_on).over(partition_by=person)
    spoken = (
        select(person, language, events.c.starts_on, events.c.event_key, place.label("place"), first_on.label("first"))
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            person.in_(active_on(days.selection.as_of)),
            participations.c.role.in_(QUALIFYING_ROLES),
            language.is_not(None),
            held,
            events.c.starts_on <= days.selection.as_of,
            *home_conditions(person, days.selection),
        )
        .subquery()
    )
    on = spoken.c.starts_on
    where = (spoken.c.place == 1, on > spoken.c.first, days.hold(on))
    return _rows(spoken, NEW_LANGUAGE, on, *where, event_key=spoken.c.event_key, detail=cast(spoken.c.language, String))


def _stays(days: Days) -> Subquery:
    """Since when today's members are members without a gap: person_key, since."""
    person = memberships.c.person_key
    mine = (member_on(days.selection.as_of), *home_conditions(person, days.selection))
    each = select(person, member_since().label("since")).where(*mine).subquery()
    return select(each.c.person_key, func.max(each.c.since).label("since")).group_by(each.c.person_key).subquery()


def _anniversaries(days: Days, since: Any, what: str) -> Select[Any]:
    """Each whole number of years after `since.c.since`: person_key, what, on, event_key, detail."""
    last = min(days.end, days.selection.as_of)
    years = range(max(days.start.year, last.year - _MOST_YEARS), last.year + 1)
    each = []
    for year in years:
        reached = year - year_of(since.c.since)
        on = years_after(since.c.since, reached)
        each.append(_rows(since, what, on, reached >= 1, days.hold(on), detail=cast(reached, String)))
    together = union_all(*each).subquery()
    return select(together)


def _contributors(days: Days, table: Any) -> list[ColumnElement[bool]]:
    return home_conditions(table.c.person_key, days.selection)


def _first_contributions(days: Days) -> Select[Any]:
    on = contributor_spans.c.first_on
    return _rows(contributor_spans, FIRST_CONTRIBUTION, on, days.hold(on), *_contributors(days, contributor_spans))


def _numbered(days: Days, what: str) -> Select[Any]:
    """The day on which somebody made their 10th or 100th contribution."""
    number, spans, own = _NUMBERS[what], contributor_spans.c, contributions.c
    could = select(spans.person_key).where(
        spans.quantity >= number, spans.last_on >= days.start, spans.first_on < days.end
    )
    daily = (
        select(own.person_key, own.contributed_on, func.sum(own.quantity).label("quantity"))
        .where(
            own.person_key.in_(could),
            own.contributed_on < days.end,
            own.contributed_on <= days.selection.as_of,
            *home_conditions(own.person_key, days.selection),
        )
        .group_by(own.person_key, own.contributed_on)
        .subquery()
    )
    so_far = func.sum(daily.c.quantity).over(partition_by=daily.c.person_key, order_by=daily.c.contributed_on)
    counted = select(daily, so_far.label("so_far")).subquery()
    on = counted.c.contributed_on
    crossed = and_(counted.c.so_far >= number, counted.c.so_far - counted.c.quantity < number)
    return _rows(counted, what, on, crossed, days.hold(on))


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
    first = contributor_spans.c.first_on.label("since")
    begun = select(contributor_spans.c.person_key, first).where(*_contributors(days, contributor_spans)).subquery()
    reached = _anniversaries(days, begun, CONTRIBUTOR_ANNIVERSARY).subquery()
    month = month_number(reached.c.on)
    own = contributor_months.c
    active = select(own.person_key).where(
        own.person_key == reached.c.person_key,
        own.month > month - _ACTIVE_MONTHS,
        own.month <= month,
        own.first_on <= reached.c.on,
    )
    return select(reached).where(active.exists())
