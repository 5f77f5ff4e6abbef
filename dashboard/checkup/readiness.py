"""/readyz: whether the program's database answers, said within two seconds whatever hangs."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import Future
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.settings import Settings
from dashboard.settings.addresses import headers_of, is_own_request
from dashboard.settings.databases import database, explained, works
from data_access.database.connecting import without_password
from data_access.database.engine import Database, DataVersion
from data_access.database.fault_words import Fault
from data_access.database.faults import DatabaseFault, explain, schema_fault
from data_access.database.holders import writers_of

PATIENCE = 1.5


class Readiness:
    """The route's function. One thread at a time looks: those that hang do not pile up, nor use up the server's."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._looking: Future[DataVersion | DatabaseFault] | None = None
        self._since = 0.0

    async def __call__(self, request: Request) -> Response:
        try:
            found = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._look())), PATIENCE)
        except TimeoutError:
            found = self._silent()
        if isinstance(found, DataVersion):
            return JSONResponse({"status": "ready", "import": found.import_id, "data_as_of": found.imported_at})
        # Its words name the database: for whoever sits at this machine, not for the public.
        own = is_own_request(request.scope, headers_of(request.scope))
        reason = {"fault": str(found.fault), "reason": str(found) if own else found.outside}
        return JSONResponse({"status": "not ready", **reason}, status_code=503)

    @property
    def _database(self) -> Database:
        return database(self.settings.database_url, self.settings.read_copy)

    def _look(self) -> Future[DataVersion | DatabaseFault]:
        with self._lock:
            if self._looking is None or self._looking.done():
                self._looking, self._since = Future(), time.monotonic()
                # A daemon: a server that is told to stop does not wait for a database that hangs.
                threading.Thread(target=self._answer, args=(self._looking,), name="readiness", daemon=True).start()
            return self._looking

    def _answer(self, future: Future[Any]) -> None:
        try:
            found: DataVersion | DatabaseFault = schema_fault(self._database.program) or self._database.version()
            if isinstance(found, DatabaseFault):
                explained(found, self.settings)
            else:
                works(self.settings)
        except Exception as cause:
            unknown = DatabaseFault(Fault.UNREACHABLE, f"The database cannot be asked: {type(cause).__name__}.")
            found = explain(cause, self._database.program) or unknown
        future.set_result(found)

    def _silent(self) -> DatabaseFault:
        program, seconds = self._database.program, time.monotonic() - self._since
        who = writers_of(program) if program.dialect.name == "sqlite" else ""
        if who:
            says = f"{who} has locked the database {without_password(program.url)} for {seconds:.0f} s or longer."
            return DatabaseFault(Fault.LOCKED, says)
        says = (
            f"The database {without_password(program.url)} has not answered for {seconds:.0f} s. Check that it and its "
            "disk or network work. Uplift goes on by itself as soon as it answers."
        )
        return DatabaseFault(Fault.UNREACHABLE, says)
