"""The server: Streamlit as an ASGI application with our own routes next to it, and the one way to run it."""

from __future__ import annotations

import asyncio
import errno
import logging
import secrets
import socket
import sys
import threading
import tomllib
import traceback
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from streamlit import config as streamlit_config
from streamlit.runtime.runtime_util import get_max_message_size_bytes
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.starlette import App

from dashboard.api.finding import find_routes
from dashboard.api.routes import api_routes
from dashboard.checkup.readiness import Readiness
from dashboard.digests.routes import feed_routes
from dashboard.door.assets import Assets
from dashboard.door.compression import Compressed
from dashboard.door.connections import limited_connections
from dashboard.door.doorkeeper import Doorkeeper
from dashboard.door.leaving import Leaving
from dashboard.door.logs import log_to_stderr, without_personal_data
from dashboard.door.security import Shell
from dashboard.maps.routes import map_routes
from dashboard.settings import PUBLIC, Settings, SettingsError, current, enforce
from dashboard.settings.databases import close_all, database, explained
from dashboard.settings.oidc import VARIABLES
from dashboard.site.routes import public_routes
from dashboard.words.faults import fault_words
from dashboard.words.text import plain
from data_access.database.columnar import limit_copies
from data_access.database.connecting import DatabaseError
from data_access.database.fault_words import PASSING, Fault
from data_access.database.faults import schema_fault
from data_access.database.one_writer import tell_waiting
from data_access.migrations.migrate import initialise
from data_access.publishing.reader import PublicationError, open_publication
from data_access.release.project import have_release
from data_access.selection import NotAllowed, SelectionError

# What a browser with a few tabs opens at once, however few pages one address may have open.
LEAST_CONNECTIONS = 50
HERE = Path(__file__).resolve().parent
log = logging.getLogger("uplift")


class ServerError(SettingsError):
    """The server cannot start; the message says why and what to do."""


def make_app(settings: Settings) -> App:
    """The whole product as one ASGI application. Reads Streamlit's configuration as a side effect."""
    enforce(settings)
    configure_streamlit(settings)
    if settings.audience == PUBLIC:
        return App(
            HERE / "public_main.py",
            routes=[*public_routes(), Mount("/assets", Assets())],
            middleware=[Middleware(Shell), Middleware(Doorkeeper, settings=settings), Middleware(Compressed)],
            on_script_error=show_error,
        )
    from dashboard.navigation import NAMED_PAGES, PAGES, pages_to_find  # here: the public process has one page

    return App(
        HERE / "main.py",
        routes=[
            Route("/healthz", _alive),
            Route("/readyz", Readiness(settings).__call__),
            *map_routes(settings),
            *api_routes(settings),
            *feed_routes(settings),
            *find_routes(settings, pages_to_find()),
            Mount("/assets", Assets()),
        ],
        middleware=[
            Middleware(Shell, pages=[entry.url_path for entry in (*PAGES, *NAMED_PAGES)]),
            Middleware(Doorkeeper, settings=settings),
            Middleware(Leaving),
            Middleware(Compressed),
        ],
        secrets={"auth": settings.oidc.as_secrets()} if settings.oidc else None,
        on_script_error=show_error,
    )


def configure_streamlit(settings: Settings) -> None:
    """Our streamlit.toml, wherever the process was started, with what the settings decide on top."""
    with (HERE / "streamlit.toml").open("rb") as file:
        options = _flat(tomllib.load(file))
    options |= {
        "server.address": settings.address,
        "server.port": settings.port,
        "server.maxUploadSize": settings.max_upload_mb,
        "logger.level": settings.log_level.lower(),
    }
    if settings.is_local or settings.oidc:
        # A page elsewhere that resolves its name to ours must not get a session (DNS rebinding).
        known = [settings.oidc.host] if settings.oidc else []
        options["server.allowedHosts"] = ["localhost", "127.0.0.1", "::1", settings.address, *known]
    streamlit_config.get_config_options(force_reparse=True, options_from_flags=options)
    # Streamlit logs each script error without a reference; `show_error` logs it once, with one.
    logging.getLogger("streamlit.error_util").disabled = True


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


async def _alive(request: Request) -> Response:
    return JSONResponse({"status": "alive"})


def show_error(problem: Exception) -> bool:
    """Say what happened in a sentence; what is ours to explain is explained, the rest gets a reference to the log.

    A developer on their own machine sees the rest in full, below the sentence.
    """
    fault = explained(problem, current())
    if fault is not None:
        st.error(plain(fault_words(fault, _is_this_machine())), icon=":material/database:")
        return True
    if isinstance(problem, (DatabaseError, NotAllowed, PublicationError, SelectionError)):
        st.error(str(problem).replace("`", ""), icon=":material/info:")
        return True
    reference = secrets.token_hex(4)
    log.error("Error %s while a page was made", reference, exc_info=problem)
    st.error(
        "This page could not be shown. Nothing was lost or changed. Reload the page, or remove the last filter; "
        f"if it happens again, tell the operator this reference: **{reference}**.",
        icon=":material/error:",
    )
    if current().dev and _is_this_machine():
        st.code("".join(traceback.format_exception(problem)), language=None, wrap_lines=True)
    return True


def _is_this_machine() -> bool:
    from dashboard.asking.access import is_this_machine  # here: the server must not wait for it to start

    return is_this_machine()


def serve(settings: Settings) -> None:
    """Run until stopped; prints the address once it can be opened. Raises ServerError."""
    settings = settings.with_secrets_file(Path.cwd())
    if settings.audience == PUBLIC:
        open_publication(settings.publication or Path())
    elif not settings.is_local and settings.oidc is None:
        raise ServerError(
            f"Uplift listens only on this machine (127.0.0.1), not on {settings.address}: anybody who reaches it could "
            "look as the program manager, because sign-in is not configured. Unset UPLIFT_ADDRESS, or set "
            f"{', '.join(VARIABLES.values())}."
        )
    without_personal_data()
    # It would rather use a successor of httpx that Streamlit does not know yet; nothing for an operator to act on.
    warnings.filterwarnings("ignore", module="authlib")
    log_to_stderr(settings.log_level, settings.log_format)
    listening = _listen(settings.address, settings.port)
    stopped = threading.Event()
    try:
        if settings.audience != PUBLIC:
            limit_copies(settings.copy_limits)
            _check_schema(settings)
            _have_release(settings)
            tell_waiting(_tell_waiting)
        _Announcing(
            uvicorn.Config(
                make_app(settings),
                log_config=None,
                log_level="debug" if settings.log_level == "DEBUG" else "warning",  # each socket's opening is no news
                access_log=False,
                server_header=False,
                proxy_headers=bool(settings.trusted_proxy),
                forwarded_allow_ips=list(settings.trusted_proxy),
                http=limited_connections(max(LEAST_CONNECTIONS, settings.sessions_per_address), settings.trusted_proxy),
                ws="websockets-sansio",
                ws_max_size=get_max_message_size_bytes(),
                timeout_graceful_shutdown=3,
            ),
            f"Uplift is at http://{settings.address}:{settings.port}",
            lambda: _begin_schedule(settings, stopped),
        ).run(sockets=[listening])
    finally:
        stopped.set()
        listening.close()


def _check_schema(settings: Settings) -> None:
    """Refuse a database that waiting does not mend; at a terminal, offer what would. Raises ServerError."""
    program = database(settings.database_url, settings.read_copy).program
    fault = schema_fault(program)
    if fault is None:
        return
    if fault.fault in PASSING:
        log.error("%s", fault)
        return
    if fault.fault not in (Fault.NO_DATABASE, Fault.NO_PROGRAM, Fault.SCHEMA_OLDER) or not sys.stdin.isatty():
        raise ServerError(str(fault))
    print(f"{fault}\nRun `uplift init` now? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise ServerError("The database stays as it is.")
    initialise(program)


def _tell_waiting(_: str) -> None:
    """Whoever pressed a button is told why it takes long; who it is that writes stands in the log."""
    if get_script_run_ctx() is not None:
        st.toast("Somebody else is writing to the database. Yours waits for it …", icon=":material/hourglass_top:")


def _have_release(settings: Settings) -> None:
    """What everybody outside is answered from, where it is missing; what is wrong with the database, pages say."""
    try:
        have_release(database(settings.database_url, settings.read_copy))
    except (DatabaseError, SQLAlchemyError, OSError) as cause:
        logging.getLogger("uplift").warning("The release could not be written: %s", type(cause).__name__)


def _begin_schedule(settings: Settings, stopped: threading.Event) -> None:
    if settings.with_schedule:
        from dashboard.digests.schedule import begin_schedule  # here: it loads the questions

        begin_schedule(settings, stopped)


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, words: str, then: Callable[[], None]) -> None:
        super().__init__(config)
        self.words, self.then = words, then

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self.words, flush=True)
            threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
            self.then()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # Here, for the signal that ends the server ends the process right after it.
        await asyncio.to_thread(close_all)


def _warm_up() -> None:
    """Load what the first viewer would wait for, while their browser still loads Streamlit's own scripts."""
    # Not `streamlit_folium`: Streamlit serves a component only if it was loaded in a viewer's run.
    import folium.plugins  # noqa: F401  # loading it is the point

    import dashboard.asking.filters
    import dashboard.parts.page_parts  # noqa: F401
    from dashboard.maps import assets
    from dashboard.parts.shapes import Panel
    from dashboard.parts.trends import trend_picture
    from data_access.geography.countries import all_countries
    from data_access.geography.language_reach import languages_of
    from data_access.geography.languages import language_name
    from data_access.geography.urban import urban_places

    language_name("en")
    for country in all_countries():
        languages_of(country.code)
    urban_places()
    for name in assets.FILES:
        assets.asset(name)
    trend_picture([Panel("", "", "bar", [date(2026, 1, 1)], [1], [False])], None, "light")


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only then: without it answers wait for 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.strip("[]"), port))
        listening.listen(128)
    except OSError as cause:
        listening.close()
        if cause.errno == errno.EADDRINUSE:
            raise ServerError(
                f"Port {port} is taken, perhaps by another Uplift. Stop that one, or choose another: PORT={port + 1}."
            ) from cause
        raise ServerError(f"Cannot listen on {address}, port {port}: {cause.strerror}.") from cause
    listening.setblocking(False)
    return listening
