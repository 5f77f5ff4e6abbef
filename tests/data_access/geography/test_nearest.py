"""Nearest points and distances against geopy's geodesic, across the date line and at the poles."""

from __future__ import annotations

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from data_access.geography.nearest import NearestPoints, distances_km

POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(POINTS, POINTS)
def test_distances_are_within_half_a_percent_of_the_geodesic(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    """Anywhere on earth, opposite ends included; within a metre where the points are nearly the same."""
    exact = geodesic(here, there).km
    assert float(distances_km(*here, *there)) == pytest.approx(exact, rel=0.005, abs=0.001)


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(-1, 1), st.floats(-1, 1))
def test_distances_up_to_a_degree_are_within_a_thousandth_of_a_percent(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    """This is where a radius of 100 km is decided."""
    there = (latitude + north, (longitude + east + 180) % 360 - 180)
    exact = geodesic((latitude, longitude), there).km
    assert float(distances_km(latitude, longitude, *there)) == pytest.approx(exact, rel=1e-5, abs=0.001)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param((-18.14, 179.9), (-18.14, -179.9), id="across the date line"),
        pytest.param((89.9, 0.0), (89.9, 180.0), id="across the north pole"),
        pytest.param((-89.9, -90.0), (-89.9, 90.0), id="across the south pole"),
        pytest.param((65.0, 180.0), (65.0, -180.0), id="the date line written in two ways"),
    ],
)
def test_the_date_line_and_the_poles_are_no_borders(here: tuple[float, float], there: tuple[float, float]) -> None:
    """The nearest point is found on the other side, rather than a farther one on this side."""
    decoy = (here[0] - 1, here[1])
    index, km = NearestPoints([decoy[0], there[0]], [decoy[1], there[1]]).nearest([here[0]], [here[1]])
    assert index.tolist() == [1]
    assert km[0] == pytest.approx(geodesic(here, there).km, rel=1e-4, abs=0.001)


@given(st.lists(POINTS, min_size=1, max_size=30), POINTS)
def test_the_nearest_point_is_the_nearest_by_geodesic(
    points: list[tuple[float, float]], here: tuple[float, float]
) -> None:
    """No other point is nearer by more than the half percent."""
    latitudes, longitudes = zip(*points, strict=True)
    _, km = NearestPoints(latitudes, longitudes).nearest([here[0]], [here[1]])
    assert km[0] <= min(geodesic(here, point).km for point in points) * 1.01 + 0.001


def test_without_points_nothing_is_near() -> None:
    """Infinitely far, rather than an error."""
    index, km = NearestPoints([], []).nearest([1.0, 2.0], [3.0, 4.0])
    assert index.tolist() == [-1, -1]
    assert np.isinf(km).all()
