"""Files that hold personal data: for the account that runs Uplift alone, whatever the umask; and where they stand."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

import platformdirs
from sqlalchemy import make_url

from data_access.geography.cache_folder import or_temporary

OWN_FILE, OWN_FOLDER = 0o600, 0o700
REJECTED = "rejected"


def account() -> str:
    """The name of the account that runs this; its number where the system has no name for it, as in containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"account {os.geteuid()}"


def open_private(path: Path, mode: str = "w") -> IO[str]:
    """Open a text file to write or append to that nobody else may read, from its first byte on."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if "a" in mode else os.O_TRUNC)
    descriptor = os.open(path, flags, OWN_FILE)
    keep_private(path)  # it may have been there before
    return os.fdopen(descriptor, mode, encoding="utf-8", newline="")


def private_folder(path: Path) -> Path:
    """The folder; when it is made here, it is for its owner alone."""
    path.mkdir(mode=OWN_FOLDER, parents=True, exist_ok=True)
    return path


def keep_private(path: Path) -> None:
    """Take others' rights to a file away. One that belongs to somebody else stays as that account wants it."""
    if path.stat().st_mode & 0o077 and path.stat().st_uid == os.geteuid():
        path.chmod(OWN_FILE)


def sweep(folder: Path, prefix: str, older_than: timedelta) -> None:
    """Remove what processes that were killed have left: folders named so that nobody has written in for that long."""
    if not folder.is_dir():
        return
    newest = time.time() - older_than.total_seconds()
    for left in folder.iterdir():
        if left.name.startswith(prefix) and left.is_dir() and left.stat().st_mtime <= newest:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def work_folder(what: str) -> Iterator[Path]:
    """A folder among the temporary files, for this account alone, that goes at the end.

    Those that killed processes have left, with what people handed in, go before.
    """
    clear_abandoned()
    with tempfile.TemporaryDirectory(prefix=f"uplift-{what}-{os.getpid()}-") as folder:
        yield Path(folder)


def clear_abandoned() -> list[str]:
    """Remove the work folders of this account's processes that are no more; returns their names."""
    gone = []
    for left in Path(tempfile.gettempdir()).glob("uplift-*-*-*"):
        named = re.fullmatch(r"uplift-[a-z]+-(\d+)-\w+", left.name)
        try:
            if named and left.stat().st_uid == os.geteuid() and not _is_alive(int(named[1])):
                shutil.rmtree(left, ignore_errors=True)
                gone.append(left.name)
        except FileNotFoundError:  # another process was faster
            continue
    return gone


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def create_private(path: Path) -> None:
    """Make an empty file, unless it is there or its folder is not: whoever opens it then finds out."""
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, OWN_FILE))


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address; None for one in memory and for other databases."""
    parsed = make_url(url)
    name = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
        return None
    return Path(name)


def data_folder(url: str, read_copy: Path | None) -> Path:
    """Where files of a database stand: beside SQLite's file or the read copy, else in the account's data folder."""
    beside = sqlite_file(url) or read_copy
    if beside is not None:
        return beside.parent
    return or_temporary(platformdirs.user_data_path("uplift")) / (make_url(url).database or "program")


def rejected_folder(url: str, read_copy: Path | None) -> Path:
    """Where rejected rows are kept unless an import names another folder."""
    return data_folder(url, read_copy) / REJECTED
