"""The lake, where there is one: snapshots in Parquet, and the engine that speaks Spark Connect and reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dashboard.settings.addresses import is_loopback

if TYPE_CHECKING:
    from data_access.database.lake.reading import Lake

VARIABLES = URL, PATH, SECONDS = "UPLIFT_LAKE_URL", "UPLIFT_LAKE_PATH", "UPLIFT_LAKE_SECONDS"
DEFAULT_SECONDS = "5"
INSTALL = "pip install 'uplift[lake]'"
_EXAMPLE = "sc://spark.example.org:15002/;use_ssl=true;token=…"


class LakeError(ValueError):
    """A lake cannot work like this; the message names the setting and the remedy."""


@dataclass(frozen=True, slots=True)
class LakePlace:
    """Where snapshots lie, the engine that reads them (none: they are only written), and how long one waits for it."""

    path: Path
    url: str = field(default="", repr=False)
    seconds: float = float(DEFAULT_SECONDS)


def place_of(given: Mapping[str, str]) -> LakePlace | None:
    """The lake that the variables name, if they do. Raises LakeError."""
    url, path = (given.get(name, "").strip() for name in (URL, PATH))
    if not path:
        if url:
            raise LakeError(f"{URL} is set and {PATH} is not: name the folder that the engine reads, too.")
        return None
    seconds = given.get(SECONDS, "").strip() or DEFAULT_SECONDS
    if not re.fullmatch(r"[1-9]\d{0,3}", seconds):
        raise LakeError(f"{SECONDS} is {seconds!r}; it must be a whole number of seconds from 1 to 9999.")
    return LakePlace(Path(path).absolute(), _engine(url), float(seconds))


def _engine(url: str) -> str:
    if not url:
        return ""
    # The address may hold a token: no message repeats it.
    parts = urlsplit(url.replace("sc://", "http://", 1)) if url.startswith("sc://") else None
    try:
        host = parts.hostname if parts and parts.port != 0 else None
    except ValueError:
        host = None
    if not host or not re.fullmatch(r"/?(;[a-z_]+=[^;=]+)*", parts.path if parts else ""):
        raise LakeError(f"{URL} cannot be read; write it like {_EXAMPLE}")
    if "token=" in url and "use_ssl=true" not in url and not (host == "localhost" or is_loopback(host)):
        raise LakeError(f"{URL} has a token and no use_ssl=true: whoever listens on the way would read it. Add it.")
    if find_spec("pyspark") is None:
        raise LakeError(f"{URL} needs the client of Spark Connect: {INSTALL}.")
    return url


def open_lake(place: LakePlace | None) -> Lake | None:
    """The lake of a place, opened when it is first asked."""
    if place is None:
        return None
    from data_access.database.lake.reading import Lake  # DuckDB and Arrow, for who has a lake alone

    return Lake(place.url, place.path, place.seconds)
