"""Coordinates that cannot be right, through a whole import: refused, mended or flagged, with words that say which."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from geopy.distance import geodesic

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.selection import Selection
from tests.bundles import EVENT, write_table
from tests.data_access.questions.asking import ask, import_events
from tests.tables import records

ALL = Selection(as_of=date(2024, 12, 31))
BERLIN, NAIROBI = (52.52437, 13.41053), (-1.28333, 36.81667)


def point(latitude: float, longitude: float) -> dict[str, str]:
    return {"latitude": str(latitude), "longitude": str(longitude)}


def doubtful(database: Database) -> dict[str, str]:
    """The problem of each event that the check for coordinates lists; the count must agree."""
    listed = records(ask(database, "data_problems", ALL, check="doubtful_point"))
    rows = {row["event_key"]: row["problem"] for row in listed}
    counts = ask(database, "data_quality", ALL).set_index("check")["events"]
    assert counts["doubtful_point"] == len(rows)
    return rows


def test_a_point_in_another_country_gives_way_to_the_town_with_its_distance(database: Database, tmp_path: Path) -> None:
    """Nairobi's coordinates for an event in Berlin: it is on the map in Berlin, and Data says why."""
    import_events(database, tmp_path, {"city": "Berlin", "country": "DE"} | point(*NAIROBI))
    kilometres = geodesic(BERLIN, NAIROBI).km
    [problem] = doubtful(database).values()
    said = float(problem.split(" km away from Berlin, and is not used")[0].rsplit(" ", 1)[1].replace(",", ""))
    assert said == pytest.approx(kilometres, rel=0.006)
    [place] = ask(database, "events_by_place", ALL).to_dict("records")
    assert (place["latitude"], place["longitude"]) == pytest.approx(BERLIN)


def test_points_that_want_a_look_are_hints_of_the_import_with_their_remedies(
    database: Database, tmp_path: Path
) -> None:
    """A border is no contradiction: it has a check and a remedy of its own."""
    rows = ({"city": "Berlin", "country": "DE"} | point(*NAIROBI), point(42.3043, -83.066), point(*BERLIN))
    write_table(tmp_path, "events", *(EVENT | {"event_key": f"e{n}"} | row for n, row in enumerate(rows)))
    report = run_import(database, [tmp_path], ImportOptions(as_of=ALL.as_of))
    hints = {(problem.line, problem.value): problem for problem in report.problems if problem.column == "latitude"}
    assert [line for line, _ in hints] == [2, 3]
    astray, border = hints.values()
    assert "is not used" in astray.problem
    assert border.problem == "near the border of United States and Canada: taken to lie in United States"
    assert "Add the town or the country" in border.remedy
    assert set(doubtful(database)) == {"e0"}
    assert list(ask(database, "data_problems", ALL, check="near_a_border")["event_key"]) == ["e1"]


def test_swapped_coordinates_are_turned_round_and_flagged(database: Database, tmp_path: Path) -> None:
    """The event is on the map in Berlin, and Data says what was done."""
    import_events(database, tmp_path, {"city": "Berlin", "country": "DE"} | point(BERLIN[1], BERLIN[0]))
    assert "swapped" in doubtful(database)["e0"]
    [place] = ask(database, "events_by_place", ALL).to_dict("records")
    assert (place["latitude"], place["longitude"]) == pytest.approx(BERLIN)


def test_the_point_0_0_gives_way_to_the_town_and_is_flagged(database: Database, tmp_path: Path) -> None:
    """It means that none was known: with a town the event lies there, without one nowhere."""
    import_events(database, tmp_path, {"city": "Berlin", "country": "DE"} | point(0, 0), point(0, 0))
    flagged = doubtful(database)
    assert set(flagged) == {"e0", "e1"}
    assert all("0, 0" in problem for problem in flagged.values())
    [place] = ask(database, "events_by_place", ALL).to_dict("records")
    assert (place["latitude"], place["longitude"]) == pytest.approx(BERLIN, abs=0.05)
    assert ask(database, "data_problems", ALL, check="unknown_place")["event_key"].tolist() == ["e1"]


@pytest.mark.parametrize(
    ("given", "column"),
    [(point(95, 13.4), "latitude"), (point(151.2, -33.9), "latitude"), (point(52.5, 181), "longitude")],
)
def test_coordinates_off_the_globe_are_left_out_with_the_likely_cause(
    database: Database, tmp_path: Path, given: dict[str, str], column: str
) -> None:
    """The event stands at its town, and the line is named."""
    write_table(tmp_path, "events", EVENT | {"city": "Sydney"} | given)
    report = run_import(database, [tmp_path])
    assert report.committed
    [place] = ask(database, "events_by_place", ALL).to_dict("records")
    assert (place["latitude"], place["longitude"]) == pytest.approx((-33.9, 151.2), abs=0.2)
    [problem] = [found for found in report.problems if found.column == column]
    assert "outside" in problem.problem
    assert "swapped" in problem.remedy


def test_a_right_point_is_not_flagged(database: Database, tmp_path: Path) -> None:
    """Nor is one just across a border from its town."""
    import_events(
        database,
        tmp_path,
        {"city": "Berlin", "country": "DE"} | point(52.5, 13.4),
        {"city": "Strasbourg", "country": "FR"} | point(48.573, 7.81),
    )
    assert doubtful(database) == {}
