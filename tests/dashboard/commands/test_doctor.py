"""`uplift doctor`: what is in order is said to be, and what is not comes with its remedy."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from dashboard.checkup import lake as checked_lake
from dashboard.checkup.checks import check_everything
from dashboard.checkup.outcomes import CheckState
from dashboard.cli import main
from dashboard.settings import Settings
from dashboard.settings.databases import database
from data_access.database.engine import Database
from data_access.database.private_files import sqlite_file
from data_access.release.lake import write_lake
from tests.dashboard.apptest import Dashboard
from tests.sail import running_sail

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
        ("UPLIFT_LAKE_PATH", str(tmp_path / "none")),
        ("UPLIFT_LAKE_URL", f"sc://127.0.0.1:{port}/;token=quiet"),
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
    assert (status, wrong) == (1, {"Schema", "Lake engine", "Mail", "Clock", "File rights"})
    look = {name for name, each in found.items() if each["state"] == CheckState.LOOK}
    assert look >= {"Settings", "Read copy", "Release", "Lake folders", "Lake program"}
    assert "quiet" not in json.dumps(found)
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


def test_a_lake_is_looked_at_from_its_settings_to_the_rights_of_its_folders(
    own: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With a real engine; what is wrong is found one by one, and an engine that says nothing is not waited for."""
    lake, names = tmp_path / "lake", {"Lake", "Lake folders", "Lake program", "Lake release", "Lake client"}
    monkeypatch.setenv("UPLIFT_LAKE_PATH", str(lake))
    # Other tests need the processor, too.
    monkeypatch.setenv("UPLIFT_LAKE_SECONDS", "60")
    monkeypatch.setattr(checked_lake, "ENGINE_SECONDS", 60.0)
    written = Database(own)
    write_lake(written, lake)
    _, found = doctor(own, capsys, "--quick")
    assert {name for name in found if name.startswith("Lake")} == names - {"Lake client"}
    with running_sail(tmp_path) as sail:
        monkeypatch.setenv("UPLIFT_LAKE_URL", sail.url)
        _, found = doctor(own, capsys, "--quick")
        states = {name: each["state"] for name, each in found.items() if name.startswith("Lake")}
        assert states == dict.fromkeys(names | {"Lake engine"}, CheckState.FINE), found
        assert "(0 hours ago)" in found["Lake program"]["says"]
        # A file that the engine does not see, as when the folder is mounted elsewhere there.
        [some] = (lake / "program").glob("imports/*")
        whole = some.read_bytes()
        some.write_bytes(b"PAR1 no more")
        _, found = doctor(own, capsys, "--quick")
        assert (found["Lake engine"]["state"], str(lake) in found["Lake engine"]["remedy"]) == (CheckState.WRONG, True)
        some.write_bytes(whole)
        (lake / "program").chmod(0o755)
        with written.writing() as connection:
            connection.exec_driver_sql("UPDATE imports SET finished_at = '2026-09-16 00:00:00.000000'")
        (lake / "release" / "CURRENT.json").write_text("{")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setattr(checked_lake, "ENGINE_SECONDS", 1.0)
        monkeypatch.setenv("UPLIFT_LAKE_URL", f"sc://127.0.0.1:{mute.getsockname()[1]}")
        _, found = doctor(own, capsys, "--quick")
    assert "no answer within 1 seconds" in found["Lake engine"]["says"]
    states = {name: each["state"] for name, each in found.items() if each["state"] != CheckState.FINE}
    assert {name: state for name, state in states.items() if name.startswith("Lake")} == {
        "Lake folders": CheckState.WRONG,
        "Lake program": CheckState.LOOK,
        "Lake release": CheckState.WRONG,
        "Lake engine": CheckState.WRONG,
    }
    assert "chmod 750" in found["Lake folders"]["remedy"]
    assert all("uplift lake write" in found[name]["remedy"] for name in ("Lake program", "Lake release"))
    assert "UPLIFT_LAKE_URL" in found["Lake engine"]["remedy"]


def test_the_program_manager_asks_on_the_data_page_and_nobody_else(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Dashboard(monkeypatch, own).open("data")
    shown.at.button(key="check_everything").click()
    shown.run()
    assert set(shown.at.dataframe[-1].value["name"]) == CHECKS
    other = Dashboard(monkeypatch, own).open("data", **{"as": "board"})
    assert not [each for each in other.at.button if each.key == "check_everything"]
