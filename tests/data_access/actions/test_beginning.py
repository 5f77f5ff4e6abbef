"""Beginning a program of one's own: in an empty database, in the place of the sample, and nowhere else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from data_access.actions import ActionRefused, Author, NewProgram, SampleStands, set_viewer, start_program, undo
from data_access.contract.tables import TABLES
from data_access.database.engine import Database
from data_access.database.schema import audit, events, metadata, program, stop_list, viewers
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.rows import ImportRefused
from data_access.program import is_sample, load_program, mark_as_sample
from data_access.selection import NotAllowed, Role, Scope
from tests.bundles import write_table

TODAY = date(2026, 9, 15)
PM = Author("pm", Scope(Role.PM))
OWN = NewProgram("Open Maps", "CHF", "07-01", "4", "1500.50")


@pytest.fixture
def sample(either: Database, tmp_path: Path) -> Database:
    """A sample of an event and two people, one of whom was erased; the board's account is no part of it."""
    database = either
    folder = tmp_path / "bundle"
    folder.mkdir()
    write_table(folder, "program", {"name": "Sample", "currency": "EUR"})
    write_table(folder, "events", {"event_key": "e", "title": "Meetup", "starts_on": "2026-05-05", "status": "held"})
    write_table(folder, "contributions", {"person_key": "ada", "contributed_on": "2026-05-05", "area": "code"})
    assert run_import(database, [folder], ImportOptions(as_of=TODAY)).committed
    set_viewer(database, PM, "ada@example.org", "board")
    with database.writing() as connection:
        connection.execute(insert(stop_list).values(key_hash="0" * 64))
        mark_as_sample(connection)
    return database


def test_an_empty_database_gets_the_program_that_was_typed(either: Database) -> None:
    database = either
    assert start_program(database, PM, OWN, today=TODAY).startswith("Open Maps has begun, and is empty.")
    with database.program.connect() as connection:
        found = load_program(connection)
        assert (found.name, found.currency, found.fiscal_year_start) == ("Open Maps", "CHF", "07-01")
        assert (found.floor_events_per_quarter, found.member_ceiling) == (4, Decimal("1500.50"))
        entry = connection.execute(select(audit)).one()
        assert (entry.author, entry.action) == ("pm", "program started")
    # What was typed wrong is put right the same way, while nothing is in it.
    start_program(database, PM, NewProgram("Open Maps 2", "eur"), today=TODAY)
    with database.program.connect() as connection:
        found = load_program(connection)
        assert (found.name, found.currency, found.floor_events_per_quarter) == ("Open Maps 2", "EUR", 3)
        assert found.member_ceiling is None
    with pytest.raises(ActionRefused, match="not undone"):
        undo(database, PM, entry.entry_id)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (NewProgram(" ", "EUR"), "Name"),
        (NewProgram("A", "Euros"), "Currency"),
        (NewProgram("A", "EUR", "13-01"), "Fiscal year start"),
        (NewProgram("A", "EUR", "", "-1"), "Floor of events per quarter"),
        (NewProgram("A", "EUR", "", "", "-5"), "Member ceiling"),
    ],
)
def test_settings_are_checked_as_an_import_checks_them(either: Database, wanted: NewProgram, says: str) -> None:
    with pytest.raises(ActionRefused, match=says):
        start_program(either, PM, wanted, today=TODAY)
    with either.program.connect() as connection:
        assert connection.execute(select(program)).first() is None


def test_only_the_program_manager_begins_a_program(either: Database) -> None:
    for role in (Role.BOARD, Role.LEADERSHIP, Role.PUBLIC):
        with pytest.raises(NotAllowed):
            start_program(either, Author("x", Scope(role)), OWN, today=TODAY)


def test_the_sample_goes_when_asked_and_stays_as_a_file_aside(sample: Database) -> None:
    with pytest.raises(SampleStands):
        start_program(sample, PM, OWN, today=TODAY)
    said = start_program(sample, PM, OWN, today=TODAY, replace=True)
    with sample.program.connect() as connection:
        assert not is_sample(connection)
        assert load_program(connection).name == "Open Maps"
        left = {
            table.name
            for table in metadata.sorted_tables
            if connection.execute(select(func.count()).select_from(table)).scalar_one()
        }
        assert left & (TABLES.keys() | {"places", "stop_list", "ledger", "contributor_levels"}) == {"program"}
        assert connection.execute(select(viewers.c.email)).scalars().all() == ["ada@example.org"]
        assert connection.execute(select(audit.c.action)).scalars().all() == ["viewer", "program started"]
    if sample.program.dialect.name == "sqlite":
        file = Path(sample.url.removeprefix("sqlite:///"))
        aside = file.with_name(f"{file.stem}.sample-2026-09-15.db")
        assert aside.name in said
        assert aside.stat().st_mode & 0o077 == 0
        kept = Database(f"sqlite:///{aside}")
        with kept.program.connect() as connection:
            assert connection.execute(select(events.c.title)).scalars().all() == ["Meetup"]
        kept.close()


def test_a_program_that_is_no_sample_is_never_replaced(sample: Database) -> None:
    with sample.writing() as connection:
        connection.execute(metadata.tables["sample_program"].delete())
    with pytest.raises(ActionRefused, match="holds a program already: Sample"):
        start_program(sample, PM, OWN, today=TODAY, replace=True)
    with sample.program.connect() as connection:
        assert connection.execute(select(events.c.event_key)).scalars().all() == ["e"]


def test_own_files_over_the_sample_are_asked_about_first(sample: Database, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    write_table(folder, "events", {"event_key": "mine", "title": "Mine", "starts_on": "2026-05-06", "status": "held"})
    with pytest.raises(ImportRefused, match="sample program"):
        run_import(sample, [folder], ImportOptions(as_of=TODAY))
    assert run_import(sample, [folder], ImportOptions(as_of=TODAY, dry_run=True)).total("created") == 1
    assert run_import(sample, [folder], ImportOptions(as_of=TODAY, over_sample=True)).committed
    with sample.program.connect() as connection:
        assert is_sample(connection)  # it still is one, with a row more
