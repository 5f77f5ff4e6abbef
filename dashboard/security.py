"""The HTTP shell around Streamlit: security headers on every response, our own start page under every page's path."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

RESERVED = ("/_stcore", "/component", "/media", "/static", "/assets", "/healthz", "/readyz", "/oauth2callback", "/auth")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)",
}
_BOOT = '<div class="up-boot" role="status">Uplift is opening…</div>'


def start_page() -> str:
    """Streamlit's index.html under our name, with our style sheet and script; made once, when the server starts."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    page = page.replace("<title>Streamlit</title>", "<title>Uplift</title>")
    page = page.replace("<head>", '<head><script src="/assets/base.js"></script>', 1)
    ours = '<link rel="stylesheet" href="/assets/uplift.css"><script defer src="/assets/uplift.js"></script></head>'
    page = page.replace("</head>", ours, 1)
    return page.replace('<div id="root"></div>', f'<div id="root">{_BOOT}</div>', 1)


def content_security_policy(page: str) -> str:
    """The policy for our pages: everything from this server, no inline script but the start page's own (by hash).

    Styles need `unsafe-inline`: Streamlit's components write their style elements while they run.
    """
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(hashes)}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'",
            "frame-ancestors 'self'",
        )
    )


class Shell:
    """ASGI middleware: answers page addresses with our start page, and puts the headers on everything."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.page = start_page()
        self.headers = {**HEADERS, "content-security-policy": content_security_policy(self.page)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if "server" in headers:
                    del headers["server"]
            await send(message)

        if scope["method"] in ("GET", "HEAD") and is_page(scope["path"]):
            # Streamlit would answer 200 with its own start page here: same routing, our name and style.
            response = HTMLResponse(self.page, headers={"cache-control": "no-cache"})
            await response(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


def is_page(path: str) -> bool:
    """Whether the path belongs to a page of the dashboard: one plain segment that nothing else has reserved."""
    if any(path == prefix or path.startswith(f"{prefix}/") for prefix in RESERVED):
        return False
    return path == "/" or re.fullmatch(r"/[a-z][a-z0-9_-]*", path) is not None
