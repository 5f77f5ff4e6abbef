"""`uplift person`: shown, exported, erased once confirmed; who asked about persons on the command line is recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from dashboard.cli import main
from data_access.database.engine import Database
from data_access.database.schema import people
from data_access.migrations.migrate import initialise
from data_access.persons.reads import newest_reads
from tests.data_access.persons.program import ADA, NAME, build, where_she_is


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("UPLIFT_AS_OF", "2026-08-23")
    found = f"sqlite:///{tmp_path / 'uplift.db'}"
    database = Database(found)
    initialise(database.program)
    build(database, tmp_path / "bundle")
    database.close()
    return found


def said(capsys: pytest.CaptureFixture[str], url: str, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main([*words, "--database", url])
    printed = capsys.readouterr()
    return status, (printed.out + printed.err).strip()


def recorded(url: str) -> list[tuple[str, str]]:
    database = Database(url)
    with database.program.connect() as connection:
        found = [(read.question, read.about) for read in newest_reads(connection) if "command line" in read.author]
    database.close()
    return found


def test_what_is_held_is_shown_and_written_for_its_owner_alone(
    url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, text = said(capsys, url, "person", "show", ADA)
    assert (status, text.splitlines()[0]) == (0, f"{ADA}: {NAME}")
    status, text = said(capsys, url, "person", "export", ADA, "--out", str(tmp_path / "out"))
    files = [Path(line) for line in text.splitlines()]
    assert [file.name for file in files] == [f"person-ada_lovelace.example.{ending}" for ending in ("json", "txt")]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert json.loads(files[0].read_text())["tables"]["people"][0]["name"] == NAME
    assert recorded(url) == [("person_export", ADA), ("person_show", ADA)]


def test_a_person_is_erased_once_the_key_is_typed(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed, says in (("", "with --yes"), ("bob", "Type the person’s key once more")):
        monkeypatch.setattr("builtins.input", lambda _, typed=typed: typed or (_ for _ in ()).throw(EOFError))
        status, text = said(capsys, url, "person", "erase", ADA)
        assert status == 2
        assert says in text
    status, text = said(capsys, url, "person", "erase", "ada")
    assert status == 2
    assert "Did you mean ada@lovelace.example (Ada Zqlovelace)" in text
    monkeypatch.setattr("builtins.input", lambda _: ADA)
    status, text = said(capsys, url, "person", "erase", ADA)
    assert status == 0
    assert text.startswith("The person was erased. What was counted stays counted")
    database = Database(url)
    assert where_she_is(database) == set()
    database.close()
    assert said(capsys, url, "person", "show", ADA)[1].endswith("was erased. Nothing is held about them.")


def test_expiring_needs_a_period(url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, text = said(capsys, url, "person", "expire", "--yes")
    assert status == 2
    assert "retention_years" in text
    (tmp_path / "program.csv").write_text("name,currency,retention_years\nTest,EUR,50\n")
    assert said(capsys, url, "import", str(tmp_path / "program.csv"))[0] == 0
    status, text = said(capsys, url, "person", "expire", "--yes")
    assert (status, text.splitlines()[-1]) == (0, "Nobody is gone for longer than the retention period.")


def test_a_question_about_persons_is_recorded_for_those_who_see_them(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ["bench"],
        ["recognition"],
        ["events_total"],
        ["budget_summary", "--as", "leadership"],
        ["recognition"],
    ):
        assert said(capsys, url, "ask", *words)[0] == 0
    found = recorded(url)
    assert len(found) == len(set(found))
    assert ("recognition", "") in found
    assert {question for question, _ in found} <= {"recognition", "bench"}
    assert "recognition" in said(capsys, url, "ask", "personal_reads")[1]


def test_one_person_under_two_keys_is_listed_merged_and_split(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(insert(people).values(person_key="@BOB"))
    database.close()
    status, text = said(capsys, url, "person", "same")
    assert (status, text.splitlines()[0]) == (
        0,
        "strong: @BOB → bob: the keys differ only in case, in the form of their letters or by @",
    )
    assert ("probable_same_persons", "") in recorded(url)
    assert said(capsys, url, "person", "merge", "@BOB", "bob") == (0, "@BOB and bob are one person now, under bob.")
    assert said(capsys, url, "person", "merge", "@BOB", "bob")[0] == 2
    status, text = said(capsys, url, "person", "show", "@BOB")
    assert (status, "was merged into bob" in text) == (2, True)
    assert said(capsys, url, "person", "split", "@BOB") == (0, "@BOB and bob are two people again.")
    status, _ = said(capsys, url, "person", "different", "@BOB", "bob")
    assert said(capsys, url, "person", "same")[1].startswith("0 pairs")
