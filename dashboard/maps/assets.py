"""The map's own files, each under an address that names its content, so that a browser asks for it once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xstatic.pkg import leaflet

from data_access.geography.polygons import PATH as COUNTRIES

OURS = Path(__file__).resolve().parent.parent / "assets"
LEAFLET = Path(leaflet.BASE_DIR)
FILES: dict[str, tuple[Path, str]] = {
    "leaflet.js": (LEAFLET / "leaflet.js", "text/javascript"),
    "leaflet.css": (LEAFLET / "leaflet.css", "text/css"),
    "map_world.js": (OURS / "map_world.js", "text/javascript"),
    "map_cells.js": (OURS / "map_cells.js", "text/javascript"),
    "event_map.js": (OURS / "event_map.js", "text/javascript"),
    "event_map.css": (OURS / "event_map.css", "text/css"),
    "countries.json": (COUNTRIES, "application/json"),
}
PREFIX = "/assets/map"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    gzipped: bytes
    media_type: str
    fingerprint: str


@lru_cache(maxsize=16)
def asset(name: str) -> Asset:
    """The file of `FILES`, read and packed once. Raises KeyError for another name."""
    path, media_type = FILES[name]
    content = path.read_bytes()
    if name == "leaflet.js":
        # The map that this comment points at is not served: the browser would log a 404.
        content = content.replace(b"//# sourceMappingURL=leaflet.js.map", b"")
    fingerprint = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0), media_type, fingerprint)


def address(name: str) -> str:
    """`/assets/map/3f2a…/leaflet.js`."""
    return f"{PREFIX}/{asset(name).fingerprint}/{name}"
