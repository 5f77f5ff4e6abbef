"""Real data, written by third parties, whose answers are known; README.md names sources, licences and answers."""

from __future__ import annotations

import atexit
import lzma
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent


@cache
def real_data(name: str) -> Path:
    """The file as it was before it was compressed to be stored here; unpacked once in each test process."""
    if (FOLDER / name).is_file():
        return FOLDER / name
    unpacked = _unpacking_folder() / name
    unpacked.write_bytes(lzma.decompress((FOLDER / f"{name}.xz").read_bytes()))
    return unpacked


@cache
def _unpacking_folder() -> Path:
    folder = TemporaryDirectory(prefix="uplift-real-data-")
    # Left to itself it is removed with a ResourceWarning.
    atexit.register(folder.cleanup)
    return Path(folder.name)
