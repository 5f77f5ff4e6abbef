"""What stands in each table before an import writes to it, so that the import can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from data_access.contract.tables import TABLES
from data_access.database.images import ADDED, BEFORE, EMPTY, GONE, WaitingImages, driver_rows, image_of_rows
from data_access.database.schema import metadata, recorded_payments
from data_access.imports.references import referenced_key
from data_access.imports.staging import Stage


class Before:
    """Takes note, table by table, of what an import is about to add and change."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        rows = {name: connection.execute(select(metadata.tables[name]).limit(1)) for name in TABLES}
        self._empty = {name for name, found in rows.items() if found.first() is None}
        self._noted: set[str] = set()
        self.images = WaitingImages(connection)

    def note(self, stage: Stage) -> int:
        """What of the stage is new, and what it changes, before it is merged; returns how many rows it changes."""
        if not stage.rows or self._was_empty(stage.name):
            return 0
        target, keys = stage.target, stage.contract.key
        own, names = list(target.columns), target.columns.keys()
        # Of a new row, the columns of the target are empty, and so is this one, which no row of it lacks.
        there = len(keys) + next(at for at, column in enumerate(own) if not column.nullable)
        both = select(*(stage.table.c[name] for name in keys), *(column.label(f"own_{column.name}") for column in own))
        changed = 0
        for rows in driver_rows(self.connection, both.join_from(stage.table, target, stage.same_key(), isouter=True)):
            before = [row[len(keys) :] for row in rows if row[there] is not None]
            self.images += image_of_rows(BEFORE, target, names, before)
            changed += len(before)
            if len(before) < len(rows):
                added = [row[: len(keys)] for row in rows if row[there] is None]
                self.images += image_of_rows(ADDED, target, keys, added)
        return changed

    def note_bare(self, stage: Stage, column: str, keys: Sequence[str]) -> None:
        """Bare rows that were made for what the stage refers to."""
        key = referenced_key(stage.contract.column(column))
        if keys and not self._was_empty(key.table.name):
            self.images += image_of_rows(ADDED, key.table, [key.name], [(each,) for each in keys])

    def note_payments(self, stage: Stage) -> None:
        """Payments that were recorded here, of requests for which a file may win."""
        own = select(*recorded_payments.columns).where(
            recorded_payments.c.request_key.in_(select(stage.table.c.request_key))
        )
        names = recorded_payments.columns.keys()
        for rows in driver_rows(self.connection, own):
            self.images += image_of_rows(GONE, recorded_payments, names, rows)

    def note_rows(self, what: str, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Rows of a table of the product's own: `ADDED` by their keys, or as they were `BEFORE`."""
        self.images += image_of_rows(what, table, names, rows)

    def keep(self, import_id: int) -> None:
        self.images.keep(import_id)

    def _was_empty(self, name: str) -> bool:
        if name not in self._empty:
            return False
        if name not in self._noted:
            self._noted.add(name)
            self.images += [(name, EMPTY, b"")]
        return True
