"""Reach and uncovered cities against single events whose surroundings are known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from geopy.distance import geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.database.engine import Database
from data_access.geography.urban import urban_places
from data_access.questions.event_map.reach import last_twelve_months
from data_access.selection import Period, Selection, SelectionError
from tests.data_access.questions.asking import ask, import_events
from tests.tables import value, values

AS_OF = date(2024, 12, 31)
YEAR = Selection(Period.parse("2024"), AS_OF)
BERLIN = {"city": "Berlin", "country": "DE"}


def reach(database: Database, selection: Selection = YEAR, **options: Any) -> pd.DataFrame:
    found = ask(database, "urban_reach", selection, **options)
    return found.assign(key=found["country"].where(found["level"] == "country", found["name"])).set_index("key")


def test_one_event_in_berlin_reaches_the_towns_within_100_km(database: Database, tmp_path: Path) -> None:
    """The German towns by geopy's geodesic, added up; Poland's border towns are reached too, Munich is not."""
    import_events(database, tmp_path, BERLIN)
    found = reach(database)
    towns = urban_places()
    inside = {
        code: [
            int(people)
            for latitude, longitude, people in zip(own.latitudes, own.longitudes, own.populations, strict=True)
            if geodesic((52.52437, 13.41053), (latitude, longitude)).km <= 100
        ]
        for code in ("DE", "PL", "FR")
        for own in [towns.where(towns.countries == code)]
    }
    assert found.loc["DE", "places_reached"] == len(inside["DE"]) > 20
    assert found.loc["DE", "reached"] == sum(inside["DE"])
    assert found.loc["PL", "places_reached"] == len(inside["PL"]) > 0
    assert found.loc["FR", "reached"] == len(inside["FR"]) == 0
    assert value(found, "DE", "share") == pytest.approx(sum(inside["DE"]) / value(found, "DE", "urban_population"))


def test_countries_add_up_to_regions_and_regions_to_the_world(database: Database, tmp_path: Path) -> None:
    """Inhabitants, reached, and places."""
    import_events(database, tmp_path, BERLIN, {"city": "Nairobi", "country": "KE"})
    found = ask(database, "urban_reach", YEAR)
    numbers = ["urban_population", "reached", "places", "places_reached"]
    totals = found.groupby("level")[numbers].sum()
    world, region, country = (values(totals, level, *numbers) for level in ("world", "region", "country"))
    assert world == region == country
    assert found["country"].iloc[0] == ""
    assert found["share"].dropna().between(0, 1).all()


def test_where_districts_are_listed_next_to_their_city_nobody_counts_twice(database: Database) -> None:
    """No country has more urban inhabitants than inhabitants; Hong Kong's towns overlap more than three times."""
    towns = urban_places()
    listed = int(towns.populations[towns.countries == "HK"].sum())
    assert value(reach(database), "HK", "urban_population") < listed / 3


def test_only_held_events_of_the_last_twelve_months_reach_anybody(database: Database, tmp_path: Path) -> None:
    """Not older, planned, cancelled, online or unlocated ones."""
    import_events(
        database,
        tmp_path,
        BERLIN | {"starts_on": "2023-12-31"},
        BERLIN | {"starts_on": "2025-01-01"},
        BERLIN | {"status": "cancelled"},
        BERLIN | {"status": "planned"},
        BERLIN | {"mode": "online"},
        {"city": "Nowhereville-on-Sea", "country": "DE"},
    )
    assert reach(database)["reached"].max() == 0
    assert reach(database, Selection(YEAR.period, date(2024, 12, 30)))["reached"].max() > 0, "a year from 31 December"


def test_the_twelve_months_end_with_the_period_or_the_day(database: Database) -> None:
    """A quarter looks back over a year; a leap day looks back to the 28th."""
    quarter = Period.parse("2024-Q2")
    assert last_twelve_months(Selection(quarter, AS_OF)) == Period(date(2023, 7, 1), date(2024, 7, 1))
    assert last_twelve_months(Selection(quarter, date(2024, 5, 5))) == Period(date(2023, 5, 6), date(2024, 5, 6))
    leap = last_twelve_months(Selection(quarter, date(2024, 2, 28)))
    assert leap == Period(date(2023, 2, 28), date(2024, 2, 29))


def test_a_filter_by_country_chooses_the_towns_and_not_the_events(database: Database, tmp_path: Path) -> None:
    """Strasbourg's event reaches Germans."""
    import_events(database, tmp_path, {"city": "Strasbourg", "country": "FR"})
    found = reach(database, Selection(YEAR.period, AS_OF, country=("DE",)))
    assert found["name"].tolist() == ["All countries asked for", "Western Europe", "Germany"]
    assert value(found, "DE", "reached") > 0


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(radii=st.tuples(st.floats(1, 3_000), st.floats(1, 3_000)))
def test_a_narrower_radius_never_reaches_more(database: Database, tmp_path: Path, radii: tuple[float, float]) -> None:
    """In no country, and it never leaves fewer cities uncovered."""
    import_events(database, tmp_path, BERLIN, {"city": "Suva", "country": "FJ"})
    narrow, wide = sorted(radii)
    fewer, more = reach(database, radius_km=narrow), reach(database, radius_km=wide)
    assert (fewer["reached"] <= more.loc[fewer.index, "reached"]).all()
    counts = [len(ask(database, "uncovered_cities", YEAR, radius_km=km, limit=100_000)) for km in (narrow, wide)]
    assert counts[0] >= counts[1]


def test_the_largest_uncovered_cities_are_listed_with_their_distance(database: Database, tmp_path: Path) -> None:
    """After an event in Lagos, Nigeria's largest town without one is Kano, 830 km away by geopy."""
    import_events(database, tmp_path, {"city": "Lagos", "country": "NG"})
    nigeria = Selection(YEAR.period, AS_OF, country=("NG",))
    found = ask(database, "uncovered_cities", nigeria, limit=5)
    assert found["country"].tolist() == ["NG"] * 5
    assert found["population"].is_monotonic_decreasing
    first = found.iloc[0]
    assert first["city"] == "Kano"
    exact = geodesic((6.45407, 3.39467), (first["latitude"], first["longitude"])).km
    assert first["distance_km"] == pytest.approx(exact, rel=1e-4)
    assert (found["distance_km"] > 100).all()
    assert "Lagos" not in ask(database, "uncovered_cities", nigeria, limit=1_000)["city"].tolist()


def test_without_any_event_all_is_uncovered_and_no_distance_is_known(database: Database) -> None:
    """The largest cities of the world, distance missing."""
    found = ask(database, "uncovered_cities", YEAR)
    assert len(found) == 50
    assert found["distance_km"].isna().all()


def test_an_event_beyond_the_date_line_is_near(database: Database, tmp_path: Path) -> None:
    """Labasa in Fiji lies at 179.4° E; an event at 179.9° W, 75 km farther east, reaches it."""
    import_events(database, tmp_path, {"latitude": "-16.5", "longitude": "-179.9"})
    assert reach(database).loc["FJ", "places_reached"] == 1


@pytest.mark.parametrize("radius", [0, -5, 1e9, float("nan")])
def test_an_absurd_radius_is_refused(database: Database, radius: float) -> None:
    """With the range that can be chosen."""
    with pytest.raises(SelectionError, match="kilometres"):
        reach(database, radius_km=radius)
