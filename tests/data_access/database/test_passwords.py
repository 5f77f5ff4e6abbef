"""A database's password is shown to nobody: not on the screen, not in a log, not in an error."""

from __future__ import annotations

import argparse

import pytest

from dashboard.cli import command_parser, main
from dashboard.door.logs import redacted
from dashboard.settings import Settings, SettingsError
from data_access.database.connecting import DatabaseError, make_engine, without_password
from data_access.database.engine import Database


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:hunter2@db.example.org/uplift", "postgresql://ada:***@db.example.org/uplift"),
        ("postgresql://ada:hun@ter2:x@db:5432/uplift", "postgresql://ada:***@db:5432/uplift"),
        ("postgresql://ada:hun//ter2@db/uplift", "postgresql://ada:***@db/uplift"),
        ("postgresql://db/uplift?user=ada&password=hunter2&a=b", "postgresql://db/uplift?user=ada&password=***&a=b"),
        ("postgres//ada:hunter2@db/uplift", "postgres//ada:***@db/uplift"),
        ("ada:hunter2@db/uplift", "ada:***@db/uplift"),
        ("postgresql://ada@db/uplift", "postgresql://ada@db/uplift"),
        ("postgresql://ada:hunter2", "postgresql://ada:***"),
        ("postgresql://db:5432/uplift", "postgresql://db:5432/uplift"),
        ("host=db user=ada password=hunter2", "host=db user=ada password=***"),
        ("sqlite:///C:/ada@home/uplift.db", "sqlite:///C:/ada@home/uplift.db"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize("url", ["postgres//ada:hunter2@db/uplift", "postgresql://ada:hunter2@db:port/uplift"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"ada:\*\*\*@db") as refused:
        make_engine(url)
    assert "hunter2" not in str(refused.value)
    with pytest.raises(SettingsError, match="UPLIFT_DATABASE_URL") as unusable:
        Settings.from_environment({"UPLIFT_DATABASE_URL": url})
    assert "hunter2" not in str(unusable.value)


def test_nothing_that_is_printed_of_our_objects_holds_the_password() -> None:
    url = "postgresql://ada:hunter2@db/uplift"
    assert "hunter2" not in repr(Settings.from_environment({"UPLIFT_DATABASE_URL": url}))
    assert "hunter2" not in repr(Database(url))
    assert redacted(f"could not open {url}, sorry") == "could not open postgresql://ada:***@db/uplift, sorry"


def test_help_does_not_show_the_address_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UPLIFT_DATABASE_URL", "postgresql://ada:hunter2@db/uplift")
    for command in (action for action in command_parser()._actions if isinstance(action, argparse._SubParsersAction)):
        for parser in command.choices.values():
            assert "hunter2" not in parser.format_help()


@pytest.mark.postgresql
def test_init_says_which_database_is_ready_without_its_password(
    postgresql: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgresql.url.replace("postgres:@", "postgres:hunter2@")
    assert "hunter2" in url
    assert main(["init", "--database", url]) == 0
    said = capsys.readouterr()
    assert "is ready" in said.out
    assert "hunter2" not in said.out + said.err
