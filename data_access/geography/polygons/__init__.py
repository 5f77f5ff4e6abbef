"""Outlines of the world's countries, simplified from Natural Earth 1:50m; made by `polygons_build.py`.

Natural Earth is in the public domain (naturalearthdata.com: "All versions of Natural Earth raster + vector map data
found on this website are in the public domain"). Borders are disputed in places; the map page says so.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

PATH = Path(__file__).with_name("countries.json")


@lru_cache(maxsize=1)
def drawn_codes() -> frozenset[str]:
    """The countries (ISO alpha-2) that have a polygon or a dot on the map."""
    found = json.loads(PATH.read_text(encoding="utf-8"))
    return frozenset({code for code, _ in found["countries"] if code} | {code for code, *_ in found["dots"]})
