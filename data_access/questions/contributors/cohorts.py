"""Cohorts: who entered in the period asked for, and the groups they can be compared by, as of the time of entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, literal_column, or_, select
from sqlalchemy.sql.selectable import FromClause

from data_access.contract.lifecycle import LIFECYCLE
from data_access.contract.tables import SCALES, STAGES
from data_access.database.schema import (
    contributor_levels,
    countries,
    events,
    people,
    regions,
    spaces,
    team_stages,
    teams,
)
from data_access.questions.contributors.activity import home_conditions
from data_access.selection import Period, Selection, SelectionError

NOT_KNOWN = ""
levels = contributor_levels.c


def settled(selection: Selection, days: int) -> Selection:
    """The selection as of the end of the quarter in which the last who entered had had so many days, or as of now.

    Nothing changes after it: a release tells a cohort again until then.
    """
    last = selection.period.end + timedelta(days=days - 1)
    end = Period.quarter_of(last).end - timedelta(days=1)
    return replace(selection, as_of=min(selection.as_of, end))


def entered(selection: Selection) -> list[ColumnElement[bool]]:
    """Conditions on `contributor_levels`: joined in the period and by `as_of`, and every filter.

    Country and region are the person's home; team and area those of the first contribution; the other filters speak of
    the event that brought the first contribution about.
    """
    conditions: list[ColumnElement[bool]] = [
        levels.joined_on >= selection.period.start,
        levels.joined_on < selection.period.end,
        levels.joined_on <= selection.as_of,
    ]
    return [*conditions, *person_conditions(selection)]


def person_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    """The filters alone, as `entered` has them."""
    conditions = home_conditions(levels.person_key, selection)
    of_event = []
    if any(item.name not in ("country", "region") for item in selection.narrowed_by):
        conditions.append(levels.casual_on <= selection.as_of)
    for item in selection.narrowed_by:
        values = getattr(selection, item.name)
        if item.name == "team":
            conditions.append(levels.team_key.in_(values))
        elif item.name == "area":
            conditions.append(levels.area.in_(values))
        elif item.name not in ("country", "region"):
            of_event.append(item.condition(values))
    if of_event:
        conditions.append(levels.event_key.in_(select(events.c.event_key).where(*of_event)))
    return conditions


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A way to group people at entry: its words, where its values come from, and their names.

    `of_contribution`: the value is that of the first contribution, so nobody has it before that day.
    """

    name: str
    label: str
    origin: Callable[[], FromClause]
    value: Callable[[], ColumnElement[Any]]
    unknown: str
    names: Callable[[Connection], dict[str, str]] = lambda _: {}
    of_contribution: bool = False

    def key(self, as_of: date) -> ColumnElement[Any]:
        """The group of a person as it was known on the day; "" where it was not."""
        value = self.value()
        known = case((levels.casual_on <= as_of, value)) if self.of_contribution else value
        return func.coalesce(known, literal_column("''"))


def _with_people() -> FromClause:
    return contributor_levels.join(people, people.c.person_key == levels.person_key)


def _with_region() -> FromClause:
    return (
        _with_people()
        .outerjoin(countries, countries.c.country == people.c.home_country)
        .outerjoin(regions, regions.c.country == people.c.home_country)
    )


def _with_event() -> FromClause:
    return contributor_levels.outerjoin(events, events.c.event_key == levels.event_key)


_until = func.lead(team_stages.c.entered_on).over(
    partition_by=team_stages.c.team_key, order_by=team_stages.c.entered_on
)
_stages = select(team_stages.c.team_key, team_stages.c.stage, team_stages.c.entered_on, _until.label("until")).subquery(
    "stages"
)


def _with_stage() -> FromClause:
    """The stage that the team of the first contribution was in on that day."""
    then = and_(
        _stages.c.team_key == levels.team_key,
        _stages.c.entered_on <= levels.casual_on,
        or_(_stages.c.until.is_(None), _stages.c.until > levels.casual_on),
    )
    return contributor_levels.outerjoin(_stages, then)


def _names_of(table: Any, key: str) -> Callable[[Connection], dict[str, str]]:
    return lambda connection: {row[0]: row[1] for row in connection.execute(select(table.c[key], table.c.name))}


def _alone() -> FromClause:
    return contributor_levels


BREAKDOWNS: dict[str, Breakdown] = {
    item.name: item
    for item in (
        Breakdown("", "Everybody", _alone, lambda: literal_column("''"), "Everybody"),
        Breakdown(
            "team",
            "Team",
            _alone,
            lambda: levels.team_key,
            "No team, or no contribution yet",
            _names_of(teams, "team_key"),
            of_contribution=True,
        ),
        Breakdown(
            "stage",
            "Team’s stage at entry",
            _with_stage,
            lambda: _stages.c.stage,
            "No team or stage at entry",
            lambda _: {stage.code: stage.title for stage in LIFECYCLE},
            of_contribution=True,
        ),
        Breakdown("area", "Area", _alone, lambda: levels.area, "No contribution yet", of_contribution=True),
        Breakdown(
            "region",
            "Region",
            _with_region,
            lambda: func.coalesce(regions.c.region, countries.c.region),
            "Home not known",
        ),
        Breakdown("channel", "Entry channel", _with_people, lambda: people.c.entry_channel, "Channel not known"),
        Breakdown(
            "scale",
            "Scale of the event",
            _with_event,
            lambda: events.c.scale,
            "Not through an event",
            of_contribution=True,
        ),
        Breakdown(
            "space",
            "Space",
            _with_event,
            lambda: events.c.space_key,
            "Not through a space",
            _names_of(spaces, "space_key"),
            of_contribution=True,
        ),
    )
}
# Where groups have an order of their own; elsewhere the largest comes first.
ORDERS: dict[str, tuple[str, ...]] = {"stage": STAGES, "scale": SCALES}


_recorded = people.alias("recorded")
# Who did has joined on that day, so that how long it took is not known.
contributed_before_joining = func.coalesce(levels.casual_on < _recorded.c.joined_on, false())


def with_recorded(origin: FromClause) -> FromClause:
    """The origin with what `contributed_before_joining` looks at: the joining date as it is recorded."""
    return origin.outerjoin(_recorded, _recorded.c.person_key == levels.person_key)


def breakdown(name: str) -> Breakdown:
    """The breakdown, or a SelectionError that names them all."""
    if name not in BREAKDOWNS:
        raise SelectionError(f"{name!r} is not a breakdown. Choose from {', '.join(filter(None, BREAKDOWNS))}.")
    return BREAKDOWNS[name]


def cohort(
    selection: Selection,
    by: Breakdown,
    *columns: ColumnElement[Any],
    joined: Callable[[FromClause], FromClause] = lambda origin: origin,
) -> Select[Any]:
    """The people who entered, one row each: group_key ("" = not known) and the columns; `joined` adds their tables."""
    value = by.key(selection.as_of).label("group_key")
    return select(value, *columns).select_from(joined(by.origin())).where(*entered(selection))
