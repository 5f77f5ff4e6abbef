"""Settings: the environment, read once into a frozen value, or an error that says the fix."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from data_access.engine import DEFAULT_URL, DatabaseError, make_engine

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what would do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default, and what it does."""

    name: str
    default: str
    help: str


TABLE: tuple[Setting, ...] = (
    Setting("UPLIFT_DATABASE_URL", DEFAULT_URL, "The program database: SQLite or PostgreSQL."),
    Setting("UPLIFT_READ_COPY", "", "Path of the DuckDB read copy; empty means none."),
    Setting("UPLIFT_AS_OF", "", "Today's date for the dashboard, YYYY-MM-DD; empty means the real one."),
    Setting("UPLIFT_ADDRESS", "127.0.0.1", "The address to listen on; only loopback until sign-in is configured."),
    Setting("PORT", "8501", "The port to listen on."),
    Setting("UPLIFT_MAX_UPLOAD_MB", "200", "The largest file the Data page accepts, in megabytes."),
    Setting("UPLIFT_TILES_URL", "", "Map tiles to draw above our own outlines, like https://host/{z}/{x}/{y}.png."),
    Setting("UPLIFT_MAP_BORDERS", "yes", "Whether the map draws borders between countries: yes or no."),
    Setting("UPLIFT_SECRET", "", "What signs the map's addresses; empty means drawn anew with each start."),
    Setting("UPLIFT_LOG_LEVEL", "INFO", f"How much is logged: {', '.join(LOG_LEVELS)}."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment asks for. Hashable: part of cache keys."""

    database_url: str = DEFAULT_URL
    read_copy: Path | None = None
    as_of: date | None = None
    address: str = "127.0.0.1"
    port: int = 8501
    max_upload_mb: int = 200
    log_level: str = "INFO"
    tiles_url: str = ""
    map_borders: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables of `TABLE`; raises SettingsError."""
        source = os.environ if environment is None else environment
        given = {item.name: (source.get(item.name) or "").strip() or item.default for item in TABLE}
        return cls(
            database_url=_database_url(given["UPLIFT_DATABASE_URL"]),
            read_copy=Path(given["UPLIFT_READ_COPY"]) if given["UPLIFT_READ_COPY"] else None,
            as_of=_day("UPLIFT_AS_OF", given["UPLIFT_AS_OF"]),
            address=given["UPLIFT_ADDRESS"],
            port=_whole("PORT", given["PORT"], 1, 65535),
            max_upload_mb=_whole("UPLIFT_MAX_UPLOAD_MB", given["UPLIFT_MAX_UPLOAD_MB"], 1, 2048),
            log_level=_level(given["UPLIFT_LOG_LEVEL"]),
            tiles_url=_tiles(given["UPLIFT_TILES_URL"]),
            map_borders=_yes_or_no("UPLIFT_MAP_BORDERS", given["UPLIFT_MAP_BORDERS"]),
        )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.address)

    def today(self) -> date:
        """The day the dashboard takes as today."""
        return self.as_of or date.today()


_in_force: list[Settings] = []


def enforce(settings: Settings) -> None:
    """Make these the settings of the whole process: a server was started with them."""
    _in_force[:] = [settings]


def current() -> Settings:
    """The settings the server was started with, or the environment's."""
    return _in_force[0] if _in_force else Settings.from_environment()


def is_loopback(address: str) -> bool:
    """Whether an address or host name is this machine's own loopback."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=8)
def _database_url(url: str) -> str:
    try:
        make_engine(url)
    except DatabaseError as cause:
        raise SettingsError(f"UPLIFT_DATABASE_URL cannot be used. {cause}") from cause
    return url


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as cause:
        raise SettingsError(f"{name} is {text!r}, which is not a date. Write it like 2026-08-23.") from cause


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingsError(f"{name} is {text!r}; it must be a whole number from {least} to {most}.")
    return int(text)


def _tiles(url: str) -> str:
    if not url:
        return ""
    if not re.fullmatch(r"https?://[A-Za-z0-9.:{}-]+/[A-Za-z0-9._~/{}@?=&%-]*", url) or "{z}" not in url:
        raise SettingsError(
            f"UPLIFT_TILES_URL is {url!r}; write it like https://tile.openstreetmap.org/{{z}}/{{x}}/{{y}}.png."
        )
    return url


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise SettingsError(f"{name} is {text!r}; it must be yes or no.")
    return text.lower() == "yes"


def _level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise SettingsError(f"UPLIFT_LOG_LEVEL is {text!r}; choose from {', '.join(LOG_LEVELS)}.")
    return text.upper()
