"""Uploaded files: safe names, a welcome only for kinds we read, and nothing left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.subjects.data.uploads import kept, safe_name
from data_access.imports.rows import ImportRefused


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
