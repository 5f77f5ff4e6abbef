"""Undoing an import: rows that it added go, rows that it changed are again what they were; the newest one first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from data_access.actions.beginning import never_undone
from data_access.actions.record import RULES, ActionRefused, Author, keep_entry, writing
from data_access.contract.tables import TABLES
from data_access.database.engine import IMPORT as DATA
from data_access.database.engine import Database, gather_statistics
from data_access.database.images import ADDED, BEFORE, GONE, KEPT_IMPORTS, KeptImages, forget_images
from data_access.database.schema import (
    audit,
    import_images,
    imports,
    key_expressions,
    live_sources,
    metadata,
    person_aliases,
    recorded_payments,
    releases,
    rows_as_given,
    source_items,
)
from data_access.derived.derived_tables import clear_derived, derive_again
from data_access.kept_rows import KEPT_ROWS
from data_access.recorded import (
    COORDINATOR,
    IMPORT,
    MILESTONE,
    NOT_PEOPLE,
    REQUEST,
    RISK,
    SAME,
    STAGES,
    TARGET,
    in_words,
    target_of,
)
from data_access.selection import NotAllowed, Role
from data_access.wording import moment_in_words, paragraph, say

UNDONE = "undone"  # the kind of an import in the log once it was
# Which table a recorded change writes, and by which column its rows are found.
_RECORDED_IN = {
    REQUEST: ("funding_requests", "request_key"),
    MILESTONE: ("team_milestones", "team_key"),
    RISK: ("team_risks", "risk_key"),
    STAGES: ("team_stages", "team_key"),
    COORDINATOR: ("teams", "team_key"),
    TARGET: ("targets", "metric"),
    **{subject: (kept.table, kept.keys[0]) for subject, kept in KEPT_ROWS.items()},
}


class KeptImport(NamedTuple):
    """An import that can be undone, or why it cannot yet; `finished_at` is in UTC."""

    import_id: int
    finished_at: datetime
    source: str
    problem: str


def newest_imports(connection: Connection) -> list[KeptImport]:
    """The newest imports that stand, newest first, each with what stands in the way of undoing it."""
    standing = select(imports).where(imports.c.kind == DATA).order_by(imports.c.import_id.desc()).limit(KEPT_IMPORTS)
    return [
        KeptImport(row.import_id, row.finished_at, row.source, _in_the_way(connection, row))
        for row in connection.execute(standing).all()
    ]


def undo_import(database: Database, author: Author, import_id: int) -> str:
    """Undo one import; returns what was done, in words. Raises ActionRefused with the reason, NotAllowed.

    The read copy and the release's own database, if there are such, have to be written again.
    """
    if author.scope.role is not Role.PM:
        raise NotAllowed("Imports are undone by the program manager. Nothing was changed.")
    with writing(database) as connection:
        row = connection.execute(select(imports).where(imports.c.import_id == import_id)).first()
        if row is None or row.kind not in (DATA, UNDONE):
            raise ActionRefused(
                f"There is no import {import_id}. `uplift imports list` names those that can be undone."
            )
        if problem := _in_the_way(connection, row):
            raise ActionRefused(f"{problem} Nothing was changed.")
        clear_derived(connection)
        gone, back = _take_back(connection, KeptImages(connection, import_id))
        if row.source_id is not None:
            _to_be_read_again(connection, row)
        derive_again(connection)
        forget_images(connection, import_id)
        connection.execute(update(imports).where(imports.c.import_id == import_id).values(kind=UNDONE))
        before = {"import": import_id, "source": row.source}
        keep_entry(connection, author, "", "undoing", IMPORT, str(import_id), before, None)
        gather_statistics(connection)
        told = connection.execute(select(releases).where(releases.c.of_import >= import_id).limit(1)).first()
    done = say(
        "Import {number} is undone: {gone} rows went, {back} are again what they were.",
        number=str(import_id),
        gone=gone,
        back=back,
    )
    stays = "A release has told numbers from it since: outside, these stay as they were told." if told else ""
    return paragraph((done, stays))


def _in_the_way(connection: Connection, row: Row[Any]) -> str:
    """Why the import cannot be undone; "" where it can."""
    if row.kind == UNDONE:
        return say("Import {number} was undone already.", number=str(row.import_id))
    later = select(imports.c.import_id).where(imports.c.kind == DATA, imports.c.import_id > row.import_id)
    newest = connection.execute(later.order_by(imports.c.import_id.desc()).limit(1)).scalar()
    if newest is not None:
        return say("Import {later} came later and may build on it: undo that first.", later=str(newest))
    kept = connection.execute(select(import_images.c.number).where(import_images.c.import_id == row.import_id).limit(1))
    if kept.first() is None:
        return say(
            "What stood before import {number} is not known any more: it changed nothing, it is not among the newest "
            "{most}, or a person was erased since.",
            number=str(row.import_id),
            most=KEPT_IMPORTS,
        )
    return _persons_since(connection, row) or _recorded_since(connection, row)


def _persons_since(connection: Connection, row: Row[Any]) -> str:
    """Who was merged, split or set apart since, in words: the rows that the import wrote are others' now."""
    since = select(audit).where(audit.c.happened_at >= row.finished_at, audit.c.subject.in_((SAME, NOT_PEOPLE)))
    entries = connection.execute(since.order_by(audit.c.entry_id)).all()
    ids = {entry.entry_id for entry in entries}
    # What was undone since, of before, is a change as well.
    undone = [entry for entry in entries if entry.undoes is not None and entry.undoes not in ids]
    for entry in [*undone, *_standing(entries)]:
        words = in_words(entry.subject, json.loads(entry.before), json.loads(entry.after), names_people=True)
        return say(
            "{who} said who is one person since, on {moment}: {words}. Undo that first.",
            who=entry.author,
            moment=moment_in_words(entry.happened_at),
            words=words,
        )
    return ""


def _recorded_since(connection: Connection, row: Row[Any]) -> str:
    """A recorded change of a row that the import wrote, which stands and came later, in words."""
    images = KeptImages(connection, row.import_id)
    since = select(audit).where(audit.c.happened_at >= row.finished_at, audit.c.subject.in_(_RECORDED_IN))
    for entry in _standing(connection.execute(since.order_by(audit.c.entry_id)).all()):
        name, column = _RECORDED_IN[entry.subject]
        key = entry.subject_key if entry.subject in (REQUEST, RISK) else entry.team_key
        if entry.subject == TARGET:
            key = target_of(entry.subject_key)[0]
        if entry.subject in KEPT_ROWS:
            key = KEPT_ROWS[entry.subject].key_of(entry.subject_key)[0]
        if name in images and images.holds(name, column, key):
            words = in_words(entry.subject, json.loads(entry.before), json.loads(entry.after), names_people=True)
            return say(
                "{who} recorded on what it brought, on {moment}: {words}. Undo that first.",
                who=entry.author,
                moment=moment_in_words(entry.happened_at),
                words=words,
            )
    return ""


def _standing(entries: list[Row[Any]] | Any) -> list[Row[Any]]:
    """The entries that nobody undid; to undo an undoing is to do it again."""
    undone: dict[int, Row[Any]] = {entry.undoes: entry for entry in entries if entry.undoes is not None}

    def stands(entry: Row[Any]) -> bool:
        by = undone.get(entry.entry_id)
        return by is None or not stands(by)

    return [entry for entry in entries if entry.undoes is None and stands(entry)]


def _take_back(connection: Connection, images: KeptImages) -> tuple[int, int]:
    """Rows that were changed are what they were, then rows that were added go; returns how many of each."""
    gone = back = 0
    for name in _in_order():
        if (kept := images.unpack(name, BEFORE)) is not None:
            back += _put_back(connection, metadata.tables[name], kept)
    if (payments := images.unpack(recorded_payments.name, GONE)) is not None:
        _put_payments_back(connection, payments)
    for name in reversed(_in_order()):
        target = metadata.tables[name]
        if images.was_empty(name):
            going: ColumnElement[bool] = true()
        elif (added := images.unpack(name, ADDED)) is not None:
            same = (_same(target, added, key) for key in TABLES[name].key)
            going = exists(select(literal_column("1")).select_from(added).where(*same))
        else:
            continue
        _refuse_where_used(connection, target, going)
        gone += connection.execute(delete(target).where(going)).rowcount
    for table in (rows_as_given, person_aliases):
        _put_back_own(connection, table, images)
    return gone, back


def _to_be_read_again(connection: Connection, row: Row[Any]) -> None:
    """A live source forgets what this import counted, and how far it was read: the next sync asks for all of it."""
    connection.execute(delete(source_items).where(source_items.c.import_id == row.import_id))
    own = update(live_sources).where(live_sources.c.source_id == row.source_id)
    outcome = say("Import {number} was undone; the next sync reads from the beginning.", number=str(row.import_id))
    connection.execute(own.values(state="{}", wait_until=None, outcome=outcome, next_step=None))


def _put_back_own(connection: Connection, target: Table, images: KeptImages) -> None:
    """What the product itself keeps of persons with several keys: as it was before the import."""
    for what in (ADDED, BEFORE):
        if (kept := images.unpack(target.name, what)) is not None:
            same = (target.c[key.name] == kept.c[key.name] for key in target.primary_key.columns)
            theirs = exists(select(literal_column("1")).select_from(kept).where(*same))
            connection.execute(delete(target).where(theirs))
            if what == BEFORE:
                connection.execute(insert(target).from_select(kept.columns.keys(), select(*kept.columns)))


def _in_order() -> list[str]:
    """The contract's tables, each after those it refers to."""
    return [table.name for table in metadata.sorted_tables if table.name in TABLES]


def _same(target: Table, kept: Table, key: str) -> ColumnElement[bool]:
    if TABLES[target.name].column(key).required:
        return target.c[key] == kept.c[key]
    return target.c[key].is_not_distinct_from(kept.c[key])


def _put_back(connection: Connection, target: Table, kept: Table) -> int:
    """Write the rows over those of the same keys, in the columns that are kept of them."""
    names = kept.columns.keys()
    rows = select(*kept.columns).where(true())
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(target).from_select(names, rows, include_defaults=False)
    keys = [target.c.program_id] if target.name == "program" else key_expressions(target.name)
    own = set(TABLES[target.name].key) | {"program_id"}
    changes = {name: statement.excluded[name] for name in names if name not in own}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))
    return int(connection.execute(select(func.count()).select_from(kept)).scalar_one())


def _put_payments_back(connection: Connection, kept: Table) -> None:
    here = exists(select(recorded_payments).where(recorded_payments.c.request_key == kept.c.request_key))
    rows = select(*kept.columns).where(~here)
    connection.execute(insert(recorded_payments).from_select(kept.columns.keys(), rows))


def _refuse_where_used(connection: Connection, target: Table, going: ColumnElement[bool]) -> None:
    """Raise ActionRefused where a row that stays refers to one that goes."""
    for column, key in _references(target):
        staying = [~going] if column.table is target else []
        keys = select(key).where(going)
        used = connection.execute(select(column).where(column.in_(keys), *staying).limit(1)).scalar()
        if used is not None:
            raise ActionRefused(
                f"A row of {column.table.name} came to {target.name} {used!r} since, which this import brought. Take "
                "that row back first. Nothing was changed."
            )


def _references(target: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table is target:
                    yield column, key.column


RULES[IMPORT] = never_undone("The undoing of an import is not undone: import the files again.")
