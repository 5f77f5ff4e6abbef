"""This week: the start page of who acts; each thing with its way, put off and shown again, counted when done."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from data_access.database.engine import Database
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.desk_builders import DeskBuilder
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.slow


STAGE_FORM = "./teams?show_team=docs&record=stage#record"


@pytest.fixture
def program(tmp_path: Path) -> Database:
    """On 15 September 2026: a request with an event on the 18th, an unmarked event, a team that is ready."""
    built = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    desk, teams = DeskBuilder(built.database), TeamBuilder(built.database)
    desk.add_program()
    desk.add_cohort()
    day = date(2026, 8, 1)
    desk.add_member("ada", day, cohort_key="c1")
    desk.apply("ada", on=day, decision="accepted", decided_on=day, graduated_on=day)
    desk.take_part("ada", date(2026, 8, 1), date(2026, 8, 2), date(2026, 8, 3))
    event = desk.add_event(date(2026, 9, 18), "hack", "planned", title="Hack & eat")
    desk.add_request("100", "ada", "r 1", event_key=event)
    desk.add_event(date(2026, 9, 10), "past", "planned", title="Meetup")
    teams.add_team("docs", ("pre_work", date(2026, 9, 1)), coordinator_key="ada", coordinator_appointed_on=day)
    built.add_import()
    return built.database


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, program: Database) -> Dashboard:
    return Dashboard(monkeypatch, program.url).open("this-week")


def heads(shown: Dashboard) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", shown.html)


def ways(shown: Dashboard) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'up-due-way"><a href="(.*?)"', shown.html)]


def pressed(shown: Dashboard, what: str, at: int = 0) -> Dashboard:
    """After the button of that kind of the card at the place was pressed."""
    buttons = [button for button in shown.at.button if str(button.key).startswith(f"{what}_")]
    buttons[at].click()
    return shown.run()


def test_each_thing_has_its_sentence_its_day_and_the_way_to_where_it_is_done(shown: Dashboard) -> None:
    assert shown.finding == "3 things need you first; nothing of it is late."
    assert heads(shown) == ["A request to decide", "An event nobody marked", "A team that is ready"]
    assert "Ada asks for €100 for “Hack & eat”: decide it before the event begins on 18 September 2026." in shown.text
    assert "“Meetup” was 5 days ago and nobody has said whether it was held" in shown.text
    assert re.findall(r'up-due-when">(.*?)<', shown.html) == ["3 days left", "9 days left", "no set day"]
    assert ways(shown) == ["./requests?request=r+1", "./event-map?event=past#record", STAGE_FORM]


def test_its_links_open_the_request_the_event_and_the_person(
    monkeypatch: pytest.MonkeyPatch, program: Database
) -> None:
    request = Dashboard(monkeypatch, program.url).open("requests", request="r 1")
    assert "Hack" in request.at.header[0].value
    event = Dashboard(monkeypatch, program.url).open("event-map", event="past")
    assert any(str(button.key).startswith("event_event_submit") for button in event.at.button)
    person = Dashboard(monkeypatch, program.url).open("person", person="ada")
    assert [box.value for box in person.at.selectbox if box.label == "Person"] == ["ada"]


def test_an_event_is_marked_in_place_and_counted_as_done(shown: Dashboard) -> None:
    submit = next(button for button in shown.at.button if "_event_submit" in str(button.key))
    submit.click()
    shown.run()
    assert "An event nobody marked" not in heads(shown)
    assert "You have recorded 1 thing since Monday." in shown.text
    assert shown.finding.startswith("2 things need you first")


def test_what_is_put_off_goes_and_can_be_looked_at_and_made_due_again(shown: Dashboard) -> None:
    pressed(shown, "monday")
    assert heads(shown) == ["An event nobody marked", "A team that is ready"]
    shown.at.toggle[0].set_value(True)
    shown.run()
    assert heads(shown)[-1] == "A request to decide"
    pressed(shown, "wake")
    assert heads(shown) == ["A request to decide", "An event nobody marked", "A team that is ready"]
    assert not shown.at.toggle


def test_it_comes_back_on_monday_or_after_a_month_and_others_see_it_all_the_while(
    monkeypatch: pytest.MonkeyPatch, program: Database, shown: Dashboard
) -> None:
    pressed(shown, "monday", 1)
    pressed(shown, "month", 1)
    assert heads(shown) == ["A request to decide"]
    sunday = Dashboard(monkeypatch, program.url, as_of="2026-09-20").open("this-week")
    monday = Dashboard(monkeypatch, program.url, as_of="2026-09-21").open("this-week")
    event = "./event-map?event=past#record"
    assert event not in ways(sunday)
    assert event in ways(monday)
    assert "A team that is ready" not in heads(monday)
    later = Dashboard(monkeypatch, program.url, as_of="2026-10-15").open("this-week")
    assert "A team that is ready" in heads(later)
    partner = Dashboard(monkeypatch, program.url).open("this-week", **{"as": "partner:docs"})
    assert heads(partner) == ["A team that is ready"]
    assert ways(partner) == [STAGE_FORM.replace("?", "?as=partner%3Adocs&")]


def test_all_that_is_put_off_leaves_a_calm_page(shown: Dashboard) -> None:
    for _ in range(3):
        pressed(shown, "month")
    assert shown.finding == "Nothing is due this week."
    assert "What needs you appears here" in shown.text


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("pm", "What needs you this week?"),
        ("board", "What needs you this week?"),
        ("partner:docs", "What needs you this week?"),
        ("leadership", "Test program: what did it achieve?"),
        ("public", "Test program: what did it achieve?"),
    ],
)
def test_it_opens_first_for_who_acts_and_impact_for_everybody_else(
    monkeypatch: pytest.MonkeyPatch, program: Database, role: str, start: str
) -> None:
    assert start in Dashboard(monkeypatch, program.url).open("", **{"as": role}).text
    impact = Dashboard(monkeypatch, program.url).open("impact", **{"as": role})
    assert "Test program: what did it achieve?" in impact.text
