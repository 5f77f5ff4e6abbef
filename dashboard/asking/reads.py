"""What was read about persons, recorded in the background: nobody waits for it, and a rerun costs a look into a set."""

from __future__ import annotations

import logging
import threading
from queue import Queue

from sqlalchemy.exc import SQLAlchemyError

from data_access.database.engine import Database
from data_access.persons.reads import Read, record_read

log = logging.getLogger(__name__)
_waiting: Queue[tuple[Database, Read]] = Queue()
_noted: set[tuple[object, ...]] = set()
_one_at_a_time = threading.Lock()
_writers: list[threading.Thread] = []


def note(database: Database, read: Read) -> None:
    """Record it, the first time of a viewer, question and day in this process."""
    known = (database.url, read.day, read.author, read.question, read.about)
    if known in _noted:
        return
    with _one_at_a_time:
        if known in _noted:
            return
        _noted.difference_update({each for each in _noted if each[1] != read.day})
        _noted.add(known)
        if not any(writer.is_alive() for writer in _writers):
            _writers[:] = [threading.Thread(target=_write, name="reads", daemon=True)]
            _writers[0].start()
    _waiting.put((database, read))


def all_recorded() -> None:
    """Wait until everything that was noted is recorded."""
    _waiting.join()


def _write() -> None:
    while True:
        database, read = _waiting.get()
        try:
            record_read(database, read)
        except SQLAlchemyError:
            log.exception("What was read about persons could not be recorded.")
            with _one_at_a_time:
                _noted.discard((database.url, read.day, read.author, read.question, read.about))
        finally:
            _waiting.task_done()
