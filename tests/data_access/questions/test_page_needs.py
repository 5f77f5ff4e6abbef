"""What pages still need, worked out from the program: on each engine, and in words."""

from __future__ import annotations

from pathlib import Path

from dashboard.navigation import PAGES
from dashboard.words.needs import lacking, needs_words
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.questions.data.needs import PageNeed, page_needs
from data_access.selection import Role, Scope, Selection
from tests.builders import ProgramBuilder


def needs(database: Database) -> list[PageNeed]:
    with database.program.connect() as connection:
        return rows(PageNeed, page_needs(connection, Selection(), Scope(Role.PM)))


def test_each_is_counted_in_the_rows_that_can_have_it(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    built.add_event(languages=())
    built.add_event(languages=("de",), located=False)
    built.add_event(mode="online", languages=())
    built.add_person("ada", home_country=None, home_city="Berlin")
    found = {(need.page, need.table, need.column): (need.rows, need.having) for need in needs(built.database)}
    assert found["Languages", "events", "languages"] == (3, 1)
    assert found["Event map", "events", "place_id"] == (2, 1), "an online event needs no place"
    assert found["Event map", "people", "home_country, home_city"] == (1, 1), "one of the two is enough"
    assert found["Budget", "budgets", ""] == (0, 0)


def test_a_page_says_what_it_has_none_of_and_of_an_empty_table_only_that(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    built.add_event(languages=())
    built.add_person("ada", languages="en")
    known = needs(built.database)
    assert needs_words("Languages", lacking(known, "Languages")) == (
        "Languages still needs the column languages of events and the table materials."
    )
    assert needs_words("Retention", lacking(known, "Retention")) == "Retention still needs the table contributions."
    assert lacking(known, "Data") == []


def test_every_page_of_the_program_needs_something_of_it() -> None:
    """This week has whatever the other pages have; the others are about one person, the files and who may look."""
    named = {need.page for need in needs(ProgramBuilder("sqlite://").database)}
    assert {entry.title for entry in PAGES} - named == {"This week", "Person", "Data", "Viewers"}
    assert named <= {entry.title for entry in PAGES}
