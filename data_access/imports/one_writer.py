"""One import, or release, at a time."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from data_access.database.changes import PG_WRITE_LOCK
from data_access.database.engine import data_version
from data_access.imports.rows import ImportRefused


def lock_out_others(connection: Connection) -> None:
    """One import, or release, at a time: two of them would find the same keys new. Raises ImportRefused."""
    data_version(connection)  # says `uplift init` when the tables are not there
    connection.rollback()
    try:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '30s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({PG_WRITE_LOCK})"))
        else:
            # 64 MB for the indexes that grow: a third of the time for writing. Reading gains nothing, so it goes again.
            connection.detach()
            connection.exec_driver_sql("PRAGMA cache_size=-65536")
            connection.exec_driver_sql("PRAGMA temp.cache_size=-65536")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as cause:
        raise ImportRefused("Another import is writing to this database. Try again when it is done.") from cause
