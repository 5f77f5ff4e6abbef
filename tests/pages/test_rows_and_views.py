"""What is behind a mark, whose views are offered to whom, and which notes stand on a trend."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.release.project import write_release
from data_access.selection import Role, Scope
from tests.dashboard.apptest import AS_OF, Dashboard

PM, TODAY = Author("Ada", Scope(Role.PM)), date.fromisoformat(AS_OF)


def test_who_is_outside_opens_events_and_no_person(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    shown = Dashboard(monkeypatch, full).open("impact", **{"as": "leadership"})
    offered = shown.at.selectbox(key="rows_of_impact_trends").options
    assert offered
    assert not [words for words in offered if "contributors" in words or "Paid" in words]
    asked = {"as": "leadership", "rows": "impact_trends~new.2026-03-01.1"}
    assert "behind_impact_trends" not in str(Dashboard(monkeypatch, full).open("impact", **asked).at.main)


@pytest.fixture
def own(full_file: Path, tmp_path: Path) -> Database:
    return Database(f"sqlite:///{shutil.copy(full_file, tmp_path / 'uplift.db')}")


def test_a_shared_view_is_offered_to_who_may_open_its_page(monkeypatch: pytest.MonkeyPatch, own: Database) -> None:
    for page in ("impact", "requests"):
        actions.save_view(own, PM, name=page, page=page, query={"country": "DE"}, shared=True, today=TODAY)
    for role, names in (("board", ["impact", "requests"]), ("leadership", ["impact"])):
        shown = Dashboard(monkeypatch, own.url)
        shown.at.session_state["saved_views"] = True
        links = shown.open("teams", **{"as": role}).at.sidebar.get("page_link")
        assert [link.proto.label for link in links] == names
        assert {link.proto.query_string for link in links} == {f"country=DE&as={role}"}


def test_a_note_stands_on_the_trend_of_whom_it_is_for(monkeypatch: pytest.MonkeyPatch, own: Database) -> None:
    for words, inside in (("For all of us", False), ("Canary of the inside", True)):
        actions.write_note(own, PM, today=TODAY, noted_on=date(2026, 2, 3), note=words, inside=inside)
    write_release(own)
    own.close()
    seen = {}
    for role in ("pm", "leadership"):
        shown = Dashboard(monkeypatch, own.url).open("impact", **{"as": role})
        [chart] = shown.at.get("plotly_chart")
        seen[role] = chart.proto.spec + chart.proto.alt
        assert "For all of us" in seen[role]
    assert "Canary of the inside" in seen["pm"]
    assert "Canary" not in seen["leadership"]
