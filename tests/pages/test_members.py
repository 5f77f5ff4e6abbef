"""The Members page: full, empty, filtered, hostile, forbidden, and through the eyes of board and leadership."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dashboard.words.text import plain
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
    assert "Bo 16 days left 0 of 3 events held and 0 scheduled: 3 more to schedule." in shown.text
    risk = next(each.value for each in shown.at.dataframe if "needed" in each.value)
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
    for name in ("Ada", "Bo", "Cy", "Di", "ada"):
        assert re.search(rf"\b{name}\b", everything) is None
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


def recorded(shown: Dashboard, label: str) -> Dashboard:
    """The page after the button with this label was pressed."""
    next(each for each in shown.at.button if each.label == label).click()
    return shown.run()


def test_an_applicant_becomes_a_member_on_this_page_alone(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    built.apply("ed", application_key="ed")
    shown = opened(monkeypatch, built, word="waiting")
    assert "Waits for evaluation since" in shown.text
    shown.at.text_input(key="member_sought_0").set_value("ed")
    shown.run()
    shown.at.text_input(key="person_record_ed_score_0").set_value("4")
    recorded(shown, "Record the evaluation")
    shown.at.selectbox(key="person_record_ed_decision_1").set_value("accepted")
    recorded(shown, "Record the decision")
    recorded(shown, "Record the training")
    assert shown.finding.startswith("3 members")
    recorded(shown, "Record the graduation")
    assert shown.finding.startswith("4 members")
    assert "Graduated on 15 September 2026" in shown.text
    recorded(shown, "Undo")
    assert shown.finding.startswith("3 members")


def of_member(shown: Dashboard, key: str) -> Dashboard:
    """The page with the forms about a person."""
    shown.at.text_input(key="member_sought_0").set_value(key)
    return shown.run()


def state_of(shown: Dashboard, name: str) -> str:
    """The newest state of a member in the table behind the strip."""
    strip = next(each.value for each in shown.at.dataframe if "streak" in each.value and "quarter" in each.value)
    return str(strip[strip["name"] == name].iloc[0]["state"])


def test_grace_takes_a_member_out_of_danger_and_can_be_taken_back(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = of_member(opened(monkeypatch, built), "bo")
    assert state_of(shown, "Bo") == "at risk"
    next(each for each in shown.at.text_input if each.label == "Reason").set_value("A new child")
    recorded(shown, "Give grace")
    assert "the quarters of these days are of grace" in shown.at.success[0].value
    assert state_of(shown, "Bo") == "grace"
    assert "Grace from 15 September 2026 to 15 September 2026" in shown.text
    recorded(shown, "Undo")
    assert state_of(shown, "Bo") == "at risk"


def test_a_word_is_recorded_on_the_card_and_undone_below_when_the_card_is_gone(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = opened(monkeypatch, built)
    shown.at.button(key="note_bo").click()
    shown.run()
    next(each for each in shown.at.text_input if each.label == "Reason").set_value("A new child")
    recorded(shown, "Give grace")
    assert "the quarters of these days are of grace" in shown.at.success[0].value
    assert "Nobody: everybody who counts has met the floor" in shown.text
    recorded(shown, "Undo")
    assert shown.at.button(key="note_bo")


def test_who_left_is_taken_back_from_the_same_form(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = of_member(opened(monkeypatch, built), "di")
    assert shown.finding.startswith("3 members")
    recorded(shown, "Take back as a member")
    assert shown.finding.startswith("4 members")
    assert "Member since 15 September 2026" in shown.text
    assert "End the membership" in [each.label for each in shown.at.button]
    recorded(shown, "Undo")
    assert shown.finding.startswith("3 members")


def test_the_code_of_conduct_is_accepted_and_who_did_not_is_listed(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = of_member(opened(monkeypatch, built, word="conduct"), "bo")
    assert "Every member has accepted the newest version that is recorded." in shown.text
    shown.at.text_input(key="person_record_code_version_0").set_value("2.1")
    recorded(shown, "Record the acceptance")
    missing = next(each.value for each in shown.at.dataframe if "accepted_on" in each.value)
    assert list(missing["name"]) == ["Ada", "Cy"]
    assert plain("Accepted so far: version 2.1.") in [each.value for each in shown.at.caption]
    recorded(shown, "Undo")
    assert "Every member has accepted the newest version that is recorded." in shown.text


def test_a_member_is_dropped_with_the_missed_quarters_beside(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = opened(monkeypatch, built)
    shown.at.text_input(key="member_sought_0").set_value("bo")
    shown.run()
    assert "quarters were missed in a row, since " in " ".join(each.value for each in shown.at.caption)
    next(each for each in shown.at.selectbox if each.label == "Why it ends").set_value("below_floor")
    recorded(shown, "End the membership")
    assert "the membership has ended" in shown.at.success[0].value
    assert "Take back as a member" in [each.label for each in shown.at.button]


@pytest.mark.parametrize("role", ["board", "leadership"])
def test_only_the_program_manager_records_here(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, role: str) -> None:
    shown = opened(monkeypatch, built, **{"as": role})
    assert "Record something about anybody" not in [each.value for each in shown.at.header]
    assert "Record something" not in [each.label for each in shown.at.button]


@pytest.mark.parametrize("role", ["pm", "board"])
def test_disputes_are_handled_by_manager_and_board(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, role: str
) -> None:
    shown = opened(monkeypatch, built, **{"as": role})
    shown.at.text_input(key="dispute_kind_0").set_value("travel")
    recorded(shown, "Open the dispute")
    assert "1 open, the oldest for 0 days." in [each.value for each in shown.at.caption]
    shown.at.text_input(key="dispute_outcome_1").set_value("Both were heard")
    dispute = next(each.value["dispute_key"][0] for each in shown.at.dataframe if "dispute_key" in each.value)
    shown.at.selectbox(key="dispute_closed_1").set_value(dispute)
    recorded(shown, "Close the dispute")
    assert "The runbook comes first" in shown.at.error[0].value


def test_leadership_learns_nothing_of_disputes(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built, **{"as": "leadership"})
    assert "dispute" not in f"{shown.text} {[each.value for each in shown.at.header]}".casefold()


def test_hires_are_told_by_company_inside_and_in_ranges_outside(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    """Six were hired by Acme, 100 to 105 days after joining; leadership reads a range and no company."""
    for number in range(6):
        joined = date(2026, 1, 1)
        ended = joined + timedelta(days=100 + number)
        built.add_member(f"h{number}", joined, ended_on=ended, end_reason="hired", hired_by="Acme <b>")
    release(built.database, date(2026, 7, 1))
    inside = opened(monkeypatch, built, more="hires")
    said = " ".join(each.value for each in inside.at.markdown)
    assert "hired 6 members so far; half of them within 102 days of joining \\(95% 100 to 105 days\\)" in said
    assert "Acme <b>" in tables(inside)
    assert "<b>" not in said + inside.html
    outside = opened(monkeypatch, built, **{"as": "leadership"})
    told = " ".join(each.value for each in outside.at.markdown) + tables(outside) + outside.html
    assert "Companies have hired 5 to 9 members so far" in told
    assert "Acme" not in told
