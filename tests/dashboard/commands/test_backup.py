"""`uplift backup` and `uplift restore`, and the log of what happened."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.cli import main
from dashboard.commands.backup import settings_that_matter
from dashboard.door.logs import JsonLines, without_personal_data
from data_access.actions import Author, set_viewer
from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.selection import Role, Scope
from tests.builders import ProgramBuilder
from tests.bundles import EVENT, write_table

pytestmark = pytest.mark.slow


def test_backups_of_a_folder_are_cleared_and_one_is_brought_back(
    program: ProgramBuilder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program.add_event("Before")
    program.add_import()
    program.database.close()
    url, folder = program.database.url, tmp_path / "kept"
    folder.mkdir()
    others = [folder / "uplift-20200101T000000.backup.db", folder / "notes.txt"]
    for path in others:
        path.touch()
    assert main(["backup", "--out", str(folder), "--keep", "1", "--database", url]) == 0
    [made] = folder.glob("*.backup.db")
    assert made not in others
    assert others[1].exists()
    assert main(["backup", "--check", str(made)]) == 0
    with closing(sqlite3.connect(tmp_path / "uplift.db")) as opened:
        opened.execute("DELETE FROM events")
        opened.commit()
    capsys.readouterr()
    assert main(["restore", str(made), "--database", url]) == 0
    said = capsys.readouterr().out
    [aside] = tmp_path.glob("uplift.before-restore-*.db")
    assert str(aside) in said
    for path, events in ((tmp_path / "uplift.db", 1), (aside, 0), (tmp_path / "uplift.release.db", 1)):
        with closing(sqlite3.connect(path)) as opened:
            assert opened.execute("SELECT count(*) FROM events").fetchone() == (events,)
    assert main(["restore", str(folder / "notes.txt"), "--database", url]) == 2
    assert main(["backup", "--database", url]) == 2


def test_settings_in_a_backup_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLIFT_SECRET", "hunter2")
    monkeypatch.setenv("UPLIFT_OIDC_CLIENT_SECRET", "hunter2")
    monkeypatch.setenv("UPLIFT_DATABASE_URL", "postgresql://ada:hunter2@db/uplift")
    monkeypatch.setenv("UPLIFT_IDLE_MINUTES", "30")
    found = settings_that_matter()
    assert found["UPLIFT_IDLE_MINUTES"] == "30"
    assert "hunter2" not in str(found)


def test_the_log_tells_what_happened_and_not_who(program: ProgramBuilder, tmp_path: Path) -> None:
    """An import and an action, each an object a line, in words of kinds and counts alone."""
    before = logging.getLogRecordFactory()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("uplift")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    without_personal_data()
    try:
        database = Database(program.database.url)
        bundle = write_table(tmp_path / "Ada Lovelace", "events", EVENT | {"title": "Ada’s meeting"}).parent
        run_import(database, [bundle])
        set_viewer(database, Author("ada@example.org", Scope(Role.PM)), "bo@example.org", "pm")
        try:
            raise ValueError("ada@example.org could not")
        except ValueError:
            log.exception("It failed for bo@example.org")
        database.close()
    finally:
        log.removeHandler(handler)
        log.setLevel(logging.NOTSET)
        logging.setLogRecordFactory(before)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    told = {line["event"]: line for line in lines if "event" in line}
    assert (told["import"]["created"], told["import"]["committed"]) == (1, True)
    assert (told["action"]["action"], told["action"]["role"]) == ("viewer", "pm")
    assert "ValueError" in lines[-1]["trace"]
    assert not [word for word in ("ada", "bo@", "meeting") if word in written.getvalue().casefold()]
