"""`uplift doctor`: what is in order is said to be, and what is not comes with its remedy."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from dashboard.checkup.checks import CheckState, check_everything
from dashboard.cli import main
from dashboard.settings import Settings
from dashboard.settings.databases import database
from data_access.database.private_files import sqlite_file
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow
CHECKS = {
    *("Settings", "Database", "Schema", "Integrity", "Disk", "Places", "Letters", "Read copy", "Lake"),
    *("Release", "Sign-in", "Mail", "Clock", "File rights"),
}


@pytest.fixture
def own(busy: str, tmp_path: Path) -> str:
    """A copy of the believable program, with its release, that a test may spoil."""
    source = sqlite_file(busy)
    assert source is not None
    for path in source.parent.glob("uplift*.db"):
        Path(shutil.copy(path, tmp_path)).chmod(0o600)
    return f"sqlite:///{tmp_path / 'uplift.db'}"


def doctor(url: str, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    status = main(["doctor", "--json", "--database", url, *options])
    return status, {each["name"]: each for each in json.loads(capsys.readouterr().out)}


def test_what_is_in_order_is_said_to_be(
    own: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLIFT_AS_OF", "2026-09-15")
    status, found = doctor(own, capsys)
    assert (status, set(found)) == (0, CHECKS)
    assert [name for name, each in found.items() if each["state"] == CheckState.WRONG] == []
    assert found["Integrity"]["state"] == found["Release"]["state"] == found["File rights"]["state"] == CheckState.FINE
    assert main(["doctor", "--quick", "--database", own]) == 0
    assert "ok    Schema" in capsys.readouterr().out


def test_what_is_wrong_comes_with_its_remedy(
    own: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for name, value in (
        ("UPLIFT_SMTP_HOST", "127.0.0.1"),
        ("UPLIFT_SMTP_PORT", str(port)),
        ("UPLIFT_MAIL_FROM", "uplift@example.org"),
        ("UPLIFT_LAKE", str(tmp_path / "none")),
        ("UPLIFT_READ_COPY", str(tmp_path / "none.duckdb")),
        ("UPLIFT_AS_OF", "2027-02-01"),
    ):
        monkeypatch.setenv(name, value)
    path = tmp_path / "uplift.db"
    path.chmod(0o644)
    used = database(own, None)
    with used.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.exec_driver_sql("UPDATE imports SET finished_at = '2199-01-01 00:00:00.000000'")
    status, found = doctor(own, capsys)
    wrong = {name for name, each in found.items() if each["state"] == CheckState.WRONG}
    assert (status, wrong) == (1, {"Schema", "Lake", "Mail", "Clock", "File rights"})
    look = {name for name, each in found.items() if each["state"] == CheckState.LOOK}
    assert look >= {"Settings", "Read copy", "Release"}
    assert all(
        each["remedy"] or "`" in each["says"] or "newer" in each["says"]
        for each in found.values()
        if each["name"] in wrong
    )
    path.write_bytes(b"nonsense" * 10_000)
    database.cache_clear()
    broken = check_everything(Settings(database_url=own), database(own, None), thorough=True)
    assert {each.state for each in broken if each.name in ("Database", "Schema", "Integrity")} == {CheckState.WRONG}
    assert all("uplift restore" in each.says for each in broken if each.name in ("Schema", "Integrity"))


def test_the_program_manager_asks_on_the_data_page_and_nobody_else(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Dashboard(monkeypatch, own).open("data")
    shown.at.button(key="check_everything").click()
    shown.run()
    assert set(shown.at.dataframe[-1].value["name"]) == CHECKS
    other = Dashboard(monkeypatch, own).open("data", **{"as": "board"})
    assert not [each for each in other.at.button if each.key == "check_everything"]
