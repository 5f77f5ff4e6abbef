"""The list of events next to the map: of a country, of a box, newest first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.questions import QUESTIONS
from data_access.selection import NotAllowed, Role, Scope, Selection, SelectionError
from tests.builders import ProgramBuilder


@pytest.fixture
def program(tmp_path: Path) -> ProgramBuilder:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_event("Old", date(2025, 1, 1), "DE")
    built.add_event("New", date(2026, 1, 1), "DE", languages=("de",), scale="micro")
    built.add_event("Elsewhere", date(2026, 2, 1), "KE")
    built.add_event("Nowhere", date(2026, 3, 1), "DE", located=False)
    built.add_event("Online", date(2026, 4, 1), None, mode="online")
    return built


def ask(program: ProgramBuilder, role: Role = Role.PM, **options: Any) -> pd.DataFrame:
    with program.database.reading() as connection:
        return QUESTIONS["events_list"].ask(connection, Selection(as_of=date(2026, 9, 15)), Scope(role), **options)


def test_a_countrys_events_newest_first(program: ProgramBuilder) -> None:
    found = ask(program, country="de")
    assert list(found["title"]) == ["New", "Old"]
    assert set(found["country"]) == {"Germany"}
    assert list(found["total"]) == [2, 2]


@pytest.mark.parametrize(
    ("box", "titles"),
    [
        ("50,10,55,15", ["New", "Old"]),
        ("52.5,13.4,53,14", ["New", "Old"]),
        ("50,10,52.5,15", []),
        ("-90,-180,90,180", ["Elsewhere", "New", "Old"]),
    ],
)
def test_a_box_takes_its_south_and_west_edges_and_leaves_the_others(
    program: ProgramBuilder, box: str, titles: list[str]
) -> None:
    assert list(ask(program, box=box)["title"]) == titles


def test_everything_without_a_place_to_ask_for_leaves_out_only_online(program: ProgramBuilder) -> None:
    assert list(ask(program)["title"]) == ["Nowhere", "Elsewhere", "New", "Old"]


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "nan,0,1,1", "5,0,1,1", "0,5,1,1"])
def test_what_is_no_box_is_refused_with_an_example(program: ProgramBuilder, box: str) -> None:
    with pytest.raises(SelectionError, match="is not a box"):
        ask(program, box=box)


def test_the_list_ends_and_says_how_many_there_are(program: ProgramBuilder) -> None:
    found = ask(program, country="DE", limit=1)
    assert list(found["title"]) == ["New"]
    assert list(found["total"]) == [2]


def test_the_public_does_not_see_the_list(program: ProgramBuilder) -> None:
    with pytest.raises(NotAllowed):
        ask(program, Role.PUBLIC)
