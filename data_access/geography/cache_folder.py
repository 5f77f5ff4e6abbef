"""Where an account's own files go that no setting places; a folder of temporary files where it has no home."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """`UPLIFT_CACHE_DIR`, or the account's cache folder of the operating system."""
    given = os.environ.get("UPLIFT_CACHE_DIR")
    return Path(given) if given else or_temporary(platformdirs.user_cache_path("uplift"))


def or_temporary(wanted: Path) -> Path:
    """The folder, made if need be; one for this account alone among the temporary files where it cannot be had.

    A container may run under an account without a name or a home, and systems may be read-only.
    """
    try:
        if not wanted.is_absolute():  # no home is known: it would lie in whatever folder this was started in
            raise FileNotFoundError(wanted)
        wanted.mkdir(parents=True, exist_ok=True)
        if os.access(wanted, os.W_OK | os.X_OK):
            return wanted
    except OSError:
        pass
    own = Path(tempfile.gettempdir()) / f"{wanted.name}-{os.geteuid()}"
    own.mkdir(mode=0o700, exist_ok=True)
    if own.is_symlink() or own.stat().st_uid != os.geteuid():
        return Path(tempfile.mkdtemp(prefix=f"{wanted.name}-"))  # somebody else has made it: not to be trusted
    return own
