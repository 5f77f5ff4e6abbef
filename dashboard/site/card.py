"""The picture that is shown where somebody shares the link (Open Graph): the world, the title, three numbers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from dashboard.maps.shades import EVENT_BREAKS
from dashboard.parts.theme import PALETTES
from data_access.geography.polygons import PATH as OUTLINES

SIZE = (1200, 630)
_LAND, _SHADES = "#dfe4eb", ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
_MAP_TOP, _MAP_HEIGHT, _SOUTH, _NORTH = 150, 400, -58.0, 84.0
_LONGEST = 44
Point = tuple[float, float]


def card(title: str, numbers: Sequence[tuple[str, str]], events: Mapping[str, int]) -> bytes:
    """A PNG of 1200 × 630. The font has Latin letters only: a title in another script is left to the page."""
    palette = PALETTES["light"]
    picture = Image.new("RGB", SIZE, palette.background)
    draw = ImageDraw.Draw(picture)
    for code, rings in _world():
        count = events.get(code, 0)
        colour = _SHADES[sum(count >= edge for edge in EVENT_BREAKS)] if count else _LAND
        for ring in rings:
            draw.polygon(ring, fill=colour, outline=palette.background)
    draw.rectangle((0, 0, SIZE[0], 12), fill=palette.accent)
    shown = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1].rstrip()}…"
    if all(ord(character) < 0x250 or character == "…" for character in shown):
        draw.text((60, 46), shown, font=_font(54), fill=palette.text)
    for index, (number, label) in enumerate(numbers[:3]):
        left = 60 + index * 370
        size = next(size for size in range(46, 9, -2) if draw.textlength(number, font=_font(size)) < 350 or size == 10)
        draw.text((left, 566), number, font=_font(size), fill=palette.accent, anchor="ls")
        draw.text((left, 574), label, font=_font(26), fill=palette.muted)
    out = io.BytesIO()
    # Few colours, one palette: a quarter of the bytes.
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int) -> Any:
    return ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _world() -> list[tuple[str, list[list[Point]]]]:
    """Every country's outer rings in pixels of the picture (plate carrée, without Antarctica's south)."""
    data = json.loads(OUTLINES.read_text(encoding="utf-8"))
    arcs = [list(_points(flat, data["scale"], data["translate"])) for flat in data["arcs"]]
    found = []
    for code, polygons in data["countries"]:
        rings = []
        for numbered in polygons:
            ring: list[Point] = []
            for number in numbered[0]:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                ring += arc
            rings.append([_pixel(point) for point in ring])
        found.append((code or "", [ring for ring in rings if len(ring) > 2]))
    return found


def _points(flat: Sequence[int], scale: Sequence[float], translate: Sequence[float]) -> Iterator[Point]:
    x = y = 0
    for index in range(0, len(flat), 2):
        x, y = x + flat[index], y + flat[index + 1]
        yield x * scale[0] + translate[0], y * scale[1] + translate[1]


def _pixel(point: Point) -> Point:
    longitude, latitude = point
    height = (_NORTH - max(min(latitude, _NORTH), _SOUTH)) / (_NORTH - _SOUTH)
    return (longitude + 180) / 360 * 1080 + 60, _MAP_TOP + height * _MAP_HEIGHT - 20
