"""A lake: what was written is what is read; and whatever is wrong with it, the next best source answers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, literal_column, select

from data_access.database import schema
from data_access.database.engine import Database
from data_access.database.lake import reading
from data_access.database.lake.manifest import CURRENT, PROGRAM, RELEASE, read_snapshot
from data_access.database.lake.reading import Lake
from data_access.database.read_copy import copied_tables
from data_access.imports.pipeline import run_import
from data_access.release.lake import write_lake
from tests.bundles import EVENT, write_table
from tests.sail import Sail, dawdling, front, running_sail

pytestmark = [pytest.mark.slow, pytest.mark.long]
WHO = {"person_key": "ada", "name": "Ada"}
MADE = {"person_key": "ada", "area": "docs", "quantity": "2"}


@pytest.fixture(scope="module")
def written(initialised_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with an event and contributions of two years, and its lake; to be copied."""
    folder = tmp_path_factory.mktemp("written")
    database = Database(f"sqlite:///{shutil.copy(initialised_file, folder / 'program.db')}")
    write_table(folder / "bundle", "events", EVENT | {"topics": "a;b", "title": "Œuvre 😀, it's `here`\n\\n"})
    write_table(folder / "bundle", "people", WHO)
    years = [MADE | {"contributed_on": day} for day in ("2023-12-31", "2024-01-01", "2024-02-29")]
    write_table(folder / "bundle", "contributions", *years)
    assert run_import(database, [folder / "bundle"]).committed
    write_lake(database, folder / "lake")
    database.close()
    return folder


@pytest.fixture
def laked(written: Path, sail: Sail, tmp_path: Path) -> Iterator[Database]:
    """The program, and the lake, of this test alone."""
    folder = shutil.copytree(written, tmp_path / "program")
    opened = Database(f"sqlite:///{folder / 'program.db'}", lake=Lake(sail.url, folder / "lake", seconds=60))
    yield opened
    opened.close()


def asked(database: Database) -> tuple[str, int]:
    """Who was asked first, and how many contributions whoever answers knows."""
    with database.reading() as connection:
        total = connection.execute(select(func.sum(schema.contributions.c.quantity))).scalar_one()
        return connection.dialect.name, int(total)


def one_more(database: Database, tmp_path: Path, day: str = "2024-03-01") -> None:
    write_table(tmp_path / "more", "contributions", MADE | {"contributed_on": day})
    assert run_import(database, [tmp_path / "more"]).committed


def folder_of(database: Database) -> Path:
    assert database.lake
    return database.lake.path / PROGRAM


def test_every_table_is_read_as_it_was_written(laked: Database) -> None:
    """Missing is not empty; days, moments, amounts and any text are what they were, in the program and the release."""
    assert asked(laked) == ("spark", 6)
    with laked.reading() as lake, laked.program.connect() as program:
        for table in copied_tables():
            found, known = (sorted(each.execute(select(table)).all(), key=str) for each in (lake, program))
            assert found == known, table.name
        assert lake.dialect.name == "spark"
    with laked.outside() as lake, laked.outside_here() as here:
        rows = select(schema.events.c.event_key, schema.events.c.title)
        assert (lake.dialect.name, lake.execute(rows).all()) == ("spark", here.execute(rows).all())
        # Whoever is outside is answered from files in which nobody has a row.
        assert not (folder_of(laked).parent / RELEASE / "people").exists()


def test_files_of_years_that_did_not_change_are_referred_to(laked: Database, tmp_path: Path) -> None:
    """Of contributions only the year's file is new, nothing that is no longer wanted is left, and readers go on."""
    before = read_snapshot(folder_of(laked)).tables
    first = {name: (folder_of(laked) / name).stat().st_ino for name in before["contributions"].files}
    one_more(laked, tmp_path)
    after = read_snapshot(folder_of(laked)).tables
    kept = set(before["contributions"].files) & set(after["contributions"].files)
    assert [name.split("-")[0] for name in kept] == ["contributions/2023"]
    assert all((folder_of(laked) / name).stat().st_ino == first[name] for name in kept)
    assert after["events"] == before["events"]
    found = {str(path.relative_to(folder_of(laked))) for path in folder_of(laked).rglob("*.parquet")}
    assert found == read_snapshot(folder_of(laked)).files
    assert asked(laked) == ("spark", 8)


def test_a_lake_behind_or_ahead_is_passed_over(laked: Database, tmp_path: Path) -> None:
    """After an import that did not reach it, and when the program went back to a backup of before."""
    backup = tmp_path / "backup.db"
    with laked.program.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(backup),))
    one_more(Database(laked.url), tmp_path)
    assert asked(laked) == ("sqlite", 8)
    write_lake(laked, folder_of(laked).parent)
    assert asked(laked) == ("spark", 8)
    restored = Database(f"sqlite:///{backup}", lake=laked.lake)
    assert asked(restored) == ("sqlite", 6)
    assert laked.lake
    assert "of change" in laked.lake.why_not(restored.version())


@pytest.mark.parametrize("fault", ["no list", "half a list", "another format", "a file is missing", "other columns"])
def test_half_a_snapshot_is_passed_over(laked: Database, fault: str) -> None:
    """Nothing of it is believed."""
    current = folder_of(laked) / CURRENT
    if fault == "no list":
        current.unlink()
    elif fault == "half a list":
        current.write_bytes(current.read_bytes()[:200])
    elif fault == "a file is missing":
        next(folder_of(laked).glob("events/*")).unlink()
    else:
        changed = {"format": 0} if fault == "another format" else {"shape": "before the update"}
        current.write_text(json.dumps(json.loads(current.read_text()) | changed))
    assert asked(laked) == ("sqlite", 6)
    assert laked.lake
    assert laked.lake.why_not(laked.version())


def test_a_file_that_is_damaged_costs_no_answer(laked: Database, caplog: pytest.LogCaptureFixture) -> None:
    """The engine is asked, fails, and is asked no more for this question; the log says so."""
    [damaged, *_] = folder_of(laked).glob("contributions/2024*")
    damaged.write_bytes(b"PAR1 no more")
    assert asked(laked) == ("spark", 6)
    assert "the next best source does" in caplog.text


def test_an_engine_that_is_away_or_mute_is_not_waited_for(
    laked: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One that refuses, and one that takes the call and says nothing; neither is asked by the next who comes."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        for url in ("sc://127.0.0.1:1", f"sc://127.0.0.1:{port}"):
            away = Database(laked.url, lake=Lake(url, folder_of(laked).parent, seconds=1))
            assert [asked(away), asked(away)] == [("spark", 6), ("sqlite", 6)]
            assert away.lake
            assert "does not answer" in away.lake.why_not(away.version())
    assert caplog.text.count("the next best source does") == 2


def test_one_statement_that_is_too_slow_costs_no_other_its_answer(
    laked: Database, sail: Sail, caplog: pytest.LogCaptureFixture
) -> None:
    """After the seconds that one waits at most the next best answers, and the engine is asked whatever else."""
    assert asked(laked) == ("spark", 6)  # the client is loaded by then, which takes seconds
    with dawdling(sail.port, b"'slow'", 90) as url:
        slow = Database(laked.url, lake=Lake(url, folder_of(laked).parent, seconds=10))
        total = select(func.sum(schema.contributions.c.quantity))
        with slow.reading() as connection:
            assert connection.execute(total).scalar_one() == 6
            began = time.monotonic()
            asked_for = total.where(schema.contributions.c.area != literal_column("'slow'"))
            assert connection.execute(asked_for).scalar_one() == 6
            assert 9 < time.monotonic() - began < 30
        assert "no answer within 10 seconds" in caplog.text
        until = time.monotonic() + 30
        while asked(slow) != ("spark", 6) and time.monotonic() < until:
            time.sleep(0.05)
        caplog.clear()
        assert (asked(slow), caplog.text) == (("spark", 6), "")
        slow.close()


def test_a_lost_session_is_made_anew(laked: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that was started again knows nothing of before; while it is away others answer, and then it does."""
    monkeypatch.setattr(reading, "RESTS_SECONDS", 0.0)
    with running_sail(tmp_path) as sail:
        lost = Database(laked.url, lake=Lake(sail.url, folder_of(laked).parent, seconds=60))
        with lost.reading() as connection:
            total = select(func.sum(schema.contributions.c.quantity))
            assert connection.execute(total).scalar_one() == 6
            sail.kill()
            sail.start()
            assert connection.execute(total).scalar_one() == 6
            assert connection.execute(total.where(schema.contributions.c.area == "docs")).scalar_one() == 6
            sail.kill()
            assert connection.execute(total).scalar_one() == 6
        sail.start()
        assert asked(lost) == ("spark", 6)
        lost.close()


def test_a_wrong_token_is_refused_and_the_right_one_answers_over_tls(
    laked: Database, sail: Sail, tmp_path: Path
) -> None:
    """In a process of its own: which certificates are trusted is read once."""
    script = """
import sys
from pathlib import Path
from data_access.database.engine import Database
from data_access.database.lake.reading import Lake
for token in ("right", "wrong"):
    lake = Lake(f"sc://localhost:{sys.argv[1]}/;use_ssl=true;token={token}", Path(sys.argv[3]), 60)
    print(lake.why_not(Database(sys.argv[2]).version()) or "answers")
"""
    (tmp_path / "ask.py").write_text(script)
    with front(sail.port, "right", tmp_path) as (port, certificate):
        done = subprocess.run(
            [sys.executable, str(tmp_path / "ask.py"), str(port), laked.url, str(folder_of(laked).parent)],
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(sys.path),
                "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(certificate),
                "no_proxy": "localhost",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout.splitlines() == ["answers", "Its engine does not answer: this token is not known"], done.stderr


def test_two_writers_leave_one_whole_snapshot(laked: Database, tmp_path: Path) -> None:
    """Each waits for the other, then what is read is whole and the newest."""
    one_more(Database(laked.url), tmp_path)
    with ThreadPoolExecutor(2) as writers:
        both = [writers.submit(write_lake, Database(laked.url), folder_of(laked).parent) for _ in range(2)]
    assert len({each.result().version for each in both}) == 1
    assert asked(laked) == ("spark", 8)
    assert not list(folder_of(laked).glob(".unfinished-*"))


def test_a_writer_that_is_killed_leaves_the_snapshot_of_before(laked: Database, tmp_path: Path) -> None:
    """Whenever that happens; the next who writes takes away what it left, and is read."""
    one_more(Database(laked.url), tmp_path)
    before = read_snapshot(folder_of(laked))
    environment = os.environ | {"UPLIFT_LAKE_PATH": str(folder_of(laked).parent), "UPLIFT_DATABASE_URL": laked.url}
    command = [sys.executable, "-c", "from dashboard.cli import main; main(['lake', 'write'])"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as writer:
        while not list(folder_of(laked).glob(".unfinished-*")) and writer.poll() is None:
            time.sleep(0.005)
        writer.kill()
    assert writer.returncode == -signal.SIGKILL
    assert read_snapshot(folder_of(laked)) == before
    assert asked(laked) == ("sqlite", 8)
    write_lake(laked, folder_of(laked).parent)
    assert asked(laked) == ("spark", 8)
    assert not list(folder_of(laked).glob(".unfinished-*"))


def test_a_full_disk_leaves_the_snapshot_of_before(laked: Database, tmp_path: Path) -> None:
    """In a process that may write no file larger than a few kilobytes; it says so, and nothing half is left."""
    before = read_snapshot(folder_of(laked))
    one_more(Database(laked.url), tmp_path)
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "from dashboard.cli import main; sys.exit(main(['lake', 'write']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"UPLIFT_LAKE_PATH": str(folder_of(laked).parent), "UPLIFT_DATABASE_URL": laked.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "What it held before stays" in done.stderr) == (2, True), done.stderr
    assert read_snapshot(folder_of(laked)) == before
    assert not list(folder_of(laked).glob(".unfinished-*"))
    assert asked(laked) == ("sqlite", 8)


def test_an_import_stands_when_the_lake_cannot_be_written(laked: Database, tmp_path: Path) -> None:
    """The failure is a hint that names the way out."""
    (tmp_path / "a file").touch()
    other = Database(laked.url, lake=Lake("", tmp_path / "a file"))
    write_table(tmp_path / "more", "contributions", MADE | {"contributed_on": "2024-05-01"})
    report = run_import(other, [tmp_path / "more"])
    assert report.committed
    assert [hint.remedy for hint in report.hints if "lake" in hint.problem]
    assert asked(other) == ("sqlite", 8)
