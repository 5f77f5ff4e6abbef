"""Distances on the globe, exact enough to distinguish a neighbouring town from another country."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in kilometres between two points in degrees; within 0.6 % of the ellipsoid's."""
    height = sin(radians(other_latitude - latitude) / 2) ** 2
    width = sin(radians(other_longitude - longitude) / 2) ** 2
    arc = height + cos(radians(latitude)) * cos(radians(other_latitude)) * width
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(arc)))
