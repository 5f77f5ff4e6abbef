"""A folder written whole or not at all: made next to the old one, flushed to the disk, and swapped in by a rename."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from data_access.publishing.manifest import MANIFEST_FILE, ManifestError, files_in, read_manifest

_AT_CWD, _EXCHANGE = -100, 2
Progress = Callable[[str, int, int | None], None]
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class PublishRefused(Exception):
    """Nothing was published and the old site is whole; the message says why, and the way out."""


def check_target(folder: Path) -> None:
    """Refuse a folder that holds anything but a publication of ours: it would be lost. Raises PublishRefused."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise PublishRefused(f"{folder} is a file. Name a folder: uplift publish --out public/")
    if not any(folder.iterdir()):
        return
    try:
        ours = read_manifest(folder)["files"].keys() | {MANIFEST_FILE}
    except ManifestError as cause:
        raise PublishRefused(f"{cause} Name a new or an empty folder, so that nothing in it is lost.") from cause
    others = sorted(files_in(folder) - ours)
    if others:
        some = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        raise PublishRefused(f"{folder} holds files that are not part of the site: {some}. Move them elsewhere first.")


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Nobody else publishes at the same time; what a killed publish left behind is cleared away first."""
    parent = folder.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(parent, os.O_RDONLY)
    except OSError as cause:
        raise PublishRefused(f"{parent} cannot be written to: {cause.strerror}.") from cause
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            raise PublishRefused("Another `uplift publish` is writing here. Wait until it is done.") from cause
        _recover(folder.resolve())
        yield
    finally:
        os.close(handle)


def swap_in(folder: Path, files: Mapping[str, bytes], progress: Progress | None = None) -> None:
    """Put a folder of exactly these files in the place of `folder`. Raises PublishRefused; then nothing changed."""
    try:
        write_whole(folder, files, progress)
    except OSError as cause:
        raise PublishRefused(f"Nothing was published: {why(cause)}. The site in {folder} is as it was.") from cause


def why(problem: OSError) -> str:
    """Why files could not be written, in words."""
    return "the disk is full" if problem.errno in _FULL else str(problem.strerror or problem).lower()


def write_whole(folder: Path, files: Mapping[str, bytes], progress: Progress | None = None) -> None:
    """The same for whatever folder. Raises OSError; then nothing changed."""
    target = folder.resolve()
    made = _sibling(target, "new")
    shutil.rmtree(made, ignore_errors=True)
    try:
        for number, (name, content) in enumerate(files.items()):
            if progress:
                progress("Writing", number, len(files))
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for inner in (made, *(path for path in made.rglob("*") if path.is_dir())):
            _flush(inner)
        if progress:
            progress("Swapping", 0, None)
        _exchange(made, target)
        _flush(target.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _sibling(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


def _recover(target: Path) -> None:
    """Clear away what a killed publish left; where it was killed between two renames, the old site comes back."""
    old = _sibling(target, "old")
    if old.exists() and not target.exists():
        old.rename(target)
    for left in (old, _sibling(target, "new")):
        shutil.rmtree(left, ignore_errors=True)


def _exchange(made: Path, target: Path) -> None:
    """Swap the two names at once where the system can; else by two renames, which `_recover` completes."""
    if not target.exists():
        made.rename(target)
        return
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
        if swap(_AT_CWD, os.fsencode(made), _AT_CWD, os.fsencode(target), _EXCHANGE) == 0:
            return
        if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    except AttributeError:
        pass
    old = _sibling(target, "old")
    target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
