"""A site is there whole or as it was: killed writers, full disks, other people's files, tampering."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from data_access.publishing.folder import PublishRefused, check_target, one_writer, swap_in
from data_access.publishing.manifest import MANIFEST_FILE, ManifestError, manifest_file, problems
from tests.bundles import PROJECT

pytestmark = pytest.mark.slow

ABOUT = {"title": "Program", "published_at": "2026-11-21T10:00:00", "data_version": "1", "format": "1"}


def site(version: str) -> dict[str, bytes]:
    files = {
        name: f"{name} {version}".encode() * 1_000 for name in ("index.html", "assets/a.js", "data/b.csv", "public.db")
    }
    return files | {MANIFEST_FILE: manifest_file(files, ABOUT)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published site, version 1."""
    made = tmp_path / "public"
    swap_in(made, site("1"))
    return made


def version_of(folder: Path) -> str:
    assert problems(folder) == []
    return (folder / "index.html").read_text().split()[1][0]


WRITING = """
import sys, time
from pathlib import Path
from data_access.publishing.folder import one_writer, swap_in
from tests.data_access.publishing.test_folder import site

def report(what, done, total):
    print(what, done, flush=True)
    time.sleep(0.2)

with one_writer(Path(sys.argv[1])):
    swap_in(Path(sys.argv[1]), site("2"), report)
"""


def writer(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITING, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)


@pytest.mark.parametrize("moment", ["Writing 2", "Swapping"])
def test_a_killed_writer_leaves_the_old_site_whole_and_the_next_one_cleans_up(folder: Path, moment: str) -> None:
    """A real process, a real SIGKILL, in the middle of a file and before the swap."""
    with writer(folder) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(moment):
                os.kill(process.pid, signal.SIGKILL)
                break
        process.wait(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert version_of(folder) == "1"
    assert (folder.parent / ".public.new").exists()
    with one_writer(folder):
        assert not (folder.parent / ".public.new").exists()
        swap_in(folder, site("3"))
    assert version_of(folder) == "3"
    assert [path.name for path in folder.parent.iterdir()] == ["public"]


def test_two_writers_do_not_mix(folder: Path) -> None:
    """The second is refused, with a sentence, and the first goes on."""
    with writer(folder) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(PublishRefused, match="Another"), one_writer(folder):
            pass
        process.wait(timeout=30)
    assert version_of(folder) == "2"


def test_where_names_cannot_be_exchanged_a_kill_between_two_renames_is_mended(folder: Path) -> None:
    """The old site is kept next to it, and comes back before the next one is written."""
    folder.rename(folder.parent / ".public.old")
    with one_writer(folder):
        assert version_of(folder) == "1"


def test_without_the_exchange_of_names_two_renames_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that cannot exchange."""

    class Nothing:
        def __init__(self, *_: object, **__: object) -> None: ...

    monkeypatch.setattr("data_access.publishing.folder.ctypes.CDLL", Nothing)
    swap_in(folder, site("4"))
    assert version_of(folder) == "4"
    assert [path.name for path in folder.parent.iterdir()] == ["public"]


FULL = """
import resource, sys
from pathlib import Path
from data_access.publishing.folder import PublishRefused, swap_in
from tests.data_access.publishing.test_folder import site

resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
try:
    swap_in(Path(sys.argv[1]), site("2"))
except PublishRefused as problem:
    print(problem)
"""


def test_a_full_disk_gets_a_sentence_and_the_old_site_stays(folder: Path) -> None:
    """Files may not grow beyond 5,000 bytes: what a full disk does, without one."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)], capture_output=True, text=True, cwd=PROJECT, timeout=60, check=True
    )
    assert done.stdout == f"Nothing was published: the disk is full. The site in {folder} is as it was.\n"
    assert version_of(folder) == "1"
    assert [path.name for path in folder.parent.iterdir()] == ["public"]


def test_a_really_full_disk_too(tmp_path: Path) -> None:
    """A file system of 192 KB in memory, where this machine lets us make one."""
    small = tmp_path / "small"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", str(small)]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a file system here")
    try:
        swap_in(small / "public", site("1"))
        with pytest.raises(PublishRefused, match="the disk is full"):
            swap_in(small / "public", {**site("2"), "large": b"x" * 200_000})
        assert version_of(small / "public") == "1"
    finally:
        subprocess.run(["umount", str(small)], check=True)


def tampered(folder: Path) -> dict[str, Callable[[], object]]:
    def link() -> None:
        (folder / "public.db").unlink()
        (folder / "public.db").symlink_to("/etc/hostname")

    return {
        "assets/a.js was changed.": lambda: (folder / "assets/a.js").write_bytes(b"alert(1)"),
        "data/b.csv is missing.": lambda: (folder / "data/b.csv").unlink(),
        "extra.html is not part of the publication.": lambda: (folder / "extra.html").write_text("x"),
        "public.db is a link, not a file.": link,
    }


def test_what_was_tampered_with_is_named(folder: Path) -> None:
    """Changed, missing, added, or made a link: one sentence each, and nothing else."""
    ways = tampered(folder)
    for change in ways.values():
        change()
    assert sorted(problems(folder)) == sorted(ways)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": {"a": 1}}', '{"files": {"a": {"sha256": 1}}}', "null"])
def test_a_manifest_that_is_none_gets_a_sentence(folder: Path, text: str) -> None:
    """Cut off, emptied, or something else altogether."""
    (folder / MANIFEST_FILE).write_text(text)
    with pytest.raises(ManifestError, match="was changed"):
        problems(folder)


def test_a_manifest_cannot_point_outside_the_folder(folder: Path) -> None:
    """A name with two dots is a file that is not there."""
    path = folder / MANIFEST_FILE
    data = json.loads(path.read_bytes())
    data["files"]["../../etc/hostname"] = {"sha256": "0", "bytes": 1}
    path.write_text(json.dumps(data))
    assert problems(folder) == ["../../etc/hostname is missing."]


def test_a_folder_with_other_files_is_not_taken(folder: Path, tmp_path: Path) -> None:
    """They would be lost: a folder of photos, a file, or something added to the site."""
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "one.jpg").write_bytes(b"x")
    (folder / "CNAME").write_text("example.org")
    says_of = {photos: "Name a new or an empty folder", photos / "one.jpg": "is a file", folder: "CNAME"}
    for target, says in says_of.items():
        with pytest.raises(PublishRefused, match=says):
            check_target(target)
    check_target(tmp_path / "new")
    (photos / "one.jpg").unlink()
    check_target(photos)


def test_a_reader_never_sees_half_a_site(folder: Path) -> None:
    """Looked at over and over while another process swaps: every file is there at any moment."""
    seen = set()
    with writer(folder) as process:
        while process.poll() is None:
            seen.add((folder / "index.html").read_bytes()[:12])
            time.sleep(0.001)
    assert seen == {b"index.html 1", b"index.html 2"}
