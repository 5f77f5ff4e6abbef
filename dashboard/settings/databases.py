"""The databases of this process: one object each, shared by pages, routes and the doorkeeper."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data_access.database.engine import Database


@lru_cache(maxsize=4)
def database(url: str, read_copy: Path | None) -> Database:
    """The database of a URL, with its read copy if there is one."""
    return Database(url, read_copy)
