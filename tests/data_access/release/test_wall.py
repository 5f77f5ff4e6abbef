"""The wall: in what everybody outside is answered from, no table has a row for a person, and nobody reads past it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import String, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from data_access.database.engine import Database, NoReleaseError
from data_access.database.prepared import preparations
from data_access.database.schema import metadata, people
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.release.facts import LEFT_OUT, fact_tables
from data_access.release.project import tables_of_answers, write_release
from tests.bundles import write_table
from tests.data_access.questions.asking import copy_of

# What names a person, or what somebody wrote about one, wherever it stands.
PERSONAL = ("person", "author", "mentor", "mentee", "coordinator", "email", "home", "note", "hired", "outcome")


def referring_to_people() -> set[tuple[str, str]]:
    """Every column of the program that holds a person's key."""
    return {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column is people.c.person_key for key in column.foreign_keys) or column.name == "person_key"
    }


def test_no_table_of_the_release_has_a_column_that_names_a_person() -> None:
    """From the schema, not from a list: a column that is added to a fact table must pass here too."""
    keys = referring_to_people()
    assert keys, "nothing refers to people: this test sees nothing"
    for table in fact_tables():
        for column in table.columns:
            assert (table.name, column.name) not in keys
            appointed = column.name == "coordinator_appointed_on"  # a day on which a team's state changed
            assert appointed or not any(word in column.name for word in PERSONAL), f"{table.name}.{column.name}"
    for table in tables_of_answers().values():
        for column in table.columns:
            # Not a dispute's outcome, but what money was spent for.
            bought = (table.name, column.name) == ("released_cost_per_outcome", "outcome")
            counted = not isinstance(column.type, String)
            named = any(word in column.name for word in PERSONAL)
            assert bought or counted or not named, f"{table.name}.{column.name}"


def test_what_is_left_out_of_a_fact_table_is_there_to_be_left_out() -> None:
    for name, columns in LEFT_OUT.items():
        assert columns <= set(metadata.tables[name].columns.keys()), name


@pytest.fixture(scope="module")
def imported(read_either: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Twelve people who contributed in the second quarter of 2026, and an event."""
    folder = tmp_path_factory.mktemp("bundle")
    write_table(folder, "program", {"name": "Walled", "currency": "EUR"})
    write_table(folder, "areas", {"area": "docs"})
    write_table(folder, "people", *({"person_key": f"p{n}", "name": f"Secret {n}"} for n in range(12)))
    write_table(
        folder,
        "contributions",
        *({"person_key": f"p{n}", "contributed_on": "2026-05-05", "area": "docs"} for n in range(12)),
    )
    write_table(folder, "events", {"event_key": "e", "title": "Meetup", "starts_on": "2026-05-05", "mode": "online"})
    report = run_import(read_either, [folder], ImportOptions(as_of=date(2026, 8, 23)))
    assert report.committed, report.problems
    return read_either


def test_the_import_that_closes_a_quarter_makes_the_release(imported: Database) -> None:
    with imported.outside() as connection:
        schema = None if connection.dialect.name == "sqlite" else "release"
        there = {*inspect(connection).get_table_names(schema), *inspect(connection).get_view_names(schema)}
        assert there == {*LEFT_OUT, *(table.name for table in tables_of_answers().values())}
        assert connection.execute(text("SELECT title FROM events")).scalar() == "Meetup"
        trend = connection.execute(text("SELECT span, new FROM released_contributors_trend WHERE place >= 0")).all()
    assert [tuple(row) for row in trend] == [("2026-Q2", 12)]


@pytest.mark.parametrize("table", ["people", "contributions", "memberships", "funding_requests", "audit", "viewers"])
def test_who_is_outside_finds_no_table_of_people(imported: Database, table: str) -> None:
    """A question that forgets its privacy fails; it does not answer."""
    known = metadata.tables[table]
    with (
        imported.outside() as connection,
        pytest.raises(SQLAlchemyError, match=r"no such table|does not exist|permission denied"),
    ):
        connection.execute(select(known)).all()


def test_the_role_of_the_release_may_read_nothing_else(postgresql: Database, tmp_path: Path) -> None:
    """Even under its full name a table of the program is closed, and nothing can be written."""
    run_import(postgresql, [write_table(tmp_path / "bundle", "program", {"name": "W", "currency": "EUR"}).parent])
    for statement in ("SELECT * FROM public.people", "INSERT INTO release.areas VALUES ('x')", "TABLE public.ledger"):
        with postgresql.outside() as connection, pytest.raises(SQLAlchemyError, match=r"denied|read-only"):
            connection.execute(text(statement))


def test_the_columnar_copy_has_the_same_wall(imported: Database, tmp_path: Path) -> None:
    """With a read copy the release has one too, of its own tables alone."""
    if imported.release_file is None:
        pytest.skip("in PostgreSQL the release is a schema, read where it is")
    copied = copy_of(imported, tmp_path)
    quick = Database(copied.url, tmp_path / "copy.duckdb")
    write_release(quick)
    with quick.outside() as connection:
        assert connection.dialect.name == "duckdb"
        there = set(connection.execute(text("SELECT table_name FROM information_schema.tables")).scalars())
        own = {table.name: table for table in (*tables_of_answers().values(), *fact_tables())}
        assert there == {*own, *(name for name, _ in preparations(own))}
        assert connection.execute(text("SELECT title FROM events")).scalar() == "Meetup"
    quick.close()
    copied.close()


def test_before_the_first_release_there_is_nothing_to_see(either: Database) -> None:
    with pytest.raises(NoReleaseError), either.outside() as connection:
        connection.execute(text("SELECT 1 FROM imports"))


def test_the_file_of_the_release_is_for_its_owner_alone(database: Database, tmp_path: Path) -> None:
    run_import(database, [write_table(tmp_path / "bundle", "program", {"name": "W", "currency": "EUR"}).parent])
    assert database.release_file is not None
    assert database.release_file.stat().st_mode & 0o777 == 0o600
