"""Places in free text: the town, its state and country as written, and what says that people meet online."""

from __future__ import annotations

import pytest

from data_access.geography.online_words import is_online, is_undecided
from data_access.imports.readers.places import read_place


@pytest.mark.parametrize(
    ("text", "venue", "city", "state", "country"),
    [
        ("Princeton, New Jersey", "", "Princeton", "New Jersey", "US"),
        ("Atlanta, Georgia", "", "Atlanta", "Georgia", "US"),
        ("Tbilisi, Georgia", "", "Tbilisi", "", "Georgia"),
        ("Athens, GA", "", "Athens", "GA", "US"),
        ("Perth, WA", "", "Perth", "WA", "AU"),
        ("Vancouver, WA", "", "Vancouver", "WA", "US"),
        ("Wilmington, DE", "", "Wilmington", "DE", "US"),
        ("Berlin, DE", "", "Berlin", "", "DE"),
        ("Delhi, IN", "", "Delhi", "", "IN"),
        ("Washington, D.C.", "", "Washington", "D.C.", "US"),
        ("Belo Horizonte, Minas Gerais", "", "Belo Horizonte", "Minas Gerais", "BR"),
        ("Lebanon, Tennessee", "", "Lebanon", "Tennessee", "US"),
        ("Lyon", "", "Lyon", "", ""),
        ("Singapore", "", "Singapore", "", ""),
        ("Germany", "", "", "", "Germany"),
        ("Austin TX", "", "Austin", "TX", "US"),
        ("Lisboa - Portugal", "", "Lisboa", "", "Portugal"),
        ("Hall 3, 12 Mill Road, Cambridge, Massachusetts", "Hall 3, 12 Mill Road", "Cambridge", "Massachusetts", "US"),
        ("Sala 5, Av. X 100, São Paulo - SP, 01310-000, Brazil", "Sala 5, Av. X 100", "São Paulo", "SP", "Brazil"),
        ("1-2-3 Shibuya, Tokyo 150-0002, Japan", "1-2-3 Shibuya", "Tokyo", "", "Japan"),
        ("Pub, London SW1A 2AA, UK", "Pub", "London", "", "UK"),
        ("1012 AB Amsterdam, Netherlands", "", "Amsterdam", "", "Netherlands"),
        ("Loft, New York, NY 10001, United States", "Loft", "New York", "NY", "United States"),
        ("Apple Park\nCupertino, CA 95014\nUSA", "Apple Park", "Cupertino", "CA", "USA"),
        ("Café X (Main St 5, 10115 Berlin, Germany)", "Café X, Main St 5", "Berlin", "", "Germany"),
        ("Kino, Berlin, Germany", "Kino", "Berlin", "", "Germany"),
        ("TBA, Pune, India", "", "Pune", "", "India"),
        ("Hall", "Hall", "", "", ""),
        ("Room 5, Building 3", "Room 5, Building 3", "", "", ""),
    ],
)
def test_a_place_in_words(text: str, venue: str, city: str, state: str, country: str) -> None:
    found = read_place(text).values
    assert tuple(found.get(name, "") for name in ("venue", "city", "state", "country")) == (venue, city, state, country)


@pytest.mark.parametrize(("text", "said"), [("Springfield", "several places"), ("The Blue Barn", "no town was found")])
def test_what_is_doubtful_or_not_found_is_said(text: str, said: str) -> None:
    assert said in read_place(text).doubt


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Online",
            "Virtual event",
            "Zoom",
            "Google Meet",
            "Microsoft Teams",
            "Discord server",
            "Worldwide",
            "webinar",
        ),
        *("APAC Timezone, Online", "Everywhere, Worldwide", "UTC+2", "CET", "Europe/Berlin", "Pacific Time"),
        *("en línea", "En ligne", "em linha", "weltweit", "Videokonferenz", "zdalnie", "çevrimiçi", "trực tuyến"),
        *("オンライン", "オンライン開催", "线上活动", "온라인", "онлайн", "ऑनलाइन", "ออนไลน์", "أونلاين"),
        *("https://zoom.example/j/1", "Zoom: https://zoom.example/j/1", "Online, USA"),
    ],
)
def test_online_in_words(text: str) -> None:
    assert read_place(text).values == {"mode": "online"}


@pytest.mark.parametrize("text", ["Berlin & Online", "Zoom / Berlin", "Berlin (and livestream)", "Online, Berlin"])
def test_a_town_and_online_is_hybrid_at_the_town(text: str) -> None:
    assert read_place(text).values == {"mode": "hybrid", "city": "Berlin"}


@pytest.mark.parametrize("text", ["Berlin", "Web Street 5", "Google Office", "Europe", "Teams Room, Oslo", "Est"])
def test_a_place_is_not_taken_for_online(text: str) -> None:
    assert not is_online(text)


@pytest.mark.parametrize("text", ["TBA", "T.B.D.", "to be announced", "n/a", "Various locations", "por confirmar"])
def test_a_place_that_is_not_known_yet_is_neither_a_town_nor_online(text: str) -> None:
    assert is_undecided(text)
    assert read_place(text).values == {}
