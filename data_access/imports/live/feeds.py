"""Calendars and tables at an address: one file, asked for when it has changed, read by the readers of such files."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from data_access.contract.tables import TABLES
from data_access.imports.live.client import Client
from data_access.imports.live.json_answers import looks_like_a_page, web_page
from data_access.imports.live.parts import Part, Source, SourceKind
from data_access.imports.live.refusals import LiveRefused
from data_access.imports.readers.opening import MAX_WHOLE_FILE_BYTES

_SHEET = re.compile(r"^/spreadsheets/d/([^/]+)/(?:edit|view|htmlview)?/?$")


def plain_headers(secret: str) -> dict[str, str]:
    """`name:password` is sent as such, anything else as a bearer token."""
    if not secret:
        return {}
    if ":" in secret:
        return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    return {"Authorization": f"Bearer {secret}"}


def _read(accept: str, name: Callable[[Source], str]) -> Callable[[Client, Source], Iterator[Part]]:
    def read(client: Client, source: Source) -> Iterator[Part]:
        known = source.state
        answer = client.get(
            source.address,
            accept=accept,
            etag=known.get("etag", ""),
            last_modified=known.get("last_modified", ""),
            most_bytes=MAX_WHOLE_FILE_BYTES,
        )
        if answer.status == 304:
            return
        if looks_like_a_page(answer.body):
            raise web_page(client)
        if not answer.body.strip():
            raise LiveRefused(f"{source.name} ({client.origin}): the answer is empty", "Correct the address")
        state = {
            "etag": answer.headers.get("etag", "")[:500],
            "last_modified": answer.headers.get("last-modified", "")[:100],
            "digest": hashlib.sha256(answer.body).hexdigest(),
        }
        changed = state["digest"] != known.get("digest")
        yield Part(state, files={name(source): answer.body} if changed else {})

    return read


def _as_it_is(given: str) -> str:
    return given


def _published(given: str) -> str:
    """Of a sheet that was opened in the browser, the address of its CSV."""
    parts = urlsplit(given)
    if parts.hostname == "docs.google.com" and (found := _SHEET.match(parts.path)):
        gid = parse_qs(parts.fragment or parts.query).get("gid", [""])[0]
        only = f"&gid={gid}" if gid.isdecimal() else ""
        return f"https://docs.google.com/spreadsheets/d/{found[1]}/export?format=csv{only}"
    return given


def _table_file(source: Source) -> str:
    table = source.settings.get("table", "")
    if table and table not in TABLES:
        raise LiveRefused(
            f"{source.name}: {table!r} is no table", f"Remove the source and add it with one of {', '.join(TABLES)}"
        )
    return f"{table or source.name}.csv"


_NO_SETTINGS: Mapping[str, str] = {}

CALENDAR = SourceKind(
    "ical",
    "iCalendar address",
    "a calendar (.ics)",
    _NO_SETTINGS,
    _as_it_is,
    plain_headers,
    _read("text/calendar, */*;q=0.5", lambda source: f"{source.name}.ics"),
)
TABLE = SourceKind(
    "csv",
    "CSV address",
    "a table as CSV, such as a published sheet",
    {"table": "the table of the data contract that it holds, if its columns do not say so"},
    _published,
    plain_headers,
    _read("text/csv, */*;q=0.5", _table_file),
)
