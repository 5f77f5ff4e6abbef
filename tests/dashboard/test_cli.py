"""The `uplift` command, run as a user runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dashboard.cli import main
from dashboard.commands.ask import write_answer
from data_access.questions import QUESTIONS
from tests.bundles import EVENT, PROJECT, write_table

pytestmark = pytest.mark.slow


def uplift(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own; what it prints is what a user sees."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("UPLIFT_DATABASE")}
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which two events were imported by the command, once for all tests."""
    folder = tmp_path_factory.mktemp("imported")
    write_table(folder / "bundle", "events", EVENT | {"country": "DE"}, EVENT | {"event_key": "e2"})
    done = uplift("import", "bundle", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "2 rows read, 2 created" in done.stdout
    return folder


@pytest.fixture
def imported(prepared: Path, tmp_path: Path) -> Path:
    """A copy of that folder for one test."""
    return shutil.copytree(prepared, tmp_path / "imported")


@pytest.fixture
def here(imported: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command in that folder and in this process, because each new one takes seconds to load."""
    monkeypatch.chdir(imported)

    def run(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        assert main(list(arguments)) == status
        return capsys.readouterr().out

    return run


@pytest.mark.slow
def test_an_import_creates_the_database_and_a_question_answers(imported: Path, here: Callable[..., str]) -> None:
    """Two commands from nothing to a number, in each format."""
    for form, expected in (("json", '[\n {\n  "events": 2\n }\n]'), ("csv", "events\n2"), ("table", "events\n     2")):
        assert here("ask", "events_total", "--format", form).strip() == expected
    answer = uplift("ask", "events_total", "--format", "csv", folder=imported)
    assert (answer.stdout.split(), answer.returncode) == (["events", "2"], 0)


def test_ask_narrows_by_what_the_pages_filter_by(here: Callable[..., str]) -> None:
    """Countries may be written as people write them."""
    answer = here("ask", "events_by_country", "--country", "Germany", "--period", "2024", "--format", "csv")
    assert answer.splitlines() == ["country,name,events,attendance", "DE,Germany,1,"]


def test_no_spreadsheet_runs_what_ask_writes_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    """Guarded as a page's CSV is; numbers stay numbers, and JSON is as it was."""
    answer = pd.DataFrame({"=name": ["=1+1", "@x", "plain"], "change": [-5, -0.5, 2]})
    write_answer(answer, "csv")
    assert capsys.readouterr().out.splitlines() == ["'=name,change", "'=1+1,-5", "'@x,-0.5", "plain,2"]
    write_answer(answer, "json")
    assert '"=1+1"' in capsys.readouterr().out


def test_ask_lists_every_question_with_a_line(here: Callable[..., str]) -> None:
    """The list is made from the questions themselves."""
    lines = here("ask", "--list").splitlines()
    assert [line.split()[0] for line in lines] == sorted(QUESTIONS)
    assert all(len(line.split()) > 4 for line in lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "events_totl"], "is not a question"),
        (["ask", "events_total", "--period", "soon"], "is not a period"),
        (["ask", "events_total", "--country", "Germny"], "Did you mean Germany"),
        (["ask", "events_total", "--mode", "remote"], "Choose from in_person, online, hybrid"),
        (["ask", "events_total", "--as", "king"], "is not a role"),
        (["ask", "data_quality", "--as", "public"], "is not open to the role"),
        (["ask", "data_problems", "--check", "nothing"], "is not a check"),
        (["ask", "events_total", "--database", "sqlite:///other.db"], "uplift init"),
        (["ask", "events_total", "--database", "mysql://x/y"], "SQLite or PostgreSQL"),
        (["import", "nowhere.csv"], "There is no file or folder"),
        (["import", "bundle", "--format", "word"], "is not a known format"),
        (["sample", "--out", "s", "--events", "-1"], "--events must be between"),
        (["read-copy"], "UPLIFT_READ_COPY"),
        (["lake"], "UPLIFT_LAKE_PATH"),
        (["serve", "--address", "0.0.0.0"], "sign-in is not configured"),
    ],
)
def test_a_mistake_gets_one_sentence_and_status_2(
    imported: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    """No traceback, and the way out is named."""
    monkeypatch.chdir(imported)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert "Traceback" not in printed.err + printed.out


def test_a_strict_import_with_errors_has_status_1_and_json_lists_them(imported: Path, here: Callable[..., str]) -> None:
    """Scripts see the failure, and read why."""
    write_table(imported / "bad", "events", EVENT | {"starts_on": "soon"})
    report = json.loads(here("import", "bad", "--json", status=1))
    assert (report["committed"], report["errors"]) == (False, 1)
    assert report["problems"][0]["line"] == 2
    here("import", "bad", "--skip-bad-rows", status=1)
    assert (imported / "rejected" / "events.csv").is_file()


@pytest.mark.slow
def test_an_import_of_nothing_has_status_1_and_says_what_was_expected(imported: Path, here: Callable[..., str]) -> None:
    """Checked or imported, a header without rows is no success; broken text is mended when asked."""
    (imported / "events.csv").write_text("event_key,title,starts_on\n", encoding="utf-8")
    assert "no row was found" in here("import", "events.csv", status=1)
    assert "header row" in here("import", "events.csv", "--dry-run", status=1)
    write_table(imported, "events", EVENT | {"event_key": "broken", "title": "CafÃ©"})
    assert "--mend-text" in here("import", "events.csv", "--dry-run")
    assert "now reads 'Café'" in here("import", "events.csv", "--dry-run", "--mend-text")


@pytest.mark.slow
def test_an_unforeseen_error_shows_a_reference_and_keeps_its_traceback_in_the_log(imported: Path) -> None:
    """The user gets a number to report, the log the details."""
    (imported / "broken.db").write_bytes(b"this is no database" * 100)
    done = uplift(
        "ask",
        "events_total",
        "--database",
        "sqlite:///broken.db",
        folder=imported,
        UPLIFT_CACHE_DIR=str(imported / "c"),
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "reference" in done.stderr or "not a database" in done.stderr


def test_the_read_copy_answers_like_the_program_database(
    here: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`uplift read-copy` writes it; UPLIFT_READ_COPY reads from it and keeps it fresh."""
    here("read-copy", "copy.duckdb")
    monkeypatch.setenv("UPLIFT_READ_COPY", "copy.duckdb")
    assert here("ask", "events_total", "--format", "csv").split() == ["events", "2"]
