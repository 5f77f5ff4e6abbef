"""The read copy after a small change: written again in the background, so that nobody who saves a form waits for it."""

from __future__ import annotations

import logging
import threading

from data_access.database.engine import Database

log = logging.getLogger(__name__)
_waiting = threading.Event()
_one_at_a_time = threading.Lock()


def refresh_soon(database: Database) -> None:
    """Bring the read copy, if there is one, up to date. Until then the program database answers: slower, not stale."""
    if database.read_copy is None or _waiting.is_set():
        return
    _waiting.set()
    threading.Thread(target=_refresh, args=(database,), name="read-copy", daemon=True).start()


def _refresh(database: Database) -> None:
    from data_access.imports.refreshing import refresh_read_copy  # it loads the readers of every format

    with _one_at_a_time:
        # From here on a further change needs a run of its own: this one may have read past it.
        _waiting.clear()
        refresh_read_copy(database, lambda problem: log.warning("%s", problem), None)
