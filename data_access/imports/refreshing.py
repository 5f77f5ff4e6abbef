"""What an import brings up to date at its end: the release that is due, its own database, and the read copy.

One of much begins a columnar copy within its transaction: what follows from its rows is worked out in it, the release
asks it, and the read copy is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
from sqlalchemy import Connection

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.unfinished_copy import UnfinishedCopy, begin_copy, copy_of_its_own
from data_access.imports.rows import Problem
from data_access.privacy.book import NamesDisagree
from data_access.release.lake import write_lake
from data_access.release.make import make_release
from data_access.release.project import has_release_schema, write_release, write_release_schema

Warn = Callable[[Problem], None]
Progress = Callable[[str, int, int | None], None]


def begin(database: Database) -> UnfinishedCopy:
    """The copy that an import may begin: the read copy where there is one, else one that is thrown away."""
    return copy_of_its_own(database.program) if database.read_copy is None else begin_copy(database.read_copy)


def release_of(
    due: date | None, connection: Connection, import_id: int, progress: Progress, begun: UnfinishedCopy
) -> Iterator[Problem]:
    """Make the release that is due, if one is, in the import's transaction; says so when none can be made."""
    if due is not None:
        try:
            make_release(connection, due, import_id, progress, begun)
        except NamesDisagree as cause:
            remedy = "The import is done, and what was released before stays. Please report this with the message."
            yield Problem("", None, "", None, "", f"no release could be made ({cause})", remedy, "hint")
        except (OSError, duckdb.Error) as cause:
            begun.discard()
            remedy = "The import is done. Make room on the disk or in `UPLIFT_COPY_LIMITS`, then run `uplift release`."
            yield Problem("", None, "", None, "", f"no release could be made ({cause})", remedy, "hint")
    if due is not None or not has_release_schema(connection):
        write_release_schema(connection)


def refresh_read_copy(
    database: Database,
    warn: Warn,
    progress: Progress | None,
    begun: UnfinishedCopy | None = None,
    import_id: int | None = None,
) -> None:
    """Rewrite the release's own database, the read copy and the lake, where there are such; a failure is reported.

    It costs speed, or leaves everybody outside with what they knew, but no answer. The read copy is made of what the
    import of this number has `begun`.
    """
    try:
        write_release(database)
    except (OSError, duckdb.Error) as cause:
        remedy = "The import itself is done. Make room, then run `uplift release`; until then the older one is shown."
        warn(Problem("", None, "", None, "", f"the release could not be written ({cause})", remedy, "hint"))
    if database.read_copy is not None:
        write = partial(write_read_copy, database.program, database.read_copy, progress, begun, import_id or 0)
        _write_read_copy(write, database.read_copy, warn)
    if database.lake is not None:
        _write_lake(database, database.lake.path, warn, progress)


def _write_read_copy(write: Callable[[], int], path: Path, warn: Warn) -> None:
    try:
        write()
    except (OSError, duckdb.Error) as cause:
        remedy = "The import itself is done. Make room, then run `uplift read-copy`; until then answers come slower."
        warn(Problem(str(path), None, "", None, "", f"the read copy could not be written ({cause})", remedy, "hint"))


def _write_lake(database: Database, path: Path, warn: Warn, progress: Progress | None) -> None:
    try:
        write_lake(database, path, progress)
    except (OSError, duckdb.Error) as cause:
        remedy = "The import itself is done. Make room, then run `uplift lake write`; until then others answer."
        warn(Problem(str(path), None, "", None, "", f"the lake could not be written ({cause})", remedy, "hint"))
