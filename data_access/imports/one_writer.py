"""One import, or release, at a time."""

from __future__ import annotations

from sqlalchemy import Connection

from data_access.database.engine import data_version
from data_access.database.faults import DatabaseFault
from data_access.database.one_writer import take_write_lock
from data_access.imports.rows import ImportRefused

PATIENCE = 30.0


def lock_out_others(connection: Connection) -> None:
    """One import, or release, at a time: two of them would find the same keys new. Raises ImportRefused."""
    data_version(connection)  # says `uplift init` when the tables are not there
    connection.rollback()
    if connection.dialect.name == "sqlite":
        # 64 MB for the indexes that grow: a third of the time for writing. Reading gains nothing, so it goes again.
        connection.detach()
        connection.exec_driver_sql("PRAGMA cache_size=-65536")
        connection.exec_driver_sql("PRAGMA temp.cache_size=-65536")
    try:
        take_write_lock(connection, PATIENCE)
    except DatabaseFault as cause:
        raise ImportRefused(str(cause)) from cause
