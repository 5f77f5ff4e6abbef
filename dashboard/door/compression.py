"""Scripts and styles go out compressed: Streamlit sends its own as they are, four times as many bytes."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

FILES = ("/static/", "/assets/", "/component/")
KINDS = ("text/javascript", "application/javascript", "text/css", "application/json", "image/svg+xml", "text/html")
LEAST_BYTES = 1000


class Compressed:
    """ASGI middleware: compresses each file that never changes once, and keeps the outcome in memory.

    What is kept is bounded by the files that the packages bring (about 2 MB of those that pages load). Answers that are
    made for one reader are none of these files.
    """

    def __init__(self, app: Application) -> None:
        self.app = app
        self._kept: dict[tuple[str, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(FILES):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if "gzip" not in asked.get("accept-encoding", "") or "range" in asked:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        parts: list[bytes] = []

        async def compress(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                if not _is_worth_it(start):
                    await send(message)
                return
            if not _is_worth_it(start):
                await send(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send(scope["path"], start, b"".join(parts), send)

        await self.app(scope, receive, compress)

    async def _send(self, path: str, start: Message, body: bytes, send: Send) -> None:
        headers = MutableHeaders(scope=start)
        key = path, headers.get("etag", "")
        if key not in self._kept or not key[1]:
            self._kept[key] = await run_in_threadpool(gzip.compress, body, 9)
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(self._kept[key]))
        headers.add_vary_header("accept-encoding")
        await send(start)
        await send({"type": "http.response.body", "body": self._kept[key]})


def _is_worth_it(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return (
        start["status"] == 200
        and "content-encoding" not in headers
        and headers.get("content-type", "").split(";")[0] in KINDS
        and int(headers.get("content-length", LEAST_BYTES)) >= LEAST_BYTES
    )
