"""The Data page: what was imported, what to mend, and the upload that only the program manager sees."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from data_access.database.schema import people, refused_imports
from data_access.imports.live.named import add_source, keep_outcome
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow


def test_the_finding_names_the_largest_gap(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("data")
    assert "the largest gap" in shown.finding
    assert "Last import 1 Sep 2026" in shown.text


def test_every_check_that_found_something_can_be_chosen_with_its_advice(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_event("No language", languages=())
    program.add_event("Never confirmed", date(2026, 8, 1), status="planned")
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("data")
    assert sorted(option.split(":")[0] for option in shown.at.selectbox(key="check").options) == [
        "No language",
        "Planned, date passed, never confirmed",
    ]
    behind = shown.at.dataframe[0].value
    assert list(behind["title"]) in (["No language"], ["Never confirmed"])


def test_a_complete_program_has_nothing_to_mend(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    program.add_event()
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("data")
    assert "no check found anything to mend" in shown.finding
    assert "Nothing to mend." in shown.text


def test_quality_is_about_all_events_until_the_reader_asks_for_fewer(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_event("Long ago", date(2020, 1, 1), languages=())
    program.add_event("Lately", date(2026, 5, 5))
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("data")
    assert shown.finding.startswith("2 events")
    shown.at.segmented_control(key="quality_of").set_value("Only what the filters choose")
    shown.run()
    assert shown.finding.startswith("1 event,")


def test_hints_of_the_last_import_are_listed(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("data")
    assert "Hints of the last import (1)" in [box.label for box in shown.at.expander]


def test_hints_and_whoever_imported_what_are_seen_inside_only(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    """They hold cells as they came."""
    for role, inside in (("board", True), ("leadership", False), ("partner:team-a", False)):
        shown = Dashboard(monkeypatch, busy).open("data", **{"as": role})
        assert any("Hints of" in box.label for box in shown.at.expander) == inside
        logs = [table.value for table in shown.at.dataframe if "finished_at" in table.value.columns]
        assert [{"imported_by", "source", "rows", "hints"} <= set(log.columns) for log in logs] == [True] * inside


@pytest.mark.parametrize("role", ["board", "leadership", "partner:team-a"])
def test_staff_see_the_page_but_not_the_upload(monkeypatch: pytest.MonkeyPatch, busy: str, role: str) -> None:
    shown = Dashboard(monkeypatch, busy).open("data", **{"as": role})
    assert "the largest gap" in shown.finding
    assert "Import files" not in [header.value for header in shown.at.header]


def test_the_program_manager_sees_live_sources_with_what_to_do_next(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    """The address is asked on the command line alone, and its query, which may be private, is on no page."""
    program.add_event()
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("data")
    assert any("No address is asked for news." in caption.value for caption in shown.at.caption)
    with program.database.writing() as connection:
        source = add_source(connection, "diary", "ical", "https://example.org/diary.ics?view=7")
        keep_outcome(connection, source, "diary: nobody answers there.", "Try again later.")
    shown = Dashboard(monkeypatch, program.database.url).open("data")
    [listed] = [frame.value for frame in shown.at.dataframe if "next_step" in frame.value]
    assert list(listed[["name", "outcome", "next_step"]].itertuples(index=False, name=None)) == [
        ("diary", "diary: nobody answers there.", "Try again later.")
    ]


@pytest.mark.parametrize("role", ["pm", "board", "leadership"])
def test_refused_imports_are_listed_inside(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder, role: str) -> None:
    """Also where none has succeeded yet."""
    program.add(
        refused_imports,
        refused_at=datetime(2026, 9, 14, 3),  # noqa: DTZ001
        imported_by="nightly",
        source="camps.csv",
        errors=3,
    )
    shown = Dashboard(monkeypatch, program.database.url).open("data", **{"as": role})
    listed = [frame.value for frame in shown.at.dataframe if "refused_at" in frame.value]
    assert [list(frame["source"]) for frame in listed] == ([] if role == "leadership" else [["camps.csv"]])


def test_two_keys_are_merged_from_the_page_and_split_again(
    monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder
) -> None:
    program.add_event()
    for key, name in (("ada", "<b>Ada</b> Lovelace"), ("@Ada", None)):
        program.add(people, person_key=key, name=name)
    program.add_import()

    def shown() -> Dashboard:
        return Dashboard(monkeypatch, program.database.url).open("data")

    page = shown()
    assert "1 pair of keys may be one person: 1 with strong signs, 0 likely, 0 possible." in _written(page)
    assert "the keys differ only in case" in _written(page)
    page.at.button(key=_button(page, "Merge them")).click()
    page.run()
    assert "Ada and ada are one person now, under ada" in _written(page)
    with program.database.program.connect() as connection:
        assert list(connection.execute(select(people.c.person_key)).scalars()) == ["ada"]
    page.at.button(key=_button(page, "Split it")).click()
    page.run()
    assert "Ada and ada are two people again" in _written(page)
    board = Dashboard(monkeypatch, program.database.url).open("data", **{"as": "board"})
    assert "One person, several keys" not in [header.value for header in board.at.header]


def test_the_list_of_bots_is_changed_on_the_page(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    program.add_event()
    program.add(people, person_key="sweeper", name=None)
    program.add_import()
    page = Dashboard(monkeypatch, program.database.url).open("data")
    page.at.text_area[0].set_value("sweeper")
    page.at.button(key=_button(page, "Keep the list")).click()
    page.run()
    assert "By it, 1 key is set apart" in _written(page)
    assert "sweeper" in _written(page)
    with program.database.program.connect() as connection:
        assert connection.execute(select(people.c.person_key)).first() is None


def _button(page: Dashboard, label: str) -> str:
    return next(button.key or "" for button in page.at.button if button.label == label)


def _written(page: Dashboard) -> str:
    """What a reader sees, the product's own messages too."""
    return " ".join([page.text, *(each.value for each in (*page.at.markdown, *page.at.success))])
