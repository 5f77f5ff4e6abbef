"""One writer at a time: the lock is waited for, and who waits is told so after a second, with who has it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from data_access.database.changes import PG_WRITE_LOCK
from data_access.database.connecting import busy_timeout, unlimited
from data_access.database.fault_words import Fault
from data_access.database.faults import explain
from data_access.database.holders import writers_of

SAYS_AFTER = 1.0
AFTERWARDS = "30s"  # for locks of tables that the transaction takes later
Tell = Callable[[str], None]
_tells: list[Tell] = []
log = logging.getLogger("uplift")


def tell_waiting(tell: Tell) -> None:
    """From now on this process tells whoever waits for another writer so; without it, the log is told."""
    _tells[:] = [tell]


def take_write_lock(connection: Connection, patience: float) -> None:
    """Begin the transaction of the one writer; waits `patience` seconds. Raises a DatabaseFault that names the other.

    The connection must not have begun a transaction.
    """
    try:
        _take(connection, min(SAYS_AFTER, patience))
    except OperationalError as cause:
        fault = explain(cause, connection.engine)
        if fault is None or fault.fault is not Fault.LOCKED:
            raise
        connection.rollback()
        _tell(writers_of(connection.engine) or "somebody else")
        try:
            _take(connection, max(patience - SAYS_AFTER, 0.0))
        except OperationalError as still:
            found = explain(still, connection.engine)
            if found is None:
                raise
            raise found from still


def _tell(who: str) -> None:
    words = f"Waiting, for {who} is writing to the database …"
    log.info("%s", words)
    for tell in _tells:
        tell(words)


def _take(connection: Connection, seconds: float) -> None:
    unlimited(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{max(int(seconds * 1_000), 1)}ms'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({PG_WRITE_LOCK})"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{AFTERWARDS}'"))
        return
    with busy_timeout(connection, seconds):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
