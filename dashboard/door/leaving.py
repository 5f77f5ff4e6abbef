"""Whether a program or a map that asked over HTTP still waits: what runs for one that has gone is stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import MutableMapping
from typing import Any

from dashboard.door.security import Application, Receive, Scope, Send
from data_access.database.leaving import ReaderLeft, asked_by

# Where questions are asked; pages are Streamlit's to look after.
ASKED = ("/api/", "/map/")
_GONE = {"type": "http.disconnect"}


class Leaving:
    """ASGI middleware: listens for the end of the connection while a question is answered."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(ASKED):
            await self.app(scope, receive, send)
            return
        left = threading.Event()
        heard: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue(maxsize=4)

        async def listen() -> None:
            while not left.is_set():
                message = await receive()
                if message["type"] == _GONE["type"]:
                    left.set()
                await heard.put(message)

        async def hand_on() -> MutableMapping[str, Any]:
            return dict(_GONE) if left.is_set() and heard.empty() else await heard.get()

        listening = asyncio.create_task(listen())
        try:
            with asked_by(left.is_set):
                await self.app(scope, hand_on, send)
        except ReaderLeft:
            pass  # nobody is there to be told
        finally:
            listening.cancel()
