"""The locator: given coordinates, geocoders in a chain, and what the database keeps of the answer."""

from __future__ import annotations

import random
import time
from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import create_engine, insert, select

from data_access.database import schema
from data_access.geography.gazetteer import Gazetteer
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.place_query import PlaceQuery
from data_access.geography.places import Locator, PlaceRow


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PlaceQuery("Berlin", None, "DE"), PlaceQuery(" BERLIN ", "", "de")),
        (PlaceQuery("Zu\u0308rich", None, "CH"), PlaceQuery("Z\u00fcrich", None, "CH")),
        (PlaceQuery("New\u00a0 York", "NY", "US"), PlaceQuery("new york", "ny", "us")),
        (PlaceQuery("Oslo", None, "NO", 59.91, 10.75), PlaceQuery("Oslo", None, "NO", 59.910001, 10.750049)),
        (PlaceQuery("X", None, None, 0.0, -0.0), PlaceQuery("X", None, None, -0.00001, 0.0)),
    ],
)
def test_the_same_place_written_differently_has_one_key(one: PlaceQuery, other: PlaceQuery) -> None:
    assert one.key == other.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PlaceQuery("Portland", "OR", "US"), PlaceQuery("Portland", "ME", "US")),
        (PlaceQuery("Berlin", "DE", None), PlaceQuery("Berlin", None, "DE")),
        (PlaceQuery("a|b", None, None), PlaceQuery("a", "b", None)),
        (PlaceQuery("Oslo", None, "NO"), PlaceQuery("Oslo", None, "NO", 59.91, 10.75)),
        (PlaceQuery("x" * 900, None, "NO"), PlaceQuery("x" * 900 + "y", None, "NO")),
    ],
)
def test_different_places_have_different_keys(one: PlaceQuery, other: PlaceQuery) -> None:
    assert one.key != other.key
    assert max(len(one.key), len(other.key)) <= 700


def test_the_key_is_readable() -> None:
    assert PlaceQuery("Austin", "TX", "US", 30.26715, -97.74306).key == "austin|tx|us|30.2672|-97.7431"
    assert PlaceQuery(None, None, None).key == "||||"


def test_a_town_is_located_by_the_gazetteer(geocoder: GazetteerGeocoder) -> None:
    row = Locator([geocoder], today=lambda: date(2024, 5, 1)).locate(PlaceQuery("Austin, TX", None, "U.S.A."))
    assert (row.source, row.country, row.located_country, row.matched_name) == ("gazetteer", "US", "US", "Austin")
    assert row.latitude == pytest.approx(30.27, abs=0.1)
    assert row.longitude == pytest.approx(-97.74, abs=0.1)
    assert (row.ambiguous, row.problem, row.checked_on) == (False, None, date(2024, 5, 1))
    assert (row.given_latitude, row.given_longitude) == (None, None)


def test_a_miss_is_a_row_with_a_reason(locator: Locator) -> None:
    row = locator.locate(PlaceQuery("Wall", "NJ", "US"))
    assert (row.source, row.latitude, row.longitude, row.confidence) == ("none", None, None, None)
    assert row.problem is not None
    assert "New Jersey" in row.problem
    assert row.checked_on is not None


def test_an_unknown_country_is_a_miss_that_suggests_a_country(locator: Locator) -> None:
    row = locator.locate(PlaceQuery("Berlin", None, "Germny"))
    assert (row.source, row.country) == ("none", None)
    assert row.problem is not None
    assert "did you mean Germany" in row.problem


def test_what_was_read_differently_or_may_mean_two_places_is_a_problem_to_read(locator: Locator) -> None:
    misspelt = locator.locate(PlaceQuery("San Fracisco", None, "US"))
    ambiguous = locator.locate(PlaceQuery("Springfield", None, "US"))
    assert "San Francisco" in (misspelt.problem or "")
    assert ambiguous.ambiguous
    assert "several places" in (ambiguous.problem or "")


def test_given_coordinates_win_over_the_town(locator: Locator) -> None:
    row = locator.locate(PlaceQuery("Berlin", None, "DE", 52.4, 13.1))
    assert (row.source, row.latitude, row.longitude) == ("given", 52.4, 13.1)
    assert (row.located_country, row.confidence, row.problem) == ("DE", 1.0, None)


def test_coordinates_alone_are_enough(locator: Locator) -> None:
    row = locator.locate(PlaceQuery(None, None, None, 48.86, 2.35))
    assert (row.source, row.located_country, row.problem) == ("given", "FR", None)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (PlaceQuery("Nowhereville", None, "DE", 40.0, -100.0), "in another country than given"),
        (PlaceQuery(None, None, "DE", 0.0, -140.0), "in another country than given"),
    ],
)
def test_a_point_far_from_the_country_without_a_known_town_is_kept_and_reported(
    locator: Locator, query: PlaceQuery, problem: str
) -> None:
    row = locator.locate(query)
    assert (row.source, row.latitude, row.longitude) == ("given", query.latitude, query.longitude)
    assert problem in (row.problem or "")
    assert " km " in (row.problem or "")
    assert row.located_country == "DE"  # what is named in words decides
    assert row.confidence is not None
    assert row.confidence < 0.5


@pytest.mark.parametrize(
    "query",
    [
        PlaceQuery("Berlin", None, "DE", 52.0, 14.3),  # a house in the country, on the way to Poland
        PlaceQuery("Bavaria", None, "DE", 49.45, 11.08),  # Nuremberg: a region is not a point
        PlaceQuery("Windsor", "Ontario", None, 42.3043, -83.066),  # next to Detroit, but said to be in Canada
        PlaceQuery(None, None, "CA", 42.3043, -83.066),
        PlaceQuery("Basel", None, "CH", 47.58, 7.59),  # a venue whose nearest town is across the border
        PlaceQuery("Portland", None, "US", 43.66, -70.26),  # the other Portland
        PlaceQuery("San Jose", None, None, 9.93, -84.08),  # which San Jose, only the point says
    ],
)
def test_a_point_that_can_be_meant_is_not_questioned(locator: Locator, query: PlaceQuery) -> None:
    row = locator.locate(query)
    assert (row.source, row.problem) == ("given", None)
    assert query.country in (None, row.located_country)


@pytest.mark.parametrize(
    ("query", "country"),
    [
        (PlaceQuery("Berlin", None, "DE", -8.5211, 179.1962), "DE"),
        (PlaceQuery("Berlin", None, "DE", 48.14, 11.58), "DE"),  # Munich: in the country, and yet not in Berlin
        (PlaceQuery("Concord", "New Hampshire", "US", 43.2081, 71.5376), "US"),  # a sign was lost
        (PlaceQuery("Sydney", None, "AU", -33.8688, -151.2093), "AU"),  # a sign was added
        (PlaceQuery("Salem", None, "IN", 44.9429, -123.0351), "IN"),  # the point of Salem in Oregon
        (PlaceQuery("Dublin", None, "IE", 50.9, -1.4), "IE"),
    ],
)
def test_a_point_that_contradicts_its_town_gives_way_to_it_and_is_reported(
    locator: Locator, query: PlaceQuery, country: str
) -> None:
    """More than 100 km from every town of the name."""
    row = locator.locate(query)
    town = locator.locate(PlaceQuery(query.city, query.state, query.country))
    assert (row.latitude, row.longitude, row.located_country) == (town.latitude, town.longitude, country)
    assert (row.given_latitude, row.given_longitude) == (query.latitude, query.longitude)
    assert f"km away from {query.city}, and is not used" in (row.problem or "")
    assert (row.confidence or 1) < 0.5


@pytest.mark.parametrize(
    "query",
    [
        PlaceQuery("Berlin", None, "DE", 13.4, 52.52),
        PlaceQuery("Sydney", None, "AU", 151.21, -33.87),  # a latitude of 151 is none
        PlaceQuery(None, None, "DE", 13.4, 52.52),  # without a town the country decides
    ],
)
def test_swapped_coordinates_are_turned_round_and_reported(locator: Locator, query: PlaceQuery) -> None:
    row = locator.locate(query)
    assert (row.source, row.latitude, row.longitude) == ("given", query.longitude, query.latitude)
    assert (row.given_latitude, row.given_longitude) == (query.latitude, query.longitude)
    assert row.located_country == query.country
    assert "swapped" in (row.problem or "")


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        (0.0, 0.0, "0, 0"),
        (52.5, None, "only one"),
        (None, 13.4, "only one"),
        (float("nan"), 13.4, "not a number"),
        (100.0, 200.0, "not on the globe"),
        (52.5, 1000.0, "not on the globe"),
    ],
)
def test_impossible_coordinates_give_way_to_the_town_and_are_reported(
    locator: Locator, latitude: float | None, longitude: float | None, words: str
) -> None:
    row = locator.locate(PlaceQuery("Berlin", None, "DE", latitude, longitude))
    assert (row.source, row.located_country) == ("gazetteer", "DE")
    assert row.latitude == pytest.approx(52.52, abs=0.1)
    assert words in (row.problem or "")


def test_a_locator_without_a_gazetteer_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="GazetteerGeocoder"):
        Locator([])


def test_a_row_fits_the_table_of_places(locator: Locator) -> None:
    engine = create_engine("sqlite://")
    schema.metadata.create_all(engine, tables=[schema.places])
    queries = [PlaceQuery("Berlin", None, "DE"), PlaceQuery("Online", None, None), PlaceQuery("x", "y", "z", 1.0, 2.0)]
    rows = [locator.locate(query) for query in queries]
    with engine.begin() as connection:
        connection.execute(insert(schema.places), [asdict(row) for row in rows])
        stored = connection.execute(select(schema.places).order_by(schema.places.c.place_id)).all()
    columns = {column.name for column in schema.places.c} - {"place_id"}
    assert set(asdict(rows[0])) == columns
    assert [PlaceRow(**{name: found._mapping[name] for name in columns}) for found in stored] == rows
    engine.dispose()


@pytest.mark.slow
def test_five_thousand_places_some_misspelt_are_located_in_seconds(locator: Locator, gazetteer: Gazetteer) -> None:
    chance = random.Random(3)  # noqa: S311 - a sample, not a secret
    places = list(gazetteer.urban_places(2_000))
    chance.shuffle(places)
    queries = [
        PlaceQuery(place.name if number % 20 else place.name[:3] + place.name[4:], None, place.country)
        for number, place in enumerate(places[:5_000])
    ]
    started = time.monotonic()
    found = sum(locator.locate(query).latitude is not None for query in queries)
    assert found > 4_800
    # Some two seconds here; the limit leaves room for a busy machine.
    assert time.monotonic() - started < 20
