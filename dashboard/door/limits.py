"""How often one client may send requests: a bucket of tokens each, filled at a steady rate."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

RATE, BURST, MOST_CLIENTS = 100.0, 400.0, 10_000


class Limiter:
    """`wait("10.0.0.7")` is 0 when the request may pass, else the seconds after which to ask again."""

    def __init__(self, rate: float = RATE, burst: float = BURST, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> int:
        now = self.clock()
        with self._lock:
            left, seen = self._left.pop(client, (self.burst, now))
            left = min(self.burst, left + (now - seen) * self.rate)
            passes = left >= 1
            self._left[client] = (left - passes, now)
            if len(self._left) > MOST_CLIENTS:
                self._left.popitem(last=False)
        return 0 if passes else max(1, math.ceil((1 - left) / self.rate))
