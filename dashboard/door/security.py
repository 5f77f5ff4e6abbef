"""The HTTP shell around Streamlit: security headers on every response, our own start page under every page's path."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import htpy as h
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, HTMLResponse, Response

from dashboard import settings
from dashboard.door.assets import address
from dashboard.settings import PUBLIC

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

RESERVED = (
    "/_stcore",
    "/component",
    "/media",
    "/static",
    "/assets",
    "/healthz",
    "/readyz",
    "/oauth2callback",
    "/auth",
    "/map",
    "/find",
    "/published",
    "/feeds",
    "/subscriptions",
    "/embed",
)
# st_folium runs the script that folium makes (inline, and by eval) in a frame of its own. Only numbers, enumerations
# and signed tokens enter that script (dashboard/maps/base.py refuses the rest); no other address may do the same.
MAP_FRAME = "/component/streamlit_folium.st_folium/"
# Pictures of the publication, which any page may show: a public process has them, and nothing else may be framed so.
EMBEDDED = "/embed/"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)",
}
HSTS = "max-age=31536000"
_BOOT = '<div class="up-boot" role="status">Uplift is opening…</div>'


def start_page(dev: bool = False, *, finds: bool = False) -> str:
    """Streamlit's index.html under our name, with our style sheet and script; made once, when the server starts.

    For developers it comes again by itself when the server has started again; with `finds` it has the search (Ctrl-K).
    """
    page = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    page = page.replace("<title>Streamlit</title>", "<title>Uplift</title>")
    page = page.replace("<head>", f'<head><script src="{address("base.js")}"></script>', 1)
    page = page.replace("</head>", f"{''.join(_early(page))}</head>", 1)
    names = ("uplift.js", "tables.js", "ways.js", *(["dev.js"] if dev else []), *(["find.js"] if finds else []))
    ours = f'<link rel="stylesheet" href="{address("uplift.css")}">'
    ours += "".join(f'<script defer src="{address(name)}"></script>' for name in names)
    page = page.replace("</head>", f"{ours}</head>", 1)
    return page.replace('<div id="root"></div>', f'<div id="root">{_BOOT}</div>', 1)


def _early(page: str) -> Iterator[str]:
    """Links that bring the script of the pieces of our own HTML with the page.

    Every page begins with such a piece. Streamlit asks for its script when the first one arrives, shows a bar a line
    high until then, and pushes down what stands below.
    """
    folder = files("streamlit") / "static" / "static" / "js"
    for piece in (each for each in folder.iterdir() if re.fullmatch(r"Html\.[^.]+\.js", each.name)):
        for name in (piece.name, *re.findall(r'from"\./([^"]+)"', piece.read_text(encoding="utf-8"))):
            if name not in page:
                yield f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'


def nothing_here() -> str:
    """The page for an address at which there is none."""
    return str(
        h.html(lang="en")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.title["No such page – Uplift"],
                h.link(rel="stylesheet", href=address("uplift.css")),
            ],
            h.body[
                h.main(".up-nothing")[
                    h.h1["There is no page at this address"],
                    h.p["It may be misspelt, or come from an old link. Nothing else is wrong."],
                    h.p[h.a(href="/")["Go to the first page"]],
                ]
            ],
        ]
    )


def fallback_etag() -> str:
    """What Streamlit names its start page by, which it sends with 200 for every address that it does not know."""
    path = Path(str(files("streamlit") / "static" / "index.html"))
    return FileResponse(path, stat_result=path.stat()).headers["etag"]


def content_security_policy(page: str, frame: bool = False, images: str = "", ancestors: Sequence[str] = ()) -> str:
    """The policy for our pages: everything from this server, no inline script but the start page's own (by hash).

    Styles need `unsafe-inline`: Streamlit's components write their style elements while they run. `frame` is the policy
    of the map's frame; `images` is one more place that images may come from: the tile server, where one is set;
    `ancestors` are the sites, besides our own, that may show the page in a frame.
    """
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline]
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'"
            if frame
            else f"script-src 'self' {' '.join(hashes)}".strip(),
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob: {images}".strip(),
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'",
            " ".join(("frame-ancestors 'self'", *ancestors)),
        )
    )


class Shell:
    """ASGI middleware: answers page addresses with our start page, and puts the headers on everything.

    `pages` are the names of pages behind the slash; an address that neither they nor the application know gets 404.
    """

    def __init__(self, app: Application, pages: Collection[str] = ()) -> None:
        self.app, self.pages = app, frozenset(pages) | {""}
        self.page = start_page(settings.current().dev, finds=bool(pages))
        self.nothing, self.fallback = nothing_here().encode(), fallback_etag()
        sites = settings.current().frame_ancestors
        self.headers = {**HEADERS, "content-security-policy": content_security_policy(self.page, ancestors=sites)}
        if sites:
            del self.headers["x-frame-options"]  # it knows one site only; the policy above says it all
        policy = content_security_policy(self.page, frame=True, images=tile_server(settings.current().tiles_url))
        self.embed_headers = {**HEADERS, "content-security-policy": _EMBED_POLICY}
        self.embed_headers["cross-origin-resource-policy"] = "cross-origin"
        del self.embed_headers["x-frame-options"]
        self.frame_headers = {**HEADERS, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        unknown = False

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            nonlocal unknown
            if unknown:
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                unknown = headers.get("etag") == self.fallback
                if unknown:
                    answer = Response(self.nothing, 404, {"cache-control": "no-store"}, "text/html")
                    message.update(status=404, headers=answer.raw_headers)
                    headers = MutableHeaders(scope=message)
                ours = self._headers_of(scope["path"])
                for name, value in ours.items():
                    headers[name] = value
                if scope["scheme"] == "https":
                    headers["strict-transport-security"] = HSTS
                if "server" in headers:
                    del headers["server"]
            await send(message)
            if unknown:
                body = b"" if scope["method"] == "HEAD" else self.nothing
                await send({"type": "http.response.body", "body": body})

        if scope["method"] in ("GET", "HEAD") and scope["path"].removeprefix("/") in self.pages:
            # Streamlit would answer 200 with its own start page here: same routing, our name and style.
            response = HTMLResponse(self.page, headers={"cache-control": "no-cache"})
            await response(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)

    def _headers_of(self, path: str) -> Mapping[str, str]:
        if path.startswith(EMBEDDED) and settings.current().audience == PUBLIC:
            return self.embed_headers
        return self.frame_headers if path.startswith(MAP_FRAME) else self.headers


# Styles stand in the drawing itself; nothing else is allowed to it.
_EMBED_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def tile_server(url: str) -> str:
    """The origin of a tile address, as a policy names it: `https://*.tile.example.org`; "" for none."""
    found = re.match(r"https?://[^/]+", url)
    return found[0].replace("{s}", "*") if found else ""


def is_page(path: str) -> bool:
    """Whether the path has a page's form: one plain segment that nothing else has reserved."""
    if any(path == prefix or path.startswith(f"{prefix}/") for prefix in RESERVED):
        return False
    return path == "/" or re.fullmatch(r"/[a-z][a-z0-9_-]*", path) is not None
