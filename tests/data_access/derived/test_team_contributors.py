"""Who contributes to which team since when: kept by imports and by the migration, never recounted by questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from alembic import command
from sqlalchemy import select, text

from data_access.database.engine import Database
from data_access.database.schema import team_contributors
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations import migrate
from tests.bundles import write_table

ROW = {"person_key": "ada", "area": "docs", "team_key": "docs"}


def firsts(database: Database) -> dict[tuple[str, str], date]:
    with database.reading() as connection:
        return {(row.team_key, row.person_key): row.first_on for row in connection.execute(select(team_contributors))}


def contributed(database: Database, folder: Path, *rows: dict[str, str]) -> None:
    write_table(folder, "contributions", *(ROW | row for row in rows))
    assert run_import(database, [folder], ImportOptions(releases=False)).committed


def test_an_import_keeps_first_days_up_to_date(either: Database, tmp_path: Path) -> None:
    """An earlier contribution that comes later moves the first day back; other people's days stay."""
    write_table(tmp_path / "teams", "teams", {"team_key": "docs", "name": "Docs"}, {"team_key": "qa", "name": "QA"})
    assert run_import(either, [tmp_path / "teams"]).committed
    bo = {"person_key": "bo", "contributed_on": "2026-03-03"}
    none = {"contributed_on": "2026-01-01", "team_key": ""}
    contributed(either, tmp_path / "first", {"contributed_on": "2026-02-02"}, bo, none)
    assert firsts(either) == {("docs", "ada"): date(2026, 2, 2), ("docs", "bo"): date(2026, 3, 3)}
    qa = {"contributed_on": "2026-05-05", "team_key": "qa"}
    contributed(either, tmp_path / "second", {"contributed_on": "2026-01-15"}, qa)
    assert firsts(either) == {
        ("docs", "ada"): date(2026, 1, 15),
        ("qa", "ada"): date(2026, 5, 5),
        ("docs", "bo"): date(2026, 3, 3),
    }


def test_the_migration_counts_what_is_there_already(either: Database) -> None:
    with either.program.begin() as connection:
        command.downgrade(migrate._config(connection), "base")
        command.upgrade(migrate._config(connection), "0001")
        for statement in (
            "INSERT INTO people (person_key) VALUES ('ada')",
            "INSERT INTO areas (area) VALUES ('docs')",
            "INSERT INTO teams (team_key, name) VALUES ('docs', 'Docs')",
            "INSERT INTO contributions (person_key, contributed_on, area, team_key) "
            "VALUES ('ada', '2020-02-02', 'docs', 'docs'), ('ada', '2020-01-01', 'docs', 'docs')",
        ):
            connection.execute(text(statement))
    migrate.initialise(either.program)
    assert firsts(either) == {("docs", "ada"): date(2020, 1, 1)}
