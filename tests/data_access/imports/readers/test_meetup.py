"""Meetup: events with RSVPs, online events without a place, chapters as teams."""

from __future__ import annotations

import pytest

from data_access.imports.readers import meetup
from tests.data_access.imports.readers.conftest import Read

COLUMNS = ("event_id", "chapter", "chapter_name", "title", "status", "date_time", "duration", "rsvp_yes", "format",
           "venue", "city", "state", "country", "lat", "lon", "url")  # fmt: skip
TYPICAL = {
    "event_id": "1",
    "chapter": "r-berlin",
    "chapter_name": "R Berlin",
    "title": "R night",
    "status": "PAST",
    "date_time": "2019-05-31T19:00:00-07:00",
    "duration": "PT2H",
    "rsvp_yes": "14",
    "format": "in-person",
    "venue": "c-base",
    "city": "Berlin",
    "country": "de",
    "lat": "52.51",
    "lon": "13.42",
}
CHAPTERS = "chapters.csv", "chapter,name,members\nr-berlin,R-Ladies Berlin,99\nr-paris,R-Ladies Paris,98"


def export(*changes: dict[str, str]) -> tuple[str, str]:
    rows = [[(TYPICAL | change).get(column, "") for column in COLUMNS] for change in changes]
    return "events.csv", "\n".join(",".join(row) for row in [COLUMNS, *rows])


def test_a_past_event_is_held_with_its_yes_rsvps_place_and_local_times(read: Read) -> None:
    assert read(meetup, export({})).only("events") == {
        "event_key": "1",
        "title": "R night",
        "starts_on": "2019-05-31",
        "ends_on": "2019-05-31",
        "starts_at": "2019-05-31T19:00:00-07:00",
        "ends_at": "2019-05-31T21:00:00-07:00",
        "status": "held",
        "mode": "in_person",
        "venue": "c-base",
        "city": "Berlin",
        "country": "DE",
        "latitude": "52.51",
        "longitude": "13.42",
        "team_key": "r-berlin",
        "attendance": "14",
    }


@pytest.mark.parametrize(
    ("status", "expected"), [("CANCELLED", "cancelled"), ("ACTIVE", "planned"), ("draft", "planned")]
)
def test_rsvps_of_an_event_that_was_not_held_are_no_attendance(status: str, expected: str, read: Read) -> None:
    event = read(meetup, export({"status": status})).only("events")
    assert event["status"] == expected
    assert "attendance" not in event


def test_an_unknown_status_is_left_to_the_date_with_a_hint(read: Read) -> None:
    outcome = read(meetup, export({"status": "AUTOSCHED"}))
    assert "status" not in outcome.only("events")
    assert outcome.hints[0].value == "AUTOSCHED"


@pytest.mark.parametrize("place", [{"format": "online"}, {"format": ""}])
def test_the_online_venue_is_nowhere_and_not_in_the_pacific(place: dict[str, str], read: Read) -> None:
    online = {"venue": "Online event", "city": "", "country": "", "lat": "-8.521147", "lon": "179.196152"}
    event = read(meetup, export(online | place)).only("events")
    assert event["mode"] == "online"
    assert not {"latitude", "longitude", "city", "country", "venue"} & set(event)


def test_a_hybrid_event_keeps_its_place_but_not_the_point_in_the_pacific(read: Read) -> None:
    kept = read(meetup, export({"format": "hybrid"})).only("events")
    lost = read(meetup, export({"format": "hybrid", "lat": "-8.5211", "lon": "179.1962"})).only("events")
    assert (kept["mode"], kept["city"], kept["latitude"]) == ("hybrid", "Berlin", "52.51")
    assert lost["city"] == "Berlin"
    assert "latitude" not in lost


@pytest.mark.parametrize(
    ("duration", "ends"),
    [
        ("PT0S", None),
        ("", None),
        ("soon", None),
        ("PT1H30M", "2019-05-31T20:30:00-07:00"),
        ("P1DT2H", "2019-06-01T21:00:00-07:00"),
        ("PT26H", "2019-06-01T21:00:00-07:00"),
    ],
)
def test_the_end_follows_from_the_duration(duration: str, ends: str | None, read: Read) -> None:
    event = read(meetup, export({"duration": duration})).only("events")
    assert event.get("ends_at") == ends
    assert event.get("ends_on") == (ends and ends[:10])


@pytest.mark.parametrize("text", ["", "tomorrow", "2019-13-01T00:00:00Z"])
def test_a_date_that_cannot_be_read_is_left_to_validation_as_it_stands(text: str, read: Read) -> None:
    event = read(meetup, export({"date_time": text})).only("events")
    assert event.get("starts_on", "") == text
    assert "starts_at" not in event


def test_an_end_beyond_the_calendar_does_not_break_the_event(read: Read) -> None:
    event = read(meetup, export({"date_time": "9999-12-31T23:00:00+00:00"})).only("events")
    assert event["starts_on"].startswith("9999-12-31")


def test_a_time_without_an_offset_gives_only_the_date(read: Read) -> None:
    event = read(meetup, export({"date_time": "2019-05-31T19:00:00"})).only("events")
    assert event["starts_on"] == "2019-05-31"
    assert "starts_at" not in event


@pytest.mark.parametrize("order", [1, -1])
def test_chapters_name_the_teams_wherever_their_file_stands(order: int, read: Read) -> None:
    outcome = read(
        meetup, *[export({}, {"event_id": "2", "chapter": "gone", "chapter_name": "Gone"}), CHAPTERS][::order]
    )
    teams = {team["team_key"]: team["name"] for team in outcome.values("teams")}
    assert teams == {"r-berlin": "R-Ladies Berlin", "r-paris": "R-Ladies Paris", "gone": "Gone"}


def test_without_the_chapters_file_each_chapter_is_a_team_once(read: Read) -> None:
    outcome = read(meetup, export({}, {"event_id": "2"}, {"event_id": "3", "chapter": "", "chapter_name": ""}))
    assert outcome.values("teams") == [{"team_key": "r-berlin", "name": "R Berlin"}]
    assert "team_key" not in outcome.values("events")[2]
