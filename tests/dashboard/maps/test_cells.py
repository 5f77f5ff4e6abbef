"""Cells: whatever the zoom, the tiles together hold what was put in, no more and no less."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.maps.cells import CELLS, EDGE, MOST_ZOOM, Points, cell_box, is_tile, thinned, tile
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Scope, Selection
from tests.real_data import real_data

latitudes = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, EDGE, -EDGE, 0.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -179.9999999]))
places = st.lists(st.tuples(latitudes, longitudes, st.integers(1, 10_000)), max_size=40)


def points(rows: list[tuple[float, float, int]]) -> Points:
    return Points.of(pd.DataFrame(rows, columns=["latitude", "longitude", "events"]), "events")


def tiles_to_ask(found: Points, zoom: int) -> set[tuple[int, int]]:
    """All tiles, or (far too many, close up) those around each place: a place counted twice would be in one of them."""
    side = 2**zoom
    if zoom <= 3:
        return {(x, y) for x in range(side) for y in range(side)}
    near = set()
    for u, v in zip(found.u, found.v, strict=True):
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                x, y = min(int(u * side), side - 1) + dx, min(int(v * side), side - 1) + dy
                if is_tile(zoom, x, y):
                    near.add((x, y))
    return near


@settings(deadline=None, max_examples=60)
@given(places, st.integers(0, MOST_ZOOM))
def test_tiles_add_up_to_the_total_at_every_zoom(rows: list[tuple[float, float, int]], zoom: int) -> None:
    found = points(rows)
    counted = sum(sum(tile(found, zoom, x, y)["n"]) for x, y in tiles_to_ask(found, zoom))
    assert counted == sum(n for _, _, n in rows) == found.total


@settings(deadline=None, max_examples=60)
@given(latitudes, longitudes, st.integers(0, MOST_ZOOM))
def test_the_box_of_a_cell_holds_what_the_cell_counts(latitude: float, longitude: float, zoom: int) -> None:
    found = points([(latitude, longitude, 3)])
    for x, y in tiles_to_ask(found, zoom):
        for cell in tile(found, zoom, x, y)["cell"]:
            box = cell_box(zoom, x * CELLS + cell % CELLS, y * CELLS + cell // CELLS)
            assert box.south - 1e-9 <= latitude <= box.north + 1e-9
            assert box.west - 1e-9 <= longitude <= box.east + 1e-9


def test_a_cell_stands_where_its_events_are() -> None:
    found = tile(points([(52.5, 13.4, 36), (52.4, 13.1, 1)]), 0, 0, 0)
    assert found["n"] == [37]
    assert found["lat"][0] == pytest.approx(52.5, abs=0.01)
    assert found["lon"][0] == pytest.approx(13.39, abs=0.01)


def test_both_sides_of_the_date_line_stay_apart() -> None:
    found = tile(points([(-18.1, 178.4, 2), (-13.8, -171.8, 3), (0, 180, 1), (0, -180, 1)]), 0, 0, 0)
    assert sum(found["n"]) == 7
    assert {cell % CELLS for cell in found["cell"]} == {0, CELLS - 1}


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (19, 0, 0), (2, 4, 0), (2, 0, 4), (0, -1, 0), (3, 0, -1)])
def test_what_is_no_tile_is_refused(z: int, x: int, y: int) -> None:
    assert not is_tile(z, x, y)
    with pytest.raises(ValueError, match="no cell"):
        cell_box(z, x * CELLS, y * CELLS)


def test_no_places_make_an_empty_tile() -> None:
    assert tile(points([]), 3, 1, 1) == {"lat": [], "lon": [], "n": [], "cell": []}
    assert thinned(points([])) == []


def test_places_near_one_another_give_one_circle() -> None:
    at = thinned(points([(52.5, 13.4, 5), (52.52, 13.41, 1), (-1.3, 36.8, 2)]))
    assert len(at) == 2
    assert all(np.hypot(*np.subtract(at, place).T).min() < 0.2 for place in ((52.5, 13.4), (-1.3, 36.8)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["conferences_all.csv", "rladies_events.csv"])
def test_real_events_add_up_at_every_zoom(name: str, tmp_path: Path) -> None:
    """Each located event is in one cell; rladies' "Online event" in the Pacific is in none."""
    database = Database(f"sqlite:///{tmp_path / 'real.db'}")
    initialise(database.program)
    run_import(database, [real_data(name)], ImportOptions(releases=False))
    with database.reading() as connection:
        table = QUESTIONS["events_by_place"].ask(connection, Selection(), Scope.everything())
    database.close()
    assert not ((table["latitude"] + 8.5211).abs().lt(0.01) & (table["longitude"] - 179.1962).abs().lt(0.01)).any()
    found = Points.of(table, "events")
    assert found.total == int(table["events"].sum()) > 100
    for zoom in range(MOST_ZOOM + 1):
        asked = {
            (min(int(u * 2**zoom), 2**zoom - 1), min(int(v * 2**zoom), 2**zoom - 1))
            for u, v in zip(found.u, found.v, strict=True)
        }
        assert sum(sum(tile(found, zoom, x, y)["n"]) for x, y in asked) == found.total
