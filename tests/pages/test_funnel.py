"""The Funnel and Retention pages: steps, groups, thresholds, ranges for other eyes, and hostile names of groups."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data_access.database.schema import applications, challenges, cohorts, memberships, participations, team_stages
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} :smile: **b** \u202egnp.exe"
PAGES = ("funnel", "retention")
OUTSIDE = ("leadership", "partner:team-a")


@pytest.fixture(scope="module")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> ProgramBuilder:
    """Sixty people of two teams: half of them came back three times, a quarter a dozen times; one event, one cohort.

    Made once: no test writes to it.
    """
    program = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('journeys') / 'uplift.db'}")
    program.add_program()
    program.add_event(key="e", starts_on=date(2025, 10, 1), scale="micro", team_key="team-a")
    with program.deriving_at_the_end():
        for number in range(60):
            joined = date(2025, 8, 1) + timedelta(days=number * 4)
            key, team = f"p{number}", ("team-a", "team-b")[number % 2]
            program.add_person(
                key, name=f"Person {number}", joined_on=joined, entry_channel=("event", "online")[number % 2]
            )
            days = [joined + timedelta(days=10)]
            if number % 2:
                days += [joined + timedelta(days=15 + extra) for extra in range(11 if number % 4 == 1 else 3)]
            if number % 3 == 0:
                days.append(joined + timedelta(days=130))
            if number % 10:
                program.add_contributions(key, *dict.fromkeys(days), team_key=team, area=("coding", "docs")[number % 2])
    program.add(team_stages, team_key="team-a", stage="starting", entered_on=date(2025, 1, 1))
    program.add(cohorts, cohort_key="c", name="Autumn")
    for number in range(8):
        program.add(applications, application_key=f"a{number}", person_key=f"p{number}", cohort_key="c",
                    applied_on=date(2025, 10, 1), decision="accepted", decided_on=date(2025, 10, 20))  # fmt: skip
    program.add(memberships, membership_key="m", person_key="p1", started_on=date(2025, 12, 1))
    program.add(challenges, challenge_key="x", event_key="e", phase="before", kind="learning_task", completed_count=4)
    program.add(participations, event_key="e", person_key="p1", role="speaker")
    program.add_import()
    return program


def test_the_finding_says_how_many_became_active_and_core(
    monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder
) -> None:
    shown = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025")
    assert shown.finding.startswith("Of 39 people who joined in 2025, ")
    assert "became active" in shown.finding
    assert "No step is clearly the weakest" in shown.text
    assert "Joined 39" in shown.text


def test_the_people_behind_a_step_are_listed_inside_only(
    monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder
) -> None:
    for role in ("pm", "board"):
        inside = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025", **{"as": role})
        assert any("person_key" in table.value.columns for table in inside.at.dataframe)
    for role in OUTSIDE:
        other = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025", **{"as": role})
        assert not any("person_key" in table.value.columns for table in other.at.dataframe)
        assert "Person " not in other.html
        assert "What if" not in " ".join(box.label for box in other.at.expander)
        assert not other.at.number_input


@pytest.mark.slow
@pytest.mark.parametrize("by", ["team", "stage", "area", "region", "channel", "scale", "space"])
def test_groups_are_compared_step_by_step(monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder, by: str) -> None:
    shown = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025", step="active")
    shown.at.selectbox(key="compare").set_value(by)
    shown.at.selectbox(key="curves_by").set_value(by)
    shown.run()
    assert any("name" in table.value.columns for table in shown.at.dataframe)


def test_other_thresholds_can_be_tried(monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025")
    shown.at.number_input(key="try_active").set_value(1)
    shown.run()
    [table] = [table.value for table in shown.at.dataframe if "tried_people" in table.value.columns]
    assert table["tried_people"].iloc[2] > table["people"].iloc[2]
    assert table["tried_people"].iloc[2] == table["people"].iloc[1]


def test_retention_says_how_many_come_back(monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, journeys.database.url).open("retention", period="2025")
    assert "whose next month is over, 9 (28%) were back in the month after their first" in shown.finding
    assert "Active in month 1" in shown.text
    shown.at.button_group(key="reading").set_value("active_then_or_later")
    shown.run()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", OUTSIDE)
def test_staff_see_the_page_in_ranges(
    monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder, page: str, role: str
) -> None:
    shown = Dashboard(monkeypatch, journeys.database.url).open(page, period="2025", **{"as": role})
    assert "Counts of people are ranges" in shown.text


@pytest.mark.parametrize("page", PAGES)
def test_filters_are_for_the_program_manager(
    monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder, page: str
) -> None:
    url = journeys.database.url
    narrowed = Dashboard(monkeypatch, url).open(page, period="2025", team="team-a")
    assert "not filtered for your role" not in narrowed.text
    other = Dashboard(monkeypatch, url).open(page, period="2025", team="team-a", **{"as": "leadership"})
    assert "Counts of people are not filtered for your role." in other.text


def test_names_of_groups_are_shown_as_text(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    with program.deriving_at_the_end():
        for number in range(25):
            key = f"{HOSTILE}{number}"
            program.add_person(key, name=HOSTILE, joined_on=date(2025, 10, 1), entry_channel=HOSTILE)
            program.add_contributions(key, date(2025, 10, 5), team_key=HOSTILE, area=HOSTILE)
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("funnel", period="2025")
    for by in ("team", "area", "channel"):
        shown.at.selectbox(key="compare").set_value(by)
        shown.at.selectbox(key="curves_by").set_value(by)
        shown.run()
        assert "<img" not in shown.html
        figures = "".join(chart.proto.spec for chart in shown.at.get("plotly_chart"))
        assert "<img" not in figures
        assert "\\u003cimg" not in figures


def test_a_link_opens_the_same_step(monkeypatch: pytest.MonkeyPatch, journeys: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025", level="core")
    assert shown.at.session_state["level"] == "core"
    ignored = Dashboard(monkeypatch, journeys.database.url).open("funnel", period="2025", level="<b>")
    assert ignored.at.session_state["level"] == "casual"
