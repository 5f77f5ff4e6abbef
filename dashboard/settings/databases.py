"""The databases of this process, one object each, shared by pages, routes and the door; and what is wrong with them."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from pathlib import Path

from dashboard.settings import Settings, current
from dashboard.settings.lakes import open_lake
from data_access.database.engine import Database
from data_access.database.fault_words import Fault
from data_access.database.faults import DatabaseFault, explain

# A question that takes longer is stopped: its reader has left, and others wait for the processor.
STATEMENT_SECONDS = 60
log = logging.getLogger("uplift")
_opened: list[Database] = []
# By address: the fault that the log was told last, and since when.
_wrong: dict[str, tuple[Fault, float]] = {}


@lru_cache(maxsize=4)
def database(url: str, read_copy: Path | None) -> Database:
    """The database of a URL, with its read copy and the lake of the settings if there are such."""
    made = Database(url, read_copy, STATEMENT_SECONDS, lake=open_lake(current().lake))
    _opened.append(made)
    return made


def close_all() -> None:
    """Give every connection of this process back; files are whole then."""
    for each in _opened:
        each.close()
    _opened.clear()
    database.cache_clear()


def explained(problem: BaseException, settings: Settings) -> DatabaseFault | None:
    """The fault behind a problem, in words; None for what is no fault of a database. The log is told once."""
    if not settings.database_url:
        return None
    fault = explain(problem, database(settings.database_url, settings.read_copy).program)
    if fault is not None and fault.fault is not _wrong.get(settings.database_url, (None, 0.0))[0]:
        _wrong[settings.database_url] = (fault.fault, time.monotonic())
        log.error("%s", fault)
    return fault


def works(settings: Settings) -> None:
    """Take note that the database answers; the log is told if it did not before."""
    was = _wrong.pop(settings.database_url, None)
    if was is not None:
        log.warning("The database answers again, %.0f s after it was %s", time.monotonic() - was[1], was[0])
