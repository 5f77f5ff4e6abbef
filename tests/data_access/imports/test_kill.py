"""A killed import leaves the old data whole, and the next import works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access.database.engine import Database
from data_access.database.schema import contributions, events
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from tests.bundles import EVENT, PROJECT, write_table

pytestmark = pytest.mark.slow

IMPORTING = """
import sys
from pathlib import Path
from data_access.database import bulk
from data_access.database.engine import Database
from data_access.imports import batches
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import

# As large files are: read by blocks, and written while the table has no indexes.
bulk.WORTH_IT, batches.LARGE_BYTES = 1_000, 0

def report(what, done, total):
    print(what, flush=True)

run_import(Database(sys.argv[1]), [Path(sys.argv[2])], ImportOptions(progress=report))
"""


def killed_at(database: Database, bundle: Path, moment: str) -> int:
    """Start an import in a process of its own and kill it when it says that it is at `moment`; returns its number."""
    command = [sys.executable, "-c", IMPORTING, database.url, str(bundle)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(moment):
                time.sleep(0.05)
                os.kill(process.pid, signal.SIGKILL)
                break
        process.wait(timeout=60)
    assert process.returncode == -signal.SIGKILL
    return process.pid


def test_an_import_killed_at_any_stage_leaves_the_old_data_and_the_next_import_works(
    either: Database, tmp_path: Path
) -> None:
    """While reading, while checking and while writing: nothing of the new bundle is there, then all of it."""
    write_table(tmp_path / "old", "events", EVENT)
    run_import(either, [tmp_path / "old"])
    version = either.version()
    rows = [
        {"person_key": f"p{n % 997}", "contributed_on": f"2024-0{n % 9 + 1}-01", "area": f"a{n}", "quantity": "1"}
        for n in range(20_000)
    ]
    write_table(tmp_path / "new", "contributions", *rows)
    write_table(tmp_path / "new", "events", EVENT | {"title": "Changed"})
    indexes = indexes_of(either)
    for moment in ("Reading contributions", "Checking contributions", "Writing contributions"):
        killed = killed_at(either, tmp_path / "new", moment)
        assert left_by(killed)
        with either.reading() as connection:
            assert connection.execute(select(func.count()).select_from(contributions)).scalar_one() == 0
            assert connection.execute(select(events.c.title)).scalars().all() == [EVENT["title"]]
        assert either.version() == version
        assert indexes_of(either) == indexes
    report = run_import(either, [tmp_path / "new"], ImportOptions(releases=False))
    assert report.counts["contributions"].created == 20_000
    assert not left_by(killed)


def indexes_of(database: Database) -> set[str]:
    on_sqlite = database.program.dialect.name == "sqlite"
    listed = "SELECT name FROM sqlite_master WHERE type = 'index'" if on_sqlite else "SELECT indexname FROM pg_indexes"
    with database.program.connect() as connection:
        return set(connection.exec_driver_sql(listed).scalars())


def left_by(process: int) -> list[Path]:
    """The folders of temporary files that a process has left, with what people handed in."""
    return list(Path(tempfile.gettempdir()).glob(f"uplift-*-{process}-*"))
