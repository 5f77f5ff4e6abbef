"""What is noted of an import that was refused: when, by whom, which files and how many errors; and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from dashboard.cli import main
from dashboard.digests.found import found
from data_access.database.engine import Database
from data_access.database.schema import metadata, refused_imports
from data_access.imports.options import ImportOptions
from data_access.imports.refused import KEPT, import_files
from data_access.imports.rows import ImportRefused
from data_access.selection import Role, Scope
from data_access.subscriptions import IMPORTS
from tests.bundles import EVENT, write_table

CANARY = "Zqcanary"
TODAY = datetime.now(UTC).date()
OPTIONS = ImportOptions(as_of=TODAY, imported_by="pm@example.org")
GOOD = {**EVENT, "event_key": "good"}
BAD = {**EVENT, "event_key": f"{CANARY}-key", "title": CANARY, "starts_on": f"{CANARY} day", "country": CANARY}


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.program.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=str)
            for table in metadata.sorted_tables
        }


def noted(database: Database) -> list[tuple[Any, ...]]:
    own = refused_imports.c
    with database.program.connect() as connection:
        return [tuple(row) for row in connection.execute(select(own.imported_by, own.source, own.errors))]


def test_a_refused_import_is_noted_and_changes_nothing_of_the_program(either: Database, tmp_path: Path) -> None:
    path = write_table(tmp_path, "events", GOOD, BAD)
    before, version = everything(either), either.version()
    report = import_files(either, [path], OPTIONS)
    assert not report.committed
    after = everything(either)
    [row] = after.pop("refused_imports")
    assert row[2:] == ("pm@example.org", "events.csv", len(report.errors))
    assert datetime.now(UTC).replace(tzinfo=None) - row[1] < timedelta(minutes=5)
    del before["refused_imports"]
    assert (after, either.version()) == (before, version)
    assert CANARY not in str(row), "nothing out of the file is kept"


def test_what_cannot_be_read_is_noted_and_a_dry_run_or_good_rows_are_not(database: Database, tmp_path: Path) -> None:
    unreadable = tmp_path / "notes.csv"
    unreadable.write_text(f"{CANARY}\n")
    with pytest.raises(ImportRefused):
        import_files(database, [tmp_path / "gone"], OPTIONS)
    assert noted(database) == [("pm@example.org", "gone", 0)]
    path = write_table(tmp_path / "own", "events", GOOD, BAD)
    for dry_run in (True, False):
        kept = replace(OPTIONS, dry_run=dry_run, skip_bad_rows=not dry_run, rejected_dir=tmp_path / "rejected")
        import_files(database, [path], kept)
    assert len(noted(database)) == 1


def test_the_command_notes_it_and_lists_it(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_table(tmp_path, "events", BAD)
    assert main(["import", str(path), "--dry-run", "--database", database.url]) == 1
    assert noted(database) == []
    assert main(["import", str(path), "--database", database.url]) == 1
    assert main(["import", str(tmp_path / "gone.csv"), "--database", database.url]) == 2
    # A table with columns of its own, and nobody there to say how it is read.
    own = tmp_path / "talks.csv"
    own.write_text("What,When,Where\nTalk,2026-07-01,Berlin\n")
    assert main(["import", str(own), "--database", database.url]) == 1
    assert [row[1:] for row in noted(database)] == [("events.csv", 1), ("gone.csv", 0), ("talks.csv", 0)]
    capsys.readouterr()
    assert main(["imports", "list", "--database", database.url]) == 0
    assert "events.csv" in capsys.readouterr().out


def test_it_is_told_of_until_the_files_came_in(database: Database, tmp_path: Path) -> None:
    pm = Scope(Role.PM)
    today = datetime.now(UTC).date()
    for row in (BAD, {**BAD, "event_key": "again"}):
        path = write_table(tmp_path, "events", row)
        import_files(database, [path], OPTIONS)
    [news] = found(database, pm, [IMPORTS], today).news
    assert news.words.startswith("“events.csv” was not imported on ")
    assert CANARY not in f"{news}"
    assert found(database, Scope(Role.LEADERSHIP), [IMPORTS], today).news == ()
    for day in (today - timedelta(days=1), today + timedelta(days=15)):
        assert found(database, pm, [IMPORTS], day).news == (), "not before, and not for ever"
    assert import_files(database, [write_table(tmp_path, "events", GOOD)], OPTIONS).committed
    assert found(database, pm, [IMPORTS], today).news == ()


def test_only_the_newest_are_kept(database: Database, tmp_path: Path) -> None:
    row = {"refused_at": datetime(2026, 1, 1), "imported_by": "x", "source": "old.csv", "errors": 1}  # noqa: DTZ001
    with database.writing() as connection:
        connection.execute(insert(refused_imports), [row] * (KEPT + 20))
    import_files(database, [write_table(tmp_path, "events", BAD)], OPTIONS)
    assert len(noted(database)) == KEPT
    assert noted(database)[-1][1] == "events.csv"
