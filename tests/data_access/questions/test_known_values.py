"""A value that a filter does not know is refused with the nearest name, whatever the question; names are understood."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access.database.schema import regions
from data_access.narrowing import FILTERS
from data_access.questions import QUESTIONS
from data_access.questions.known_values import by_name
from data_access.selection import Selection, SelectionError
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask

DAY = date(2026, 9, 15)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> ProgramBuilder:
    """One event in Paris with all that filters look at, one in Nairobi; people in France, Kenya and India."""
    built = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('known') / 'uplift.db'}")
    built.add_program()
    built.add_event(
        country="FR", team_key="t1", space_key="paris", area="coding", topics=("python",), languages=("pt-BR", "pt")
    )
    built.add_event(country="KE", languages=("sw",))
    for home in ("FR", "KE", "IN"):
        built.add_contributor(home_country=home)
    return built


@pytest.mark.parametrize("filter_name", [item.name for item in FILTERS])
@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_no_question_answers_for_a_value_that_is_not_known(
    program: ProgramBuilder, question: str, filter_name: str
) -> None:
    """An unknown place, team or topic is an error, never nothing."""
    values: Any = {filter_name: ("Atlantis",)}
    with pytest.raises(SelectionError, match="Atlantis"):
        ask(program.database, question, Selection(as_of=DAY, **values))


@pytest.mark.parametrize(
    ("filter_name", "value", "near"),
    [
        ("country", "Frnce", "France"),
        ("region", "East Africa", "Eastern Africa"),
        ("area", "codin", "coding"),
        ("topic", "pyton", "python"),
        ("language", "Portuguees", "Portuguese"),
        ("space", "Pariss", "paris"),
        ("team", "t2", "t1"),
    ],
)
def test_the_nearest_name_is_offered(program: ProgramBuilder, filter_name: str, value: str, near: str) -> None:
    with pytest.raises(SelectionError, match=near), program.database.reading() as connection:
        by_name(connection, {filter_name: value})


def test_names_and_other_spellings_are_understood(program: ProgramBuilder) -> None:
    """Labels that differ only in case are one; a comma in a name stays in it."""
    with program.database.reading() as connection:
        query = by_name(
            connection, {"country": "Germany,fr", "region": "africa", "area": "CODING", "language": "Portuguese"}
        )
    assert Selection.from_query(query) == Selection(
        country=("DE", "FR"), region=("Africa",), area=("coding",), language=("pt",)
    )


def test_a_continent_is_a_region_of_events_and_of_homes(program: ProgramBuilder) -> None:
    """UN M49's continents; a region of the program's own of that name is meant before the continent."""
    assert ask(program.database, "events_total", Selection(as_of=DAY, region=("Africa",)))["events"].iloc[0] == 1
    assert ask(program.database, "events_total", Selection(as_of=DAY, region=("Europe",)))["events"].iloc[0] == 1
    asia = ask(program.database, "contributor_funnel", Selection(as_of=DAY, region=("Asia",)))
    assert asia["people"].iloc[0] == 1
    listed = ask(program.database, "country_gaps", Selection(as_of=DAY, region=("Africa",)))
    assert list(listed["country"]) == ["KE"]


def test_a_region_of_the_program_comes_before_the_continent_of_its_name(tmp_path: Path) -> None:
    own = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    own.add_program()
    own.add(regions, country="IN", region="Africa")
    for country in ("IN", "KE"):
        own.add_event(country=country)
    [found] = ask(own.database, "events_by_country", Selection(as_of=DAY, region=("Africa",)))["country"]
    assert found == "IN"


def test_a_language_is_found_with_whatever_country(program: ProgramBuilder) -> None:
    """The event in pt-BR and pt is one event in Portuguese; asking for either tag asks for the language."""
    for tag in ("pt", "pt-BR", "pt-PT"):
        chosen = Selection(as_of=DAY, language=(tag,))
        assert ask(program.database, "events_total", chosen)["events"].iloc[0] == 1
        assert chosen.language == ("pt",)
