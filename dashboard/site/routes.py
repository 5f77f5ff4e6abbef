"""What a public process answers over HTTP besides its page: the map's shades, the publication's files, its health."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.maps.routes import as_json, asset_route
from dashboard.maps.shades import Shades, event_shades
from dashboard.maps.tokens import PUBLISHED
from dashboard.site import downloads, embed, published, world
from dashboard.site.published import Published
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access.publishing.reader import DATABASE_FILE, PublicationError

HELD, _, REACHED = PUBLISHED
# An address names a layer, a span and the place of a region in the list: all of it is in the publication.
_ADDRESS = re.compile(r"(held|held_rate|reached)\.(year|all|\d{4})\.(\d{1,3}|all)")
FILES = frozenset(
    {
        *map(downloads.csv_name, downloads.CSV_TABLES),
        *(downloads.JSON_FILE, downloads.DATASET_FILE, DATABASE_FILE, "manifest.json"),
    }
)


def address(layer: str, span: str, region: str, now: Published) -> str:
    """What the map's addresses of a choice begin with."""
    return f"{layer}.{span}.{now.regions.index(region) if region in now.regions else published.EVERYWHERE}"


def public_routes() -> list[BaseRoute]:
    """The routes, for the table of the server."""
    return [
        Route("/healthz", lambda request: JSONResponse({"status": "alive"})),
        Route("/readyz", _ready),
        asset_route(),
        Route("/map/{choice}/shades", lambda request: _answer(request, _shades)),
        Route("/map/{choice}/words", lambda request: _answer(request, _words)),
        Route("/map/{rest:path}", lambda request: Response(status_code=404)),
        Route("/published/{name:path}", _file),
        Route("/embed/{name}", _embedded),
    ]


def _ready(request: Request) -> Response:
    try:
        about = published.current().publication.about
    except PublicationError:
        return JSONResponse({"status": "not ready", "reason": "There is no publication to show."}, status_code=503)
    return JSONResponse({"status": "ready", **{name: about[name] for name in ("published_at", "data_as_of")}})


def _file(request: Request) -> Response:
    """A file of the publication by its name in the list; no path from outside ever reaches the disk."""
    name, folder = request.path_params["name"], published.folder()
    if name not in FILES or not (folder / name).is_file():
        return Response("Not found.", 404)
    return FileResponse(folder / name, headers={"cache-control": "no-cache"})


def _embedded(request: Request) -> Response:
    """A picture for other pages, made of the newest publication; `security.py` lets them frame it."""
    try:
        now = published.current()
    except PublicationError:
        return Response(status_code=503, headers={"retry-after": "5"})
    found = now.once("embedded", lambda: embed.files(now.site)).get(f"embed/{request.path_params['name']}")
    if found is None:
        return Response("Not found.", 404)
    kind = "image/svg+xml" if request.path_params["name"].endswith(".svg") else "text/html; charset=utf-8"
    return Response(found, headers={"cache-control": "no-cache"}, media_type=kind)


def _answer(request: Request, make: Any) -> Response:
    asked = _ADDRESS.fullmatch(request.path_params["choice"])
    try:
        now = published.current()
    except PublicationError:
        return Response(status_code=503, headers={"retry-after": "5"})
    if asked is None or asked[2] not in now.spans or (asked[3].isdigit() and int(asked[3]) >= len(now.regions)):
        return Response(status_code=404)
    region = now.regions[int(asked[3])] if asked[3].isdigit() else ""
    return as_json(request, lambda: make(now, asked[1], asked[2], region), str(now.publication.identity))


def _shades(now: Published, layer: str, span: str, region: str) -> dict[str, Any]:
    if layer == REACHED:
        shades = world.reach(now.tables)
    else:
        held = world.by_country(now.tables["events_by_country"], now.spans[span])
        shades = event_shades(held) if layer == HELD else world.rates(held, now.tables["countries"])
    return (_within(shades, region, now) if region else shades).as_data()


def _within(shades: Shades, region: str, now: Published) -> Shades:
    """The countries of one region alone."""
    countries: pd.DataFrame = now.tables["countries"]
    kept = set(countries.loc[countries["region"] == region, "country"])
    found = Shades(shades.title, shades.classes)
    for code, shade, text in zip(shades.code, shades.shade, shades.text, strict=True):
        if code in kept:
            found.add(code, shade, text)
    return found


def _words(now: Published, layer: str, span: str, region: str) -> dict[str, Any]:
    label = now.spans[world.YEAR if layer == REACHED else span].label
    return {
        "period": f"{label}, {region}" if region else label,
        "source": say("{program} · outlines: Natural Earth", program=visible(now.publication.title)),
        "as_of": say("as of {day}", day=now.publication.day("as_of")),
    }
