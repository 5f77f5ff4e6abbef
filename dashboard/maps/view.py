"""What the map shows when it opens: everything it holds, on whichever side of ±180° that lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data_access.geography.borders import outlines


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world in degrees; `east` is not less than `west`, and one of them may lie beyond ±180°."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, other: View) -> bool:
        """Whether the other lies in it, on whichever turn around the globe."""
        turn = 360 * round((self.west + self.east - other.west - other.east) / 720)
        return (
            self.south <= other.south
            and other.north <= self.north
            and self.west <= other.west + turn
            and other.east + turn <= self.east
        )

    def as_corners(self) -> list[list[float]]:
        """[[south, west], [north, east]], as the browser's map has it."""
        return [[round(self.south, 3), round(self.west, 3)], [round(self.north, 3), round(self.east, 3)]]


# From Alaska's panhandle to Kamchatka, without the ice.
WORLD = View(-50, -135, 72, 160)


def opening(latitudes: npt.ArrayLike, longitudes: npt.ArrayLike, countries: Iterable[str] = ()) -> View:
    """The view that holds all the points, and the countries that were asked for; the world where that is enough."""
    outlined = [outlines().largest(code) for code in countries]
    rows = [np.column_stack([longitudes, latitudes]), *(ring for ring in outlined if ring is not None)]
    points = np.vstack([np.reshape(part, (-1, 2)) for part in rows])
    if not len(points):
        return WORLD
    found = around(points[:, 1], points[:, 0])
    return WORLD if not countries and WORLD.holds(found) else found


def around(latitudes: npt.ArrayLike, longitudes: npt.ArrayLike) -> View:
    """The narrowest view of one or more points: it leaves out the widest gap between neighbours around the globe."""
    north_south = np.asarray(latitudes, dtype=np.float64)
    turned = np.unique((np.asarray(longitudes, dtype=np.float64) + 180) % 360 - 180)
    gaps = np.diff(turned, append=turned[0] + 360)
    widest = int(gaps.argmax())
    west, east = float(turned[(widest + 1) % len(turned)]), float(turned[widest])
    east += 360 if east < west else 0
    # The middle is kept on the map's own turn, whose edges are at ±180°.
    turn = 360 if (west + east) / 2 >= 180 else 0
    return View(float(north_south.min()), west - turn, float(north_south.max()), east - turn)
