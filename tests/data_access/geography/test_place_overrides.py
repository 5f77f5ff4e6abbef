"""The operator's list of places: wins over every geocoder, and says exactly what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.overrides import OverridesRefused, read_overrides
from data_access.geography.place_query import PlaceQuery
from data_access.geography.places import Locator

HEADER = "city,state,country,latitude,longitude\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "places.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_an_override_wins_over_the_gazetteer(tmp_path: Path, geocoder: GazetteerGeocoder) -> None:
    overrides = read_overrides(written(tmp_path, HEADER + "Berlin,,DE,52.5,13.0\n"))
    row = Locator([overrides, geocoder]).locate(PlaceQuery("BERLIN", None, "Germany"))
    assert (row.source, row.latitude, row.longitude, row.located_country) == ("override", 52.5, 13.0, "DE")
    assert row.confidence == 1.0


def test_a_place_no_gazetteer_knows_is_found_by_override(tmp_path: Path, geocoder: GazetteerGeocoder) -> None:
    overrides = read_overrides(written(tmp_path, HEADER + 'Walker Creek Ranch,CA,U.S.A.,38.18,-122.82\n"A, B",,,1,2\n'))
    locator = Locator([overrides, geocoder])
    assert locator.locate(PlaceQuery("Walker Creek Ranch, CA", None, "US")).source == "override"
    assert locator.locate(PlaceQuery("Walker Creek Ranch", "ca", "usa")).source == "override"
    assert locator.locate(PlaceQuery("A, B", None, None)).source == "override"
    assert overrides.geocode("Walker Creek Ranch, CA, USA") is not None
    assert len(overrides) == 2


@pytest.mark.parametrize(
    ("city", "state", "country"),
    [("Springfield", "IL", "US"), ("Springfield", None, "CA"), ("Springfield", None, None), ("Spring", None, "US")],
)
def test_an_override_speaks_for_its_own_place_only(
    tmp_path: Path, city: str, state: str | None, country: str | None
) -> None:
    overrides = read_overrides(written(tmp_path, HEADER + "Springfield,,US,10,10\n"))
    assert overrides.geocode({"city": city, "state": state, "country": country}) is None
    assert overrides.geocode({"city": "springfield", "state": "", "country": "United States"}) is not None


def test_every_problem_is_named_with_line_column_value_and_remedy(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEADER
        + "Berlin,,Germny,52.5,13.4\n"
        + 'Paris,,FR,"48,85",2.35\n'
        + "Rome,,IT,95,12.5\n"
        + "Oslo,,NO,59.9,\n"
        + ",,NO,59.9,10.7\n"
        + "\n"
        + "Lima,,PE,-12,-77\n"
        + "LIMA,,Peru,-12.1,-77\n",
    )
    with pytest.raises(OverridesRefused) as refused:
        read_overrides(path)
    text = str(refused.value)
    assert len(refused.value.problems) == 6
    for part in (
        "places.csv, line 2, column country: 'Germny' is no country; did you mean Germany",
        "line 3, column latitude: '48,85' is not a number; write decimal degrees such as 52.52",
        "line 4, column latitude: '95' is not between -90 and 90",
        "line 5, column longitude: ''",
        "line 6, column city: ''",
        "line 9, column city: 'LIMA' stands here a second time",
    ):
        assert part in text


def test_a_file_without_the_columns_or_no_csv_at_all_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(OverridesRefused, match="column longitude is missing; the header must be city,state"):
        read_overrides(written(tmp_path, "city,state,country,latitude\nx,,,1\n"))
    with pytest.raises(OverridesRefused, match="save it as CSV UTF-8"):
        read_overrides(written(tmp_path, HEADER + "Köln,,DE,50,7\n", encoding="latin-1"))
    with pytest.raises(OverridesRefused, match="does not exist"):
        read_overrides(tmp_path / "absent.csv")
    with pytest.raises(OverridesRefused, match="line 1"):
        read_overrides(written(tmp_path, ""))


def test_a_byte_order_mark_and_an_empty_list_are_fine(tmp_path: Path) -> None:
    assert len(read_overrides(str(written(tmp_path, "\ufeff" + HEADER)))) == 0
