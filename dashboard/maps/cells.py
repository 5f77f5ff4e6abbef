"""Places on the web's square world map, summed up in cells of 64 pixels, tile by tile. Pure numpy.

A tile of 512 pixels is eight by eight cells, so a cell never straddles two tiles: whatever the zoom, the cells of all
tiles add up to what was put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CELLS = 8  # along each side of a tile
MOST_ZOOM = 18
EDGE = 85.0511287798066  # the latitude at which the square world ends

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """Where there is something, and how much: `u` and `v` from 0 (west, north) to 1 (east, south)."""

    u: Floats
    v: Floats
    n: NDArray[np.int64]

    @classmethod
    def of(cls, table: pd.DataFrame, counted: str) -> Points:
        """From a table with latitude, longitude (degrees) and the column `counted`."""
        latitude = table["latitude"].to_numpy(dtype=np.float64)
        longitude = table["longitude"].to_numpy(dtype=np.float64)
        u, v = project(latitude, longitude)
        return cls(u, v, table[counted].to_numpy(dtype=np.int64))

    @property
    def total(self) -> int:
        return int(self.n.sum())


def project(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Spherical Mercator; what lies beyond the edge towards a pole is drawn on the edge."""
    phi = np.radians(np.clip(latitude, -EDGE, EDGE))
    u = np.clip((longitude + 180) / 360, 0, 1)
    v = np.clip(0.5 - np.arctanh(np.sin(phi)) / (2 * np.pi), 0, 1)
    return u, v


def unproject(u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude in degrees."""
    return np.degrees(np.arcsin(np.tanh((0.5 - v) * 2 * np.pi))), u * 360 - 180


def is_tile(z: int, x: int, y: int) -> bool:
    """Whether there is such a tile: 2^z by 2^z of them."""
    return 0 <= z <= MOST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z


def tile(points: Points, z: int, x: int, y: int) -> dict[str, list[Any]]:
    """The cells of a tile that hold something: lat, lon (the middle of what is there), n, cell (0 to 63, by rows)."""
    side = CELLS * 2**z
    # The last column and row also take what lies exactly on the world's edge.
    column = np.minimum((points.u * side).astype(np.int64), side - 1) - x * CELLS
    row = np.minimum((points.v * side).astype(np.int64), side - 1) - y * CELLS
    inside = (column >= 0) & (column < CELLS) & (row >= 0) & (row < CELLS)
    n = points.n[inside]
    index = row[inside] * CELLS + column[inside]
    sums = np.bincount(index, weights=n, minlength=CELLS * CELLS)
    filled = np.flatnonzero(sums)
    u = np.bincount(index, weights=points.u[inside] * n, minlength=CELLS * CELLS)[filled] / sums[filled]
    v = np.bincount(index, weights=points.v[inside] * n, minlength=CELLS * CELLS)[filled] / sums[filled]
    latitude, longitude = unproject(u, v)
    return {
        "lat": latitude.round(5).tolist(),
        "lon": longitude.round(5).tolist(),
        "n": sums[filled].astype(np.int64).tolist(),
        "cell": filled.tolist(),
    }


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world in degrees; `east` and `north` belong to it only on the world's own edge."""

    south: float
    west: float
    north: float
    east: float


def cell_box(z: int, column: int, row: int) -> Box:
    """What a cell covers, columns and rows counted over the whole world. Raises ValueError for what is no cell."""
    side = CELLS * 2**z if 0 <= z <= MOST_ZOOM else 0
    if not (0 <= column < side and 0 <= row < side):
        raise ValueError(f"There is no cell {column}, {row} at zoom {z}.")
    edges_u, edges_v = np.array([column, column + 1]) / side, np.array([row, row + 1]) / side
    (north, south), (west, east) = unproject(edges_u, edges_v)
    return Box(
        south=-90.0 if row == side - 1 else float(south),
        west=float(west),
        north=90.0 if row == 0 else float(north),
        east=float(east),
    )


def thinned(points: Points, steps: int = 1440) -> list[list[float]]:
    """[latitude, longitude] of the points, one for each square of a quarter degree: enough to draw 100 km circles."""
    squares = np.unique(np.stack([np.floor(points.u * steps), np.floor(points.v * steps)]), axis=1)
    latitude, longitude = unproject((squares[0] + 0.5) / steps, (squares[1] + 0.5) / steps)
    return [[float(a), float(b)] for a, b in zip(latitude.round(2), longitude.round(2), strict=True)]
