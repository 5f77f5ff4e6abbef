"""The offline geocoder: places as people write them, and what is deliberately not found."""

from __future__ import annotations

import pytest

from data_access.geography.distances import distance_km
from data_access.geography.geocoder import GazetteerGeocoder

HERE = {
    "amsterdam": (52.37, 4.90),
    "atlanta": (33.75, -84.39),
    "austin": (30.27, -97.74),
    "bengaluru": (12.97, 77.59),
    "berlin": (52.52, 13.40),
    "boston": (42.36, -71.06),
    "cologne": (50.94, 6.96),
    "copenhagen": (55.68, 12.57),
    "denver": (39.74, -104.99),
    "edinburgh": (55.95, -3.19),
    "frankfurt": (50.11, 8.68),
    "halle": (51.48, 11.97),
    "hong kong": (22.30, 114.17),
    "johannesburg": (-26.20, 28.04),
    "kyiv": (50.45, 30.52),
    "london": (51.51, -0.13),
    "london on": (42.98, -81.25),
    "luxembourg": (49.61, 6.13),
    "mexico city": (19.43, -99.13),
    "moscow": (55.75, 37.62),
    "munich": (48.14, 11.58),
    "new york": (40.71, -74.01),
    "newcastle": (54.98, -1.61),
    "perth": (-31.95, 115.86),
    "portland me": (43.66, -70.26),
    "portland or": (45.52, -122.68),
    "pune": (18.52, 73.86),
    "rome": (41.89, 12.51),
    "san francisco": (37.77, -122.42),
    "san juan": (18.47, -66.11),
    "singapore": (1.29, 103.85),
    "st louis": (38.63, -90.20),
    "sydney": (-33.87, 151.21),
    "taipei": (25.04, 121.56),
    "tbilisi": (41.72, 44.78),
    "the hague": (52.08, 4.30),
    "tokyo": (35.69, 139.69),
    "toronto": (43.70, -79.42),
    "vienna": (48.21, 16.37),
    "washington": (38.91, -77.04),
    "zürich": (47.37, 8.54),
}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Austin, TX, U.S.A.", "austin"),
        ("Austin, Texas", "austin"),
        ("austin,tx", "austin"),
        ("Portland, ME", "portland me"),
        ("Portland, OR", "portland or"),
        ("Portland", "portland or"),
        ("San Fracisco", "san francisco"),
        ("San Fracisco, CA", "san francisco"),
        ("SF", "san francisco"),
        ("NYC", "new york"),
        ("New York", "new york"),
        ("New York, NY", "new york"),
        ("Brooklyn, New York", "new york"),
        ("Washington, D.C.", "washington"),
        ("Washington DC, USA", "washington"),
        ("München", "munich"),
        ("Munich, Germany", "munich"),
        ("MUNCHEN", "munich"),
        ("Köln", "cologne"),
        ("Cologne", "cologne"),
        ("Koeln, Deutschland", "cologne"),
        ("Bengaluru", "bengaluru"),
        ("Bangalore, India", "bengaluru"),
        ("Kyiv", "kyiv"),
        ("Kiev, Ukraine", "kyiv"),
        ("Zürich", "zürich"),
        ("Zurich, Switzerland", "zürich"),
        ("The Hague", "the hague"),
        ("Den Haag, Netherlands", "the hague"),
        ("Berlin & Online", "berlin"),
        ("TBA - Berlin", "berlin"),
        ("Online and Berlin", "berlin"),
        ("Amsterdam / Online", "amsterdam"),
        ("Amsterdam (hybrid)", "amsterdam"),
        ("Copenhagen, Denmark (Online)", "copenhagen"),
        ("Rome, Italy & Online", "rome"),
        ("TBD, Pune, India", "pune"),
        ("Frankfurt am Main", "frankfurt"),
        ("Frankfurt", "frankfurt"),
        ("Frankfurt, Germany", "frankfurt"),
        ("Halle (Saale)", "halle"),
        ("Halle, Germany", "halle"),
        ("Singapore", "singapore"),
        ("Luxembourg", "luxembourg"),
        ("Mexico", "mexico city"),
        ("Hong Kong", "hong kong"),
        ("Hong Kong, China", "hong kong"),
        ("Hong Kong, Hong Kong", "hong kong"),
        ("Taipei, Taiwan", "taipei"),
        ("Edinburgh, Scotland", "edinburgh"),
        ("Edinburgh, Scotland, UK", "edinburgh"),
        ("St. Louis, MO", "st louis"),
        ("Saint Louis, Missouri", "st louis"),
        ("Atlanta, GA", "atlanta"),
        ("Atlanta, Georgia", "atlanta"),
        ("Tbilisi, Georgia", "tbilisi"),
        ("Boston, MA", "boston"),
        ("Denver, CO", "denver"),
        ("Toronto, CA", "toronto"),
        ("London", "london"),
        ("London, ON", "london on"),
        ("London, Ontario, Canada", "london on"),
        ("London WC1E 7HX, UK", "london"),
        ("Newcastle, U.K.", "newcastle"),
        ("Newcastle-Upon-Tyne, United Kingdom", "newcastle"),
        ("Perth, WA, Australia", "perth"),
        ("Sydney, NSW", "sydney"),
        ("Sidney, Australia", "sydney"),
        ("San Juan, PR, USA", "san juan"),
        ("San Juan, Puerto Rico", "san juan"),
        ("Wien", "vienna"),
        ("東京", "tokyo"),
        ("Москва, Россия", "moscow"),
        ("Liip, Limmatstrasse 183, 8005 Zürich, Zürich, Switzerland", "zürich"),
        ("TU Berlin, Marchstr. 23, Berlin, Berlin, Germany", "berlin"),
        ("Mary Fitzgerald Square, Newtown, Johannesburg, Johannesburg, ", "johannesburg"),
    ],
)
def test_a_place_is_found_however_it_is_written(geocoder: GazetteerGeocoder, text: str, place: str) -> None:
    location = geocoder.geocode(text)
    assert location is not None
    assert distance_km(location.latitude, location.longitude, *HERE[place]) < 30


@pytest.mark.parametrize(
    "text",
    [
        "Online",
        "online",
        "ONLINE EVENT",
        "On-line",
        "TBA",
        "TBD",
        "tbc",
        "To be announced",
        "n/a",
        "N/A",
        "na",
        "None",
        "Virtual",
        "Virtual Event",
        "Remote",
        "Various",
        "Various locations",
        "Multiple cities",
        "Worldwide",
        "Zoom",
        "Online (Zoom)",
        "Online / Remote",
        "Virtual & Online",
        "?",
        "-",
        "…",
        "",
        "  ",
        ",",
        "Everywhere",
        "Hybrid",
    ],
)
def test_what_names_no_place_is_not_looked_up(geocoder: GazetteerGeocoder, text: str) -> None:
    assert geocoder.geocode(text) is None
    assert geocoder.geocode({"city": text, "country": "US"}) is None


@pytest.mark.parametrize(
    ("city", "state", "country"),
    [
        ("Wall, NJ", None, None),
        ("Wall, NJ", None, "U.S.A."),
        ("Wall", "NJ", "US"),
        ("Wall", "New Jersey", "United States"),
        ("Portland", "TX1", "US"),
        ("Waterloo, ON", None, "U.S.A."),  # Ontario is not in the USA
        ("New York", "Ne", "us"),  # Nebraska; York there is also known as New York
        ("Berlin", None, "France"),  # and not Barlin
        ("Munich", None, "United States"),  # and not New Munich
        ("Austin", None, "Germany"),
        ("Sydney", None, "GB"),
        ("Berlin", None, "Atlantis"),
        ("Georgia", None, None),
        ("Germany", None, None),
        ("Taiwan", None, "tw"),  # and not Tainan
        ("Nowhereville", None, "DE"),
    ],
)
def test_a_state_or_a_country_that_does_not_fit_is_never_dropped(
    geocoder: GazetteerGeocoder, city: str, state: str | None, country: str | None
) -> None:
    query = {"city": city, "state": state, "country": country}
    assert geocoder.geocode(query) is None
    assert geocoder.why_not(query)


@pytest.mark.parametrize(
    ("city", "state", "country", "match"),
    [
        ("Austin", "TX", "US", "name"),
        ("Kyiv", None, "UA", "name"),
        ("Kiev", None, "UA", "alias"),
        ("NYC", None, None, "alias"),
        ("San Fracisco", None, "US", "typo"),
        ("Clear Water", "FL", "US", "typo"),
        ("Desenzano del Garda (BS)", None, "IT", "words"),
        ("Raleigh-Durham, NC", None, "US", "words"),
        ("Gran Canaria", None, "ES", "words"),
        ("Bali", None, "ID", "region"),
        ("Tamil Nadu", None, "IN", "region"),
        ("Bodensee", None, "DE", "region"),  # the lake, not the village of 800
    ],
)
def test_each_match_says_how_it_came_about(
    geocoder: GazetteerGeocoder, city: str, state: str | None, country: str | None, match: str
) -> None:
    location = geocoder.geocode({"city": city, "state": state, "country": country})
    assert location is not None
    assert location.raw["match"] == match
    assert location.raw["source"] == "gazetteer"
    assert 0 < location.raw["confidence"] <= 1
    if match in ("typo", "words", "region"):
        assert location.raw["confidence"] < 0.8
        assert location.raw["note"]


def test_the_surer_the_match_the_higher_the_confidence(geocoder: GazetteerGeocoder) -> None:
    queries = [
        ("San Francisco", "CA"),
        ("San Francisco", None),
        ("San Fracisco", None),
        ("San Francisco Bay Area", None),
    ]
    found = [geocoder.geocode({"city": city, "state": state, "country": "US"}) for city, state in queries]
    confidences = [location.raw["confidence"] for location in found if location is not None]
    assert len(confidences) == 4
    assert confidences == sorted(set(confidences), reverse=True)


@pytest.mark.parametrize(
    ("city", "state", "country", "ambiguous"),
    [
        ("San Jose", None, None, True),  # California and Costa Rica
        ("San Jose", None, "CR", False),
        ("San Jose", "CA", "US", False),
        ("Springfield", None, "US", True),
        ("Springfield", "IL", "US", False),
        ("London", None, None, False),  # the one in Ontario is twenty times smaller
        ("Paris", None, None, False),
        ("Portland", None, "US", False),
    ],
)
def test_a_rival_of_comparable_size_makes_a_name_ambiguous(
    geocoder: GazetteerGeocoder, city: str, state: str | None, country: str | None, ambiguous: bool
) -> None:
    location = geocoder.geocode({"city": city, "state": state, "country": country})
    assert location is not None
    assert location.raw["ambiguous"] is ambiguous
    if ambiguous:
        assert location.raw["confidence"] <= 0.6


def test_a_state_that_no_table_knows_is_confirmed_by_the_town_it_names_or_flagged(geocoder: GazetteerGeocoder) -> None:
    confirmed = geocoder.geocode({"city": "Sitges, Barcelona", "country": "Spain"})
    flagged = geocoder.geocode({"city": "Melbourne", "state": "VI", "country": "au"})
    assert confirmed is not None
    assert confirmed.raw["name"] == "Sitges"
    assert confirmed.raw["note"] is None
    assert flagged is not None
    assert flagged.raw["confidence"] <= 0.5
    assert "VI" in flagged.raw["note"]


def test_the_nations_of_the_united_kingdom_narrow_a_name_down(geocoder: GazetteerGeocoder) -> None:
    scottish = geocoder.geocode({"city": "Perth", "country": "Scotland"})
    assert scottish is not None
    assert scottish.raw["country"] == "GB"
    assert distance_km(scottish.latitude, scottish.longitude, 56.40, -3.43) < 30


def test_all_candidates_come_best_first_on_request(geocoder: GazetteerGeocoder) -> None:
    found = geocoder.geocode({"city": "Springfield", "country": "US"}, exactly_one=False, limit=4)
    assert isinstance(found, list)
    assert len(found) == 4
    populations = [location.raw["population"] for location in found]
    assert populations == sorted(populations, reverse=True)
    assert geocoder.geocode("Online", exactly_one=False) is None


def test_the_address_names_town_state_and_country(geocoder: GazetteerGeocoder) -> None:
    location = geocoder.geocode("Austin, TX")
    assert location is not None
    assert location.address == "Austin, Texas, United States"
    assert location.raw["timezone"] == "America/Chicago"


def test_a_point_leads_back_to_the_nearest_town(geocoder: GazetteerGeocoder) -> None:
    location = geocoder.reverse((64.1, -21.9))
    assert location is not None
    assert location.raw["country"] == "IS"
    assert location.raw["distance_km"] < 10
    assert geocoder.reverse((0.0, -140.0)) is None
    several = geocoder.reverse("52.52, 13.40", exactly_one=False)
    assert isinstance(several, list)
    assert several[0].raw["country"] == "DE"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Online", "online"),
        ({"city": "Berlin", "country": "Atlantis"}, "Atlantis"),
        ({"city": "Wall", "state": "NJ", "country": "US"}, "New Jersey"),
        ({"city": "", "country": "US"}, "no city"),
        ("Germany", "country"),
    ],
)
def test_a_miss_has_a_reason(geocoder: GazetteerGeocoder, query: str | dict[str, str | None], words: str) -> None:
    assert words in geocoder.why_not(query)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5000,
        "," * 500,
        "(" * 500,
        "a, " * 300,
        "\x00\n\t",
        "'; DROP TABLE places; --",
        "🎉",
        "\ud800",
        "%",
        "/ & +",
    ],
)
def test_strange_texts_are_misses_and_no_errors(geocoder: GazetteerGeocoder, text: str) -> None:
    geocoder.geocode(text)
    geocoder.geocode({"city": text, "state": text, "country": text})
    geocoder.why_not(text)
