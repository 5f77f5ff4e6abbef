"""`uplift source` and `uplift sync`: added, asked, listed, removed; mistakes are one sentence without the secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.cli import main
from tests.web_server import Asked, Reply, web_server

TABLE = b"event_key,title,starts_on\ne1,Docs day,2026-05-01\n"
SECRET = "hunter2hunter2"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'uplift.db'}"


def said(capsys: pytest.CaptureFixture[str], url: str, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main([*words, "--database", url])
    printed = capsys.readouterr()
    return status, (printed.out + printed.err).strip()


def test_a_source_is_added_asked_listed_and_removed(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(asked: Asked) -> Reply:
        allowed = asked.headers.get("authorization") == f"Bearer {SECRET}"
        return Reply(TABLE) if allowed else Reply(status=401)

    monkeypatch.setenv("SHEET_SECRET", SECRET)
    everything = []
    adding = ("source", "add", "--set", "table=events", "--allow-private", "sheet", "csv")
    with web_server(answer) as server:
        for words, status, expected in (
            (("sync",), 0, "There is no source yet. Name one: uplift source add NAME KIND ADDRESS"),
            (("source", "list"), 0, "There is no source yet."),
            (
                (*adding, f"{server.address}/t", "--secret-from", "SHEET_SECRET"),
                0,
                f"sheet is added: {server.address}/t. Look what it holds: uplift sync sheet --dry-run",
            ),
            (("sync", "--dry-run"), 0, "Nothing was written: this was a dry run."),
            (("sync", "--list"), 0, "not asked yet"),
            (("sync", "sheet"), 0, "sheet: 1 row new, 0 changed, 0 hints."),
            (("sync",), 0, "sheet: nothing new."),
            (("sync", "--list"), 0, "table=events"),
            (("sync", "other"), 2, "There is no source other. The sources are sheet."),
            (("source", "add", "sheet", "csv", "https://example.org/"), 2, "There is a source sheet already."),
        ):
            found, text = said(capsys, url, *words)
            everything.append(text)
            assert (found, expected in text) == (status, True), text
        monkeypatch.setenv("SHEET_SECRET", "wr0ng")
        status, text = said(capsys, url, "sync")
        assert (status, "refuses to answer (401)" in text) == (1, True)
    assert SECRET not in "".join([*everything, text])
    assert said(capsys, url, "source", "remove", "sheet") == (0, "sheet is removed. What was imported from it stays.")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("a b", "csv", "https://example.org/"), "'a b' is no name of a source"),
        (("../x", "csv", "https://example.org/"), "is no name of a source"),
        (("x", "rss", "https://example.org/"), "Choose ical, csv, pretalx, pretix, github or gitea."),
        (("x", "csv", "file:///etc/passwd"), "no address that can be asked"),
        (("x", "csv", "https://example.org/", "--secret-from", "ghp_a-b"), "not the secret itself"),
        (
            ("x", "csv", "https://example.org/", "--set", "colour=red"),
            "colour cannot be set for csv.",
        ),
        (("x", "csv", "https://example.org/", "--set", "red"), "Write --set name=value."),
        (("x", "ical", "https://example.org/", "--set", "a=b"), "Known are: none."),
        (("x", "csv", "https://example.org/?token=abc"), "The address holds a secret."),
    ],
)
def test_a_mistake_gets_one_sentence(
    url: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    status, text = said(capsys, url, "source", "add", *words)
    assert (status, says in text, "\n" in text) == (2, True, False), text


def test_without_the_allowance_this_machine_is_not_asked(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with web_server(lambda asked: Reply(TABLE)) as server:
        assert said(capsys, url, "source", "add", "sheet", "csv", server.address)[0] == 0
        status, text = said(capsys, url, "sync")
        assert (status, "--allow-private" in text, server.asked) == (1, True, [])
