"""The restore drill: backups made while others write, checked, and brought back on either engine."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from data_access.actions import Author, set_viewer
from data_access.backups import BackupRefused, Manifest, check_backup, restore_backup, write_backup
from data_access.backups.rows import columns_of, contents_of
from data_access.database.changes import record_change
from data_access.database.engine import Database
from data_access.database.schema import audit, imports
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.selection import Role, Scope
from tests.bundles import EVENT, write_table

pytestmark = pytest.mark.slow
NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
TABLES = 20  # at least so many have rows in the program that these tests fill


@pytest.fixture(scope="module")
def kept(read_database: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """A backup of a small program with a release, a viewer, and days, moments, flags and texts of every kind."""
    folder = tmp_path_factory.mktemp("kept")
    write_table(folder / "in", "program", {"name": "Ünïcode “P”\nand a line", "currency": "EUR", "min_group_size": "5"})
    write_table(folder / "in", "areas", {"area": "docs"})
    write_table(folder / "in", "people", *({"person_key": f"p{n}", "name": f"Ada, {n}"} for n in range(12)))
    write_table(folder / "in", "events", EVENT | {"topics": "a;b", "latitude": "52.1", "longitude": "0.1"})
    done = ({"person_key": f"p{n}", "contributed_on": "2026-05-05", "area": "docs"} for n in range(12))
    write_table(folder / "in", "contributions", *done)
    assert run_import(read_database, [folder / "in"], ImportOptions(as_of=date(2026, 8, 23))).committed
    set_viewer(read_database, Author("Ada", Scope(Role.PM)), "ada@example.org", Role.PM)
    path = folder / "a backup.db"
    return path, write_backup(read_database, path, {"UPLIFT_IDLE_MINUTES": "30"})


def held(database: Database) -> object:
    """Every row of every table, as digests."""
    with database.program.connect() as connection:
        return contents_of(connection, columns_of(connection))


@contextmanager
def somebody_writes(database: Database) -> Iterator[list[int]]:
    """Another connection that records one change after the other, two rows in each of its transactions."""
    stop, written = threading.Event(), [0]
    own = Database(database.url)

    def write() -> None:
        while not stop.is_set():
            with own.writing() as connection:
                for kind in ("first", "second"):
                    record_change(connection, kind, "x" * 100)
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        stop.set()
        writer.join()
        own.close()


def test_a_program_comes_back_on_either_engine_as_it_was_in_one_moment_while_others_wrote(
    either: Database, kept: tuple[Path, Manifest], tmp_path: Path
) -> None:
    first, in_it = kept
    assert restore_backup(either, first, NOW).manifest == in_it == check_backup(first)
    assert held(either) == in_it.tables
    assert sum(each.rows > 0 for each in in_it.tables.values()) >= TABLES
    assert (in_it.settings, first.stat().st_mode & 0o777) == ({"UPLIFT_IDLE_MINUTES": "30"}, 0o600)
    path = tmp_path / "backup.db"
    with somebody_writes(either) as written:
        while not written[0]:
            pass
        made = write_backup(either, path, {})
        then = written[0]
        while written[0] == then:
            pass
    with closing(sqlite3.connect(path)) as backup:
        kinds = dict(backup.execute("SELECT kind, count(*) FROM imports GROUP BY kind"))
        assert backup.execute("SELECT count(*) FROM releases").fetchone() == (1,)
    assert kinds["first"] == kinds["second"] >= 1
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208
    # Back into where it came from, and into the other kind of place.
    moved = Database(f"sqlite:///{tmp_path / 'moved.db'}")
    aside = [restore_backup(each, path, NOW + timedelta(hours=1)).aside for each in (either, moved)]
    assert held(either) == held(moved) == made.tables
    assert ("before" in aside[0], aside[1]) == (True, "")
    moved.close()
    with either.outside() if either.release_file is None else either.program.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == 1
    with either.writing() as connection:  # numbers go on after the highest
        assert record_change(connection, "edit", "after") == made.import_id + 1
    with pytest.raises(DBAPIError, match="only ever added"), either.writing() as connection:
        connection.execute(delete(audit))


def test_a_running_server_is_not_robbed_of_its_database(either: Database, kept: tuple[Path, Manifest]) -> None:
    other, another = Database(either.url), Database(either.url)
    before = held(either)
    with other.program.connect() as connection:
        connection.execute(select(imports.c.import_id)).all()
        with pytest.raises(BackupRefused, match="in use by"):
            restore_backup(another, kept[0], NOW)
    other.close()
    another.close()
    assert held(either) == before


def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_changed(
    database: Database, kept: tuple[Path, Manifest], tmp_path: Path
) -> None:
    whole, path, before = kept[0].read_bytes(), tmp_path / "backup.db", held(database)
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("DELETE FROM contributions WHERE person_key = 'p3'")
        opened.commit()
    lacks_a_row = path.read_bytes()
    flipped = whole.replace(b"Ada, 7", b"Eda, 7")
    assert flipped != whole
    own = Path(str(database.program.url.database)).read_bytes()
    for content in (whole[: len(whole) // 2], flipped, lacks_a_row, own, b"", None):
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        else:
            assert not path.exists()
        with pytest.raises(BackupRefused):
            restore_backup(database, path, NOW)
        path.touch()
    assert held(database) == before


def test_an_older_backup_is_brought_to_the_newest_schema_and_a_newer_one_refused(
    database: Database, tmp_path: Path
) -> None:
    from alembic import command

    from data_access.migrations import migrate

    with database.program.begin() as connection:
        command.downgrade(migrate._config(connection), "0031")
        record_change(connection, "import", "old")
    path = tmp_path / "old.db"
    assert write_backup(database, path, {}).schema == "0031"
    restore_backup(database, path, NOW)
    assert database.version().import_id == 1
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE uplift_backup SET value = '\"9999\"' WHERE name = 'schema'")
        newer.commit()
    with pytest.raises(BackupRefused, match="newer version"):
        check_backup(path)


def test_a_damaged_program_is_replaced_and_kept_aside(database: Database, kept: tuple[Path, Manifest]) -> None:
    database.close()
    file = Path(str(database.program.url.database))
    file.write_bytes(b"nonsense" * 1_000)
    aside = Path(restore_backup(database, kept[0], NOW).aside)
    assert aside.read_bytes().startswith(b"nonsense")
    assert held(database) == kept[1].tables


def test_a_backup_that_finds_no_room_leaves_the_older_one(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "none" / "backup.db"
    with pytest.raises(BackupRefused, match="no folder"):
        write_backup(database, path, {})
    with pytest.raises(BackupRefused, match="file of its own"):
        write_backup(database, Path(str(database.program.url.database)), {})
    assert os.listdir(tmp_path) == []  # noqa: PTH208
