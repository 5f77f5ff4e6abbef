"""Points near borders: never silently the neighbour's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.geography.borders import AT_A_BORDER, Outlines, outlines
from data_access.geography.place_query import PlaceQuery
from data_access.geography.places import Locator

# Where each point truly lies.
POINTS = (
    ("CA", 42.3043, -83.066),  # University of Windsor
    ("MO", 22.1483, 113.565),  # Venetian Macao expo
    ("FR", 48.5974, 7.7685),  # European Parliament Strasbourg
    ("CH", 46.233, 6.0557),  # CERN Meyrin main building
    ("CA", 43.079, -79.0805),  # Niagara Falls convention centre ON
    ("VA", 41.9022, 12.4567),  # St Peter's Square
    ("MC", 43.7445, 7.4314),  # Grimaldi Forum
    ("SM", 43.9356, 12.4473),  # San Marino city
    ("LI", 47.141, 9.5209),  # Vaduz
    ("AD", 42.5063, 1.5218),  # Andorra la Vella
    ("GI", 36.111, -5.346),  # Gibraltar university
    ("BH", 26.2285, 50.586),  # Manama
    ("MV", 4.1755, 73.5093),  # Male
    ("MT", 35.8989, 14.5146),  # Valletta
    ("GG", 49.4555, -2.5368),  # St Peter Port
    ("SX", 18.026, -63.0458),  # Philipsburg
    ("MF", 18.0675, -63.0825),  # Marigot
    ("US", 31.7709, -106.5046),  # UTEP El Paso
    ("CG", -4.2694, 15.2712),  # Brazzaville centre
    ("CD", -4.3033, 15.3105),  # Kinshasa Gombe
    ("SG", 1.436, 103.786),  # Woodlands Singapore
    ("MY", 1.4626, 103.7644),  # Johor Bahru CIQ
    ("HK", 22.5013, 114.128),  # Sheung Shui
    ("PY", -25.5097, -54.6111),  # Ciudad del Este
    ("BR", -25.5469, -54.5882),  # Foz do Iguacu
    ("DE", 52.3427, 14.5534),  # Viadrina Frankfurt Oder
    ("PL", 52.3473, 14.5583),  # Collegium Polonicum Slubice
    ("CH", 47.563, 7.5995),  # Basel Messe
    ("DE", 47.603, 7.619),  # Vitra Weil am Rhein
    ("TG", 6.177, 1.213),  # Lome university
    ("LS", -29.3167, 27.4833),  # Maseru
    ("SZ", -26.3167, 31.1333),  # Mbabane
    ("LA", 17.9667, 102.6),  # Vientiane
    ("TD", 12.1067, 15.0444),  # NDjamena
    ("US", 42.3277, -83.0437),  # Detroit Hart Plaza
    ("CA", 42.3196, -83.0336),  # Windsor waterfront casino
    ("MX", 32.5297, -117.0233),  # Tijuana CECUT
    ("GF", 5.5039, -54.0289),  # Saint-Laurent-du-Maroni
    ("GB", 55.006, -7.323),  # Derry Magee campus
    ("BN", 4.9031, 114.9398),  # Bandar Seri Begawan
    ("PS", 31.709, 35.204),  # Bethlehem university
    ("AX", 60.097, 19.9348),  # Mariehamn
    ("FO", 62.0107, -6.7741),  # Torshavn
    ("JE", 49.1868, -2.106),  # St Helier
    ("BL", 17.8962, -62.8498),  # Gustavia
    ("NR", -0.5477, 166.9209),  # Yaren
    ("TV", -8.5243, 179.1942),  # Funafuti
    ("KI", 1.3291, 172.979),  # South Tarawa
)


@pytest.mark.parametrize(("country", "latitude", "longitude"), POINTS)
def test_a_bare_point_is_in_its_country_or_said_to_be_near_it(
    locator: Locator, country: str, latitude: float, longitude: float
) -> None:
    row = locator.locate(PlaceQuery(None, None, None, latitude, longitude))
    if row.problem is None:
        assert row.located_country == country
    else:
        named = locator.locate(PlaceQuery(None, None, country, latitude, longitude))
        assert (named.located_country, named.problem) == (country, None)
        assert row.problem.startswith(AT_A_BORDER)
        assert (row.confidence or 1) < 0.5


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (52.52, 13.4, "DE"),
        (-17.8, 178.0, "FJ"),
        (-20.88, 55.45, "RE"),  # its outline is France's
        (-28.9, 26.0, "ZA"),  # around Lesotho
        (66.0, -175.0, "RU"),  # beyond 180°
        (25.04, 121.56, "TW"),
        (22.3, 5.6, "DZ"),  # in the desert
    ],
)
def test_a_point_well_inside_a_country_is_not_questioned(
    locator: Locator, latitude: float, longitude: float, country: str
) -> None:
    row = locator.locate(PlaceQuery(None, None, None, latitude, longitude))
    assert (row.located_country, row.problem) == (country, None)


def test_where_the_nearest_town_is_beyond_a_far_border_both_countries_are_named(locator: Locator) -> None:
    """In the Kalahari, 40 km inside Botswana, the nearest town of GeoNames is Namibian."""
    row = locator.locate(PlaceQuery(None, None, None, -22.2, 20.4))
    assert row.located_country == "BW"
    assert row.problem is None or "Botswana" in row.problem


# A country of 2° × 2° around a longitude, with a hole of 1° × 1°, written as countries.json writes it.
def square(middle: float) -> Outlines:
    def ring(half: float) -> list[float]:
        corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)])
        moved = corners + np.array([middle, 0])
        steps = np.diff(moved, axis=0, prepend=np.zeros((1, 2)))
        return [float(number) for number in steps.ravel()]

    return Outlines(
        {
            "scale": [1, 1],
            "translate": [0, 0],
            "arcs": [ring(1), ring(0.5)],
            "countries": [["XA", [[[0], [~1]]]]],
            "dots": [],
        }
    )


@given(middle=st.floats(-180, 180), east=st.floats(-3, 3), north=st.floats(-3, 3), turns=st.integers(-1, 1))
def test_a_square_holds_what_is_in_it_and_not_in_its_hole_on_every_longitude(
    middle: float, east: float, north: float, turns: int
) -> None:
    far = max(abs(east), abs(north))
    if min(abs(far - 1), abs(far - 0.5)) > 1e-6:
        held = square(middle).holding(north, middle + east + 360 * turns)
        assert (held == "XA") == (0.5 < far < 1)


@pytest.mark.parametrize(("east", "near"), [(1.08, True), (1.10, False), (0.92, True), (0.90, False), (0.41, False)])
@pytest.mark.parametrize("middle", [0.0, 179.5, -179.5])
def test_near_is_within_ten_kilometres_of_the_line(middle: float, east: float, *, near: bool) -> None:
    """On the equator a degree is 111.2 km, so that 10 km are 0.09°."""
    assert square(middle).near(0.0, middle + east) == ({"XA"} if near else set())


def test_the_outlines_of_the_map_are_read_once() -> None:
    assert outlines() is outlines()
    assert outlines().holding(0.0, -150.0) is None
