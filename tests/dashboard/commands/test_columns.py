"""`uplift import` of a table with columns of its own: shown first, written only when somebody has agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.cli import main

MEMBERS = "Name;E-Mail;Wohnort;Telefon\nAda Lovelace;ada@example.org;London, UK;1\nKofi;kofi@example.org;Accra;2\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs `uplift` on a program in this test's folder; returns the status and what was printed."""
    monkeypatch.chdir(tmp_path)
    Path("members.csv").write_text(MEMBERS, encoding="utf-8")

    def command(*arguments: str) -> tuple[int, str]:
        status = main([*arguments, "--database", "sqlite:///program.db"])
        said = capsys.readouterr()
        return status, said.out + said.err

    return command


def test_nothing_is_written_before_the_guess_was_seen(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    status, said = run("import", "members.csv")
    assert status == 1
    assert "Wohnort" in said
    assert "people.place" in said
    assert "Ada Lovelace" in said
    assert "uplift import members.csv --map mapping.toml" in said
    assert not (tmp_path / "program.db").exists()


def test_the_guess_is_printed_edited_used_and_remembered(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    status, text = run("import", "members.csv", "--guess")
    assert status == 0
    assert not (tmp_path / "program.db").exists()
    (tmp_path / "mapping.toml").write_text(text.replace('"Telefon" = ""', '"Telefon" = "person_attributes.phone"'))
    status, said = run("import", "members.csv", "--map", "mapping.toml")
    assert (status, "person_attributes: 2 rows read, 2 created" in said) == (0, True)
    (tmp_path / "more.csv").write_text(MEMBERS + "Zoë;zoe@example.org;Pune, India;3\n", encoding="utf-8")
    status, said = run("import", "more.csv")
    assert (status, "person_attributes: 3 rows read, 1 created" in said) == (0, True)


def test_yes_takes_the_guess_and_a_trial_run_needs_no_answer(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    status, said = run("import", "members.csv", "--dry-run")
    assert (status, "this was a dry run" in said, (tmp_path / "program.db").exists()) == (0, True, False)
    status, said = run("import", "members.csv", "--yes")
    assert (status, "people: 2 rows read, 2 created" in said) == (0, True)


def test_a_mapping_that_is_not_there_or_no_mapping_is_refused_in_a_sentence(run) -> None:  # type: ignore[no-untyped-def]
    assert run("import", "members.csv", "--map", "nowhere.toml")[0] == 2
    status, said = run("import", "members.csv", "--map", "members.csv")
    assert (status, "not readable TOML" in said, "Traceback" in said) == (2, True, False)


def test_the_template_is_written_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "--out", str(tmp_path / "program.xlsx")]) == 0
    assert (tmp_path / "program.xlsx").read_bytes()[:2] == b"PK"
    assert "ready to be filled in" in capsys.readouterr().out
