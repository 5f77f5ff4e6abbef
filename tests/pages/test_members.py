"""The Members page: full, empty, filtered, hostile, forbidden, and through the eyes of board and leadership."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.desk_builders import DeskBuilder
from tests.releasing import release

pytestmark = pytest.mark.slow


@pytest.fixture
def built(program: ProgramBuilder) -> DeskBuilder:
    """On 15 September 2026: Ada has met the floor, Bo is at risk, Cy is in grace, Di was hired in June."""
    made = DeskBuilder(program.database)
    made.add_cohort(places=4)
    for person in ("ada", "bo", "di"):
        made.add_member(person, cohort_key="c1", **({"ended_on": date(2026, 6, 5)} if person == "di" else {}))
    made.add_member("cy", date(2026, 8, 2), person={"home_country": "DE"})
    made.apply("ada", graduated_on=date(2026, 2, 1))
    made.take_part("ada", date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3))
    made.take_part("bo", date(2026, 6, 1))
    program.add_import()
    return made


def opened(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, **query: str) -> Dashboard:
    return Dashboard(monkeypatch, built.database.url).open("members", **query)


def tables(shown: Dashboard) -> str:
    return "\n".join(table.value.to_string() for table in shown.at.dataframe)


def test_the_finding_counts_who_met_the_floor_and_who_is_at_risk(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = opened(monkeypatch, built)
    assert shown.finding == (
        "3 members in 2026 Q3: 1 has met the floor of 3 events, 0 are on track, 1 is at risk with 16 days left."
    )
    risk = shown.at.dataframe[1].value
    assert list(risk["name"]) == ["Bo"]
    assert list(risk["needed"]) == [3]
    assert "First talk" in tables(shown)


def test_the_board_sees_names_and_leadership_sees_none(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, program: ProgramBuilder
) -> None:
    for _ in range(5):
        program.add_person()
    assert "Bo" in tables(opened(monkeypatch, built, **{"as": "board"}))
    release(built.database, date(2026, 7, 1))
    shown = opened(monkeypatch, built, **{"as": "leadership"})
    everything = f"{shown.text} {tables(shown)} {' '.join(item.proto.spec for item in shown.at.get('plotly_chart'))}"
    for name in ("Ada", "Bo", "Cy", "Di ", "ada"):
        assert name not in everything
    assert "fewer than 5 members met the floor" in shown.finding


def test_a_filter_by_country_keeps_the_members_who_live_there(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, program: ProgramBuilder
) -> None:
    program.add_event(country="DE")
    shown = opened(monkeypatch, built, country="DE")
    assert shown.finding.startswith("1 member in 2026 Q3: 0 have met")


def test_a_quarter_that_all_members_have_left_is_said_and_the_page_stands(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    made = DeskBuilder(program.database)
    made.add_member("ada", ended_on=date(2026, 6, 20))
    program.add_import()
    shown = opened(monkeypatch, made)
    assert "Nobody is a member in this quarter." in shown.text
