"""The Languages page: full, filtered, empty, hostile, and through other eyes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert

from data_access.database.schema import materials, memberships, person_languages
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>"


def speak(program: ProgramBuilder, language: str, number: int, home: str = "DE") -> None:
    """So many members of a home country who speak a language."""
    keys = [program.add_person(home_country=home, name=f"{language} speaker {index}") for index in range(number)]
    with program.database.writing() as connection:
        connection.execute(insert(person_languages), [{"person_key": key, "language": language} for key in keys])
        rows = [{"membership_key": key, "person_key": key, "started_on": date(2025, 1, 1)} for key in keys]
        connection.execute(insert(memberships), rows)


@pytest.fixture
def spoken(program: ProgramBuilder) -> str:
    """Three events in German and one in English in Germany, one in India that says no language; six speak Hindi."""
    program.set_population(DE=83_000_000, IN=1_400_000_000, FR=68_000_000)
    for number in range(3):
        program.add_event(starts_on=date(2026, 5, 5 + number), languages=("de",))
    program.add_event(languages=("en-GB",))
    program.add_event(country="IN", languages=())
    speak(program, "hi", 6, "IN")
    speak(program, "bn", 2, "IN")
    with program.database.writing() as connection:
        row = {"title": "Guide", "published_on": date(2026, 5, 1), "original_key": None}
        connection.execute(insert(materials), {"material_key": "m0", "language": "de", **row})
        connection.execute(insert(materials), {"material_key": "m1", "language": "fr", **row, "original_key": "m0"})
    program.add_import()
    return program.database.url


def test_the_finding_says_languages_and_reach(monkeypatch: pytest.MonkeyPatch, spoken: str) -> None:
    """French is offered by a translation: it reaches France, and English and Hindi are not needed for that."""
    shown = Dashboard(monkeypatch, spoken).open("languages")
    assert shown.finding.startswith("4 events in 2 languages, 3 of them in German; ")
    assert "of the world’s inhabitants know a language that is offered." in shown.finding
    assert "Hindi would add most: at least" in shown.text
    assert "not recorded for 1 of 5 events" in shown.text
    assert "50% of 2 materials, not translated" in shown.text


def test_the_gaps_say_who_could_close_them_and_the_pm_sees_whom(monkeypatch: pytest.MonkeyPatch, spoken: str) -> None:
    shown = Dashboard(monkeypatch, spoken).open("languages")
    gaps = next(table.value for table in shown.at.dataframe if "would_reach" in table.value)
    first = gaps.iloc[0]
    assert (first["name"], first["language_name"], first["members"]) == ("India", "Hindi", "6")
    assert first["next_step"] == "Select the row: who could speak"
    shown.at.session_state["uplift_language_gap"] = ("IN", "hi", "India", "Hindi")
    shown.run()
    assert "Who could speak Hindi in India?" in [item.value for item in shown.at.subheader]
    members = next(table.value for table in shown.at.dataframe if "home_city" in table.value)
    assert members["language_fit"].tolist() == [True] * 6 + [False] * 2


def test_leadership_sees_ranges_and_nobody_by_name(monkeypatch: pytest.MonkeyPatch, spoken: str) -> None:
    """Even if the browser kept the program manager's choice."""
    shown = Dashboard(monkeypatch, spoken).open("languages", **{"as": "leadership"})
    shown.at.session_state["uplift_language_gap"] = ("IN", "hi", "India", "Hindi")
    shown.run()
    tables = [table.value for table in shown.at.dataframe]
    assert not [table for table in tables if "home_city" in table or "person_key" in table]
    gaps = next(table for table in tables if "would_reach" in table)
    assert "next_step" not in gaps
    words = dict(zip(gaps["language_name"], gaps["members"], strict=True))
    assert words["Bangla"] == "fewer than 5"
    assert " to " in words["Hindi"]
    for table in tables:
        if "people" in table and "at_least" in table:
            assert "members_there" not in table or table["members_there"].isna().all()
            assert not {2, 6} & set(table["people"].dropna())


def test_a_filter_changes_no_number_of_people_for_leadership(monkeypatch: pytest.MonkeyPatch, spoken: str) -> None:
    """They are of the whole program, as released."""
    shown = Dashboard(monkeypatch, spoken).open("languages", country="IN", **{"as": "leadership"})
    gaps = next(table.value for table in shown.at.dataframe if "would_reach" in table.value)
    assert set(gaps["name"]) == {"India"}
    words = dict(zip(gaps["language_name"], gaps["members"], strict=True))
    assert words["Bangla"] == "fewer than 5"
    assert " to " in words["Hindi"]
    german = Dashboard(monkeypatch, spoken).open("languages", country="DE", **{"as": "leadership"})
    assert "of the inhabitants of Germany know a language that is offered" in german.finding


def test_a_country_chosen_next_to_the_map_shows_its_languages(monkeypatch: pytest.MonkeyPatch, spoken: str) -> None:
    shown = Dashboard(monkeypatch, spoken).open("languages")
    shown.at.selectbox(key="language_country").set_value("IN")
    shown.run()
    assert "Languages of India" in [item.value for item in shown.at.subheader]
    assert "No event there names a language." in [item.value for item in shown.at.caption]
    shown.at.segmented_control(key="language_layer").set_value("languages_online")
    shown.run()


def test_a_language_of_hostile_text_is_shown_as_text(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    """An import would refuse it; were it there all the same, no page, picture or map would take it for markup."""
    for language in (HOSTILE[:30], "{{7*7}}", "\u202egnp", "=HYPERLINK(1)"):
        program.add_event(languages=(language,))
    program.add_event(languages=())
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("languages")
    assert "<img" not in shown.html
    given = shown.at.get("component_instance")[0].proto.json_args
    assert "onerror" not in given
    assert "7*7" not in given
    figures = [chart.proto.spec for chart in shown.at.get("plotly_chart")]
    assert figures
    assert not [spec for spec in figures if "<img" in spec or "\\u003cimg" in spec]


def test_events_without_any_language_say_so(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    program.add_event(languages=())
    program.add_import()
    shown = Dashboard(monkeypatch, program.database.url).open("languages")
    assert shown.finding == "No language is recorded for 1 event."
