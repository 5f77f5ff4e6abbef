"""The schedule inside a server: what is due is sent every few minutes, by one process at a time (see the ledger)."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from dashboard.digests.run import send_due
from dashboard.settings import Settings
from dashboard.settings.databases import database
from data_access.database.connecting import DatabaseError

log = logging.getLogger("uplift")
EVERY = 300.0  # seconds


def begin_schedule(settings: Settings, stopped: threading.Event) -> threading.Thread:
    """A thread that sends what is due, now and every few minutes, until `stopped`."""
    thread = threading.Thread(target=_go_on, args=(settings, stopped), name="schedule", daemon=True)
    thread.start()
    return thread


def _go_on(settings: Settings, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            outcomes = send_due(database(settings.database_url, settings.read_copy), settings, settings.today())
            for each in outcomes:
                if each.problem:
                    log.warning("Subscription %s: %s", each.subscription.key, each.problem)
                else:
                    log.info("Subscription %s was told of %d things", each.subscription.key, each.things)
        except (DatabaseError, SQLAlchemyError):
            log.exception("What is due could not be sent; it is tried again in a few minutes")
        except Exception:
            log.exception("Something went wrong in the schedule; it goes on")
        stopped.wait(EVERY)
