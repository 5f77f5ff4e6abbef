"""One team's view: its guide, the risks in the data beside the recorded ones, its leadership; and for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from dashboard.subjects.teams import export
from dashboard.subjects.teams.case_study import NOT_TOLD
from dashboard.subjects.teams.export import FILE
from data_access.contract.guidance import FUNCTIONS, GUIDES, INTENTS, RECORD_KEEPER
from data_access.contract.lifecycle import STAGE
from data_access.database.schema import team_stages
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.releasing import release
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.slow

BUSY = date(2026, 8, 1)


@pytest.fixture
def built(program: ProgramBuilder) -> TeamBuilder:
    """In Docs Ada makes 33 of 45 contributions, which is recorded as a risk; QA has one person and no coordinator."""
    made = TeamBuilder(program.database)
    made.add_person("ada", "Ada Diaz")
    appointed: dict[str, Any] = {"coordinator_key": "ada", "coordinator_appointed_on": date(2026, 2, 1)}
    made.add_team("docs", ("starting", date(2026, 1, 1)), ("learning", date(2026, 6, 1)), **appointed)
    made.contribute("docs", "ada", BUSY, quantity=30)
    made.add_contributors("docs", 12, BUSY)
    made.contribute("docs", "ada", BUSY, quantity=3, area="manual")
    made.add_risk("docs")
    made.add_team("qa", ("starting", date(2026, 6, 1)), name="QA crew")
    made.add_contributors("qa", 1, BUSY, quantity=12)
    program.add_event(team_key=None)
    program.add_import()
    return made


def opened(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder, **query: str) -> Dashboard:
    return Dashboard(monkeypatch, built.database.url).open("teams", **query)


def test_a_team_shows_recorded_and_detected_risks_side_by_side_and_its_leadership(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    shown = opened(monkeypatch, built, show_team="docs")
    assert "The coordinator does everything alone" in shown.text
    assert "One person made 73% of the 45 contributions of the last 365 days; more than half is a risk." in shown.text
    assert "recorded too" in shown.text
    assert "In the last 365 days 1 person made half of the work or more; the busiest of 13 made 73%." in shown.text
    assert "1 thing rests on one person: manual." in shown.text
    assert [list(table.value["person"]) for table in shown.at.dataframe if "person" in table.value] == [["Ada Diaz"]]


def test_the_guide_to_a_stage_is_whole(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = opened(monkeypatch, built, show_team="docs").text
    guide, stage = GUIDES["learning"], STAGE["learning"]
    points = (*guide.for_coordinator, *guide.for_partner, *guide.resources, *FUNCTIONS, *INTENTS, *RECORD_KEEPER)
    said = (guide.who, *points, *stage.milestones.values(), *stage.risks.values())
    assert [sentence for sentence in said if sentence not in shown] == []


def test_the_board_says_briefly_what_the_data_show(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder) -> None:
    shown = opened(monkeypatch, built).text
    assert "In the data: one person makes most" in shown
    assert shown.count("In the data") == 2


def test_partners_see_risks_and_leadership_of_their_own_teams_without_names(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    release(built.database, date(2026, 7, 1))
    own = opened(monkeypatch, built, show_team="docs", **{"as": "partner:docs"})
    assert "One person made 73%" in own.text
    assert "1 thing rests on one person: manual." in own.text
    assert "Ada Diaz" not in own.html
    assert "ada" not in {str(cell) for table in own.at.dataframe for cell in table.value.to_numpy().ravel()}
    for viewer, team in (("partner:docs", "qa"), ("leadership", "docs")):
        other = opened(monkeypatch, built, show_team=team, **{"as": viewer})
        assert GUIDES["starting" if team == "qa" else "learning"].who in other.text
        assert "In the data" not in other.text
        assert "How is leadership shared?" not in other.text
    board = opened(monkeypatch, built, **{"as": "partner:docs"}).text
    assert board.count("In the data") == 1


def saved(monkeypatch: pytest.MonkeyPatch, built: TeamBuilder, viewer: str) -> dict[str, str]:
    """The files that the page of Docs offers, as they are made when they are saved."""
    made: dict[str, str] = {}

    def button(_: str, make: Callable[[], bytes], name: str, *about: str) -> None:
        made[name] = make().decode()

    monkeypatch.setattr(export, "download_button", button)
    opened(monkeypatch, built, show_team="docs", **{"as": viewer})
    return made


def test_the_case_study_tells_whoever_saves_it_what_was_released(
    monkeypatch: pytest.MonkeyPatch, built: TeamBuilder
) -> None:
    """16 people came in the quarter before the stage changed; nobody is told so, but about how many."""
    built.add_team("old", ("starting", date(2025, 1, 1)), ("learning", date(2025, 7, 10)))
    built.add_contributors("docs", 16, date(2025, 2, 1), quantity=3)
    with built.database.writing() as connection:
        moved = update(team_stages).where(team_stages.c.team_key == "docs", team_stages.c.stage == "learning")
        connection.execute(moved.values(entered_on=date(2025, 6, 1)))
        began = update(team_stages).where(team_stages.c.team_key == "docs", team_stages.c.stage == "starting")
        connection.execute(began.values(entered_on=date(2025, 1, 1)))
    missing = saved(monkeypatch, built, "pm")
    assert NOT_TOLD in missing[FILE.format("md")]
    release(built.database, date(2026, 7, 1))
    inside, own = (saved(monkeypatch, built, viewer) for viewer in ("pm", "partner:docs"))
    assert inside == own
    assert set(own) == {FILE.format("html"), FILE.format("md")}
    [told] = re.findall(r"Before the change about (\d+) to (\d+) people came new", own[FILE.format("md")])
    low, high = map(int, told)
    assert low <= 16 <= high
    assert high - low >= 4
    assert "Ada" not in own[FILE.format("html")]
    assert saved(monkeypatch, built, "leadership") == {}
    assert saved(monkeypatch, built, "partner:old") == {}
