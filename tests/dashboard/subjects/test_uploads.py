"""Uploaded files: safe names, a welcome only for kinds we read, and nothing left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dashboard.subjects.data.uploads import import_files, kept, safe_name
from data_access.actions import Author, approve, request_snapshot
from data_access.database.schema import events, funding_requests
from data_access.imports.rows import ImportRefused
from data_access.selection import Role, Scope
from tests.builders import ProgramBuilder
from tests.desk_builders import DeskBuilder


@dataclass
class File:
    name: str
    content: bytes = b"event_key,title\n"
    size: int = 16

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


@given(st.text())
def test_a_safe_name_is_one_harmless_file_name(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('/\\\x00:*?"<>|')
    assert not safe.startswith(".")
    assert len(safe) <= 120


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "..\\..\\windows.csv", "/etc/cron.csv", ".hidden.csv"])
def test_a_path_in_a_name_leads_nowhere(name: str) -> None:
    with kept([File(name)], 1000) as paths:
        folder = paths[0].parent
        assert folder.name.startswith("uplift-upload-")
        assert paths[0].read_bytes() == b"event_key,title\n"
    assert not folder.exists()


def test_the_choice_to_take_the_files_values_reaches_the_import(tmp_path: Path) -> None:
    """What was recorded is kept unless the page's choice says otherwise."""
    program = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    desk = DeskBuilder(program.database)
    desk.add_program()
    desk.add_member()
    desk.add_request("100", key="r1")
    with program.database.program.connect() as connection:
        opened = request_snapshot(connection, "r1")
    day = date(2026, 9, 15)
    approve(program.database, Author("pm", Scope(Role.PM)), "r1", opened=opened, today=day, amount="100")
    file = File(
        "funding_requests.csv",
        b"request_key,person_key,requested_amount,currency,requested_on,decision\nr1,ada,100,EUR,2026-09-01,pending\n",
    )
    found = []
    for overwrite in (False, True):
        how: dict[str, Any] = {"dry_run": False, "skip_bad_rows": False, "overwrite_recorded": overwrite}
        report = import_files(program.database, [file], **how, by="pm", most_bytes=1_000)
        with program.database.program.connect() as connection:
            decision = connection.execute(select(funding_requests.c.decision)).scalar_one()
        found.append((len(report.clashes), decision))
    assert found == [(1, "approved"), (1, "pending")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([File("program.exe")], "not of a kind Uplift reads"),
        ([File("big.csv", size=2_000_000)], "larger than 1 MB"),
        ([File("a/events.csv"), File("b/events.csv")], "Two of the files are called events.csv"),
    ],
)
def test_what_is_not_welcome_is_refused_with_a_reason(files: list[File], words: str) -> None:
    with pytest.raises(ImportRefused, match=words), kept(files, 1_000_000):
        pass


def test_files_are_deleted_when_an_import_fails() -> None:
    seen: list[Path] = []

    def fail() -> None:
        with kept([File("events.csv")], 1000) as paths:
            seen.extend(paths)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not seen[0].parent.exists()


@pytest.mark.parametrize("mend", [False, True])
def test_the_choice_to_mend_broken_text_reaches_the_import(tmp_path: Path, mend: bool) -> None:
    """Unasked it is hinted and left as it came."""
    database = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db").database
    file = File("Copy of events.csv", "event_key;title;starts_on\ne1;CafÃ©;2026-03-01\n".encode())
    report = import_files(
        database, [file], dry_run=False, skip_bad_rows=False, mend_text=mend, by="pm", most_bytes=1_000
    )
    assert (report.committed, report.mendable) == (True, not mend)
    with database.reading() as connection:
        assert connection.execute(select(events.c.title)).scalar_one() == ("Café" if mend else "CafÃ©")
