"""A progress bar on the terminal, with rate and time left; silent where nobody watches."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from tqdm import tqdm


class ProgressBar:
    """Called with (what, done, total); one bar at a time, a new one for each new `what`. `total` None means unknown."""

    def __init__(self) -> None:
        self._what = ""
        self._bar: Any = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        if not sys.stderr.isatty():
            return
        if what != self._what:
            self._close()
            self._what = what
            self._bar = tqdm(desc=what, total=total, unit=" rows", unit_scale=True, leave=False, file=sys.stderr)
        if self._bar.total != total:
            self._bar.total = total
        self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
