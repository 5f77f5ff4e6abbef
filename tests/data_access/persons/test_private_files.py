"""Files that hold personal data are their owner's alone, whatever the umask says."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from data_access.actions import erase_person
from data_access.database.engine import Database
from data_access.database.private_files import data_folder, open_private, rejected_folder, sweep
from data_access.database.read_copy import write_read_copy
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from tests.data_access.persons.program import ADA, PM, TODAY, write_bundle


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Everybody may read what is made without care."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_database_log_read_copy_and_rejected_rows_are_private(tmp_path: Path) -> None:
    """Rejected rows lie beside the database, not in the current folder; striking out leaves them private."""
    folder = tmp_path / "data"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'uplift.db'}", folder / "copy.duckdb")
    initialise(database.program)
    report = run_import(database, [write_bundle(tmp_path / "bundle")], ImportOptions(skip_bad_rows=True, as_of=TODAY))
    assert report.rejected_files == [str(folder / "rejected" / "challenges.csv")]
    with database.program.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        modes = {path.name: mode(path) for path in folder.rglob("*")}
    assert modes == {
        **dict.fromkeys(["uplift.db", "uplift.db-wal", "uplift.db-shm", "copy.duckdb", "challenges.csv"], 0o600),
        **dict.fromkeys(["uplift.release.db", "copy.release.duckdb"], 0o600),
        "rejected": 0o700,
    }
    with (folder / "rejected" / "challenges.csv").open("a") as file:
        file.write("y,somebody else,before,\n")
    assert "1 rows were taken out" in erase_person(database, PM, ADA, typed=ADA, today=TODAY)
    assert mode(folder / "rejected" / "challenges.csv") == 0o600
    assert (folder / "rejected" / "challenges.csv").read_text().count("\n") == 2
    database.close()


def test_a_database_of_an_earlier_version_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "uplift.db"
    path.touch(0o644)
    database = Database(f"sqlite:///{path}", tmp_path / "copy.duckdb")
    initialise(database.program)
    (tmp_path / "copy.duckdb").touch(0o644)
    write_read_copy(database.program, tmp_path / "copy.duckdb")
    assert {mode(path), mode(tmp_path / "copy.duckdb")} == {0o600}
    database.close()


def test_a_file_that_others_could_read_is_closed_to_them_when_it_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("old\n")
    with open_private(tmp_path / "log", "a") as file:
        assert mode(tmp_path / "log") == 0o600
        file.write("new\n")
    assert (tmp_path / "log").read_text() == "old\nnew\n"


@pytest.mark.parametrize(
    ("url", "copy", "expected"),
    [
        ("sqlite:////srv/data/uplift.db", None, "/srv/data/rejected"),
        ("sqlite:///uplift.db", Path("/copies/x.duckdb"), "rejected"),
        ("postgresql://u:p@host/name", Path("/srv/copies/x.duckdb"), "/srv/copies/rejected"),
    ],
)
def test_rejected_rows_lie_beside_the_database(url: str, copy: Path | None, expected: str) -> None:
    assert str(rejected_folder(url, copy)) == expected


def test_without_any_file_the_accounts_own_data_folder_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/u/.data")
    assert data_folder("postgresql://u:p@host/program", None) == Path("/home/u/.data/uplift/program")


def test_what_killed_processes_left_is_swept_and_what_is_in_use_stays(tmp_path: Path) -> None:
    for name, age in ((".copy.duckdb.left", 2), (".copy.duckdb.used", 0), (".other.left", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "copy.duckdb").touch()
        long_ago = time.time() - age * 86_400
        os.utime(tmp_path / name, (long_ago, long_ago))
    sweep(tmp_path, ".copy.duckdb.", timedelta(days=1))
    assert {path.name for path in tmp_path.iterdir()} == {".copy.duckdb.used", ".other.left"}
    sweep(tmp_path / "no such folder", ".copy.duckdb.", timedelta(0))
