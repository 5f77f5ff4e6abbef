"""How far each contributor has come, and when: derived from contributions at import, for the people touched only.

Levels, as docs/glossary.md has them: a person reaches casual, active and core on the first day on which the sum of
quantities over the `window_days` that end on that day is at least 1, `active_min` and `core_min`; reaching a level
implies the lower ones no later. A person has joined on `people.joined_on` or at the first contribution, whichever is
earlier, so that a contribution before the joining date makes the person join earlier and nobody takes a step in
negative time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import FromClause

from data_access.database.bulk import BulkInserter
from data_access.database.prepared import in_duckdb
from data_access.database.schema import (
    areas,
    contributions,
    contributor_areas,
    contributor_levels,
    contributor_months,
    contributor_records,
    contributor_returns,
    contributor_spans,
    contributor_spells,
    event_contributors,
    people,
)
from data_access.database.sql import bytewise, day_number, month_number
from data_access.derived.at_once import are_many, done_at_once
from data_access.derived.spells import Spell, spells_at_once, spells_of
from data_access.program import Program, load_program

if TYPE_CHECKING:
    from data_access.database.unfinished_copy import UnfinishedCopy

STREAM_ROWS = 10_000
LEVELS = ("casual", "active", "core")
CONTRIBUTOR_TABLES = (
    contributor_spans,
    contributor_records,
    contributor_levels,
    contributor_months,
    contributor_areas,
    contributor_returns,
    contributor_spells,
    event_contributors,
)
# What a person did on a day: the levels look at days, however many rows a day has.
_days = Table(
    "person_days",
    MetaData(),
    Column("person_key", String(200)),
    Column("contributed_on", Date),
    Column("month", Integer),
    Column("quantity", Integer),
    Column("code_quantity", Integer),
    Column("total", Integer),  # of the window that ends on the day
    Column("away", Integer),  # days since the day before; NULL on the first one
    prefixes=["TEMPORARY"],
)


def refresh_contributors(
    connection: Connection, touched: Select[Any] | None, copy: UnfinishedCopy | None = None
) -> None:
    """Recompute everything derived from contributions: for the people that `touched` selects, or for all (None).

    Of many contributions, when most people are touched, all of it is worked out in a columnar copy: in `copy`, which
    then holds the tables too, or in one that is thrown away.
    """
    keys: Select[Any] | None = touched
    if keys is not None and connection.execute(select(contributor_levels.c.person_key).limit(1)).first() is None:
        keys = None
    program = load_program(connection)
    if are_many(connection, keys) and done_at_once(
        connection, copy, lambda everybody: _at_once(everybody, program), CONTRIBUTOR_TABLES
    ):
        return
    for table in CONTRIBUTOR_TABLES:
        connection.execute(delete(table).where(*_among(table, keys)))
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_days.name}")
    _days.create(connection)
    _fill(connection, _days, _per_day(keys, program.window_days))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {_days.name}")  # without it, the joins below are planned for a few rows
    for table, rows in _statements(program, keys):
        _fill(connection, table, rows)
    BulkInserter(connection, contributor_spells).stream(_spells(connection, program))
    _days.drop(connection)


def _statements(program: Program, keys: Select[Any] | None) -> Iterator[tuple[Table, Select[Any]]]:
    """What each table holds, in an order in which each needs none but those before it, and the days."""
    yield contributor_spans, _spans()
    yield contributor_records, _records()
    yield contributor_levels, _levels(program, keys)
    yield contributor_months, _months()
    yield contributor_areas, _areas(keys)
    yield contributor_returns, _returns(program)
    yield event_contributors, _by_event(keys)


def _at_once(copy: UnfinishedCopy, program: Program) -> None:
    """The same statements for everybody, and the spells as one of windows."""
    copy.work_out(_days, in_duckdb(_per_day(None, program.window_days)))
    for table, rows in _statements(program, None):
        copy.work_out(table, in_duckdb(rows))
    spells = spells_at_once(_days, _who_was_active(program), program.window_days, program.active_min)
    copy.work_out(contributor_spells, in_duckdb(spells))
    copy.drop(_days)


def _among(table: FromClause, keys: Select[Any] | None) -> list[ColumnElement[bool]]:
    return [] if keys is None else [table.c.person_key.in_(keys)]


def _fill(connection: Connection, table: Table, rows: Select[Any]) -> None:
    connection.execute(insert(table).from_select(table.columns.keys(), rows))


def _per_day(keys: Select[Any] | None, window_days: int) -> Select[Any]:
    amount = contributions.c.quantity
    day = contributions.c.contributed_on
    per_day = (
        select(
            contributions.c.person_key,
            day,
            day_number(day).label("day"),
            func.sum(amount).label("quantity"),
            func.sum(case((areas.c.is_code, amount), else_=0)).label("code_quantity"),
        )
        .join_from(contributions, areas, areas.c.area == contributions.c.area)
        .where(*_among(contributions, keys))
        .group_by(contributions.c.person_key, day)
        .subquery()
    )
    each: dict[str, Any] = {"partition_by": per_day.c.person_key, "order_by": per_day.c.day}
    total = func.sum(per_day.c.quantity).over(**each, range_=(-(window_days - 1), 0))
    before = func.lag(per_day.c.day).over(**each)
    return select(
        per_day.c.person_key,
        per_day.c.contributed_on,
        month_number(per_day.c.contributed_on),
        per_day.c.quantity,
        per_day.c.code_quantity,
        total,
        per_day.c.day - before,
    )


def _spans() -> Select[Any]:
    day = _days.c.contributed_on
    return select(_days.c.person_key, func.min(day), func.max(day), func.sum(_days.c.quantity)).group_by(
        _days.c.person_key
    )


def _levels(program: Program, keys: Select[Any] | None) -> Select[Any]:
    """One row for each person who joined or contributed, in the order of the table's columns."""
    reached = reached_levels(program.active_min, program.core_min, keys).subquery()
    first = _first_contributions(keys).subquery()
    casual = reached.c.casual_on
    joined = case(
        (people.c.joined_on.is_(None), casual),
        (casual < people.c.joined_on, casual),
        else_=people.c.joined_on,
    )
    days = (joined, *(reached.c[f"{level}_on"] for level in LEVELS))
    between = [day_number(later) - day_number(earlier) for earlier, later in pairwise(days)]
    return (
        select(people.c.person_key, *days, *between, first.c.team_key, first.c.area, first.c.event_key)
        .select_from(
            people.outerjoin(reached, reached.c.person_key == people.c.person_key).outerjoin(
                first, first.c.person_key == people.c.person_key
            )
        )
        .where(or_(people.c.joined_on.is_not(None), casual.is_not(None)), *_among(people, keys))
    )


def _records() -> Select[Any]:
    before = func.max(_days.c.total).over(
        partition_by=_days.c.person_key, order_by=_days.c.contributed_on, rows=(None, -1)
    )
    heights = select(_days.c.person_key, _days.c.total, _days.c.contributed_on, before.label("before")).subquery()
    return select(heights.c.person_key, heights.c.total, heights.c.contributed_on).where(
        or_(heights.c.before.is_(None), heights.c.total > heights.c.before)
    )


def reached_levels(active_min: int, core_min: int, keys: Select[Any] | None) -> Select[Any]:
    """The first day of each level, for each person: person_key, casual_on, active_on, core_on (NULL = not reached)."""
    records = contributor_records.c

    def first_day(least: int) -> ColumnElement[Any]:
        return func.min(case((records.total >= least, records.reached_on), else_=null()))

    return (
        select(
            records.person_key,
            func.min(records.reached_on).label("casual_on"),
            # Reaching core implies active, also where a program sets `core_min` below `active_min`.
            first_day(min(active_min, core_min)).label("active_on"),
            first_day(core_min).label("core_on"),
        )
        .where(*_among(contributor_records, keys))
        .group_by(records.person_key)
    )


def _first_contributions(keys: Select[Any] | None) -> Select[Any]:
    """Team, area and event of each person's first contribution: of the largest one, if the first day has several."""
    spans = contributor_spans
    order = (
        contributions.c.quantity.desc(),
        bytewise(contributions.c.area),
        *(
            bytewise(func.coalesce(contributions.c[name], literal_column("''")))
            for name in ("team_key", "event_key", "project")
        ),
    )
    ranked = (
        select(
            contributions.c.person_key,
            contributions.c.team_key,
            contributions.c.area,
            contributions.c.event_key,
            func.row_number().over(partition_by=contributions.c.person_key, order_by=order).label("place"),
        )
        .join_from(
            spans,
            contributions,
            and_(
                contributions.c.person_key == spans.c.person_key,
                contributions.c.contributed_on == spans.c.first_on,
            ),
        )
        .where(*_among(spans, keys))
        .subquery()
    )
    return select(ranked.c.person_key, ranked.c.team_key, ranked.c.area, ranked.c.event_key).where(ranked.c.place == 1)


def _months() -> Select[Any]:
    since_first = _days.c.month - month_number(contributor_spans.c.first_on)
    return (
        select(
            _days.c.person_key,
            _days.c.month,
            func.min(since_first),
            func.sum(_days.c.quantity),
            func.sum(_days.c.code_quantity),
            func.min(_days.c.contributed_on),
        )
        .join_from(_days, contributor_spans, contributor_spans.c.person_key == _days.c.person_key)
        .group_by(_days.c.person_key, _days.c.month)
    )


def _areas(keys: Select[Any] | None) -> Select[Any]:
    """The first day on which each person contributed to each area."""
    person, area = contributions.c.person_key, contributions.c.area
    first = func.min(contributions.c.contributed_on)
    return select(person, area, first).where(*_among(contributions, keys)).group_by(person, area)


def _returns(program: Program) -> Select[Any]:
    return select(_days.c.person_key, _days.c.contributed_on, _days.c.away).where(_days.c.away > program.window_days)


def _who_was_active(program: Program) -> Select[Any]:
    return select(contributor_records.c.person_key).where(contributor_records.c.total >= program.active_min)


def _spells(connection: Connection, program: Program) -> Iterator[Spell]:
    done = (
        select(_days.c.person_key, day_number(_days.c.contributed_on), _days.c.quantity)
        .where(_days.c.person_key.in_(_who_was_active(program)))
        .order_by(_days.c.person_key, _days.c.contributed_on)
    )
    rows = connection.execute(done, execution_options={"yield_per": STREAM_ROWS})
    return spells_of(rows, program.window_days, program.active_min)


def _by_event(keys: Select[Any] | None) -> Select[Any]:
    return (
        select(contributions.c.event_key, contributions.c.person_key, func.min(contributions.c.contributed_on))
        .where(contributions.c.event_key.is_not(None), *_among(contributions, keys))
        .group_by(contributions.c.event_key, contributions.c.person_key)
    )
