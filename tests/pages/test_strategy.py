"""The Strategy page: ten topics from the answers of other pages, the register of decisions, and what outside reads."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from data_access.database.schema import decisions, targets
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.desk_builders import DeskBuilder
from tests.team_builders import TeamBuilder

WHOSE = {
    "who_decides": "Board of three",
    "who_agrees": "The manager",
    "consulted": "The mentors",
    "informed": "The alumni",
}


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    """Two of three members met the floor, Germany had an event each week, and the floor was decided twice."""
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    for week in range(52):
        made.add_event("Meetup", date(2025, 7, 3) + timedelta(days=7 * week))
    made.add_event("Meetup", date(2025, 9, 1), "KE")
    desk = DeskBuilder(made.database)
    for member in ("ada", "bo", "cy"):
        desk.add_member(member, date(2025, 1, 1))
    for member in ("ada", "bo"):
        desk.take_part(member, *(date(2026, 5, day) for day in (4, 11, 18)))
    teams = TeamBuilder(made.database)
    teams.add_team("docs", ("starting", date(2026, 1, 1)), partner="Esi")
    teams.add_team("qa", ("starting", date(2026, 1, 1)), partner="Esi")
    for number in range(20):
        made.add_contributor(date(2025, 8, 1), 4 if number < 8 else 1, joined_on=date(2025, 7, 15))
    made.add(
        targets, metric="events", period_start=date(2026, 1, 1), period_end=date(2026, 12, 31), value=100.0, scope=None
    )
    for key, what, day, before in (("d1", "Two a quarter", 2025, None), ("d2", "Three a quarter", 2026, "d1")):
        row = {"decision_key": key, "what": what, "decided_on": date(day, 2, 1), "supersedes": before}
        made.add(decisions, topic="accountability", status="decided", **row, **WHOSE)
    made.add_import("bundle")
    return made


def test_each_topic_has_its_number_its_targets_its_decisions_and_its_page(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("strategy")
    assert "1 decision stands." in shown.finding
    for said in (
        "In 1 of 5 regions something was held in at least half of the weeks; 3 never had an event, and elsewhere "
        "Eastern Africa waited longest, 42 weeks.",
        "2026 Q2 2 of 3",
        "In 2026 Q2, 2 of 3 members met the floor of 3 events.",
        "of those whose time is over, 40% took that step (95% interval 22–61%).",
        "1 partner for 2 teams, 2 at most for one; 2 have no coordinator",
        "Three a quarter (1 Feb 2026)",
        "Events. Target:",
    ):
        assert said in shown.text, shown.text
    assert "Two a quarter (1 Feb 2025)" not in shown.text
    assert "./members?" in shown.html
    [figures, register] = [table.value for table in shown.at.dataframe]
    assert figures.set_index("label").loc["2026 Q2", "shown"] == "2 of 3"
    assert register["state"].tolist() == ["decided", "superseded"]


@pytest.mark.parametrize("role", ["leadership", "partner:docs"])
def test_outside_reads_what_was_decided_and_no_part_of_anybody(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder, role: str
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("strategy", **{"as": role})
    assert "Three a quarter (1 Feb 2026)" in shown.text
    assert "This is told to the program manager and the board alone." in shown.text
    everything = shown.html + "".join(str(table.value.to_dict()) for table in shown.at.dataframe)
    assert not [words for words in WHOSE.values() if words in everything]
    assert "2 of 3 members" not in everything
    if role != "leadership":
        assert "This is told to the program manager, the board and leadership alone." in shown.text
        assert "./members?" not in shown.html
    assert not [button for button in shown.at.button if str(button.key).startswith("decision_")]


def test_a_decision_is_recorded_changed_and_undone_on_the_page(
    monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("strategy", **{"as": "board"})
    shown.at.selectbox(key="decision_new_topic_0").set_value("resources")
    shown.at.text_area(key="decision_new_what_0").set_value("Keep a tenth for new countries")
    shown.at.selectbox(key="decision_new_status_0").set_value("proposed")
    shown.at.button(key="decision_new_submit_0").click()
    shown.run()
    assert "Recorded" in shown.at.success[0].value
    with built.database.reading() as connection:
        [row] = connection.execute(select(decisions).where(decisions.c.topic == "resources")).all()
    shown.at.selectbox(key="decision_changed_1").set_value(row.decision_key)
    shown.run()
    shown.at.selectbox(key=f"decision_{row.decision_key}_status_1").set_value("decided")
    shown.at.date_input(key=f"decision_{row.decision_key}_decided_on_1").set_value(date(2026, 9, 1))
    shown.at.button(key=f"decision_{row.decision_key}_submit_1").click()
    shown.run()
    assert "name the role, such as" in shown.at.error[0].value
    shown.at.text_input(key=f"decision_{row.decision_key}_who_decides_1").set_value("Board")
    shown.at.button(key=f"decision_{row.decision_key}_submit_1").click()
    shown.run()
    assert "2 decisions stand" in shown.finding
    undo = [button for button in shown.at.button if str(button.key).startswith("undo_")]
    undo[0].click()
    shown.run()
    assert "1 decision stands, and 1 is proposed." in shown.finding
