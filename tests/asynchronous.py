"""Coroutines in tests: in a thread of their own, for a browser's loop may run in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def finished(begin: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """What the coroutine that `begin` makes returns."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(begin())).result()
