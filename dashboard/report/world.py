"""The world as SVG without a word in it: countries in the classes of a map picture, in the Equal Earth projection."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import htpy as h

from dashboard.report.shapes import MapPicture
from data_access.geography.polygons import PATH as OUTLINES

WIDTH, HEIGHT = 1000, 430
_SOUTH = -57.0
Point = tuple[float, float]
# Šavrič, Patterson and Jenny (2018).
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2


def drawing(picture: MapPicture, attributes: Mapping[str, str], *, plain: bool = False) -> h.Element:
    """The map as an element. With `plain` each country has its light colour, else its class `k0`, `k1`, …"""

    def look(shade: int) -> dict[str, str]:
        return {"fill": picture.legend[shade].light} if plain else {"class": f"k{shade}"}

    shapes = []
    for code, path in _countries():
        shade = picture.shades.get(code, 0)
        shapes.append(h.path(d=path, **look(shade if shade < len(picture.legend) else 0)))
    dots = [
        h.circle(cx=f"{x:.1f}", cy=f"{y:.1f}", r="2.6", **look(picture.shades[code]))
        for code, (x, y) in _dots().items()
        if picture.shades.get(code)
    ]
    border = {"stroke": "#9aa5b3", "stroke-width": "0.2"} if plain else {"class": "land"}
    border = border if picture.borders else {"stroke": "none"}
    return h.svg({"viewBox": f"0 0 {WIDTH} {HEIGHT}", **attributes})[h.g(border)[shapes, dots]]


@lru_cache(maxsize=1)
def _countries() -> list[tuple[str, str]]:
    """(code, path) of each country without the south of Antarctica; "" for land of no country."""
    data = json.loads(OUTLINES.read_text(encoding="utf-8"))
    arcs = [list(_points(flat, data["scale"], data["translate"])) for flat in data["arcs"]]
    found = []
    for code, polygons in data["countries"]:
        rings = [_ring(arcs, numbered) for polygon in polygons for numbered in polygon]
        path = "".join(_path(ring) for ring in rings if len(ring) > 2 and min(y for _, y in ring) > _SOUTH)
        if path:
            found.append((code or "", path))
    return found


@lru_cache(maxsize=1)
def _dots() -> dict[str, Point]:
    """Countries too small for an outline, as points of the picture."""
    data = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return {code: _place((longitude, latitude)) for code, latitude, longitude in data["dots"]}


def _points(flat: Sequence[int], scale: Sequence[float], translate: Sequence[float]) -> Iterator[Point]:
    x = y = 0
    for at in range(0, len(flat), 2):
        x, y = x + flat[at], y + flat[at + 1]
        yield x * scale[0] + translate[0], y * scale[1] + translate[1]


def _ring(arcs: Sequence[list[Point]], numbered: Sequence[int]) -> list[Point]:
    ring: list[Point] = []
    for number in numbered:
        ring += arcs[number] if number >= 0 else arcs[~number][::-1]
    return ring


def _path(ring: Sequence[Point]) -> str:
    places = [_place(point) for point in ring]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z"


def _place(point: Point) -> Point:
    """A point in the picture."""
    x, y = _projected(*point)
    widest, highest = _projected(180, 0)[0], _projected(0, 84)[1]
    unit = WIDTH / (2 * widest)
    return WIDTH / 2 + x * unit, (highest - y) * unit


def _projected(longitude: float, latitude: float) -> Point:
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square, sixth = theta**2, theta**6
    slope = 9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
