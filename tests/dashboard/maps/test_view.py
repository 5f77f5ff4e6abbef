"""The part of the world that the map opens on: all that it holds, across ±180° where that is shorter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.view import WORLD, around, opening

LONGITUDES = st.lists(st.integers(-180, 180), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("longitudes", "west", "east"),
    [
        ([10], 10, 10),
        ([10, 30], 10, 30),
        ([179.99, -179.915], 179.99 - 360, -179.915),  # Fiji: a tenth of a degree, not the whole world
        ([180, -180], -180, -180),
        ([170, -160, 175], 170 - 360, -160),
        ([-158, 174, 178, -149, 2], 174 - 360, 2),  # the Pacific and Paris
    ],
)
def test_the_view_leaves_out_the_widest_gap(longitudes: list[float], west: float, east: float) -> None:
    found = around([0.0] * len(longitudes), longitudes)
    assert (found.west % 360, found.east - found.west) == pytest.approx((west % 360, east - west))


@given(longitudes=LONGITUDES, turn=st.integers(0, 359))
def test_every_point_is_in_view_and_turning_the_globe_changes_no_width(longitudes: list[int], turn: int) -> None:
    found = around([0.0] * len(longitudes), longitudes)
    assert -180 <= (found.west + found.east) / 2 < 180
    for longitude in longitudes:
        assert any(found.west <= longitude + 360 * copy <= found.east for copy in (-1, 0, 1))
    turned = around([0.0] * len(longitudes), [longitude + turn for longitude in longitudes])
    assert turned.east - turned.west == pytest.approx(found.east - found.west)


@given(longitudes=LONGITUDES)
def test_no_view_of_whole_degrees_is_narrower(longitudes: list[int]) -> None:
    """Against trying every degree as the western edge."""
    found = around([0.0] * len(longitudes), longitudes)
    widths = [max((longitude - west) % 360 for longitude in longitudes) for west in range(360)]
    assert found.east - found.west == pytest.approx(min(widths))


def test_a_program_all_over_the_world_opens_on_the_world() -> None:
    assert opening([48.9, -34.0, 35.7], [2.4, 151.0 - 360, 139.7]) == WORLD
    assert opening([], []) == WORLD


def test_what_the_world_leaves_out_is_brought_into_view() -> None:
    found = opening([48.9, 21.3], [2.4, -157.9])
    assert found.as_corners() == [[21.3, -157.9], [48.9, 2.4]]


def test_the_countries_of_a_filter_are_in_view_though_nothing_happened_there() -> None:
    fiji = opening([], [], ["FJ"])
    assert fiji.holds(around([-17.8], [178.0]))
    assert fiji.east - fiji.west < 5
    states = opening([42.4], [-71.1], ["US"])
    assert states.holds(around([34.0, 42.4], [-118.2, -71.1]))
    assert opening([], [], ["TV"]).south == pytest.approx(-8.5, abs=0.1)  # too small for an outline
    assert opening([], [], ["ZZ"]) == WORLD
