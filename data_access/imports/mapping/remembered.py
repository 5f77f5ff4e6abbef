"""SheetMappings that were used before, in the program's database by the shape of their tables."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from data_access.database.schema import table_readings
from data_access.imports.mapping.mapping import MappingRefused, SheetMapping, read_toml, written


def load_readings(connection: Connection) -> list[SheetMapping]:
    """What was remembered; a reading that this version cannot use any more is left out."""
    found: list[SheetMapping] = []
    for text in connection.execute(select(table_readings.c.reading).order_by(table_readings.c.shape)).scalars():
        try:
            found += read_toml(text)
        except MappingRefused:
            continue
    return found


def remember(connection: Connection, readings: Iterable[SheetMapping]) -> None:
    """Keep the readings for the next tables of their shapes, in place of older ones."""
    for reading in readings:
        connection.execute(delete(table_readings).where(table_readings.c.shape == reading.shape))
        connection.execute(insert(table_readings).values(shape=reading.shape, reading=written([reading])))
