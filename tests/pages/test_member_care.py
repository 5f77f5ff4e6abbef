"""The Members page's part about care: thanks, whom to invite, trainings, ties, reviewers, and what is asked."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data_access.database.schema import thanks, training_attendance, trainings
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.desk_builders import DeskBuilder
from tests.recording_rows import stored

pytestmark = pytest.mark.slow


@pytest.fixture
def built(program: ProgramBuilder) -> DeskBuilder:
    """Ada, a member, spoke for the first time in July; Kim organizes and is none; Ed's application is not decided."""
    made = DeskBuilder(program.database)
    made.add_cohort(places=4, training_starts_on=date(2026, 2, 1))
    made.add_member("ada", cohort_key="c1")
    made.take_part("ada", date(2026, 7, 1))
    made.add_person("kim")
    made.take_part("kim", date(2026, 7, 2), date(2026, 7, 3), role="organizer")
    made.apply("ada", decision="accepted", decided_on=date(2026, 1, 20))
    made.apply("ed", application_key="ed")
    program.add_import()
    return made


def opened(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, look: str, **query: str) -> Dashboard:
    return Dashboard(monkeypatch, built.database.url).open("members", care=look, **query)


def pressed(shown: Dashboard, label: str) -> Dashboard:
    next(each for each in shown.at.button if each.label == label).click()
    return shown.run()


def table(shown: Dashboard, column: str) -> pd.DataFrame:
    """The one table with this column."""
    [found] = [each.value for each in shown.at.dataframe if column in each.value]
    return found


def test_who_was_thanked_waits_no_longer_until_it_is_undone(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = opened(monkeypatch, built, "thanks")
    assert "1 achievement of the last 90 days waits for thanks; rarer things first, then the newest." in shown.text
    [key] = table(shown, "waiting")["person_key"]
    assert key == "ada"
    shown.at.selectbox(key="uplift_waits_for_thanks").set_value("ada/first_talk/2026-07-01")
    shown.run()
    shown.at.text_input(key="thank_how_0").set_value("A card")
    pressed(shown, "Thanked")
    assert "Nobody waits for thanks" in shown.text
    assert [row["how"] for row in stored(built.database, thanks)] == ["A card"]
    pressed(shown, "Undo")
    assert "1 achievement of the last 90 days waits" in shown.text


def test_the_board_reads_who_waits_and_records_nothing(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built, "invite", **{"as": "board"})
    assert "Whom to invite" not in shown.at.get("button_group")[0].proto.__str__()
    assert list(table(shown, "waiting")["name"]) == ["Ada"], "the board is shown the first look instead"
    assert "Thanked" not in [each.label for each in shown.at.button]


def test_who_is_to_be_invited_has_the_reasons(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built, "invite")
    found = table(shown, "reasons")
    assert list(found["name"]) == ["Kim"]
    assert list(found["reasons"]) == ["Organized 2 events."]
    assert "Kim Organized 2 events." in shown.text, "in words above the table, which is too narrow for them"
    assert "1 person did the work of members in the last 12 months without ever being one." in shown.text


def test_a_training_is_recorded_with_who_came(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built, "trainings")
    assert "No training is recorded." in shown.text
    shown.at.text_input(key="training_title_0").set_value("Speaking")
    shown.at.selectbox(key="training_kind_0").set_value("speaking")
    shown.at.selectbox(key="training_cohort_0").set_value("c1")
    pressed(shown, "Record the training")
    key = "2026-09-15-speaking"
    assert [row["training_key"] for row in stored(built.database, trainings)] == [key]
    shown.at.selectbox(key="training_chosen").set_value(key)
    shown.run()
    shown.at.multiselect(key=f"came_came_{key}_1").set_value(["ada"])
    pressed(shown, "Record who came")
    assert [row["attended"] for row in stored(built.database, training_attendance)] == [True]
    assert list(table(shown, "attended")["attended"]) == [1]
    assert f"Ada attended {key}" in shown.text, "the record names keys"


def test_a_review_is_asked_for_and_given_in_the_applicants_form(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    shown = opened(monkeypatch, built, "reviewers", word="waiting")
    assert "No review of an application is recorded" in shown.text
    shown.at.text_input(key="member_sought_0").set_value("ed")
    shown.run()
    shown.at.text_input(key="person_record_review_ed_reviewer_0").set_value("Ines")
    pressed(shown, "Record the review")
    assert "1 review waits. Ines has the most: 1, the oldest for 0 days." in shown.text
    shown.at.text_input(key="person_record_review_ed_reviewer_1").set_value("Ines")
    shown.at.text_input(key="person_record_review_ed_score_1").set_value("70")
    pressed(shown, "Record the review")
    assert "No review waits." in shown.text
    assert "Ines: 70 on 15 September 2026" in [each.value for each in shown.at.caption]
    waiting = table(shown, "review_score")
    assert list(waiting[waiting["person_key"] == "ed"]["review_score"]) == [70]


def test_ties_and_what_is_asked_are_said(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built, "ties")
    assert list(table(shown, "pairs")["people"]) == [1]
    shown = opened(monkeypatch, built, "asked")
    assert "Speak, organize, mentor or facilitate at 3 events or more that are held." in shown.text
    assert "Approves the budget" in shown.text
