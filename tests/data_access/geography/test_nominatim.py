"""Nominatim, called for real: a server on this machine that answers as Nominatim does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.exc import GeopyError

from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.nominatim import NominatimGeocoder, nominatim
from data_access.geography.place_query import PlaceQuery
from data_access.geography.places import Locator

NAHSHOLIM = {
    "place_id": 1,
    "lat": "32.6146",
    "lon": "34.9196",
    "display_name": "Nahsholim, Hof HaCarmel, Haifa District, Israel",
    "address": {"village": "Nahsholim", "state": "Haifa District", "country": "Israel", "country_code": "il"},
}


class Server:
    """A little Nominatim: knows one village, remembers what it received, and fails on demand."""

    def __init__(self) -> None:
        self.received: list[dict[str, str]] = []
        self.user_agents: list[str] = []
        self.received_at: list[float] = []
        self.status = 200
        self.answer: list[dict[str, object]] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parameters = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                outer.received.append(parameters)
                outer.received_at.append(time.monotonic())
                outer.user_agents.append(self.headers["User-Agent"])
                city = parameters.get("city") or parameters.get("q", "")
                found = outer.answer if outer.answer is not None else [NAHSHOLIM] if "asholim" in city else []
                body = json.dumps(found if outer.status == 200 else {"error": "sorry"}).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Tests are quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.domain = f"127.0.0.1:{self.http.server_address[1]}"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.http.shutdown()
    thread.join()
    made.http.server_close()


def asking(server: Server, delay_seconds: float = 0.01) -> NominatimGeocoder:
    return nominatim(
        "uplift-tests (ops@example.org)",
        delay_seconds,
        domain=server.domain,
        scheme="http",
        timeout_seconds=5,
        error_wait_seconds=0.01,
    )


def test_a_place_is_asked_for_by_its_parts_and_in_its_country(server: Server) -> None:
    location = asking(server).geocode({"city": "Nasholim", "state": "", "country": "Israel"})
    assert location is not None
    assert (location.latitude, location.longitude) == (32.6146, 34.9196)
    assert location.raw["source"] == "nominatim"
    assert location.raw["country"] == "IL"
    assert location.raw["name"] == "Nahsholim"
    assert server.received[0]["city"] == "Nasholim"
    assert server.received[0]["countrycodes"] == "il"
    assert "state" not in server.received[0]
    assert server.user_agents == ["uplift-tests (ops@example.org)"]


def test_a_text_is_asked_for_as_it_stands(server: Server) -> None:
    location = asking(server).geocode("Nasholim, Israel (online)")
    assert location is not None
    assert server.received[0]["q"] == "Nasholim, Israel"


def test_requests_keep_their_distance(server: Server) -> None:
    """At the asker's end: how long a request travels is not in its hands."""
    geocoder = asking(server, delay_seconds=0.3)
    started = time.monotonic()
    for _ in range(3):
        geocoder.geocode({"city": "Nasholim", "country": "IL"})
    assert time.monotonic() - started >= 0.59
    assert len(server.received) == 3


@pytest.mark.parametrize(
    "query",
    [
        "Online",
        "",
        {"city": "TBA", "country": "IL"},
        {"city": None, "country": "IL"},
        {"city": "", "state": "Haifa", "country": ""},
        {"city": "Berlin", "country": "Atlantis"},
    ],
)
def test_what_names_no_place_never_leaves_the_machine(server: Server, query: str | dict[str, str | None]) -> None:
    assert asking(server).geocode(query) is None
    assert server.received == []


def test_an_unknown_place_and_one_in_another_country_are_none(server: Server) -> None:
    assert asking(server).geocode({"city": "Nowhereville", "country": "IL"}) is None
    assert asking(server).geocode({"city": "Nasholim", "country": "DE"}) is None


def test_a_failing_server_is_an_error_and_not_a_missing_place(server: Server) -> None:
    server.status = 503
    with pytest.raises(GeopyError):
        asking(server).geocode({"city": "Nasholim", "country": "IL"})


def test_a_locator_asks_online_only_for_what_the_gazetteer_lacks(server: Server, geocoder: GazetteerGeocoder) -> None:
    locator = Locator([geocoder, asking(server)])
    assert locator.locate(PlaceQuery("Haifa", None, "IL")).source == "gazetteer"
    assert server.received == []
    row = locator.locate(PlaceQuery("Nasholim", None, "Israel"))
    assert (row.source, row.located_country, row.matched_name) == ("nominatim", "IL", "Nahsholim")
    assert row.checked_on is not None


def test_an_outage_costs_one_place_its_wait_and_leaves_the_rest_to_be_asked_again(
    server: Server, geocoder: GazetteerGeocoder
) -> None:
    server.status = 503
    locator = Locator([geocoder, asking(server)])
    first = locator.locate(PlaceQuery("Nasholim", None, "IL"))
    requests = len(server.received)
    second = locator.locate(PlaceQuery("Nasholim B", None, "IL"))
    assert (first.source, first.checked_on) == ("none", None)
    assert (second.source, second.checked_on) == ("none", None)
    assert len(server.received) == requests
    known = locator.locate(PlaceQuery("Haifa", None, "IL"))
    assert known.source == "gazetteer"
    assert known.checked_on is not None
