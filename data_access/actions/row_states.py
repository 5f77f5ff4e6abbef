"""Rows that are recorded one by one, as states: read, and written back with what is derived from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from data_access.database.schema import budgets, events, metadata, participations
from data_access.derived.money import refresh_budgets
from data_access.derived.organizers import refresh_organizers
from data_access.kept_rows import KEPT_ROWS, KeptRow
from data_access.persons.aliases import Aliases, load_aliases
from data_access.recorded import as_column


def kept_row(connection: Connection, subject: str, key: str) -> Mapping[Any, Any] | None:
    """What is recorded of a row, and what it is about; None where there is no such row."""
    return kept_rows(connection, subject, [key]).get(key)


def kept_rows(connection: Connection, subject: str, keys: Collection[str]) -> dict[str, Mapping[Any, Any]]:
    """The same of many rows of a kind by their keys, in one statement; those that are not there are left out."""
    kept = KEPT_ROWS[subject]
    table = metadata.tables[kept.table]
    aliases = load_aliases(connection) if "person_key" in kept.keys else None
    wanted: dict[tuple[Any, ...], list[str]] = {}
    for key in keys:
        parts = zip(kept.keys, present_key(kept, key, aliases), strict=True)
        wanted.setdefault(tuple(typed_key(table, *part) for part in parts), []).append(key)
    columns = (table.c[name] for name in dict.fromkeys((*kept.keys, *kept.read, *kept.written)))
    # By the first part of the key, which is never empty; the others are compared here, where they may be.
    named = table.c[kept.keys[0]].in_({found[0] for found in wanted})
    rows = (row._mapping for row in connection.execute(select(*columns).where(named)))
    return {key: row for row in rows for key in wanted.get(tuple(row[name] for name in kept.keys), ())}


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
    aliases = load_aliases(connection) if "person_key" in kept.keys else None
    given = zip(kept.keys, present_key(kept, key, aliases), strict=True)
    return and_(*(table.c[name].is_not_distinct_from(typed_key(table, name, value)) for name, value in given))


def present_key(kept: KeptRow, key: str, aliases: Aliases | None) -> tuple[str, ...]:
    """The keys of a row from its key in the audit, a person by the key they have now: they may have been merged."""
    parts = kept.key_of(key)
    if aliases is None:
        return parts
    named = zip(kept.keys, parts, strict=True)
    return tuple(aliases.stands_as(part) or part if name == "person_key" else part for name, part in named)


def typed_key(table: Table, name: str, value: str) -> Any:
    """A part of a key as its column has it; nothing for an empty one."""
    kind = table.c[name].type.python_type
    return (date.fromisoformat(value) if kind is date else kind(value)) if value else None
