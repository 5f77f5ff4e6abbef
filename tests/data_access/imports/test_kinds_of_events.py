"""Places, days and statuses of events, as people have them, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import (
    areas,
    contributions,
    events,
    places,
)
from data_access.geography.distances import distance_km
from data_access.imports.event_checks import said_in
from data_access.imports.pipeline import run_import
from tests.bundles import EVENT, write_table
from tests.data_access.imports.hackathons import calendar_of, hackathons
from tests.data_access.imports.taking_in import OPTIONS, Importing, rows, said

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "in"


# ---- places and days ------------------------------------------------------------------------------------------------


def test_a_leagues_calendar_is_on_the_map_where_it_is_held_and_nowhere_when_online(
    database: Database, taken: Importing, tmp_path: Path
) -> None:
    meant = {event.uid: event for event in hackathons(250, seed=7)}
    (tmp_path / "league.ics").write_text(calendar_of(list(meant.values())), encoding="utf-8", newline="")
    taken(tmp_path / "league.ics")
    columns = (events.c.event_key, events.c.mode, events.c.starts_on, events.c.ends_on)
    with database.reading() as connection:
        joined = select(*columns, places.c.latitude, places.c.longitude).join_from(events, places, isouter=True)
        found = {row.event_key: row for row in connection.execute(joined)}
    assert {key: (row.starts_on, row.ends_on) for key, row in found.items()} == {
        uid: (event.starts_on, event.ends_on) for uid, event in meant.items()
    }
    online = {uid for uid, event in meant.items() if event.point is None}
    assert {key for key, row in found.items() if row.mode == "online"} == online
    assert {found[uid].latitude for uid in online} == {None}
    placed = [(event.point, found[uid]) for uid, event in meant.items() if event.point]
    right = [row for point, row in placed if row.latitude and distance_km(*point, row.latitude, row.longitude) < 30]
    assert len(right) >= 0.97 * len(placed)
    assert all(row.latitude is None or row in right for _, row in placed), "no event is in a wrong place"


@pytest.mark.parametrize(
    ("city", "country", "matched"),
    [
        ("Atlanta, Georgia", "US", "Atlanta"),
        ("Tbilisi, Georgia", "GE", "Tbilisi"),
        ("Kino, 10115 Berlin, Germany", "DE", "Berlin"),
        ("Austin TX", "US", "Austin"),
        ("Calle X, 28013 Madrid, Madrid, Spain", "ES", "Madrid"),
    ],
)
def test_a_city_cell_may_hold_a_whole_address(
    database: Database, taken: Importing, tmp_path: Path, city: str, country: str, matched: str
) -> None:
    taken(write_table(tmp_path / "in", "events", EVENT | {"city": city}))
    assert rows(database, places.c.located_country, places.c.matched_name) == [(country, matched)]


def test_an_ambiguous_town_is_taken_with_a_hint(taken: Importing, tmp_path: Path) -> None:
    report = taken(write_table(tmp_path / "in", "events", EVENT | {"city": "Springfield"}))
    assert [problem.split(":")[0] for _, _, problem in said(report)] == ["several places are called so"]


@pytest.mark.parametrize("city", ["Zoom", "オンライン", "en línea", "Online, USA"])
def test_a_city_cell_that_says_online_is_online(
    database: Database, taken: Importing, tmp_path: Path, city: str
) -> None:
    taken(write_table(tmp_path / "in", "events", EVENT | {"city": city}))
    assert rows(database, events.c.mode, events.c.place_id) == [("online", None)]


POINTS = {
    "sign lost": ({"city": "Concord", "state": "New Hampshire", "country": "US"}, "43.2081", "71.5376", 43.21, -71.54),
    "one country": ({"city": "San Diego", "state": "CA", "country": "US"}, "37.7749", "-122.4194", 32.72, -117.16),
    "120 km": ({"city": "Hamburg", "country": "DE"}, "52.5200", "9.9937", 53.55, 9.99),
    "swapped": ({"city": "Berlin", "country": "DE"}, "13.4049", "52.52", 52.52, 13.40),
    "another of the name": ({"city": "Springfield", "country": "US"}, "39.80", "-89.65", 39.80, -89.65),
}


@pytest.mark.parametrize("name", POINTS)
def test_a_point_over_100_km_from_its_town_is_not_used_and_flagged(
    database: Database, taken: Importing, tmp_path: Path, name: str
) -> None:
    town, latitude, longitude, *expected = POINTS[name]
    report = taken(
        write_table(tmp_path / "in", "events", EVENT | town | {"latitude": latitude, "longitude": longitude})
    )
    [(lat, lon)] = rows(database, places.c.latitude, places.c.longitude)
    assert distance_km(lat, lon, *expected) < 15
    assert bool(said(report)) == (name != "another of the name")


def test_a_meetup_in_utc_belongs_to_the_day_at_its_place(database: Database, taken: Importing, tmp_path: Path) -> None:
    text = "event_id,title,status,date_time,city,country\nm1,Evening,past,2026-04-01T01:30:00Z,San Francisco,us\n"
    (tmp_path / "meetups.csv").write_text(text)
    taken(tmp_path / "meetups.csv")
    assert [(str(day), moment) for day, moment in rows(database, events.c.starts_on, events.c.starts_at)] == [
        ("2026-03-31", "2026-03-31T18:30:00-07:00")
    ]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ({"starts_at": "2024-04-05T10:00:00+02:00"}, "starts_at", "starts_at is on another day than starts_on"),
        (
            {"starts_at": "2024-03-01T10:00:00+01:00", "ends_at": "2024-03-01T08:00:00+01:00"},
            "ends_at",
            "ends_at lies before starts_at",
        ),
        (
            {"city": "Los Angeles", "country": "US", "starts_at": "2024-03-01T01:00:00Z"},
            "starts_at",
            "at its place this is 2024-02-29",
        ),
        ({"ends_on": "2025-03-01"}, "ends_on", "the event lasts 366 days"),
        ({"ends_on": "2024-02-01"}, "ends_on", "ends_on lies before starts_on"),
        ({"starts_on": "1970-01-01"}, "starts_on", "a date that often stands in for an unknown one"),
        ({"title": "CANCELLED: Docs sprint", "status": "held"}, "title", "the title says that the event was cancelled"),
    ],
)
def test_days_and_words_that_contradict_each_other_are_said(
    taken: Importing, tmp_path: Path, row: dict[str, str], column: str, problem: str
) -> None:
    report = taken(write_table(tmp_path / "in", "events", EVENT | row))
    assert [(name, text[: len(problem)]) for _, name, text in said(report)] == [(column, problem)]


# ---- status in words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "says"),
    [
        *(
            (title, ("cancelled", True))
            for title in ("CANCELLED: Sprint", "[Canceled] Docs night", "Abgesagt: Treffen")
        ),
        *((title, ("cancelled", True)) for title in ("Sprint (annulé)", "Cancelado - Oficina", "ANULADO: Taller")),
        *((title, ("cancelled", True)) for title in ("Sprint - CANCELLED", "CANCELLED Sprint", "【中止】春の会")),
        *((title, ("postponed", True)) for title in ("Postponed - School", "Verschoben: Treffen", "Reporté : Atelier")),
        *((title, ("postponed", True)) for title in ("Aplazado: Taller", "Adiado - Oficina")),
        ("Cancelled trains and what to do", ("cancelled", False)),
        ("Docs sprint", ("", False)),
        ("How we postponed a release", ("", False)),
    ],
)
def test_a_title_says_that_an_event_did_not_take_place(title: str, says: tuple[str, bool]) -> None:
    assert said_in(title) == says


def test_what_a_title_says_beyond_doubt_is_its_status_and_a_later_import_keeps_what_it_does_not_say(
    database: Database, taken: Importing, tmp_path: Path
) -> None:
    taken(write_table(tmp_path / "in", "events", EVENT | {"event_key": "a", "status": "planned", "mode": "hybrid"}))
    calendar = [EVENT | {"event_key": "a"}, EVENT | {"event_key": "b", "title": "Canceled: Sprint", "city": "Zoom"}]
    report = taken(write_table(tmp_path / "again", "events", *calendar, EVENT | {"title": "Postponed: Sprint"}))
    found = rows(database, events.c.event_key, events.c.status, events.c.mode)
    assert found == [("a", "planned", "hybrid"), ("b", "cancelled", "online"), ("e1", None, None)]
    assert [problem for _, _, problem in said(report)] == [
        "the title says that the event was postponed; its status is decided by its date"
    ]
    again = run_import(database, [tmp_path / "again"], OPTIONS)
    assert (again.total("created"), again.total("changed")) == (0, 0)


# ---- the shared cases -----------------------------------------------------------------------------------------------

UTC_DAYS = ("2026-03-31", "2026-07-01", "2025-12-31", "2026-05-14")
SHARED: dict[str, tuple[Any, list[tuple[Any, ...]]]] = {
    "ical_same_uid_three_slots.ics": ((events.c.starts_on,), [("2026-07-16",), ("2026-07-17",), ("2026-07-18",)]),
    "moved_event": ((events.c.event_key, events.c.starts_on), [("mv-1", "2026-03-08")]),
    "ical_addresses.ics": ((events.c.city,), [("São Paulo",), ("Tokyo",)]),
    "ical_online_words.ics": ((events.c.mode,), [("online",), ("online",)]),
    "ical_utc_times_far_places.ics": (
        (events.c.event_key, events.c.starts_on),
        [
            (f"utc-{n}@example.org", day)
            for n, day in enumerate(("2026-03-31", "2026-07-01", "2025-12-31", "2026-05-14"), 1)
        ],
    ),
    "ical_zone_of_the_organiser.ics": ((events.c.starts_on,), [("2026-03-31",)]),
    "overlap": ((contributions.c.quantity,), [(2,), (4,), (6,)]),
    "labels": ((areas.c.area,), [("docs",)]),
}


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize("name", SHARED)
def test_the_shared_cases_come_out_right(database: Database, taken: Importing, name: str) -> None:
    columns, expected = SHARED[name]
    taken(CASES / name)
    assert sorted(tuple(map(str, row)) for row in rows(database, *columns)) == sorted(
        tuple(map(str, row)) for row in expected
    )


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
def test_the_shared_towns_with_states_are_in_their_states(database: Database, taken: Importing) -> None:
    taken(CASES / "ical_city_state.ics")
    with database.reading() as connection:
        where = connection.execute(select(events.c.event_key, events.c.located_country)).all()
    countries = {int(key.rsplit("-", 1)[1]): country for key, country in where}
    others = {2: "CA", 3: "IN", 6: "AU", 7: "AU", 9: "BR", 10: "FR", 11: "KE", 14: "GE"}
    assert countries == {number: others.get(number, "US") for number in countries}
    assert len(countries) == 16
