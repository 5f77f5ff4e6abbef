"""What is brought up to date after a change is committed: the read copy. A failure costs speed, but no answer."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.imports.rows import Problem


def refresh_read_copy(
    database: Database, warn: Callable[[Problem], None], progress: Callable[[str, int, int | None], None] | None
) -> None:
    """Rewrite the database's read copy, if it has one; a failure is reported, and costs speed but no answer."""
    if database.read_copy is None:
        return
    try:
        write_read_copy(database.program, database.read_copy, progress)
    except (OSError, duckdb.Error) as cause:
        remedy = "The import itself is done. Make room, then run `uplift read-copy`; until then answers come slower."
        name = str(database.read_copy)
        warn(Problem(name, None, "", None, "", f"the read copy could not be written ({cause})", remedy, "hint"))
