"""Reading from a lake: asked first while its snapshot is of the data version wanted and its engine answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Executable, Result
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data_access.database.engine import DataVersion
from data_access.database.lake.dialect import EngineError, engine_of
from data_access.database.lake.manifest import (
    CURRENT,
    PROGRAM,
    RELEASE,
    NotASnapshot,
    Snapshot,
    read_snapshot,
    shape_of,
)
from data_access.database.lake.session import EngineAway, LakeSession, TooSlow, aside
from data_access.database.read_copy import copied_tables
from data_access.database.schema import imports

log = logging.getLogger("uplift")
NextBest = Callable[[], Connection]
# How long an engine that failed is not asked again: nobody else should wait for what the first waited for.
RESTS_SECONDS = 15.0


class Lake:
    """Where a lake lies and which engine reads it; one object a process, shared by its threads.

    Without an engine's address it is only written to. `seconds` is how long a statement may take
    before the next best source is asked.
    """

    def __init__(self, url: str, path: Path, seconds: float = 5.0) -> None:
        self.path = path
        self._program = _Folder(url, path / PROGRAM, seconds)
        self._release = _Folder(url, path / RELEASE, seconds)

    def program(self, version: DataVersion, next_best: NextBest) -> Connection | None:
        """A connection to the program as it is in the lake; None while that is of another version or schema."""
        return self._program.connection(version, _shape(), next_best)

    def release(self, version: DataVersion, next_best: NextBest) -> Connection | None:
        """The same of the release, for whoever is outside."""
        return self._release.connection(version, None, next_best)

    def why_not(self, version: DataVersion) -> str:
        """Why questions about the program of this version are not answered from it; empty when they are."""
        return self._program.why_not(version, _shape())

    def close(self) -> None:
        """Let the engine forget the sessions."""
        self._program.close()
        self._release.close()


@cache
def _shape() -> str:
    return shape_of(copied_tables())


@dataclass
class _Opened:
    identity: tuple[int, int]
    snapshot: Snapshot
    session: LakeSession
    engine: Engine


class _Folder:
    """One snapshot, as it is now, and the session that reads it."""

    def __init__(self, url: str, folder: Path, seconds: float) -> None:
        self._url, self._folder, self._seconds = url, folder, seconds
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._rests_until = 0.0

    def connection(self, version: DataVersion, shape: str | None, next_best: NextBest) -> Connection | None:
        if not self._url or time.monotonic() < self._rests_until:
            return None
        try:
            opened = self._open_if(version, shape)
        except (OSError, NotASnapshot):
            return None
        return _Connection(opened.engine, self, next_best)

    def why_not(self, version: DataVersion, shape: str | None) -> str:
        if not self._url:
            return "No engine is named that reads it: set UPLIFT_LAKE_URL."
        try:
            # A statement that reads a file: an engine that answers may not see the folder, or not be let into it.
            self._open_if(version, shape).session.run(f"SELECT count(*) AS n FROM {imports.name}", {})  # noqa: S608
        except (OSError, NotASnapshot) as cause:
            return f"Its snapshot is not used: {cause}"
        except EngineAway as cause:
            return f"Its engine does not answer: {cause}"
        except EngineError as cause:
            return f"Its engine cannot read it: {cause}"
        return ""

    def failed(self, cause: SQLAlchemyError) -> None:
        """Say so, once; what the engine does not understand is no reason not to ask it something else."""
        said = cause.orig if isinstance(cause, DBAPIError) else cause
        log.warning("The lake did not answer, the next best source does: %s", said)
        if isinstance(said, EngineAway):
            self._rests_until = time.monotonic() + RESTS_SECONDS
        if isinstance(said, TooSlow):
            aside(self._try_again)

    def _try_again(self) -> None:
        """One statement may have been too much for an engine that answers everybody else."""
        opened = self._opened
        if opened is not None and opened.session.answers():
            self._rests_until = 0.0

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.session.close()
            self._opened = None

    def _open_if(self, version: DataVersion, shape: str | None) -> _Opened:
        opened = self._open()
        if opened.snapshot.version != version:
            raise NotASnapshot(
                f"it is of change {opened.snapshot.version.import_id}, the program of {version.import_id}"
            )
        if shape not in (None, opened.snapshot.shape):
            raise NotASnapshot("it was written by another version of Uplift")
        return opened

    def _open(self) -> _Opened:
        """The current snapshot; another that was renamed into its place is another file of that name."""
        stat = (self._folder / CURRENT).stat()
        identity = (stat.st_ino, stat.st_mtime_ns)
        with self._lock:
            if self._opened is None or self._opened.identity != identity:
                snapshot = read_snapshot(self._folder)
                if self._opened is not None:
                    self._opened.session.close()
                session = LakeSession(self._url, self._folder, snapshot, self._seconds)
                self._opened = _Opened(identity, snapshot, session, engine_of(session.run))
            return self._opened


class _Connection(Connection):
    """Asks the lake, and from its first failure on the next best source: a question is answered all the same."""

    def __init__(self, engine: Engine, folder: _Folder, next_best: NextBest) -> None:
        super().__init__(engine)
        self._folder, self._next_best = folder, next_best
        self._instead: Connection | None = None

    def execute(self, statement: Executable, parameters: Any = None, **options: Any) -> Any:
        if self._instead is None:
            try:
                return super().execute(statement, parameters, **options)
            except SQLAlchemyError as cause:
                self._folder.failed(cause)
                self._instead = self._next_best()
        return self._instead.execute(statement, parameters, **options)

    def scalar(self, statement: Executable, parameters: Any = None, **options: Any) -> Any:
        return cast("Result[Any]", self.execute(statement, parameters, **options)).scalar()

    def scalars(self, statement: Executable, parameters: Any = None, **options: Any) -> Any:
        return cast("Result[Any]", self.execute(statement, parameters, **options)).scalars()
