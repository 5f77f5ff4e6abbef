"""The Teams page: the board, one team, the forms, the undo; full, empty, filtered, hostile, and through other eyes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.subjects.teams.blocks import evidence_link
from data_access.database.schema import audit, team_milestones, team_stages
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.pages.test_impact import HOSTILE
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.slow

TODAY = date(2026, 9, 15)
ENTERED = date(2026, 3, 1)


@pytest.fixture
def built(program: ProgramBuilder) -> TeamBuilder:
    """Docs learns, with 12 newcomers, a milestone, a risk; QA is ready to start; Idle has nothing but its name."""
    made = TeamBuilder(program.database)
    made.add_person("cleo", "Cleo Lang")
    appointed: dict[str, Any] = {"coordinator_key": "cleo", "coordinator_appointed_on": date(2026, 2, 1)}
    made.add_team("docs", ("starting", date(2026, 1, 1)), ("learning", ENTERED), partner="Esi Owusu", **appointed)
    made.add_team("qa", ("pre_work", date(2026, 6, 1)), name="QA crew", **appointed)
    made.add_team("idle")
    made.add_contributors("docs", 12, date(2026, 5, 1), quantity=3)
    made.add_milestone("docs", "gaps_identified", date(2026, 4, 1), "https://wiki.example.org/gaps")
    made.add_risk("docs")
    program.add_event(team_key=None)
    program.add_import()
    return made


def opened(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder, **query: str) -> Dashboard:
    return Dashboard(monkeypatch, built.database.url).open("teams", **query)


def test_the_board_shows_each_team_with_what_it_has_reached(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    shown = opened(monkeypatch, built)
    assert shown.finding == "3 teams: 1 is ready to move on, none is stalled."
    assert "198 days in this stage" in shown.text
    assert "12 new contributors; more than 25 needed" in shown.text
    assert "✓ Ready to move on" in shown.text
    assert "1 of 7 milestones" in shown.text
    assert "Coordinator: Cleo Lang" in shown.text
    assert shown.at.button(key="open_idle").label == "Idle"


def test_a_click_opens_the_team_and_its_address_opens_it_again(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    shown = opened(monkeypatch, built)
    shown.at.button(key="open_docs").click()
    shown.run()
    assert shown.query["show_team"] == "docs"
    again = opened(monkeypatch, built, show_team="docs")
    assert again.finding == shown.finding
    assert "198 days in “Learning and preparing for growth”" in again.finding
    assert "hand one recurring task to a member" in again.text
    assert 'href="https://wiki.example.org/gaps" target="_blank" rel="noopener noreferrer"' in again.html
    again.at.button(key="all_teams").click()
    again.run()
    assert "show_team" not in again.query
    assert "3 teams" in again.finding


def test_a_table_shows_names_and_its_rows_keep_their_keys(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    unmet = opened(monkeypatch, built).at.dataframe[0]
    assert list(unmet.proto.column_order)[:2] == ["name", "title"]
    assert list(unmet.value["team"]) == ["docs"]


def test_filters_leave_the_shown_team_in_the_address(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = opened(monkeypatch, built, show_team="docs")
    shown.at.multiselect(key="filter_team").set_value(["docs"])
    shown.run()
    assert shown.query == {"show_team": "docs", "team": "docs"}


def test_a_team_that_is_not_there_is_said_and_the_board_stands(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    shown = opened(monkeypatch, built, show_team="nobody")
    assert "there is no team “nobody”" in shown.at.warning[0].value.replace("\\", "")
    assert "3 teams" in shown.finding


def test_a_team_with_nothing_but_a_name_says_what_to_do(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = opened(monkeypatch, built, show_team="idle")
    assert shown.finding == "Idle: no stage is recorded."
    assert "Nothing is known of this team yet." in shown.text


def test_a_history_out_of_order_is_said_and_the_page_stands(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    built.add_team("odd", ("scaling", date(2025, 1, 1)), ("starting", date(2025, 6, 1)))
    shown = opened(monkeypatch, built, show_team="odd")
    assert any("goes back from “Growing tenfold”" in box.value.replace("\\", "") for box in shown.at.warning)


def test_others_see_ranges_and_no_names(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = opened(monkeypatch, built, **{"as": "leadership"})
    assert "Cleo" not in shown.html
    assert "12 new contributors" not in shown.text
    assert "10 to 14 new contributors; more than 25 needed" in shown.text
    team = opened(monkeypatch, built, **{"as": "leadership", "show_team": "docs"})
    assert "Cleo" not in team.html
    assert "Only the program manager and this team’s own partner can record changes." in team.text
    assert not [button for button in team.at.button if "submit" in str(button.key)]


def record_milestone(shown: Dashboard, evidence: str = "", turn: int = 0) -> Dashboard:
    shown.at.selectbox(key=f"team_milestone_{turn}").set_value("pathway_optimized")
    shown.at.text_input(key=f"team_evidence_{turn}").set_value(evidence)
    shown.at.button(key=f"team_milestone_submit_{turn}").click()
    return shown.run()


@pytest.mark.parametrize("role", ["", "partner:docs,qa"])
def test_a_milestone_is_recorded_shown_and_undone(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder, role: str
) -> None:
    query = {"show_team": "docs"} | ({"as": role} if role else {})
    shown = record_milestone(opened(monkeypatch, built, **query))
    assert "Recorded: milestone “Pathway improved”." in shown.at.success[0].value.replace("\\", "")
    assert "Pathway improved 15 September 2026" in shown.text
    with built.database.reading() as connection:
        [entry] = connection.execute(select(audit)).all()
    assert (entry.role, entry.team_key) == ("partner" if role else "pm", "docs")
    shown.at.button(key=f"undo_{entry.entry_id}").click()
    shown.run()
    assert "Undone." in shown.at.success[0].value.replace("\\", "")
    with built.database.reading() as connection:
        assert len(connection.execute(select(team_milestones)).all()) == 1
        assert len(connection.execute(select(audit)).all()) == 2


def test_the_partner_of_another_team_reads_and_cannot_write(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    record_milestone(opened(monkeypatch, built, show_team="docs"))
    shown = opened(monkeypatch, built, **{"as": "partner:qa", "show_team": "docs"})
    assert "Milestone “Pathway improved” reached on 15 September 2026" not in shown.text, "what was recorded is theirs"
    assert not [button for button in shown.at.button if str(button.key).startswith("undo_")]
    assert "Only the program manager and this team’s own partner" in shown.text


def test_what_is_refused_keeps_what_was_typed(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = record_milestone(opened(monkeypatch, built, show_team="docs"), "javascript:alert(1)")
    assert "not a web address" in shown.at.error[0].value.replace("\\", "")
    assert shown.at.text_input(key="team_evidence_0").value == "javascript:alert(1)"
    record_milestone(shown, "https://wiki.example.org/x")
    assert shown.at.success


def test_a_change_by_somebody_else_is_said_and_nothing_typed_is_lost(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    """Two sessions look at one team; the first records a stage; the second is warned, looks, and can try again."""
    first, second = (opened(monkeypatch, built, show_team="docs") for _ in range(2))
    for shown in (first, second):
        shown.at.text_input(key="team_stage_note_0").set_value("It is time")
        shown.at.button(key="team_stage_submit_0").click()
        shown.run()
    assert first.at.success
    said = second.at.warning[0].value.replace("\\", "")
    assert "Program manager (dashboard) changed this on" in said
    assert "stage “Growing tenfold” entered on 15 September 2026" in said
    assert "nothing was lost" in said
    assert second.at.text_input(key="team_stage_note_0").value == "It is time"
    with built.database.reading() as connection:
        assert len(connection.execute(select(team_stages).where(team_stages.c.team_key == "docs")).all()) == 3
    second.at.button(key="team_stage_submit_0").click()
    second.run()
    assert second.at.error, "the second look shows what is possible now: a stage a day"


def test_a_risk_a_closing_and_a_coordinator_are_recorded(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = opened(monkeypatch, built, show_team="docs")
    shown.at.button(key="team_risk_submit_0").click()
    shown.run()
    assert "is open already" in shown.at.error[0].value.replace("\\", "")
    shown.at.button(key="team_close_submit_0").click()
    shown.run()
    assert "is closed" in shown.at.success[0].value.replace("\\", "")
    shown.at.selectbox(key="team_risk_1").set_value("Another risk…")
    shown.at.text_input(key="team_risk_words_1").set_value(HOSTILE)
    shown.at.button(key="team_risk_submit_1").click()
    shown.run()
    assert "<img" not in shown.html
    built.add_person("dana", "Dana")
    shown.at.text_input(key="team_person_2").set_value("Dana")
    shown.at.button(key="team_coordinator_submit_2").click()
    shown.run()
    assert "Coordinator Dana" in shown.text


def test_text_from_data_is_shown_as_text(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    built.add_team(HOSTILE, ("learning", ENTERED), name=HOSTILE * 200, partner=HOSTILE)
    built.add_risk(HOSTILE, HOSTILE)
    built.add_milestone(HOSTILE, "gaps_identified", ENTERED, "javascript:alert(1)")
    people = built.add_contributors(HOSTILE, 6, date(2026, 5, 1), quantity=3)
    built.add_mentorship(people[0], people[1], HOSTILE)
    shown = opened(monkeypatch, built)
    assert "<img" not in shown.html
    assert "\u202e" not in shown.html
    team = opened(monkeypatch, built, show_team=HOSTILE)
    assert "<img" not in team.html
    assert re.search(r"""(href|src)=["']javascript""", team.html) is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://[", "ftp://x/y", "", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert evidence_link(url) is None


def test_a_link_cannot_break_out_of_its_attribute() -> None:
    made = str(evidence_link('https://x.example/"><script>alert(1)</script>'))
    assert "<script>" not in made
    assert made.count('"') == 6
