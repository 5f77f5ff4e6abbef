"""The page on events and organizers: its five views inside, what is told outside, a link to an event, a need met."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from dashboard.subjects.organizers import words
from data_access.database.schema import challenges, mentorships, organizer_needs, participations
from data_access.derived.organizers import refresh_organizers
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.pages.test_every_page import harmless


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    """Twelve meetups; the sprint alone has tasks in all phases. Ada mentors bo; quinn is new and has no mentor."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    for month in range(1, 12):
        made.add_event(
            "Meetup", date(2026, month, 3) if month < 7 else date(2025, month, 3), city="Berlin", scale="micro"
        )
    made.add_event("Sprint", date(2026, 5, 5), key="sprint", scale="regional", city="Berlin", new_contributors=3)
    for number, (phase, project, done) in enumerate(
        (("before", None, 4), ("during", "Handbook", 6), ("during", "Site", 1), ("after", "Handbook", 2))
    ):
        made.add(
            challenges, challenge_key=f"c{number}", event_key="sprint", phase=phase, kind="contribution_challenge",
            project=project, completed_count=done,
        )  # fmt: skip
    made.add_contributions("newcomer", date(2026, 5, 20), event_key="sprint")
    first = made.add_event("First", date(2024, 3, 3), key="first", city="Berlin")
    for person, event in (("ada", first), ("ada", "sprint"), ("bo", "sprint"), ("quinn", "sprint")):
        made.add_person(person, person.capitalize())
        made.add(participations, event_key=event, person_key=person, role="organizer")
    made.add(mentorships, mentor_key="ada", mentee_key="bo", started_on=date(2026, 1, 1), circle="Berlin circle")
    made.add(
        organizer_needs, need_key="w1", kind="venue", note="A room for forty", raised_on=date(2026, 8, 1), city="Berlin"
    )
    with made.database.writing() as connection:
        refresh_organizers(connection, None)
    made.add_import("bundle")
    return made


def tables(shown: Dashboard) -> str:
    return "".join(str(table.value) for table in shown.at.dataframe)


def test_the_arc_of_the_event_that_a_link_names(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("organizers", event="sprint")
    assert shown.finding == "Only 1 of 12 events has tasks before, during and after; with any: 1 (8%)."
    assert "2 tasks During: 7 completions" in shown.text
    assert "The arc is whole: tasks before, during and after." in shown.text
    assert "1 new and 0 returning contributors within 90 days." in shown.text
    assert "The event reports 3 newcomers, contributions show 1" in shown.text
    alts = [figure.proto.alt for figure in shown.at.get("plotly_chart")]
    assert "All three: 1 of 12 events." in alts[0]
    plain = Dashboard(monkeypatch, built.database.url).open("organizers", event="nowhere")
    assert any("there is no event “nowhere”" in str(warning.value) for warning in plain.at.warning)


def test_projects_and_effort(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    projects = Dashboard(monkeypatch, built.database.url).open("organizers", look="projects")
    assert projects.finding == "Events moved on 2 projects; most of them Handbook (1 event)."
    assert "Handbook: 1 event, 8 completed." in projects.at.get("plotly_chart")[0].proto.alt
    effort = Dashboard(monkeypatch, built.database.url).open("organizers", look="effort")
    assert effort.finding == "2025 held 5 micro, 0 regional and 0 annual events."
    assert "Micro, 2025: 5 events" in effort.at.get("plotly_chart")[0].proto.alt


def test_who_lacks_a_mentor_is_named_to_the_program_manager(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("organizers", look="circles")
    assert shown.finding == "Of 2 new organizers of the last 365 days, 1 has no mentor."
    assert "Load: 1 mentor with 1 mentee." in shown.text
    assert any("Quinn" in str(table.value) and "Ada" in str(table.value) for table in shown.at.dataframe)
    board = Dashboard(monkeypatch, built.database.url).open("organizers", look="circles", **{"as": "board"})
    assert board.finding == shown.finding
    assert not any("first_on" in table.value.columns for table in board.at.dataframe)


@pytest.mark.parametrize("role", ["leadership", "partner:docs"])
@pytest.mark.parametrize("look", ["arc", "circles", "needs", "effort"])
def test_outside_facts_of_events_are_told_and_nothing_of_people(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder, role: str, look: str
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("organizers", look=look, **{"as": role})
    assert "told inside" in shown.text
    everything = shown.text + tables(shown)
    assert not any(word in everything for word in ("Quinn", "Ada", "room for forty", "returning contributors"))
    if look == "arc":
        assert "2 tasks During: 7 completions" in shown.text


def test_a_need_is_raised_and_met_on_the_page(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("organizers", look="needs")
    assert shown.finding == "1 need of organizers is open; 1 of them for more than 30 days."
    shown.at.selectbox(key="need_kind_0").select("mentor")
    shown.at.text_input(key="need_note_0").input("Somebody who ran a sprint")
    shown.at.text_input(key="need_city_0").input("Berlin")
    shown.at.button(key="need_raise_submit_0").click()
    shown.run()
    assert "2 needs of organizers are open" in shown.finding
    shown.at.selectbox(key="need_met_1").select("w1")
    shown.at.button(key="need_meet_submit_1").click()
    shown.run()
    assert "1 need of organizers is open" in shown.finding
    with built.database.program.connect() as connection:
        found = connection.execute(select(organizer_needs.c.kind, organizer_needs.c.met_on)).all()
    assert sorted(found) == [("mentor", None), ("venue", date(2026, 9, 15))]


@pytest.mark.slow
@pytest.mark.parametrize("look", words.VIEWS)
def test_each_view_is_filled_and_hostile_words_never_act(
    monkeypatch: pytest.MonkeyPatch, full: str, hostile: str, look: str
) -> None:
    shown = Dashboard(monkeypatch, full).open("organizers", look=look)
    assert shown.finding
    assert all(figure.proto.alt for figure in shown.at.get("plotly_chart"))
    assert [table for table in shown.at.dataframe if not len(table.value)] == []
    harmless(Dashboard(monkeypatch, hostile).open("organizers", look=look))
