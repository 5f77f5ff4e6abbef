"""Settings: the environment, read once into a frozen value, or an error that says the fix."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from dashboard.settings.addresses import is_loopback, network
from dashboard.settings.lakes import DEFAULT_SECONDS, LakeError, LakePlace, place_of
from dashboard.settings.messages import Mail, MessagesError, mail_from, site_from
from dashboard.settings.oidc import Oidc, OidcError, from_environment, from_secrets_file
from data_access.database.columnar import CopyLimits
from data_access.database.connecting import DEFAULT_URL, DatabaseError, make_engine

_Read = TypeVar("_Read")
STAFF, PUBLIC = AUDIENCES = ("staff", "public")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what is accepted."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default, and what it does."""

    name: str
    default: str
    help: str


TABLE: tuple[Setting, ...] = (
    Setting("UPLIFT_DATABASE_URL", DEFAULT_URL, "The program database: SQLite or PostgreSQL."),
    Setting("UPLIFT_READ_COPY", "", "Path of the DuckDB read copy; empty means none."),
    Setting("UPLIFT_COPY_LIMITS", "2048", "What the read copy may take: megabytes of memory, or 2048,4 with threads."),
    Setting("UPLIFT_LAKE_PATH", "", "The folder of the lake: snapshots in Parquet, written after each import."),
    Setting("UPLIFT_LAKE_URL", "", "The engine that reads the lake, by Spark Connect: sc://host:15002/;use_ssl=true."),
    Setting("UPLIFT_LAKE_SECONDS", DEFAULT_SECONDS, "How long a statement waits for it before another source answers."),
    Setting("UPLIFT_AS_OF", "", "Today's date for the dashboard, YYYY-MM-DD; empty means the real one."),
    Setting("UPLIFT_ADDRESS", "127.0.0.1", "The address to listen on; only loopback unless sign-in is configured."),
    Setting("PORT", "8501", "The port to listen on."),
    Setting("UPLIFT_MAX_UPLOAD_MB", "200", "The largest file the Data page accepts, in megabytes."),
    Setting("UPLIFT_TILES_URL", "", "Map tiles to draw above our own outlines, like https://host/{z}/{x}/{y}.png."),
    Setting("UPLIFT_MAP_BORDERS", "yes", "Whether the map draws borders between countries: yes or no."),
    Setting("UPLIFT_SECRET", "", "What signs sign-ins and the map's addresses; empty means drawn at each start."),
    Setting("UPLIFT_OIDC_CLIENT_ID", "", "Sign-in: our name at the OpenID Connect provider."),
    Setting("UPLIFT_OIDC_CLIENT_SECRET", "", "Sign-in: our secret there."),
    Setting("UPLIFT_OIDC_METADATA_URL", "", "Sign-in: the provider's …/.well-known/openid-configuration."),
    Setting("UPLIFT_OIDC_REDIRECT_URI", "", "Sign-in: our own address, ending in /oauth2callback."),
    Setting("UPLIFT_OIDC_TRUST_EMAIL", "no", "Whether an e-mail counts that the provider says nothing of: yes or no."),
    Setting("UPLIFT_IDLE_MINUTES", "480", "After how many minutes without use a sign-in ends."),
    Setting("UPLIFT_TRUSTED_PROXY", "", "The reverse proxy whose X-Forwarded headers count: addresses or networks."),
    Setting("UPLIFT_FRAME_ANCESTORS", "", "Sites that may show pages in a frame, like https://www.example.org."),
    Setting("UPLIFT_SESSIONS_PER_ADDRESS", "100", "How many pages one address may have open at once."),
    Setting("UPLIFT_SITE", "", "Where readers open Uplift, for links in messages; empty: where sign-in leads back to."),
    Setting("UPLIFT_LOCALE", "en", "How messages write numbers and days: a variant of English, such as en-GB."),
    Setting("UPLIFT_MAIL_FROM", "", "The address that messages come from."),
    Setting("UPLIFT_SMTP_HOST", "", "The mail server; empty means that no e-mail is sent."),
    Setting("UPLIFT_SMTP_PORT", "", "Its port; empty means 587, with tls 465, with none 25."),
    Setting("UPLIFT_SMTP_SECURITY", "starttls", "How it is reached: starttls, tls, or none (this machine alone)."),
    Setting("UPLIFT_SMTP_USER", "", "Our name at the mail server."),
    Setting("UPLIFT_SMTP_PASSWORD", "", "Our password there."),
    Setting("UPLIFT_WITH_SCHEDULE", "no", "Whether the server also sends what is due, every few minutes: yes or no."),
    Setting("UPLIFT_AUDIENCE", "staff", "Who is served: staff, or public (the publication alone, no database)."),
    Setting("UPLIFT_PUBLICATION", "public", "The publication's folder, as `uplift publish` wrote it; for the public."),
    Setting("UPLIFT_LOG_LEVEL", "INFO", f"How much is logged: {', '.join(LOG_LEVELS)}."),
    Setting("UPLIFT_LOG_FORMAT", "text", "How the log is written: text, or json (a JSON object a line)."),
    Setting("UPLIFT_DEV", "no", "Whether errors are shown in full, to developers on their own machine: yes or no."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment asks for. Hashable: part of cache keys."""

    database_url: str = field(default=DEFAULT_URL, repr=False)
    read_copy: Path | None = None
    copy_limits: CopyLimits = field(default_factory=CopyLimits)
    lake: LakePlace | None = None
    as_of: date | None = None
    address: str = "127.0.0.1"
    port: int = 8501
    max_upload_mb: int = 200
    log_level: str = "INFO"
    log_format: str = "text"
    tiles_url: str = ""
    map_borders: bool = True
    oidc: Oidc | None = None
    idle_minutes: int = 480
    trusted_proxy: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    sessions_per_address: int = 100
    audience: str = STAFF
    publication: Path | None = None
    dev: bool = False
    named_site: str = ""
    locale: str = "en"
    mail: Mail | None = None
    with_schedule: bool = False

    def __post_init__(self) -> None:
        if self.dev and (self.oidc or self.audience == PUBLIC or not self.is_local):
            raise SettingsError(
                "UPLIFT_DEV shows errors in full, with what they hold of the program: on a developer's machine only, "
                "not with sign-in, not for the public, not on another address. Unset UPLIFT_DEV."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables of `TABLE`; raises SettingsError."""
        source = os.environ if environment is None else environment
        given = {item.name: (source.get(item.name) or "").strip() or item.default for item in TABLE}
        audience = _one_of("UPLIFT_AUDIENCE", given["UPLIFT_AUDIENCE"].lower(), AUDIENCES)
        if audience == PUBLIC:
            # What a process has no address of, it cannot give away.
            given |= {"UPLIFT_DATABASE_URL": "", "UPLIFT_READ_COPY": "", "UPLIFT_LAKE_URL": "", "UPLIFT_LAKE_PATH": ""}
            secret = ("UPLIFT_OIDC_", "UPLIFT_SMTP_")
            given |= {name: "" for name in given if name.startswith(secret)} | {"UPLIFT_OIDC_TRUST_EMAIL": "no"}
            given["UPLIFT_WITH_SCHEDULE"] = "no"
        return cls(
            audience=audience,
            publication=Path(given["UPLIFT_PUBLICATION"]) if audience == PUBLIC else None,
            database_url="" if audience == PUBLIC else _database_url(given["UPLIFT_DATABASE_URL"]),
            read_copy=Path(given["UPLIFT_READ_COPY"]) if given["UPLIFT_READ_COPY"] else None,
            copy_limits=_limits(given["UPLIFT_COPY_LIMITS"]),
            lake=_lake(given),
            as_of=_day("UPLIFT_AS_OF", given["UPLIFT_AS_OF"]),
            address=given["UPLIFT_ADDRESS"],
            port=_whole("PORT", given["PORT"], 1, 65535),
            max_upload_mb=_whole("UPLIFT_MAX_UPLOAD_MB", given["UPLIFT_MAX_UPLOAD_MB"], 1, 2048),
            log_level=_one_of("UPLIFT_LOG_LEVEL", given["UPLIFT_LOG_LEVEL"].upper(), LOG_LEVELS),
            log_format=_one_of("UPLIFT_LOG_FORMAT", given["UPLIFT_LOG_FORMAT"].lower(), LOG_FORMATS),
            tiles_url=_tiles(given["UPLIFT_TILES_URL"]),
            map_borders=_yes_or_no("UPLIFT_MAP_BORDERS", given["UPLIFT_MAP_BORDERS"]),
            oidc=_provider(given),
            idle_minutes=_whole("UPLIFT_IDLE_MINUTES", given["UPLIFT_IDLE_MINUTES"], 1, 30 * 24 * 60),
            trusted_proxy=tuple(_network(part) for part in _parts(given["UPLIFT_TRUSTED_PROXY"])),
            frame_ancestors=tuple(_site(part) for part in _parts(given["UPLIFT_FRAME_ANCESTORS"])),
            sessions_per_address=_whole(
                "UPLIFT_SESSIONS_PER_ADDRESS", given["UPLIFT_SESSIONS_PER_ADDRESS"], 1, 100_000
            ),
            dev=_yes_or_no("UPLIFT_DEV", given["UPLIFT_DEV"]),
            named_site=_of_messages(lambda: site_from(given["UPLIFT_SITE"])),
            locale=given["UPLIFT_LOCALE"],
            mail=_of_messages(lambda: mail_from(given)),
            with_schedule=_yes_or_no("UPLIFT_WITH_SCHEDULE", given["UPLIFT_WITH_SCHEDULE"]),
        )

    def with_secrets_file(self, folder: Path) -> Settings:
        """The same, with sign-in as `.streamlit/secrets.toml` in the folder has it, unless the environment names it."""
        if self.oidc or self.audience == PUBLIC:
            return self
        trusts = _yes_or_no("UPLIFT_OIDC_TRUST_EMAIL", os.environ.get("UPLIFT_OIDC_TRUST_EMAIL", "").strip() or "no")
        try:
            found = from_secrets_file(folder, os.environ.get("UPLIFT_SECRET", "").strip(), trusts)
        except OidcError as cause:
            raise SettingsError(str(cause)) from cause
        return replace(self, oidc=found)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.address)

    @property
    def site(self) -> str:
        """Where readers open Uplift: `https://uplift.example.org`."""
        if self.named_site:
            return self.named_site
        host = f"[{self.address}]" if ":" in self.address else self.address
        return self.oidc.origin if self.oidc else f"http://{host}:{self.port}"

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


def _limits(text: str) -> CopyLimits:
    memory, _, threads = (part.strip() for part in text.partition(","))
    given = (memory, threads or "0")
    if not all(part.isascii() and part.isdigit() for part in given) or not 128 <= int(memory) <= 10**6:
        raise SettingsError(
            f"UPLIFT_COPY_LIMITS is {text!r}; write megabytes of memory, 128 at least, and after a comma how many "
            "threads: 2048,4."
        )
    return CopyLimits(*map(int, given))


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


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise SettingsError(f"{name} is {text!r}; choose from {', '.join(choices)}.")
    return text


def _provider(given: Mapping[str, str]) -> Oidc | None:
    trusts = _yes_or_no("UPLIFT_OIDC_TRUST_EMAIL", given["UPLIFT_OIDC_TRUST_EMAIL"])
    try:
        return from_environment(given, trusts)
    except OidcError as cause:
        raise SettingsError(str(cause)) from cause


def _of_messages(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except MessagesError as cause:
        raise SettingsError(str(cause)) from cause


def _lake(given: Mapping[str, str]) -> LakePlace | None:
    try:
        return place_of(given)
    except LakeError as cause:
        raise SettingsError(str(cause)) from cause


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", text) if part]


def _network(text: str) -> str:
    try:
        return network(text)
    except ValueError as cause:
        raise SettingsError(
            f"UPLIFT_TRUSTED_PROXY has {text!r}, which is not an address or a network. Write it like 10.0.0.5 or "
            "10.0.0.0/24, comma-separated."
        ) from cause


def _site(text: str) -> str:
    if not re.fullmatch(r"https://(\*\.)?[A-Za-z0-9.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?", text):
        raise SettingsError(f"UPLIFT_FRAME_ANCESTORS has {text!r}; write sites like https://www.example.org.")
    return text
