"""`uplift viewer`: the first program manager is let in on the command line, and mistakes get one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.cli import main
from data_access.database.changes import record_change
from data_access.database.engine import Database
from data_access.questions import QUESTIONS
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.team_builders import TeamBuilder


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'uplift.db'}"
    assert main(["viewer", "list", "--database", found]) == 0
    database = Database(found)
    TeamBuilder(database).add_team("docs")
    database.close()
    return found


def said(capsys: pytest.CaptureFixture[str], url: str, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main(["viewer", *words, "--database", url])
    printed = capsys.readouterr()
    return status, (printed.out + printed.err).strip()


def test_roles_are_given_listed_changed_and_taken_away(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, url, "list") == (
        0,
        "Nobody has a role yet. Give the first one: uplift viewer add ada@example.org pm",
    )
    assert said(capsys, url, "add", "Ada@example.org", "pm") == (0, "ada@example.org is now program manager.")
    assert said(capsys, url, "add", "bo@example.org", "partner", "--team", "docs")[0] == 0
    _, listed = said(capsys, url, "list")
    assert [line.split() for line in listed.splitlines()] == [
        ["ada@example.org", "pm"],
        ["bo@example.org", "partner", "docs"],
    ]
    changed = said(capsys, url, "add", "bo@example.org", "board")
    assert changed == (0, "bo@example.org is now board, was partner of docs.")
    assert said(capsys, url, "remove", "BO@example.org") == (0, "bo@example.org removed, was board.")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "ada", "pm"), "'ada' is not an e-mail address. Write it like ada@example.org"),
        (("add", "ada@example.org", "boss"), "'boss' is not a role to give. Choose pm, board"),
        (("add", "ada@example.org", "partner"), "A partner needs a team"),
        (("add", "ada@example.org", "partner", "--team", "dogs"), "There is no team 'dogs'. The teams are: docs."),
        (("add", "ada@example.org", "pm", "--team", "docs"), "Only a partner has teams"),
        (("remove", "ada@example.org"), "ada@example.org has no role. `uplift viewer list` names those who have"),
        (("remove", "first@example.org"), "is the last program manager"),
    ],
)
def test_a_mistake_gets_one_sentence_that_names_value_and_remedy(
    url: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert said(capsys, url, "add", "first@example.org", "pm")[0] == 0
    status, printed = said(capsys, url, *words)
    assert status == 2
    assert printed.startswith("uplift: ")
    assert says in printed
    assert "\n" not in printed


def test_whose_address_imported_is_seen_inside_only(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        record_change(connection, "edit", "milestone of team docs", imported_by="ada@example.org")
        imported_by = {
            role: set(QUESTIONS["imports_log"].ask(connection, Selection(), Scope(role))["imported_by"])
            for role in (Role.PM, Role.BOARD)
        }
        with pytest.raises(NotAllowed):
            QUESTIONS["imports_log"].ask(connection, Selection(), Scope(Role.LEADERSHIP))
    database.close()
    assert "ada@example.org" in imported_by[Role.PM] & imported_by[Role.BOARD]
