"""Answers that are kept: each is made once, however many ask for it at the same time, and the oldest make room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any

from data_access.database.leaving import ReaderLeft


class Kept:
    """A small cache for threads. What could not be made is not kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer for the key; made here if nobody has made it or is making it."""
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        if not mine:
            try:
                return future.result()
            except ReaderLeft:  # who made it has, not who waits for it here
                return self.get(key, make)
        try:
            future.set_result(make())
        except BaseException as problem:
            with self._lock:
                if self._kept.get(key) is future:
                    del self._kept[key]
            future.set_exception(problem)
        return future.result()
