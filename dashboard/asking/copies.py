"""The read copy and the release after a small change: written again in the background, so that nobody waits for it."""

from __future__ import annotations

import logging
import threading

from data_access.database.engine import Database

log = logging.getLogger(__name__)
_waiting = threading.Event()
_one_at_a_time = threading.Lock()


def refresh_soon(database: Database) -> None:
    """Bring the release's facts, and the read copy if there is one, up to date.

    Until then the program database answers who is inside, slower, and everybody else sees the facts as they were.
    """
    if _waiting.is_set():
        return
    _waiting.set()
    threading.Thread(target=_refresh, args=(database,), name="copies", daemon=True).start()


def _refresh(database: Database) -> None:
    from data_access.imports.refreshing import refresh_read_copy  # it loads the readers of every format

    with _one_at_a_time:
        # From here on a further change needs a run of its own: this one may have read past it.
        _waiting.clear()
        refresh_read_copy(database, lambda problem: log.warning("%s", problem), None)
