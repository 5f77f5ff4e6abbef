"""Real lists of events, made by others: their countries are all understood, and nearly all of their towns located."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from data_access.geography.countries import country_code
from data_access.geography.distances import distance_km
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.languages import language_tag

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]


@pytest.mark.parametrize("name", ["conferences_all.csv", "rladies_events.csv", "rladies_chapters.csv"])
def test_every_country_in_the_lists_of_events_is_understood(real_rows: Read, name: str) -> None:
    texts = {row["country"] for row in real_rows(name)} - {""}
    assert len(texts) > 20
    assert {text for text in texts if country_code(text) is None} == set()


@pytest.mark.parametrize("name", ["mozilla_reps_2014.ics", "mozilla_reps_2014_v1.ics", "mozilla_reps_2014_fewer.ics"])
def test_every_country_in_the_calendars_is_understood(real_text: Callable[[str], str], name: str) -> None:
    text = real_text(name)
    codes = re.findall(r"^X-COUNTRY-CODE:(.*?)\r?$", text, flags=re.MULTILINE)
    names = re.findall(r"^X-COUNTRY-NAME:(.*?)\r?$", text, flags=re.MULTILINE)
    assert codes
    assert {text for text in [*codes, *names] if country_code(text.replace("\\,", ",")) is None} == set()


def test_at_least_97_percent_of_the_conference_towns_are_located_all_in_the_right_country(
    real_rows: Read, geocoder: GazetteerGeocoder
) -> None:
    rows = real_rows("conferences_all.csv")
    towns = {(row["city"], row["country"]) for row in rows if row["city"] and row["city"] != "Online"}
    located: dict[tuple[str, str], str] = {}
    for city, country in towns:
        location = geocoder.geocode({"city": city, "country": country})
        if location is not None:
            located[city, country] = location.raw["country"]
    assert len(located) >= 0.97 * len(towns)
    assert {town for town, code in located.items() if code != country_code(town[1])} == set()
    events = [row for row in rows if (row["city"], row["country"]) in towns]
    assert sum((row["city"], row["country"]) in located for row in events) >= 0.99 * len(events)


def test_towns_of_chapters_lie_where_their_founders_put_them(real_rows: Read, geocoder: GazetteerGeocoder) -> None:
    rows = real_rows("rladies_chapters.csv")
    near = 0
    for row in rows:
        location = geocoder.geocode({name: row[name] for name in ("city", "state", "country")})
        if location is not None and row["lat"]:
            near += distance_km(location.latitude, location.longitude, float(row["lat"]), float(row["lon"])) < 30
    assert near >= 0.97 * len(rows)


def test_towns_of_events_lie_where_their_venues_are(real_rows: Read, geocoder: GazetteerGeocoder) -> None:
    venues = {
        (row["city"], row["state"], row["country"]): (float(row["lat"]), float(row["lon"]))
        for row in real_rows("rladies_events.csv")
        # The online venue of Meetup lies in the Pacific.
        if row["city"] and row["country"] and row["lat"] and not row["lat"].startswith("-8.521")
    }
    distances = []
    for (city, state, country), point in venues.items():
        location = geocoder.geocode({"city": city, "state": state, "country": country})
        if location is not None:
            distances.append(distance_km(location.latitude, location.longitude, *point))
    assert len(distances) >= 0.9 * len(venues)
    assert sum(distance < 50 for distance in distances) >= 0.97 * len(distances)


def test_the_languages_of_conferences_are_understood_but_for_the_one_that_is_a_country(real_rows: Read) -> None:
    texts = {text.strip() for row in real_rows("conferences_all.csv") for text in row["locales"].split(",")} - {""}
    assert len(texts) > 5
    assert {text for text in texts if language_tag(text) is None} <= {"JP"}


@pytest.mark.parametrize(
    ("city", "country", "latitude", "longitude"),
    [
        ("A Coruña", "Spain", 43.37, -8.40),
        ("Beersheba", "Israel", 31.25, 34.79),
        ("Boise, ID", "U.S.A.", 43.62, -116.20),
        ("Brest", "France", 48.39, -4.49),
        ("Brooklyn, NY", "U.S.A.", 40.65, -73.95),
        ("Cambridge", "U.K.", 52.20, 0.12),
        ("Cambridge, MA", "U.S.A.", 42.37, -71.11),
        ("Chișinău", "Moldova", 47.01, 28.86),
        ("Cluj-Napoca", "Romania", 46.77, 23.60),
        ("Duitama, Boyacá", "Colombia", 5.83, -73.03),
        ("Falmouth, Cornwall", "U.K.", 50.15, -5.07),
        ("Funchal", "Portugal", 32.65, -16.92),
        ("George Town", "Cayman Islands", 19.29, -81.37),
        ("Gurgaon", "India", 28.46, 77.03),
        ("Jeju", "Korea", 33.50, 126.52),
        ("Kansas City, KS", "U.S.A.", 39.11, -94.63),
        ("La Jolla, CA", "U.S.A.", 32.85, -117.27),
        ("Napels", "Italy", 40.85, 14.27),
        ("Newcastle", "Australia", -32.93, 151.78),
        ("Nürnberg", "Germany", 49.45, 11.08),
        ("Odessa", "Ukraine", 46.48, 30.73),
        ("Perth", "Australia", -31.95, 115.86),
        ("Pristina", "Kosovo", 42.67, 21.17),
        ("Quebec", "Canada", 46.81, -71.21),
        ("Rishon Lezion, Hamerkaz", "Israel", 31.97, 34.80),
        ("Saint Petersburg", "Russia", 59.94, 30.31),
        ("Salvador", "Brazil", -12.98, -38.49),
        ("San Antonio", "Chile", -33.59, -71.61),
        ("Sidney", "Australia", -33.87, 151.21),
        ("Sophia-Antipolis", "France", 43.62, 7.05),
        ("St Julian's", "Malta", 35.92, 14.49),
        ("St. John’s", "Canada", 47.56, -52.71),
        ("St. Petersburg, FL", "U.S.A.", 27.77, -82.68),
        ("Stanford, CA", "U.S.A.", 37.42, -122.17),
        ("Tel Aviv", "Israel", 32.08, 34.78),
        ("Tenerife", "Spain", 28.47, -16.25),
        ("Victoria", "Canada", 48.43, -123.37),
        ("Wuerzburg", "Germany", 49.79, 9.94),
        ("s-Hertogenbosch", "Netherlands", 51.70, 5.30),
    ],
)
def test_real_spellings_lie_where_they_should(
    geocoder: GazetteerGeocoder, city: str, country: str, latitude: float, longitude: float
) -> None:
    location = geocoder.geocode({"city": city, "country": country})
    assert location is not None
    assert distance_km(location.latitude, location.longitude, latitude, longitude) < 30
