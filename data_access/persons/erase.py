"""Erasing persons: what says who they are goes, what is counted stays, under keys that lead nowhere.

Not to be undone, neither here nor by an old file (`stop_list`). The audit is append-only but for this.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, literal, select, update

from data_access.database.changes import record_change
from data_access.database.images import forget_images
from data_access.database.schema import (
    APPEND_ONLY,
    audit,
    metadata,
    people,
    person_attributes,
    person_languages,
    reads,
)
from data_access.persons.belonging import (
    ERASED_NAME,
    KEPT_OF_PEOPLE,
    PERSON_TABLES,
    free_texts,
    rewritten_texts,
)
from data_access.persons.messages import end_subscriptions
from data_access.persons.naming import Persons
from data_access.persons.several_keys import forget_keys, merged_into
from data_access.persons.stop_list import put_on_stop_list

PERSON = "person"
ASKED, RETENTION = "erased", "retention"
_JSON = (audit.c.before, audit.c.after)


@dataclass(frozen=True, slots=True)
class By:
    """Who erases, as the audit keeps it, and why: somebody asked, or the retention period is over."""

    author: str
    role: str
    why: str = ASKED


def erase(connection: Connection, keys: Collection[str], by: By, as_of: date, *, counts: bool = True) -> Persons:
    """Erase them, in the connection's transaction; returns what finds them in files.

    With `counts` the change gets its own data version and people are counted again; an import does both itself.
    """
    known = dict(
        connection.execute(select(people.c.person_key, people.c.name).where(people.c.person_key.in_(keys))).all()
        if len(keys) < 500
        else connection.execute(select(people.c.person_key, people.c.name)).all()
    )
    erased = {key: new_key() for key in keys if key in known}
    merged = merged_into(connection, erased)
    # Every key that they ever had leads to the same new one.
    renamed = erased | {alias: erased[key] for alias, (key, _) in merged.items()}
    known |= {alias: name for alias, (_, name) in merged.items()}
    names = {key: known[key] for key in renamed}
    persons = Persons(renamed, names)
    if connection.dialect.name == "sqlite":
        # What is deleted is overwritten in the file, not only given up.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    with _table_of(connection, renamed) as erasing:
        addresses = end_subscriptions(connection, persons)
        also = {address: new_key() for address in addresses if address not in renamed}
        _strike_out(connection, Persons(renamed | also, names) if also else persons)
        _rename(connection, erasing)
    forget_keys(connection, renamed)
    forget_images(connection)
    put_on_stop_list(connection, {key: known[key] for key in renamed})
    _keep_entry(connection, by, len(erased))
    if counts:
        words = "a person was erased" if len(erased) == 1 else "people were erased"
        record_change(connection, "erasure", words, imported_by=by.author)
    return persons


def new_key() -> str:
    """A key that leads nowhere."""
    return f"erased-{secrets.token_hex(8)}"


@contextmanager
def _table_of(connection: Connection, renamed: dict[str, str]) -> Iterator[Table]:
    table = Table(
        "erasing",
        MetaData(),
        Column("old", String(200), primary_key=True),
        Column("new", String(200)),
        prefixes=["TEMPORARY"],
    )
    table.create(connection)
    connection.execute(insert(table), [{"old": old, "new": new} for old, new in renamed.items()])
    yield table
    table.drop(connection)


def _rename(connection: Connection, erasing: Table) -> None:
    """Their rows under new keys, without free text; of their own row only what is counted."""
    old = select(erasing.c.old)
    for table in (person_attributes, person_languages):
        connection.execute(delete(table).where(table.c.person_key.in_(old)))
    kept = [column for column in people.columns if column.name in KEPT_OF_PEOPLE - {"person_key"}]
    own = select(erasing.c.new, literal(ERASED_NAME), *kept).join_from(
        people, erasing, erasing.c.old == people.c.person_key
    )
    connection.execute(insert(people).from_select(["person_key", "name", *kept], own))
    for table, columns in PERSON_TABLES.items():
        if table is people:
            continue
        texts = free_texts(table)
        for column in columns:
            new = select(erasing.c.new).where(erasing.c.old == column).scalar_subquery()
            connection.execute(update(table).where(column.in_(old)).values({column: new, **texts}))
    connection.execute(delete(people).where(people.c.person_key.in_(old)))


def _strike_out(connection: Connection, persons: Persons) -> None:
    """Keys and names out of remarks and records, wherever they stand."""
    for table in metadata.sorted_tables:
        columns = rewritten_texts(table)
        if not columns:
            continue
        keys = list(table.primary_key.columns)
        changes = []
        for row in connection.execute(select(*keys, *(column for column in columns if column not in keys))):
            before = {column.name: row._mapping[column.name] for column in columns}
            after = {column.name: _without(persons, column, before[column.name]) for column in columns}
            if after != before:
                changes.append((row, after))
        if changes:
            with _audit_opened(connection) if table is audit else nullcontext():
                for row, after in changes:
                    this = [key == row._mapping[key.name] for key in keys]
                    connection.execute(update(table).where(*this).values(**after))


def _without(persons: Persons, column: Column[Any], value: str | None) -> str | None:
    if not value:
        return value
    if column is reads.c.about:
        # Random once more: the new key beside the day on which somebody looked would lead back to the person.
        return new_key() if value in persons.keys else value
    return persons.struck_out_of_json(value) if column in _JSON else persons.struck_out(value)


@contextmanager
def _audit_opened(connection: Connection) -> Iterator[None]:
    """The audit, which is only ever added to, opened for striking out; closed again with the same transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        yield
        connection.exec_driver_sql(next(each for each in APPEND_ONLY["sqlite"] if "audit_no_update" in each))
    else:
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER audit_no_change")
        yield
        connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER audit_no_change")


def _keep_entry(connection: Connection, by: By, count: int) -> None:
    """That it was done, by whom and how often: not of whom, and not under which new key."""
    entry = {"action": by.why, "subject": PERSON, "subject_key": "", "team_key": ""}
    state = {"before": "null", "after": f'{{"people": {count}}}'}
    moment = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(insert(audit).values(happened_at=moment, author=by.author[:200], role=by.role, **entry, **state))
