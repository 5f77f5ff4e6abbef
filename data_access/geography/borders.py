"""Which countries a bare point may lie in, as far as simplified outlines and the nearest towns can tell."""

from __future__ import annotations

import json
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from data_access.geography.gazetteer import Gazetteer, Place
from data_access.geography.polygons import PATH

# The outlines are simplified: nearer to a border than this, they cannot say on which side of it a point lies.
NEAR_KM = 10
AT_A_BORDER = "near the border of "  # how the problem of such a place begins
_FAR_KM = 300
_KM_A_DEGREE = 111.2

Numbers = npt.NDArray[np.float64]


# Natural Earth draws these with a country that lies elsewhere.
_DRAWN_WITH = {**dict.fromkeys(("GF", "GP", "MQ", "RE", "YT"), "FR"), "BQ": "NL", "SJ": "NO", "CC": "AU", "CX": "AU"}


class Outlines:
    """The countries' outlines as line segments (degrees), each ring in one piece: it may run on across ±180°."""

    def __init__(self, data: dict[str, Any]) -> None:
        scale, translate = np.asarray(data["scale"]), np.asarray(data["translate"])
        arcs = [np.cumsum(np.reshape(flat, (-1, 2)), axis=0) * scale + translate for flat in data["arcs"]]
        parts: list[Numbers] = []
        self._largest: dict[str, tuple[float, Numbers]] = {}
        self.codes = [code for code, _ in data["countries"]]
        for owner, (code, polygons) in enumerate(data["countries"]):
            for ring in (_joined(numbers, arcs) for rings in polygons for numbers in rings):
                middle = (ring[:, 0].min() + ring[:, 0].max()) / 2
                size = float(np.ptp(ring[:, 0]) * np.ptp(ring[:, 1]))
                self._largest[code] = max(self._largest.get(code, (0.0, ring)), (size, ring), key=itemgetter(0))
                about = np.broadcast_to([owner, middle], (len(ring) - 1, 2))
                parts.append(np.hstack([ring[:-1], ring[1:], about]))
        for code, latitude, longitude in data["dots"]:
            self._largest[code] = (0.0, np.array([[longitude, latitude]]))
        self._segments = np.vstack(parts)
        south, north = self._segments[:, 1], self._segments[:, 3]
        self._lowest, self._highest = np.minimum(south, north), np.maximum(south, north)

    def largest(self, code: str) -> Numbers | None:
        """[longitude, latitude] along the outline of a country's largest part; one point for the smallest."""
        found = self._largest.get(code)
        return found[1] if found else None

    def near(self, latitude: float, longitude: float, km: float = NEAR_KM) -> set[str]:
        """The countries with an outline within so many km of the point."""
        margin = km / _KM_A_DEGREE
        rows = (self._lowest <= latitude + margin) & (self._highest >= latitude - margin)
        x1, y1, x2, y2, owner, _ = self._segments[rows].T
        # The segment seen from the point, in km on a plane.
        across = max(0.01, np.cos(np.radians(latitude))) * _KM_A_DEGREE
        ax, ay = ((x1 - longitude + 180) % 360 - 180) * across, (y1 - latitude) * _KM_A_DEGREE
        dx, dy = (x2 - x1) * across, (y2 - y1) * _KM_A_DEGREE
        along = np.clip(-(ax * dx + ay * dy) / np.maximum(dx * dx + dy * dy, 1e-12), 0, 1)
        return self._named(owner[np.hypot(ax + along * dx, ay + along * dy) <= km])

    def holding(self, latitude: float, longitude: float) -> str | None:
        """The country whose outline holds the point; None for the sea, and for islands too small to be drawn."""
        rows = (self._lowest <= latitude) & (self._highest > latitude)
        x1, y1, x2, y2, owner, middle = self._segments[rows].T
        here = longitude + 360 * np.round((middle - longitude) / 360)
        east = x1 + (x2 - x1) * (latitude - y1) / (y2 - y1) > here
        owners, crossings = np.unique(owner[east], return_counts=True)
        return min(self._named(owners[crossings % 2 == 1]), default=None)

    def _named(self, owners: Numbers) -> set[str]:
        return {self.codes[int(owner)] for owner in np.unique(owners)} - {""}


def _joined(numbers: list[int], arcs: list[Numbers]) -> Numbers:
    """The ring that the numbered arcs make; ~number is an arc that is walked backwards."""
    pieces: list[Numbers] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        turn = 360 * np.round((pieces[-1][-1, 0] - arc[0, 0]) / 360) if pieces else 0.0
        pieces.append(np.column_stack([arc[:, 0] + turn, arc[:, 1]]))
    return np.vstack(pieces)


@lru_cache(maxsize=1)
def outlines() -> Outlines:
    """The outlines that the map draws."""
    return Outlines(json.loads(PATH.read_text(encoding="utf-8")))


def countries_at(gazetteer: Gazetteer, latitude: float, longitude: float) -> tuple[list[str], Place | None]:
    """The countries that a bare point may lie in, likeliest first, and the nearest town of the likeliest.

    More than one where a border, or a town beyond it, is within 10 km. Where it is not, the outline decides: the
    nearest town may lie beyond a border that is far away. Towns decide between towns, because outlines are simplified.
    """
    found = gazetteer.nearest(latitude, longitude, _FAR_KM)
    town, distance = found if found else (None, 0.0)
    drawn_with = {_DRAWN_WITH.get(town.country)} if town else set()
    held = outlines().holding(latitude, longitude)
    likely = [
        town.country if town and distance <= NEAR_KM else None,
        None if held in drawn_with else held,
        town.country if town else None,
    ]
    drawn = outlines().near(latitude, longitude) - drawn_with
    others = sorted(gazetteer.countries_within(latitude, longitude, NEAR_KM) | drawn)
    codes = [code for code in dict.fromkeys([*likely, *others]) if code]
    if town is not None and codes[0] != town.country:
        own = gazetteer.nearest(latitude, longitude, _FAR_KM, codes[0])
        town = own[0] if own else None
    return codes, town
