"""The Impact page: full, empty, filtered, hostile, and through other eyes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from dashboard.asking import cached
from dashboard.parts.aims import scope_words
from dashboard.words.text import plain
from data_access.database.schema import targets
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} ${alert(1)} :smile: **b** \u202egnp.exe"


def test_the_finding_says_how_many_events_where_and_how_it_changed(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("impact")
    assert "events in" in shown.finding
    assert "more than in the 12 months before" in shown.finding
    assert "July 2025 to June 2026" in shown.text
    assert "Compared with the 12 months before: July 2024 to June 2025." in shown.text


def test_each_of_the_seven_measures_is_shown_once_as_a_headline(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    tiles = Dashboard(monkeypatch, busy).open("impact").html
    for label in (
        "Events",
        "Attendance",
        "Countries",
        "Languages",
        "Active contributors",
        "New contributors",
        "Paid",
    ):
        assert tiles.count(f'<span class="up-label">{label}</span>') == 1


def test_the_page_says_what_the_data_is_as_of(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    assert "Data as of 1 September 2026, 12:01 UTC (import 1)" in Dashboard(monkeypatch, busy).open("impact").text


def test_a_filter_narrows_the_page_and_its_chip_removes_it(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open(country="DE")
    narrowed = shown.finding
    assert "1 country" in narrowed
    shown.at.button(key="chip_country").click()
    shown.run()
    assert "country" not in shown.query
    assert shown.finding != narrowed


def test_choosing_in_the_sidebar_changes_the_address(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("impact")
    shown.at.multiselect(key="filter_country").set_value(["FR", "DE"])
    shown.run()
    assert shown.query == {"country": "DE,FR"}
    assert shown.at.button(key="chip_country").label == "In Germany or France"


def test_an_open_period_is_said_to_be_open(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open(period="2026-Q3")
    assert "so far" in shown.finding
    assert "The period is still open" in shown.text


def test_all_time_has_nothing_to_compare_with(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open(period="1900-01-01..2200-01-01")
    assert "All time" in shown.at.button(key="chip_period").label
    assert "nothing before it to compare with" in shown.text


def test_an_empty_program_says_what_to_do(monkeypatch: pytest.MonkeyPatch, bare: str) -> None:
    shown = Dashboard(monkeypatch, bare).open("impact")
    assert "No events have been imported." in shown.text
    assert "Import your data" in shown.text


def test_a_choice_without_events_says_why_and_offers_the_way_back(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open(period="2019")
    assert "No event was found." in shown.text
    assert "Data as of" in shown.text
    shown.at.button(key="empty_action").click()
    shown.run()
    assert "events in" in shown.finding


def test_a_database_without_tables_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, nowhere: str) -> None:
    shown = Dashboard(monkeypatch, nowhere).open("impact")
    assert "no database where the program should be" in shown.text
    assert "uplift init" in shown.at.info[0].value


def test_counts_of_few_people_are_withheld_from_all_but_the_program_manager(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_event(starts_on=date(2026, 5, 5))
    program.add_contributor(date(2026, 5, 6), times=1)
    program.add_payment(paid_on=date(2026, 5, 20))
    program.add_import()
    manager = Dashboard(monkeypatch, program.database.url).open("impact")
    assert "New contributors 1" in manager.text
    assert "Paid €100" in manager.text
    public = Dashboard(monkeypatch, program.database.url, local=False).open("impact")
    assert "New contributors 1" not in public.text
    assert "€100" not in public.text


def test_the_public_sees_impact_without_money_by_month_and_cannot_choose_who_looks(
    monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    shown = Dashboard(monkeypatch, busy, local=False).open(**{"as": "pm"})
    assert "events in" in shown.finding
    assert "View as" not in [box.label for box in shown.at.selectbox]
    assert "New contributors a quarter" not in shown.text


def test_text_from_data_is_shown_as_text(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    program.add_event(HOSTILE, team_key=HOSTILE, space_key=HOSTILE, area=HOSTILE, topics=(HOSTILE,))
    program.add_import(HOSTILE)
    shown = Dashboard(monkeypatch, program.database.url).open(team=HOSTILE.replace(",", "\\,"))
    assert "<img" not in shown.html
    label = shown.at.button(key="chip_team").label
    assert "<img" not in label.replace("\\<", "")
    assert "\u202e" not in label
    assert ":smile:" not in label


def test_the_number_of_queries_does_not_grow_with_the_program(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    """A page asks a fixed number of questions; warm, only the data version."""
    monkeypatch.setenv("UPLIFT_DATABASE_URL", busy)
    statements: list[str] = []
    engine = cached.current().program

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    shown = Dashboard(monkeypatch, busy).open("impact")
    cold = len(statements)
    statements.clear()
    shown.run()
    assert len(statements) == 1
    assert cold <= 44


def test_targets_are_shown_where_there_are_any(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    """Three of six events are held by the middle of September; the table has the figures."""
    for day in (date(2026, 1, 5), date(2026, 3, 5), date(2026, 9, 15)):
        program.add_event(starts_on=day)
    url = program.database.url
    assert "Against the targets" not in [
        header.value for header in Dashboard(monkeypatch, url).open("impact").at.header
    ]
    for metric, value in (("events", 6), ("Countries", 1)):
        span = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
        program.add(targets, metric=metric, value=value, **span)
    program.add_import("targets")
    names = {"team": {"docs": "Docs crew"}}
    assert [scope_words(text, names) for text in ("team:docs", "team = docs", "team:qa", "")] == [
        "Docs crew",
        "Docs crew",
        "team:qa",
        "",
    ]
    shown = Dashboard(monkeypatch, url).open(period="2026")
    assert "Against the targets" in [header.value for header in shown.at.header]
    said = "2 targets running and measured: 1 reached, 1 behind the time that is gone."
    assert said in [caption.value for caption in shown.at.caption]
    linked = Dashboard(monkeypatch, url).open("impact", period="2026", target="events::2026-01-01")
    # 3 are missing and 15.4 weeks are left.
    told = "Events for the whole program: 3 of 6 by 31 December 2026; 3 still missing, 0.2 needed a week."
    assert plain(told) in [each.value for each in linked.at.info]
    [table] = [frame.value for frame in shown.at.dataframe if "days_left" in frame.value]
    assert sorted(zip(table["metric"], table["value"], table["share"], table["days_left"], strict=True)) == [
        ("Countries", 1, 1.0, 108),
        ("Events", 3, 0.5, 108),
    ]
