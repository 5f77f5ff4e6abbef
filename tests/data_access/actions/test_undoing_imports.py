"""Undoing imports: every table is again what it was, on SQLite and PostgreSQL; or a plain reason why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from data_access.actions import (
    ActionRefused,
    Author,
    approve,
    mark_paid,
    newest_imports,
    record_milestone,
    request_snapshot,
    snapshot,
    undo,
    undo_import,
)
from data_access.contract.tables import TABLES
from data_access.database.engine import Database
from data_access.database.images import KEPT_IMPORTS
from data_access.database.schema import audit, import_images, imports, metadata, recorded_payments, releases
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.persons.erase import By, erase
from data_access.selection import NotAllowed, Role, Scope
from tests.bundles import write_table

TODAY = date(2026, 9, 15)
PM = Author("pm", Scope(Role.PM))
# Records of what was done, and what was looked up: they are not the program's data.
LOG = {"imports", "import_counts", "import_problems", "import_images", "audit", "places"}
LOG |= {name for name in metadata.tables if name.startswith("release")}


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table that holds the program's data, derived tables included."""
    with database.program.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name not in LOG
        }


class Files:
    """A folder whose tables are imported, each time with other rows."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder, self.number = database, folder, 0

    def imports(self, overwrite: bool = False, **tables: list[dict[str, str]]) -> int:
        self.number += 1
        folder = self.folder / str(self.number)
        for name, rows in tables.items():
            write_table(folder, name, *rows)
        report = run_import(self.database, [folder], ImportOptions(as_of=TODAY, overwrite_recorded=overwrite))
        assert report.committed, report.in_words()
        return report.import_id or 0


@pytest.fixture
def files(either: Database, tmp_path: Path) -> Files:
    return Files(either, tmp_path)


def first(files: Files) -> int:
    return files.imports(
        program=[{"name": "Own", "currency": "EUR"}],
        people=[{"person_key": "ada", "home_country": "DE", "languages": "en;de", "joined_on": "2025-01-01"}],
        memberships=[{"membership_key": "m", "person_key": "ada", "started_on": "2025-01-01"}],
        events=[
            {
                "event_key": "e1",
                "title": "Meetup",
                "starts_on": "2026-05-05",
                "status": "held",
                "city": "Berlin",
                "country": "DE",
                "latitude": "52.520008123456789",
                "longitude": "13.404954",
                "languages": "en",
            }
        ],
        contributions=[
            {"person_key": "ada", "contributed_on": "2026-05-05", "area": "code", "team_key": "", "quantity": "2"}
        ],
        funding_requests=[
            {
                "request_key": "r1",
                "person_key": "ada",
                "requested_amount": "100.25",
                "currency": "EUR",
                "requested_on": "2026-05-01",
                "decision": "pending",
            }
        ],
    )


def second(files: Files) -> int:
    """Adds and changes in every way: program, people (bare ones too), an event that moves, a table that was empty."""
    return files.imports(
        program=[{"name": "Own 2", "currency": "EUR", "active_min": "1"}],
        teams=[{"team_key": "docs", "name": "Docs"}],
        events=[
            {"event_key": "e1", "title": "Meetup!", "starts_on": "2026-05-06", "city": "Paris", "country": "FR"},
            {"event_key": "e2", "title": "Sprint", "starts_on": "2026-06-06", "city": "Rome", "country": "IT"},
        ],
        contributions=[
            {"person_key": "ada", "contributed_on": "2026-05-05", "area": "code", "team_key": "", "quantity": "9"},
            {"person_key": "ada", "contributed_on": "2026-05-05", "area": "code", "team_key": "docs", "quantity": "1"},
            {"person_key": "bo", "contributed_on": "2026-05-07", "area": "docs", "team_key": "docs", "quantity": "1"},
        ],
        exchange_rates=[{"currency": "USD", "on": "2026-01-01", "rate_to_program_currency": "0.9"}],
        funding_requests=[
            {
                "request_key": "r1",
                "person_key": "ada",
                "requested_amount": "90",
                "currency": "USD",
                "requested_on": "2026-05-01",
            }
        ],
    )


def test_an_undone_import_leaves_every_table_as_it_was(files: Files) -> None:
    empty = contents(files.database)
    one = first(files)
    before = contents(files.database)
    two = second(files)
    assert contents(files.database) != before
    with pytest.raises(ActionRefused, match=f"Import {two} came later"):
        undo_import(files.database, PM, one)
    said = undo_import(files.database, PM, two)
    # e1, ada's contribution, r1, program; e2, docs, bo, the area docs, two contributions, a rate.
    assert said.startswith(f"Import {two} is undone: 7 rows went, 4 are again what they were.")
    assert contents(files.database) == before
    with pytest.raises(ActionRefused, match="undone already"):
        undo_import(files.database, PM, two)
    undo_import(files.database, PM, one)
    assert contents(files.database) == empty
    version = files.database.version()
    assert (version.imported, version.import_id) == (0, 4)


def test_the_files_come_in_again_after_undoing(files: Files) -> None:
    first(files)
    two = second(files)
    after = contents(files.database)
    undo_import(files.database, PM, two)
    second(files)
    assert contents(files.database) == after


def test_it_is_audited_and_its_entry_is_not_undone(files: Files) -> None:
    one = first(files)
    for role in (Role.BOARD, Role.PARTNER):
        with pytest.raises(NotAllowed):
            undo_import(files.database, Author("x", Scope(role, teams=("docs",))), one)
    undo_import(files.database, PM, one)
    with files.database.program.connect() as connection:
        entry = connection.execute(select(audit)).one()
        assert connection.execute(select(imports.c.kind).where(imports.c.import_id == one)).scalar() == "undone"
    assert (entry.author, entry.action, entry.subject, entry.subject_key) == ("pm", "undoing", "import", str(one))
    with pytest.raises(ActionRefused, match="import the files again"):
        undo(files.database, PM, entry.entry_id)


def reaches_a_milestone(database: Database) -> None:
    with database.program.connect() as connection:
        seen = snapshot(connection, "docs")
    record_milestone(
        database, PM, "docs", opened=seen, today=TODAY, milestone="pathway_created", reached_on=date(2026, 9, 1)
    )


def opened(database: Database) -> Any:
    with database.program.connect() as connection:
        return request_snapshot(connection, "r1")


def test_what_was_recorded_on_it_comes_first(files: Files) -> None:
    one = first(files)
    entry = approve(files.database, PM, "r1", opened=opened(files.database), today=TODAY, amount="50")
    with pytest.raises(ActionRefused, match=r"50 EUR of 100.25 approved .* Undo that first"):
        undo_import(files.database, PM, one)
    with files.database.program.connect() as connection:
        assert "Undo that first" in newest_imports(connection)[0].problem
    undo(files.database, PM, entry)
    undo_import(files.database, PM, one)


def test_what_was_recorded_elsewhere_stays(files: Files) -> None:
    files.imports(teams=[{"team_key": "docs", "name": "Docs"}])
    two = first(files)
    reaches_a_milestone(files.database)
    undo_import(files.database, PM, two)
    with files.database.program.connect() as connection:
        assert connection.execute(select(func.count()).select_from(metadata.tables["team_milestones"])).scalar() == 1


def test_a_team_with_something_recorded_since_does_not_go(files: Files) -> None:
    first(files)
    two = files.imports(teams=[{"team_key": "docs", "name": "Docs"}])
    reaches_a_milestone(files.database)
    before = contents(files.database)
    with pytest.raises(ActionRefused, match="team_milestones"):
        undo_import(files.database, PM, two)
    assert contents(files.database) == before


def test_a_payment_that_a_file_took_over_is_recorded_again(files: Files) -> None:
    first(files)
    approve(files.database, PM, "r1", opened=opened(files.database), today=TODAY, amount="50")
    mark_paid(files.database, PM, "r1", opened=opened(files.database), today=TODAY, amount="50", paid_on=TODAY)
    before = contents(files.database)
    paid = {
        "request_key": "r1",
        "person_key": "ada",
        "requested_amount": "100.25",
        "currency": "EUR",
        "requested_on": "2026-05-01",
        "decision": "approved",
        "decided_on": "2026-05-02",
        "approved_amount": "60",
        "paid_amount": "60",
        "paid_on": "2026-05-03",
    }
    two = files.imports(overwrite=True, funding_requests=[paid])
    with files.database.program.connect() as connection:
        assert connection.execute(select(recorded_payments)).first() is None
    undo_import(files.database, PM, two)
    assert contents(files.database) == before


def test_only_the_newest_are_kept_and_nobody_erased_comes_back(files: Files) -> None:
    more = [[{"area": f"area {number}", "is_code": "no"}] for number in range(KEPT_IMPORTS)]
    numbers = [first(files), *(files.imports(areas=rows) for rows in more)]
    with files.database.program.connect() as connection:
        kept = connection.execute(select(import_images.c.import_id).distinct()).scalars().all()
    assert sorted(kept) == numbers[1:]
    with files.database.writing() as connection:
        erase(connection, ["ada"], By("pm", "pm"), TODAY)
        assert connection.execute(select(import_images)).first() is None
    with pytest.raises(ActionRefused, match="a person was erased since"):
        undo_import(files.database, PM, numbers[-1])


def test_what_was_released_stays_told(files: Files) -> None:
    one = first(files)
    with files.database.program.connect() as connection:
        told = connection.execute(select(func.count()).select_from(releases)).scalar()
    said = undo_import(files.database, PM, one)
    assert told == 1
    assert "these stay as they were told" in said
    with files.database.program.connect() as connection:
        assert connection.execute(select(func.count()).select_from(releases)).scalar() == 1


def test_every_table_of_the_contract_can_be_undone() -> None:
    """Each has a key by which its rows are found again, but for the program, which is one row."""
    assert [name for name, table in TABLES.items() if not table.key] == ["program"]
