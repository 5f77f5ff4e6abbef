"""What is left of somebody outside the tables once they are erased: freed pages of the database, rejected files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import OperationalError

from data_access.database.engine import Database
from data_access.database.private_files import rejected_folder
from data_access.persons.naming import Persons
from data_access.persons.rejected import without_persons


def clear_leftovers(database: Database, persons: Persons, rejected: Path | None = None) -> tuple[int, bool]:
    """Take their rows out of the rejected files and out of freed pages; after the erasure is committed.

    Returns how many rejected rows went, and whether the pages could be cleared: not while others keep them in use.
    """
    gone = without_persons(rejected or rejected_folder(database.url, database.read_copy), persons)
    try:
        with database.program.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM")
            if connection.dialect.name == "sqlite":
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
                return gone, not busy
    except OperationalError:
        return gone, False
    return gone, True
