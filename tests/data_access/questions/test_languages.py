"""Events, talks, materials and people by language, counted by hand.

e0 is in English (British) and German, in Germany; e1 in English, online; e2 names no language; e3 is Brazilian and
Portuguese at once, in Brazil, and planned for later; e4 is in Spanish and was cancelled.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.questions import QUESTIONS
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from tests.bundles import write_table
from tests.data_access.questions.asking import ask, import_events
from tests.releasing import ask_outside

AS_OF = date(2024, 12, 31)
YEAR = Selection(Period.parse("2024"), AS_OF)
LEADERSHIP = Scope(Role.LEADERSHIP)


@pytest.fixture(scope="module")
def program(read_either: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("files")
    people = [{"person_key": f"p{number}", "languages": "en;en-GB"} for number in range(12)]
    people += [{"person_key": f"q{number}", "languages": "sw"} for number in range(3)]
    people += [{"person_key": "r", "languages": "pt;pt-BR;de"}, {"person_key": "mute"}]
    write_table(folder, "people", *people)
    keys = [row["person_key"] for row in people[5:]]
    members = [{"membership_key": key, "person_key": key, "started_on": "2023-01-01"} for key in keys]
    write_table(folder, "memberships", *members)
    speaking = {"e0": [("p0", "en"), ("p1", "de"), ("p2", "")], "e1": [("p0", "en-US")], "e4": [("p0", "es")]}
    talks = [
        {"event_key": event, "person_key": person, "role": "speaker", "language": language}
        for event, given in speaking.items()
        for person, language in given
    ]
    write_table(folder, "participations", *talks, {"event_key": "e0", "person_key": "q0", "role": "mentor"})
    material = {"kind": "talk", "published_on": "2024-03-01", "title": "T"}
    write_table(
        folder,
        "materials",
        material | {"material_key": "m0", "language": "en", "event_key": "e0"},
        material | {"material_key": "m1", "language": "en-GB", "event_key": "e1", "original_key": "m0"},
        material | {"material_key": "m2", "language": "und", "kind": "slides"},
        material | {"material_key": "m3", "language": "sw", "published_on": "2025-01-05"},
    )
    import_events(
        read_either,
        folder,
        {"languages": "en-GB;de", "city": "Berlin", "country": "DE", "attendance": "10"},
        {"languages": "en", "mode": "online", "attendance": "5", "starts_on": "2024-07-01"},
        {"city": "Berlin", "country": "DE"},
        {"languages": "pt;pt-BR", "city": "Recife", "country": "BR", "starts_on": "2025-02-01"},
        {"languages": "es", "status": "cancelled"},
    )
    return read_either


def rows(table: pd.DataFrame, *columns: str) -> list[list[object]]:
    return [[None if pd.isna(value) else value for value in row] for row in table[list(columns)].values.tolist()]


def test_an_event_counts_once_in_each_of_its_languages(program: Database) -> None:
    """Three events were held; British and American English are one language; what is not recorded has its own row."""
    found = ask(program, "languages_of_events", YEAR)
    assert rows(found, "language", "name", "events", "talks", "attendance", "countries") == [
        ["en", "English", 2, 2, 15, 1],
        ["de", "German", 1, 1, 10, 1],
        ["und", "Not recorded", 1, 1, None, 1],
    ]
    assert found["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])


def test_all_time_and_a_period_that_holds_everything_count_the_same_talks(program: Database) -> None:
    """All time is counted by subtraction: the cancelled event's talk in Spanish is not in it either."""
    long = Selection(Period(date(2000, 1, 1), date(2100, 1, 1)), AS_OF)
    answers = [ask(program, "languages_of_events", chosen) for chosen in (Selection(as_of=AS_OF), long)]
    counted = [rows(found, "language", "talks") for found in answers]
    assert counted[0] == counted[1]
    assert "es" not in [language for language, _ in counted[0]]


def test_two_tags_of_one_language_are_one_event(program: Database) -> None:
    planned = Selection(as_of=AS_OF, status=("planned",))
    assert rows(ask(program, "languages_of_events", planned), "language", "events") == [["pt", 1]]


def test_filters_narrow_events_talks_and_materials(program: Database) -> None:
    online = Selection(Period.parse("2024"), AS_OF, mode=("online",))
    assert rows(ask(program, "languages_of_events", online), "language", "events", "talks") == [["en", 1, 1]]
    assert rows(ask(program, "materials_by_language", online), "language", "materials", "originals") == [["en", 1, 0]]


def test_originals_and_translations_are_counted_and_the_unknown_has_its_own_row(program: Database) -> None:
    """A material of next year is not published yet; kinds can be chosen, and an unknown one names those there are."""
    found = ask(program, "materials_by_language", Selection(as_of=AS_OF))
    assert rows(found, "language", "materials", "originals", "translations", "original_share") == [
        ["en", 2, 1, 1, 0.5],
        ["und", 1, 1, 0, 1.0],
    ]
    assert rows(ask(program, "materials_by_language", YEAR, kind="slides"), "language") == [["und"]]
    with pytest.raises(SelectionError, match="Choose slides, talk"):
        ask(program, "materials_by_language", YEAR, kind="podcast")


def test_events_by_quarter_add_up_and_say_which_is_open(program: Database) -> None:
    found = ask(program, "languages_by_quarter", Selection(as_of=date(2024, 7, 15)))
    assert rows(found, "quarter", "language", "events", "open") == [
        ["2024-Q1", "de", 1, False],
        ["2024-Q1", "en", 1, False],
        ["2024-Q1", "und", 1, False],
        ["2024-Q3", "en", 1, True],
    ]


def test_who_speaks_two_tags_of_a_language_is_one_person(program: Database) -> None:
    """Twelve speak English, seven of them are members; r speaks German and one Portuguese."""
    found = ask(program, "language_people", YEAR)
    assert rows(found, "group", "language", "people") == [
        ["everyone", "en", 12],
        ["everyone", "sw", 3],
        ["everyone", "de", 1],
        ["everyone", "pt", 1],
        ["members", "en", 7],
        ["members", "sw", 3],
        ["members", "de", 1],
        ["members", "pt", 1],
    ]


def test_leadership_sees_ranges_and_no_row_that_only_few_people_make(program: Database) -> None:
    """Swahili has no event and three speakers: a row would say that there are some. With a filter nothing is shown."""
    found = ask_outside(program, "language_people", Selection())
    assert "sw" not in set(found["language"])
    english = found[(found["group"] == "everyone") & (found["language"] == "en")].iloc[0]
    assert english["at_least"] <= 12 <= english["at_most"]
    assert english["at_most"] - english["at_least"] >= 4
    german = found[(found["group"] == "members") & (found["language"] == "de")].iloc[0]
    assert (german["at_least"], german["at_most"]) == (0, 4)
    assert pd.isna(german["people"])
    filtered = Selection(country=("DE",))
    assert ask_outside(program, "language_people", filtered).empty


def test_an_empty_program_has_empty_answers(database: Database) -> None:
    for name in ("languages_of_events", "languages_by_quarter", "materials_by_language", "language_people"):
        assert ask(database, name, YEAR).empty, name
        assert QUESTIONS[name].line
