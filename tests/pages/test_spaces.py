"""The Spaces page: schedule, bridge and pilots inside; what leadership sees of it; targets set on Impact."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from data_access.database.schema import space_notes, targets
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

AS_OF = date(2026, 9, 15)


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    """Berlin holds 60 of 68 events due and brings three new people, one of them active.

    Paris is a pilot on day 77, with 20 events where 20.3 are due.
    """
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    made.add_person("ada", "Ada Lovelace")
    made.add_space("Berlin", coordinator_technical="ada")
    made.add_space("Paris", opened_on=date(2026, 7, 1), pilot_days=90)
    first = made.add_event("Meetup", date(2026, 1, 5), space_key="Berlin", new_contributors=9)
    for number in range(59):
        made.add_event("Meetup", date(2026, 1, 6) + timedelta(days=3 * number), space_key="Berlin")
    for number in range(20):
        made.add_event("Meetup", date(2026, 7, 2) + timedelta(days=number), space_key="Paris")
    for number, times in enumerate((3, 1, 1)):
        days = (date(2026, 1, 6 + day) for day in range(times))
        made.add_contributions(f"new-{number}", *days, event_key=first)
    about = {"space_key": "Paris", "noted_on": date(2026, 7, 1)}
    made.add(space_notes, note_key="n1", kind="roadmap", note="Ask Ada Lovelace", due_on=date(2026, 8, 1), **about)
    made.add_import("bundle")
    return made


def test_the_program_manager_sees_where_newcomers_are_lost(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("spaces")
    assert shown.finding == "1 of 2 spaces hold their schedule; Berlin is furthest behind, by 8 events."
    assert "1 of 192 new active contributors that are the goal came." in shown.text
    assert (
        "Events report 9 newcomers; contributions show 3. They differ most at Berlin (9 reported, 3 known)."
        in shown.text
    )
    assert "Day 77 of 90" in shown.text
    assert "Roadmap: 0 of 1 steps are done, 1 step is late." in shown.text
    alts = [figure.proto.alt for figure in shown.at.get("plotly_chart")]
    assert "Berlin: 60 held, 68 due: 8 events behind." in alts[0]
    assert "The goal of the year: 192." in alts[1]
    assert any("Ada Lovelace" in str(table.value) for table in shown.at.dataframe)


@pytest.mark.parametrize("role", ["leadership", "partner:docs"])
def test_outside_nothing_of_people_and_no_note_is_told(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder, role: str
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("spaces", **{"as": role})
    assert "Berlin is furthest behind" in shown.finding
    assert "Day 77 of 90" in shown.text
    assert "are told inside" in shown.text
    everything = shown.text + "".join(str(table.value) for table in shown.at.dataframe)
    assert "Lovelace" not in everything
    assert "new active contributors that are the goal" not in everything


def test_a_space_can_be_chosen_and_a_year_without_spaces_says_so(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    one = Dashboard(monkeypatch, built.database.url).open("spaces", space="Paris")
    assert "Paris is furthest behind" in one.finding or one.finding.startswith("1 space")
    assert "Berlin" not in one.finding


def test_a_target_is_set_and_changed_on_impact_and_shown_where_it_belongs(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("impact")
    shown.at.toggle(key="edit_targets").set_value(True)
    shown.run()
    shown.at.selectbox(key="target_metric_0").set_value("new_active_contributors")
    shown.at.number_input(key="target_aim_0").set_value(1152.0)
    shown.at.button(key="target_new_submit_0").click()
    shown.run()
    assert "set to 1,152" in shown.at.success[0].value
    with built.database.reading() as connection:
        [row] = connection.execute(select(targets)).all()
    assert (row.metric, row.value, row.period_end) == ("new_active_contributors", 1152, date(2026, 12, 31))
    key = json.dumps(["new_active_contributors", "2026-01-01", "2026-12-31", ""])
    shown.at.selectbox(key="target_changed_1").set_value(key)
    shown.at.number_input(key="target_changed_aim_1").set_value(100.0)
    shown.at.button(key="target_change_submit_1").click()
    shown.run()
    assert "set to 100, was 1,152" in shown.at.success[0].value
    spaces = Dashboard(monkeypatch, built.database.url).open("spaces")
    assert any("New active contributors through spaces" in str(table.value) for table in spaces.at.dataframe)


def test_only_the_program_manager_is_offered_to_set_one(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("impact", **{"as": "board"})
    assert not [toggle for toggle in shown.at.toggle if toggle.key == "edit_targets"]


@pytest.mark.parametrize(("closer", "said"), [("areas", "Coding"), ("visitors", "recorded"), ("weekdays", "Monday")])
def test_each_closer_look_has_an_address(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder, closer: str, said: str
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("spaces", closer=closer)
    tables = "".join(table.proto.columns for table in shown.at.dataframe)
    assert said in tables + shown.text


def pressed(shown: Dashboard, label: str) -> Dashboard:
    next(each for each in shown.at.button if each.label == label).click()
    return shown.run()


def test_roadmap_coordinators_and_pilots_are_recorded_here(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("spaces")
    shown.at.selectbox(key="space_finished_0").set_value("n1")
    pressed(shown, "Record that it is done")
    assert "Roadmap: 1 of 1 step" in shown.text
    shown.at.selectbox(key="space_noted_1").set_value("Paris")
    shown.at.selectbox(key="space_kind_1").set_value("lesson")
    shown.at.text_input(key="space_words_1").set_value("Evenings fill")
    pressed(shown, "Write the note")
    assert "Evenings fill" in " ".join(table.value.to_string() for table in shown.at.dataframe)
    shown.at.selectbox(key="space_coordinated_2").set_value("Paris")
    shown.at.selectbox(key="space_side_2").set_value("coordinator_community")
    shown.at.text_input(key="space_person_2").set_value("new-")
    pressed(shown, "Name the coordinator")
    assert "several have this name" in shown.at.error[0].value.replace("\\", "")
    shown.at.text_input(key="space_person_2").set_value("Ada Lovelace")
    pressed(shown, "Name the coordinator")
    assert "Community coordinator of Paris: ada" in shown.text
    shown.at.selectbox(key="space_piloted_3").set_value("Berlin")
    pressed(shown, "Start the pilot")
    assert "Day 1 of 90" in shown.text
    pressed(shown, "Undo")
    assert "Day 1 of 90" not in shown.text


def test_the_board_records_nothing_of_spaces(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("spaces", **{"as": "board"})
    assert "Record something" not in [each.value for each in shown.at.header]
