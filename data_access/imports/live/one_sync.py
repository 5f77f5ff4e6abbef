"""One sync of a program at a time, whoever starts it; a sync that is killed keeps nobody out."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from data_access.database.engine import Database
from data_access.database.private_files import open_private, sqlite_file
from data_access.imports.live.refusals import LiveRefused

_PG_SYNC_LOCK = 7_245_002


@contextmanager
def one_sync(database: Database) -> Iterator[None]:
    """For the length of the block nobody else syncs this program. Raises LiveRefused where somebody does."""
    refused = LiveRefused("Another sync of this program is running", "Try again when it is done")
    if database.program.dialect.name == "postgresql":
        # The session has the lock, not a transaction: imports begin and end theirs meanwhile.
        with database.program.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _PG_SYNC_LOCK}).scalar():
                raise refused
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _PG_SYNC_LOCK})
        return
    path = sqlite_file(database.url)
    if path is None:
        yield
        return
    with open_private(path.with_name(f"{path.name}.sync"), "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise refused from None
        yield
