"""Rows that are recorded one by one, as states: read, and written back with what is derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from data_access.database.schema import budgets, events, metadata, participations
from data_access.derived.money import refresh_budgets
from data_access.derived.organizers import refresh_organizers
from data_access.kept_rows import KEPT_ROWS, KeptRow
from data_access.persons.aliases import load_aliases
from data_access.recorded import as_column


def kept_row(connection: Connection, subject: str, key: str) -> Mapping[Any, Any] | None:
    """What is recorded of a row, and what it is about; None where there is no such row."""
    kept = KEPT_ROWS[subject]
    table = metadata.tables[kept.table]
    columns = (table.c[name] for name in dict.fromkeys((*kept.keys, *kept.read, *kept.written)))
    row = connection.execute(select(*columns).where(_this(connection, kept, table, key))).first()
    return None if row is None else row._mapping


def write_kept_row(connection: Connection, subject: str, key: str, state: object) -> None:
    """Write the row as it was recorded; one that is made here goes with a state of nothing."""
    kept = KEPT_ROWS[subject]
    table = metadata.tables[kept.table]
    this = _this(connection, kept, table, key)
    if not isinstance(state, dict):
        if kept.is_made_here:
            connection.execute(delete(table).where(this))
        if table is budgets:
            refresh_budgets(connection)
        return
    values = {name: value if value is None else as_column(name, value) for name, value in state.items()}
    _write(connection, kept, table, this, values)
    if table is budgets:
        refresh_budgets(connection)
    if table is events:
        refresh_organizers(connection, select(participations.c.person_key).where(participations.c.event_key == key))


def _write(
    connection: Connection, kept: KeptRow, table: Table, this: ColumnElement[bool], values: Mapping[str, Any]
) -> None:
    is_there = connection.execute(select(table.c[kept.keys[0]]).where(this)).first()
    if is_there:
        connection.execute(update(table).where(this).values(**{name: values[name] for name in kept.written}))
    elif kept.is_made_here:
        connection.execute(insert(table).values(**values))


def _this(connection: Connection, kept: KeptRow, table: Table, key: str) -> ColumnElement[bool]:
    given = zip(kept.keys, present_key(connection, kept, key), strict=True)
    return and_(*(table.c[name].is_not_distinct_from(typed_key(table, name, value)) for name, value in given))


def present_key(connection: Connection, kept: KeptRow, key: str) -> tuple[str, ...]:
    """The keys of a row from its key in the audit, a person by the key they have now: they may have been merged."""
    parts = kept.key_of(key)
    if "person_key" not in kept.keys:
        return parts
    aliases = load_aliases(connection)
    named = zip(kept.keys, parts, strict=True)
    return tuple(aliases.stands_as(part) or part if name == "person_key" else part for name, part in named)


def typed_key(table: Table, name: str, value: str) -> Any:
    """A part of a key as its column has it; nothing for an empty one."""
    kind = table.c[name].type.python_type
    return (date.fromisoformat(value) if kind is date else kind(value)) if value else None
