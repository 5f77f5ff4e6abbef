"""Who read what about persons: an entry a viewer, question and day, kept for a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from data_access.database.engine import Database
from data_access.database.schema import reads

KEPT_FOR = timedelta(days=365)
MOST_SHOWN = 50


class Read(NamedTuple):
    """What was read by whom; `about` is the key of the person if it was one, else empty and `people` were listed."""

    day: date
    author: str
    role: str
    question: str
    about: str
    people: int


def record_read(database: Database, read: Read) -> None:
    """Keep it, unless the same viewer read the same on that day already."""
    dialect = postgresql if database.program.dialect.name == "postgresql" else sqlite
    row = {**read._asdict(), "author": read.author[:200], "happened_at": datetime.now(UTC).replace(tzinfo=None)}
    with database.writing() as connection:
        connection.execute(dialect.insert(reads).values(**row).on_conflict_do_nothing())


def forget_old_reads(connection: Connection, today: date) -> None:
    connection.execute(delete(reads).where(reads.c.day < today - KEPT_FOR))


def newest_reads(connection: Connection, about: str = "") -> list[Read]:
    """The newest, newest first; with `about` those of one person alone."""
    wanted = select(*(reads.c[name] for name in Read._fields)).order_by(reads.c.read_id.desc()).limit(MOST_SHOWN)
    if about:
        wanted = wanted.where(reads.c.about == about)
    return [Read(*row) for row in connection.execute(wanted)]
