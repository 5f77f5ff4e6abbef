"""A question that runs is stopped once whoever asked it has left: a tab was closed, a request was given up."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

# How often it is looked whether they are still there; what takes less time is never looked at.
LOOK_SECONDS = 0.2
# For how long PostgreSQL may take to accept that a query is to be stopped.
CANCEL_SECONDS = 2.0
_has_left: ContextVar[Callable[[], bool] | None] = ContextVar("whether who asks has left", default=None)


class ReaderLeft(Exception):
    """Nobody waits for the answer any more: what ran for it was stopped."""


@contextmanager
def asked_by(has_left: Callable[[], bool]) -> Iterator[None]:
    """What is asked in here, by this thread, is for somebody of whom `has_left` says whether they have gone.

    It is called by another thread, again and again, and must return at once.
    """
    token = _has_left.set(has_left)
    try:
        yield
    finally:
        _has_left.reset(token)


@contextmanager
def while_reader_stays(connection: Connection) -> Iterator[None]:
    """What runs on the connection in here is stopped once its reader has left. Raises ReaderLeft then.

    On SQLite, PostgreSQL and DuckDB; an engine past one machine goes on until its own limit.
    """
    has_left, stop = _has_left.get(), _stop_of(connection)
    if has_left is None or stop is None:
        yield
        return
    asked = _Asked(has_left, stop)
    _watch.begin(asked)
    try:
        yield
    except Exception as cause:
        if asked.stopped:
            raise ReaderLeft from cause
        raise
    finally:
        _watch.end(asked)
        if asked.stopped and connection.dialect.name == "postgresql":
            # A word to stop that comes late must not meet whoever is given this connection next.
            with contextlib.suppress(SQLAlchemyError):
                connection.invalidate()


def _stop_of(connection: Connection) -> Callable[[], object] | None:
    """What stops the statement that runs on the connection, called by another thread; None where nothing does."""
    driver: Any = connection.connection.dbapi_connection if connection.dialect.name in _STOPS else None
    return None if driver is None else lambda: _STOPS[connection.dialect.name](driver)


_STOPS: dict[str, Callable[[Any], object]] = {
    "sqlite": lambda driver: driver.interrupt(),
    "duckdb": lambda driver: driver.interrupt(),
    "postgresql": lambda driver: driver.cancel_safe(timeout=CANCEL_SECONDS),
}


@dataclass(eq=False)
class _Asked:
    """One reader's question while it runs."""

    has_left: Callable[[], bool]
    stop: Callable[[], object]
    stopped: bool = False
    over: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        # Whoever ends it waits for the lock: a connection is not stopped any more once it may be another's.
        with self.lock:
            if not self.over and self.has_left():
                self.stopped = True
                # It may just have ended by itself, or its server may be away: then there is nothing to stop.
                with contextlib.suppress(Exception):
                    self.stop()


class _Watch:
    """One thread a process looks after all that run, and sleeps while nothing does."""

    def __init__(self) -> None:
        self._some = threading.Condition()
        self._running: list[_Asked] = []
        self._thread: threading.Thread | None = None

    def begin(self, asked: _Asked) -> None:
        with self._some:
            self._running.append(asked)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="readers", daemon=True)
                self._thread.start()
            self._some.notify()

    def end(self, asked: _Asked) -> None:
        with self._some:
            self._running.remove(asked)
        with asked.lock:
            asked.over = True

    def _look(self) -> None:
        while True:
            with self._some:
                self._some.wait_for(lambda: bool(self._running))
            time.sleep(LOOK_SECONDS)
            with self._some:
                running = list(self._running)
            for each in running:
                each.look()


_watch = _Watch()
