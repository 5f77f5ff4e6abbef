"""What stood in a table before an import: kept packed while the newest imports can be undone, and unpacked to undo one.

Of rows that an import adds the keys are kept, of rows that it changes all they held; of a table that was empty before
nothing but that.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Select, Table, delete, func, insert, literal, select

from data_access.database.bulk import BulkInserter
from data_access.database.schema import import_images, metadata

# How many of the newest imports can be undone.
KEPT_IMPORTS = 5
ADDED, BEFORE, EMPTY, GONE = "added", "before", "empty", "gone"
CHUNK_ROWS = 2_000
Image = tuple[str, str, bytes]


def driver_rows(connection: Connection, statement: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in the driver's own values, chunk by chunk: past SQLAlchemy's, because there are as many as come in."""
    cursor: Any = connection.execute(statement).cursor
    return iter(lambda: cursor.fetchmany(CHUNK_ROWS), [])


def image_of_rows(what: str, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Image]:
    """Pack rows that hold these columns of the table; nothing for none."""
    return [(table.name, what, _packed(names, rows))] if rows else []


def _packed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    return zlib.compress(json.dumps([list(names), rows], default=str, separators=(",", ":")).encode(), 1)


class WaitingImages:
    """Images of an import that has no number yet: they wait in a temporary table, as there may be very many."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._number = 0
        names = ("number", "table_name", "what", "content")
        columns = (Column(name, import_images.c[name].type) for name in names)
        self._table = Table("waiting_images", MetaData(), *columns, prefixes=["TEMPORARY"])
        self._insert = BulkInserter(connection, self._table)

    def __iadd__(self, images: Sequence[Image]) -> WaitingImages:
        if images:
            if not self._number:
                self._connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self._table.name}")
                self._table.create(self._connection)
            self._insert((self._number + at, *image) for at, image in enumerate(images))
            self._number += len(images)
        return self

    def keep(self, import_id: int) -> None:
        """Keep them for the import, and forget those of imports that are too long ago."""
        kept = import_images.c
        if self._number:
            rows = select(literal(import_id), *self._table.columns)
            self._connection.execute(insert(import_images).from_select(["import_id", *self._table.c.keys()], rows))
            self._table.drop(self._connection)
            self._number = 0
        newest = select(kept.import_id).distinct().order_by(kept.import_id.desc()).limit(KEPT_IMPORTS)
        oldest = self._connection.execute(select(func.min(newest.subquery().c.import_id))).scalar()
        if oldest is not None:
            self._connection.execute(delete(import_images).where(kept.import_id < oldest))


def forget_images(connection: Connection, import_id: int | None = None) -> None:
    """Forget what stood before an import, or before any: nobody who is erased may come back by undoing one."""
    own = [] if import_id is None else [import_images.c.import_id == import_id]
    connection.execute(delete(import_images).where(*own))


class KeptImages:
    """What is kept of one import, by table."""

    def __init__(self, connection: Connection, import_id: int) -> None:
        self.connection = connection
        own, columns = import_images.c, (import_images.c.table_name, import_images.c.what, import_images.c.content)
        found = connection.execute(select(*columns).where(own.import_id == import_id).order_by(own.number)).all()
        self._packed: dict[tuple[str, str], list[bytes]] = {}
        for name, what, content in found:
            self._packed.setdefault((name, what), []).append(content)

    def __bool__(self) -> bool:
        return bool(self._packed)

    def __contains__(self, name: str) -> bool:
        return any(table == name for table, _ in self._packed)

    def was_empty(self, name: str) -> bool:
        return (name, EMPTY) in self._packed

    def holds(self, name: str, column: str, value: str) -> bool:
        """Whether the import added or changed a row of the table with this value in the column."""
        if self.was_empty(name):
            return True
        for what in (ADDED, BEFORE):
            for content in self._packed.get((name, what), ()):
                names, rows = json.loads(zlib.decompress(content))
                at = names.index(column)
                if any(str(row[at]) == value for row in rows):
                    return True
        return False

    def unpack(self, name: str, what: str) -> Table | None:
        """A temporary table with these rows, in the columns they were kept with; None where there are none."""
        packed = self._packed.get((name, what))
        if not packed:
            return None
        target = metadata.tables[name]
        table: Table | None = None
        for content in packed:
            names, rows = json.loads(zlib.decompress(content))
            if table is None:
                copied = [Column(each, target.c[each].type) for each in names]
                table = Table(f"kept_{what}_{name}", MetaData(), *copied, prefixes=["TEMPORARY"])
                table.create(self.connection)
            BulkInserter(self.connection, table)(rows)
        return table
