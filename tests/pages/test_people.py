"""The People page: full, empty, filtered, hostile, and through other eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from dashboard.subjects.people import words
from data_access.database.schema import person_attributes
from tests.dashboard.apptest import Dashboard
from tests.people_programs import PeopleProgram

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)> =HYPERLINK(1) \u202egnp"
LAST_YEAR = {"period": "2025-10-01..2026-10-01", "as_of": "2026-11-21"}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A program of 140 people with small groups that could leak."""
    program = PeopleProgram(f"sqlite:///{tmp_path_factory.mktemp('crowd') / 'p.db'}", 5, 140)
    yield program.database.url
    program.database.close()


def shown_tables(page: Dashboard) -> str:
    """Everything in the tables and figures of the page, as text."""
    tables = " ".join(table.value.to_csv() for table in page.at.dataframe)
    figures = " ".join(str(element.proto) for element in page.at.get("plotly_chart"))
    captions = " ".join(element.value for element in [*page.at.caption, *page.at.markdown])
    return " ".join((tables, figures, captions, page.text))


def test_the_finding_says_who_is_missing_before_who_is_here_with_an_interval(
    monkeypatch: pytest.MonkeyPatch, crowd: str
) -> None:
    shown = Dashboard(monkeypatch, crowd).open("people", **LAST_YEAR)
    assert re.match(r"(Missing|Fewest) among the speakers: .*“.+” ", shown.finding)
    assert re.search(
        r"Gender: \d+% “\w+” \(\d+–\d+%\) and \d+% “\w+” \(\d+–\d+%\) of the \d+ speakers who disclosed it\.",
        shown.text,
    )


def test_small_counts_are_seen_inside_with_the_word_that_others_do_not(
    monkeypatch: pytest.MonkeyPatch, crowd: str
) -> None:
    for role in ("pm", "board"):
        shown = Dashboard(monkeypatch, crowd).open("people", who="contributors", **{"as": role}, **LAST_YEAR)
        assert "You see every count. Other viewers see ranges" in shown.text
        assert "agender" in shown_tables(shown)


@pytest.mark.parametrize("role", ["leadership", "partner:team-a"])
@pytest.mark.parametrize("view", list(words.VIEWS))
def test_everybody_else_sees_ranges_in_every_part(
    monkeypatch: pytest.MonkeyPatch, crowd: str, role: str, view: str
) -> None:
    """No exact count of people stands anywhere: not in tables, figures, hover texts or sentences."""
    shown = Dashboard(monkeypatch, crowd).open("people", view=view, **{"as": role}, **LAST_YEAR)
    assert "To protect people, counts are shown as ranges" in shown.text
    everything = shown_tables(shown)
    assert "agender" not in everything
    for table in shown.at.dataframe:
        if "shown" not in table.value:
            continue
        for shown_count in table.value["shown"]:
            assert re.fullmatch(r"fewer than \d+|\d+ to \d+", shown_count), shown_count


def test_filters_are_not_used_for_other_viewers_and_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch, crowd: str
) -> None:
    plain = Dashboard(monkeypatch, crowd).open("people", **{"as": "leadership"}, **LAST_YEAR)
    narrowed = Dashboard(monkeypatch, crowd).open("people", country="KE", **{"as": "leadership"}, **LAST_YEAR)
    assert "and without filters" in narrowed.text
    assert "In Kenya" not in narrowed.text
    assert plain.finding == narrowed.finding


def test_filters_that_say_nothing_about_members_are_named(monkeypatch: pytest.MonkeyPatch, crowd: str) -> None:
    shown = Dashboard(monkeypatch, crowd).open("people", who="members", mode="online", **LAST_YEAR)
    assert "Members are not filtered by how it is held." in shown.text


@pytest.mark.parametrize("view", list(words.VIEWS))
def test_a_program_without_people_has_a_page_that_says_why(
    monkeypatch: pytest.MonkeyPatch, bare: str, view: str
) -> None:
    for role in ("pm", "leadership"):
        shown = Dashboard(monkeypatch, bare).open("people", view=view, **{"as": role})
        assert ("No " in shown.finding) if role == "pm" else (shown.finding == "Nothing was released yet.")


def test_what_people_call_themselves_is_text_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Markup, formulas and direction marks stay words in tables, labels and hover texts."""
    program = PeopleProgram(f"sqlite:///{tmp_path / 'p.db'}", 5, 140)
    with program.database.writing() as connection:
        connection.execute(update(person_attributes).where(person_attributes.c.value == "woman").values(value=HOSTILE))
    for view in words.VIEWS:
        shown = Dashboard(monkeypatch, program.database.url).open("people", view=view, **LAST_YEAR)
        assert "<img" not in shown.html
        figures = " ".join(element.proto.spec for element in shown.at.get("plotly_chart"))
        assert "<img" not in figures
    program.database.close()
