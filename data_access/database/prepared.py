"""Joins and counts of large tables that a columnar copy holds ready; on other engines a question makes them itself.

A copy is written whole, so nothing has to keep what it prepares: it cannot disagree with the tables it is made of.
A question reads `attendances` as a table. On SQLite and PostgreSQL it is the join itself, which their planners open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    TableClause,
    case,
    column,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from data_access.database.schema import (
    NOT_COPIED,
    challenges,
    contributor_levels,
    event_contributors,
    event_topics,
    events,
    funding_requests,
    memberships,
    metadata,
    participations,
)
from data_access.database.sql import month_number


class Prepared(TableClause):
    """A table that only a columnar copy has: `definition` says what it is made of, and names its columns."""

    inherit_cache = True

    def __init__(self, name: str, definition: Select[Any]) -> None:
        super().__init__(name, *(column(each.name, each.type) for each in definition.selected_columns))
        self.definition = definition

    @property
    def sources(self) -> list[Table]:
        """The tables of the program that it is made of."""
        elements = list(iterate(self.definition))
        others = [table for each in elements if isinstance(each, Prepared) for table in each.sources]
        return [*others, *(each for each in elements if isinstance(each, Table))]

    def beside(self, conditions: Collection[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
        """Conditions on the tables that it joins as conditions on its own columns: those of a selection, above all."""
        told = {each.table for each in self.definition.selected_columns if isinstance(each, Column)}

        def own(element: Any, **_: Any) -> Any:
            return self.c[element.name] if isinstance(element, Column) and element.table in told else None

        return [replacement_traverse(condition, {}, own) for condition in conditions]


@compiles(Prepared)
def _joined(element: Prepared, compiler: SQLCompiler, asfrom: bool = False, from_linter: Any = None, **_: Any) -> str:
    if not asfrom:
        return ""
    if from_linter:
        from_linter.froms[element] = element.name
    return compiler.process(element.definition.subquery(element.name), asfrom=True)


@compiles(Prepared, "duckdb")
def _ready(element: Prepared, compiler: SQLCompiler, **kw: Any) -> str:
    rendered: str = compiler.visit_table(element, **kw)  # type: ignore[no-untyped-call]
    return rendered


def in_duckdb(statement: Select[Any]) -> str:
    """The statement as DuckDB reads it, with its values written into it."""
    from duckdb_engine import Dialect  # loaded by who writes such a copy alone

    return str(statement.compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))


def is_ready(connection: Connection) -> bool:
    """Whether the connection reads a columnar copy, which holds ready what is prepared."""
    return connection.dialect.name == "duckdb"


_CHOSEN_BY = ("starts_on", "status", "mode", "scale", "area", "space_key", "team_key", "located_country")
# Who took part in what, with the event's day and all that events are chosen by.
attendances = Prepared(
    "attendances",
    select(
        *participations.c,
        *(events.c[name] for name in (*_CHOSEN_BY, "place_id", "city", "attendance")),
    ).join_from(participations, events, events.c.event_key == participations.c.event_key),
)
# The same of everybody who was ever a member: a hundredth of the rows, of which most questions about members are asked.
member_attendances = Prepared(
    "member_attendances",
    attendances.definition.where(participations.c.person_key.in_(select(memberships.c.person_key))),
)
# The topics of each event, a row each; of an event without any, one row without a topic.
topical_events = Prepared(
    "topical_events",
    select(
        event_topics.c.topic,
        *(events.c[name] for name in ("event_key", *_CHOSEN_BY, "languages")),
    ).join_from(events, event_topics, event_topics.c.event_key == events.c.event_key, isouter=True),
)

# What events set as tasks.
event_tasks = Prepared(
    "event_tasks",
    select(
        *(challenges.c[name] for name in ("event_key", "phase", "kind", "project", "completed_count")),
        *(events.c[name] for name in _CHOSEN_BY),
    ).join_from(challenges, events, events.c.event_key == challenges.c.event_key),
)


def _together() -> Select[Any]:
    took, level = attendances.c, contributor_levels.c
    month = month_number(took.starts_on)
    present = (
        select(took.event_key, took.person_key, (month - func.mod(month, 3)).label("quarter"), level.casual_on)
        .join_from(attendances, contributor_levels, level.person_key == took.person_key)
        .where(or_(took.status == "held", took.status.is_(None)), level.casual_on.is_not(None))
        .distinct()
        .subquery("present")
    )
    # The second of them to contribute makes it an event together; who comes later, for themselves only then.
    order = (present.c.casual_on, present.c.person_key)
    second = func.nth_value(present.c.casual_on, 2).over(
        partition_by=present.c.event_key, order_by=order, rows=(None, None)
    )
    seconds = select(present, second.label("second_on")).subquery("seconds")
    both_on = case((seconds.c.casual_on > seconds.c.second_on, seconds.c.casual_on), else_=seconds.c.second_on)
    later = case((month_number(both_on) >= seconds.c.quarter + 3, both_on))
    return (
        select(seconds.c.person_key, seconds.c.quarter, later.label("since"), func.count().label("events"))
        .where(seconds.c.second_on.is_not(None))
        .group_by(seconds.c.person_key, seconds.c.quarter, "since")
    )


# Held events that a contributor took part in with another, by the quarter of the event (its first month, numbered), and
# since when both had contributed where that was after the quarter. In copies alone: elsewhere `persona` counts those of
# the quarters it tells.
events_together = Prepared("events_together", _together())

# What several events have: they have the same title, date and place.
shared_fingerprints = Prepared(
    "shared_fingerprints",
    select(events.c.fingerprint)
    .where(events.c.fingerprint.is_not(None))
    .group_by(events.c.fingerprint)
    .having(func.count() > 1),
)

# Where events are, by name: few, and looked at for every circle.
event_cities = Prepared("event_cities", select(events.c.city).where(events.c.city.is_not(None)).distinct())

# Who made each event: organizers and helpers, in numbers, of events with any of them.
_MAKERS = ("organizer", "mentor", "facilitator")
_of_event = tuple(events.c[name] for name in ("event_key", *_CHOSEN_BY))
event_makers = Prepared(
    "event_makers",
    select(
        *_of_event,
        func.sum(case((participations.c.role == "organizer", 1), else_=0)).label("organizers"),
        func.sum(case((participations.c.role != "organizer", 1), else_=0)).label("helpers"),
    )
    .join_from(participations, events, events.c.event_key == participations.c.event_key)
    .where(participations.c.role.in_(_MAKERS))
    .group_by(*_of_event),
)


def _preparations() -> Select[Any]:
    requested = select(funding_requests.c.event_key, funding_requests.c.requested_on.label("begun_on"))
    worked = select(event_contributors.c.event_key, event_contributors.c.first_on.label("begun_on"))
    begun = union_all(requested.where(funding_requests.c.event_key.is_not(None)), worked).subquery("begun")
    return (
        select(*_of_event, func.min(begun.c.begun_on).label("begun_on"))
        .join_from(begun, events, events.c.event_key == begun.c.event_key)
        .where(begun.c.begun_on < events.c.starts_on)
        .group_by(*_of_event)
    )


# Since when each event was prepared, by a contribution or a request for money before it; of events with any.
event_preparations = Prepared("event_preparations", _preparations())

PREPARED = (
    *(attendances, member_attendances, topical_events, event_tasks, events_together),
    *(shared_fingerprints, event_cities, event_makers, event_preparations),
)


def has_prepared(connection: Connection, tables: Mapping[str, Table] = metadata.tables) -> bool:
    """Whether a columnar copy of these tables holds all of them, and all that is prepared of them."""
    there = connection.exec_driver_sql("SELECT table_name, column_name FROM information_schema.columns")
    found = {tuple(row) for row in there}
    prepared = {(name, each.name) for name, definition in preparations(tables) for each in definition.selected_columns}
    wanted = {(table.name, each.name) for table in tables.values() if table not in NOT_COPIED for each in table.c}
    return prepared | wanted <= found


def preparations(tables: Mapping[str, Table]) -> Iterator[tuple[str, Select[Any]]]:
    """What can be prepared of these tables (by name), with the columns that they have: name and definition."""
    for prepared in PREPARED:
        kept = [each for each in prepared.definition.selected_columns if _is_there(each, tables)]
        if kept and all(source.name in tables for source in prepared.sources):
            yield prepared.name, prepared.definition.with_only_columns(*kept, maintain_column_froms=True)


def _is_there(of: ColumnElement[Any], tables: Mapping[str, Table]) -> bool:
    """Whether a column of a definition is one of the tables that there are, or made of them."""
    return not (isinstance(of, Column) and of.table.name in tables) or of.name in tables[of.table.name].c
