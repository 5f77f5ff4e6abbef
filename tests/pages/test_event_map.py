"""The event map's page: full, empty, filtered, hostile, through other eyes, and how often it asks the database."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from dashboard.asking import cached
from dashboard.subjects.event_map.words import ChosenPlace, picked, steps
from data_access.selection import Period, Selection
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} ${alert(1)} ` </script> C:\\path\\2019 {% raw %} \u202egnp.exe"


def test_the_finding_says_where_events_are_and_what_is_not_on_the_map(
    monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    shown = Dashboard(monkeypatch, busy).open("event-map")
    assert "events in 4 countries" in shown.finding
    assert "Not on the map:" in shown.text
    assert "whose place is not known" in shown.text


def test_a_large_country_without_events_is_named(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    program.add_event(country="DE")
    program.set_population(IN=1_400_000_000, DE=83_000_000)
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("event-map")
    assert shown.finding == "1 event in 1 country; none in India, with more than 50 million inhabitants."


def test_layers_are_offered_by_role(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    pm = Dashboard(monkeypatch, busy).open("event-map")
    assert "Members" in pm.at.segmented_control(key="map_layer").options
    public = Dashboard(monkeypatch, busy).open("event-map", **{"as": "public"})
    assert "Members" not in public.at.segmented_control(key="map_layer").options
    assert not [box for box in public.at.selectbox if box.key == "map_country"]


def test_a_country_chosen_next_to_the_map_lists_its_events(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("event-map")
    shown.at.selectbox(key="map_country").set_value("KE")
    shown.run()
    assert "events in Kenya" in shown.at.subheader[0].value
    listed = shown.at.dataframe[0].value
    assert set(listed["country"]) == {"Kenya"}
    shown.at.text_input(key="map_find").set_value("sprint")
    shown.run()
    assert all("sprint" in title for title in shown.at.dataframe[0].value["title"])


@pytest.mark.parametrize("layer", ["rate", "gap", "reach", "change", "planned", "members"])
def test_every_layer_opens(monkeypatch: pytest.MonkeyPatch, busy: str, layer: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("event-map")
    shown.at.segmented_control(key="map_layer").set_value(layer)
    shown.run()


def test_text_from_data_is_in_nothing_that_the_map_is_given(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_event(HOSTILE, date(2026, 5, 5), city=HOSTILE, team_key=HOSTILE)
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("event-map", team=HOSTILE)
    given = shown.at.get("component_instance")[0].proto.json_args
    for part in ("onerror=", "7*7", "alert(1)", "{%", "path\\\\2019", "egnp"):
        assert part not in given
    assert "event_map.js" in given


def test_choosing_again_asks_the_database_only_what_is_new(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("event-map")
    statements: list[str] = []
    program = cached.current().program
    event.listen(program, "before_cursor_execute", lambda *given: statements.append(given[2]))
    shown.run()
    assert len(statements) <= 2, statements
    statements.clear()
    shown.at.selectbox(key="map_country").set_value("KE")
    shown.run()
    assert len(statements) <= 10, "the events of the country, and the profiles of all"
    statements.clear()
    shown.at.selectbox(key="map_country").set_value("DE")
    shown.run()
    assert len(statements) <= 3, statements
    assert "First event on" in shown.at.markdown[0].value


NAMED = {"2019 Q3": Period.parse("2019-Q3")}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (None, None),
        ({}, None),
        ({"picked": 7}, None),
        (
            {"picked": {"kind": "country", "code": "KE", "step": "", "layer": "gap"}},
            ChosenPlace(country="KE", layer="gap"),
        ),
        ({"picked": {"kind": "country", "code": "KE", "step": "2019 Q3"}}, ChosenPlace(country="KE", step="2019 Q3")),
        ({"picked": {"kind": "country", "code": "KE'--", "step": "nonsense"}}, None),
        ({"picked": {"kind": "cell", "z": 0, "column": 99, "row": 0}}, None),
        ({"picked": {"kind": "cell", "z": 10**30, "column": "x", "row": None}}, None),
        ({"picked": {"kind": "cell", "z": 0, "column": [], "row": float("inf")}}, None),
    ],
)
def test_what_the_browser_says_was_chosen_is_checked(value: object, place: ChosenPlace | None) -> None:
    assert picked(value, NAMED) == place


def test_a_cell_becomes_the_part_of_the_world_it_covers() -> None:
    place = picked({"picked": {"kind": "cell", "z": 0, "column": 4, "row": 3, "step": "", "layer": "events"}}, {})
    assert place is not None
    south, west, north, east = (float(part) for part in place.box.split(","))
    assert (west, east) == (0, 45)
    assert south == pytest.approx(0, abs=1e-9)
    assert north == pytest.approx(40.98, abs=0.01)


def test_time_is_played_through_the_program_and_no_further_than_today() -> None:
    listed = steps(Selection(as_of=date(2026, 9, 15)), date(2025, 11, 3), date(2027, 1, 1))
    assert [name for name, _ in listed["quarter"]] == ["2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3"]
    assert [name for name, _ in listed["year"]] == ["2025", "2026"]
    assert steps(Selection(), None, None) == {}


@pytest.mark.slow
def test_under_a_country_filter_the_page_speaks_of_no_other_country(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    """Neither the finding nor the headline numbers, and nothing claims to be about the world."""
    shown = Dashboard(monkeypatch, full).open("event-map", country="DE")
    head = shown.text.split("How is this counted?")[0]
    assert "of the townspeople of Germany" in head
    assert "world’s townspeople" not in head
    assert not any(name in shown.finding for name in ("India", "France", "Brazil", "Kenya", "Japan"))


@pytest.mark.slow
@pytest.mark.parametrize("page", ["impact", "event-map", "languages"])
def test_what_is_only_planned_is_not_nothing(monkeypatch: pytest.MonkeyPatch, full: str, page: str) -> None:
    """In November 2026 one event is planned and none was held: the page says so, and shows it with one click."""
    shown = Dashboard(monkeypatch, full).open(page, period="2026-11")
    assert "1 event is planned." in shown.text
    [button] = [button for button in shown.at.button if button.key == "empty_action"]
    assert button.label == "Show what is planned"
    button.click()
    planned = shown.run()
    assert planned.query["status"] == "planned"
    assert "1 event is planned." not in planned.text


def test_the_program_manager_marks_an_event_and_takes_it_back(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_event("Talk in Lyon", date(2026, 8, 3), key="talk", status="planned")
    program.add_event("Meetup", date(2026, 8, 1))
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("event-map")
    assert "1 event is over and still marked as planned" in " ".join(each.value for each in shown.at.caption)
    shown.at.text_input(key="event_sought_0").set_value("lyon")
    shown.run()
    shown.at.number_input(key="event_attendance_0").set_value(25)
    next(each for each in shown.at.button if each.label == "Record what became of it").click()
    shown.run()
    assert "Every number follows" in shown.at.success[0].value
    assert shown.finding.startswith("2 events")
    assert "“Talk in Lyon” was held, 25 came" in shown.text
    next(each for each in shown.at.button if each.label == "Undo").click()
    shown.run()
    assert shown.finding.startswith("1 event")


@pytest.mark.parametrize("role", ["board", "leadership", "public"])
def test_nobody_else_is_asked_what_became_of_events(monkeypatch: pytest.MonkeyPatch, busy: str, role: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("event-map", **{"as": role})
    assert "What became of an event?" not in [each.value for each in shown.at.header]
