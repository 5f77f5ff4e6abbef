"""The first ten minutes from the command line: a marked sample, one's own program, an import and its undoing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.cli import main
from data_access.database.engine import Database
from data_access.program import is_sample, load_program
from tests.bundles import write_table

EVENT = {"event_key": "e1", "title": "Sprint", "starts_on": "2026-05-05", "status": "held"}


def test_from_the_sample_to_an_import_that_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'uplift.db'}"
    monkeypatch.setenv("UPLIFT_DATABASE_URL", url)
    write_table(tmp_path / "sample", "events", EVENT)
    write_table(tmp_path / "own", "events", EVENT | {"event_key": "mine"})
    assert main(["import", str(tmp_path / "sample"), "--sample"]) == 0
    assert main(["import", str(tmp_path / "own")]) == 2
    assert "uplift start" in capsys.readouterr().err
    assert main(["start", "Open Maps", "EUR"]) == 2
    assert "--replace-sample" in capsys.readouterr().err
    assert main(["start", "Open Maps", "EUR", "--floor", "4", "--replace-sample"]) == 0
    assert main(["import", str(tmp_path / "own")]) == 0
    database = Database(url)
    with database.program.connect() as connection:
        assert not is_sample(connection)
        assert load_program(connection).floor_events_per_quarter == 4
    capsys.readouterr()
    assert main(["imports", "list"]) == 0
    assert "can be undone" in capsys.readouterr().out
    number = str(database.version().imported)
    assert main(["imports", "undo", number]) == 0
    assert "1 rows went" in capsys.readouterr().out
    assert main(["imports", "undo", number]) == 2
    assert "undone already" in capsys.readouterr().err
    assert database.version().imported == 0
    database.close()
