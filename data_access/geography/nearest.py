"""The nearest of many points: a k-d tree in space, distances on the WGS84 ellipsoid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first used

from data_access.geography.distances import EARTH_RADIUS_KM

Numbers = npt.NDArray[np.float64]

_EQUATOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
# Lambert's correction loses its footing near the other end of the world, where the sphere is close enough.
_FAR_RADIANS = 2.6


class NearestPoints:
    """Finds the nearest of a set of points (degrees); the date line and the poles are no borders."""

    def __init__(self, latitudes: npt.ArrayLike, longitudes: npt.ArrayLike) -> None:
        self.latitudes = np.asarray(latitudes, dtype=np.float64)
        self.longitudes = np.asarray(longitudes, dtype=np.float64)
        self._tree = scipy.spatial.cKDTree(_in_space(self.latitudes, self.longitudes)) if self.latitudes.size else None

    def nearest(self, latitudes: npt.ArrayLike, longitudes: npt.ArrayLike) -> tuple[npt.NDArray[np.intp], Numbers]:
        """For each point given, the index of the nearest point and its distance in km; (-1, inf) if there is none.

        The order is that of straight lines through the earth, which is the order of distances for all that is near.
        """
        along, across = np.asarray(latitudes, dtype=np.float64), np.asarray(longitudes, dtype=np.float64)
        if self._tree is None:
            return np.full(along.shape, -1, dtype=np.intp), np.full(along.shape, np.inf)
        _, found = self._tree.query(_in_space(along, across))
        index = np.asarray(found, dtype=np.intp)
        return index, distances_km(along, across, self.latitudes[index], self.longitudes[index])


def distances_km(
    latitudes: npt.ArrayLike,
    longitudes: npt.ArrayLike,
    other_latitudes: npt.ArrayLike,
    other_longitudes: npt.ArrayLike,
) -> Numbers:
    """Distances in km between points in degrees, all at once.

    Great circle over reduced latitudes with Lambert's correction for the flattening (Lambert 1942; within 0.001 % of
    the geodesic); beyond 16,500 km the mean sphere's great circle (within 0.6 %).
    """
    rise = np.arctan((1 - _FLATTENING) * np.tan(np.radians(np.asarray(latitudes, dtype=np.float64))))
    other_rise = np.arctan((1 - _FLATTENING) * np.tan(np.radians(np.asarray(other_latitudes, dtype=np.float64))))
    turn = np.radians(np.asarray(other_longitudes, dtype=np.float64) - np.asarray(longitudes, dtype=np.float64))
    height = np.sin((other_rise - rise) / 2) ** 2
    half_squared = np.clip(height + np.cos(rise) * np.cos(other_rise) * np.sin(turn / 2) ** 2, 0.0, 1.0)
    angle = 2 * np.arcsin(np.sqrt(half_squared))
    near = (angle > 0) & (angle < _FAR_RADIANS)
    safe = np.where(near, half_squared, 0.5)
    middle, difference = (rise + other_rise) / 2, (other_rise - rise) / 2
    x = (angle - np.sin(angle)) * (np.sin(middle) * np.cos(difference)) ** 2 / (1 - safe)
    y = (angle + np.sin(angle)) * (np.cos(middle) * np.sin(difference)) ** 2 / safe
    corrected = _EQUATOR_KM * (angle - _FLATTENING / 2 * (x + y))
    found: Numbers = np.where(near, corrected, EARTH_RADIUS_KM * angle)
    return found


def _in_space(latitudes: Numbers, longitudes: Numbers) -> Numbers:
    """Points on the ellipsoid's surface, in km from the earth's centre."""
    up, across = np.radians(latitudes), np.radians(longitudes)
    squeeze = (1 - _FLATTENING) ** 2
    radius = _EQUATOR_KM / np.sqrt(np.cos(up) ** 2 + squeeze * np.sin(up) ** 2)
    return np.stack(
        [
            radius * np.cos(up) * np.cos(across),
            radius * np.cos(up) * np.sin(across),
            squeeze * radius * np.sin(up),
        ],
        axis=-1,
    )
