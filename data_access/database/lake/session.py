"""One session at an engine that speaks Spark Connect: a snapshot's tables, statements with an end to their time."""

from __future__ import annotations

import contextlib
import re
import sys
import threading
import uuid
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pyarrow as pa

from data_access.database.lake.dialect import EngineError
from data_access.database.lake.manifest import Snapshot

Found = TypeVar("Found")
LATE_TIMES = 3
RETRIES, BACKOFF_MS = 2, 500  # the client's own: fifteen, and a minute between the last


class EngineAway(EngineError):
    """The engine cannot be reached, refuses us, or is of no use just now: another statement would fare no better."""


class TooSlow(EngineAway):
    """No answer came in time."""


def within(seconds: float, work: Callable[[], Found]) -> Found:
    """What the work returns, or TooSlow: it goes on by itself then, and whoever waits does not.

    The client has no end to its time: it waits for as long as a server keeps the connection.
    """
    found: Future[Found] = Future()

    def run() -> None:
        try:
            found.set_result(work())
        except Exception as cause:
            found.set_exception(cause)
        except BaseException as cause:  # the client exits where it is not installed whole
            found.set_exception(EngineAway(_in_one_line(cause)))

    threading.Thread(target=run, name="lake", daemon=True).start()
    try:
        return found.result(timeout=seconds)
    except TimeoutError as cause:
        if found.done():
            raise
        raise TooSlow(f"no answer within {seconds:g} seconds") from cause


class _Views:
    """What one session at the engine knows; whoever tells it of a table holds the lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.client: Any = None
        self.known: set[str] = set()


class LakeSession:
    """The tables of one snapshot, as views of one session; shared by threads."""

    def __init__(self, url: str, folder: Path, snapshot: Snapshot, seconds: float) -> None:
        self._url, self._folder, self._snapshot, self._seconds = url, folder, snapshot, seconds
        self._views = _Views()
        self._late = 0

    def run(self, statement: str, values: dict[str, Any]) -> pa.Table:
        """The whole answer. Raises EngineError; EngineAway when it is not about this statement, or came too late."""
        tag = f"uplift-{uuid.uuid4().hex}"
        try:
            found = within(self._seconds, lambda: self._run(statement, values, tag))
        except TooSlow:
            self._give_up(tag)
            raise
        except Exception as cause:
            said = _in_one_line(cause)
            if _is_about_the_statement(cause):
                raise EngineError(said) from cause
            # What the channel knows of a server that is away it would go on to believe when it is back.
            self.close()
            raise EngineAway(said) from cause
        self._late = 0
        return found

    def answers(self) -> bool:
        """Whether the engine answers anybody at all: asked by a connection of its own, in the same time."""
        try:
            reach(self._url, self._seconds)
        except EngineError:
            return False
        return True

    def close(self) -> None:
        """Let the engine forget the session, without waiting for it."""
        views, self._views = self._views, _Views()
        if views.client is not None:
            aside(views.client.stop)

    def _run(self, statement: str, values: dict[str, Any], tag: str) -> pa.Table:
        try:
            return self._ask(statement, values, tag)
        except Exception as cause:
            if not _LOST.search(str(cause)):
                raise
        # The engine was started anew, or has forgotten a session that nobody used: a new one, once.
        self.close()
        return self._ask(statement, values, tag)

    def _ask(self, statement: str, values: dict[str, Any], tag: str) -> pa.Table:
        client = self._with_tables(set(re.findall(r"\w+", statement)) & self._snapshot.tables.keys())
        client.addTag(tag)
        try:
            return _table_of(client, statement, values)
        finally:
            client.removeTag(tag)

    def _with_tables(self, names: set[str]) -> Any:
        """The session, in which these tables are known: each is told of when it is first asked for."""
        views = self._views
        with views.lock:
            if views.client is None:
                views.client = _connect(self._url)
            for name in sorted(names - views.known):
                table = self._snapshot.tables[name]
                files = [(self._folder / file).resolve().as_uri() for file in table.files]
                views.client.read.schema(table.columns).parquet(*files).createOrReplaceTempView(name)
                views.known.add(name)
            return views.client

    def _give_up(self, tag: str) -> None:
        """Stop what nobody waits for there, too; a session that is late again and again may be cut off for good."""
        client = self._views.client
        if client is not None:
            aside(lambda: client.interruptTag(tag))
        self._late += 1
        if self._late >= LATE_TIMES:
            self._late = 0
            self.close()


def reach(url: str, seconds: float) -> None:
    """Ask the engine for a word, by a connection of its own. Raises EngineError, TooSlow after so many seconds."""

    def ask() -> None:
        client = _connect(url)
        try:
            _table_of(client, "SELECT 1", {})
        finally:
            aside(client.stop)

    try:
        within(seconds, ask)
    except EngineError:
        raise
    except Exception as cause:
        raise EngineAway(_in_one_line(cause)) from cause


def aside(work: Callable[[], Any]) -> None:
    """Do it without anybody waiting, and without a word when it cannot be done: the engine may be what is broken."""

    def run() -> None:
        with contextlib.suppress(Exception):
            work()

    threading.Thread(target=run, name="lake", daemon=True).start()


def _table_of(session: Any, statement: str, values: dict[str, Any]) -> pa.Table:
    """The answer in one message: `session.sql(…).toArrow()` has the statement planned three times."""
    from pyspark.sql.connect.functions import lit
    from pyspark.sql.connect.plan import SQL

    asked = SQL(statement, [], {name: lit(value) for name, value in values.items()}, [])
    table, _, _ = session.client.to_table(asked.to_proto(session.client), {})
    return table


def client_version() -> str:
    """The version of the client that is installed. Raises ImportError where it is not, or not whole."""
    _load_client()
    from pyspark.version import __version__

    return str(__version__)


_loading = threading.Lock()
_CLIENT, _ITS_TESTS = "pyspark.sql.connect.session", "pyspark.testing.connectutils"


def _load_client() -> None:
    """Load the client, by who reads from a lake alone: it takes a second, and is not installed for everybody.

    Where the main module has no file (`python -c`, as runners of parallel tests start theirs, or a page while Streamlit
    puts itself in its place) the client takes us for its own doctests: it loads its tests' tools, which look for a
    whole Spark, and end the process where there is the client alone. What it asks of them is answered here instead.
    """
    # It warns of pandas 3, of whose frames we ask nothing, and of each failure that it also raises.
    warnings.filterwarnings("ignore", module=r"pyspark\.")
    with _loading:
        if _CLIENT in sys.modules:
            return
        answer = ModuleType(_ITS_TESTS)
        vars(answer).update(should_test_connect=True, connect_requirement_message="")
        ours = sys.modules.setdefault(_ITS_TESTS, answer) is answer
        try:
            import_module(_CLIENT)
        finally:
            if ours:
                del sys.modules[_ITS_TESTS]


def _connect(url: str) -> Any:
    _load_client()
    from pyspark.sql.connect.client.core import DefaultChannelBuilder
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    channel = DefaultChannelBuilder(url, [("grpc.use_local_subchannel_pool", 1)])
    session = SparkSession(connection=channel)
    session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES, max_backoff=BACKOFF_MS)])
    # A statement of seconds is asked anew rather than taken up again, and costs half as many messages.
    session.client.disable_reattachable_execute()
    return session


# What engines say of a session, or of its tables, that they do not have.
_LOST = re.compile(
    r"INVALID_HANDLE|SESSION_(NOT_FOUND|CLOSED|CHANGED)|NO_ACTIVE_SESSION|TABLE_OR_VIEW_NOT_FOUND|table not found", re.I
)


def _is_about_the_statement(cause: Exception) -> bool:
    from pyspark.errors.exceptions.base import PySparkException

    return isinstance(cause, PySparkException) and type(cause).__name__ != "SparkConnectGrpcException"


def _in_one_line(cause: BaseException) -> str:
    """What it is about, without the statement, which may hold what was asked for; and its type, where it is no words.

    The client's and the engine's own messages are sentences; a KeyError says a key, and what exits says a number.
    """
    details = re.search(r'details = "(.*)"', str(cause))
    said = details[1] if details else str(cause).strip().partition("\n")[0]
    return (said if " " in said else f"{type(cause).__name__}: {said}".rstrip(": "))[:300]
