"""`uplift import --dry-run` changes nothing: it makes no file, migrates nothing and writes no byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect

from dashboard.cli import main
from data_access.database.engine import Database
from data_access.migrations import migrate
from tests.bundles import EVENT, write_table

pytestmark = pytest.mark.slow


def dry_run(bundle: Path, url: str) -> int:
    return main(["import", str(bundle), "--dry-run", "--database", url])


def with_schema(database: Database, revision: str) -> None:
    """Take the database back to an older schema, or to none."""
    with database.program.begin() as connection:
        command.downgrade(migrate._config(connection), revision)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_table(tmp_path / "bundle", "events", EVENT).parent


def test_without_a_database_the_files_are_checked_and_none_is_made(
    bundle: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "uplift.db"
    assert dry_run(bundle, f"sqlite:///{path}") == 0
    assert "1 created" in capsys.readouterr().out
    assert not list(tmp_path.glob("uplift.db*"))


def test_a_database_that_is_up_to_date_keeps_every_byte(bundle: Path, database: Database) -> None:
    database.close()
    path = Path(str(database.program.url.database))
    before = path.read_bytes()
    assert dry_run(bundle, database.url) == 0
    assert path.read_bytes() == before


def test_an_older_database_stays_as_old_and_the_way_out_is_named(
    bundle: Path, either: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with_schema(either, "0006")
    either.close()
    assert dry_run(bundle, either.url) == 2
    assert "`uplift init`" in capsys.readouterr().err
    assert migrate._revision(either.program) == "0006"


def test_a_database_without_a_program_stays_empty(
    bundle: Path, either: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with_schema(either, "base")
    tables = set(inspect(either.program).get_table_names())
    either.close()
    assert dry_run(bundle, either.url) == 0
    assert "1 created" in capsys.readouterr().out
    assert set(inspect(either.program).get_table_names()) == tables
