"""The sources that an operator named: added, removed, listed; and how far each was read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from data_access.database.schema import imports, live_sources, source_items
from data_access.imports.live.address import parse_address, shown
from data_access.imports.live.feeds import CALENDAR, TABLE
from data_access.imports.live.forge import GITEA, GITHUB
from data_access.imports.live.parts import Source, SourceKind, State
from data_access.imports.live.pretalx import PRETALX
from data_access.imports.live.pretix import PRETIX
from data_access.imports.live.refusals import LiveRefused
from data_access.wording import either

KINDS: Mapping[str, SourceKind] = {kind.name: kind for kind in (CALENDAR, TABLE, PRETALX, PRETIX, GITHUB, GITEA)}
_NAME = re.compile(r"[\w][\w.-]{0,59}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def now() -> datetime:
    """This second, in UTC without a zone, as the database has moments."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def add_source(
    connection: Connection,
    name: str,
    kind: str,
    address: str,
    *,
    secret_from: str | None = None,
    allow_private: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Source:
    """Name a source. Raises LiveRefused for what could not be asked, or would store a secret."""
    if not _NAME.fullmatch(name):
        raise LiveRefused(f"{name[:80]!r} is no name of a source", "Use letters, digits, dots and dashes, at most 60")
    if kind not in KINDS:
        raise LiveRefused(f"{kind[:40]!r} is no kind of source", f"Choose {either_all(KINDS)}")
    if connection.execute(select(live_sources.c.name).where(live_sources.c.name == name)).first():
        raise LiveRefused(f"There is a source {name} already", f"Remove it first: uplift source remove {name}")
    if secret_from is not None and not _VARIABLE.fullmatch(secret_from):
        raise LiveRefused(
            "--secret-from takes the name of an environment variable, not the secret itself",
            "Set the variable where the sync runs, and give its name, such as CALENDAR_TOKEN",
        )
    given = dict(settings or {})
    if unknown := sorted(set(given) - set(KINDS[kind].settings)):
        known = either_all(KINDS[kind].settings) if KINDS[kind].settings else "none"
        raise LiveRefused(f"{', '.join(unknown)} cannot be set for {kind}", f"Known are: {known}")
    checked = parse_address(address, has_secret=secret_from is not None, allow_private=allow_private)
    asked = KINDS[kind].address(checked)
    connection.execute(
        insert(live_sources).values(
            name=name,
            kind=kind,
            address=asked,
            secret_from=secret_from,
            allow_private=allow_private,
            settings=json.dumps(given, ensure_ascii=False, sort_keys=True),
            state="{}",
        )
    )
    [added] = named_sources(connection, [name])
    return added


def either_all(words: Mapping[str, Any]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def remove_source(connection: Connection, name: str) -> None:
    """Forget a source, and what was counted from it; what was imported stays. Raises LiveRefused."""
    [found] = named_sources(connection, [name])
    connection.execute(delete(source_items).where(source_items.c.source_id == found.source_id))
    connection.execute(delete(live_sources).where(live_sources.c.source_id == found.source_id))


def named_sources(connection: Connection, names: Sequence[str] = ()) -> list[Source]:
    """The sources of these names, or all of them, by name. Raises LiveRefused for a name that is not known."""
    columns = [live_sources.c[name] for name in Source.__dataclass_fields__]
    found = {
        row.name: Source(**{**row._mapping, "settings": json.loads(row.settings), "state": json.loads(row.state)})
        for row in connection.execute(select(*columns).order_by(live_sources.c.name))
    }
    if unknown := [name for name in names if name not in found]:
        known = f"The sources are {', '.join(found)}" if found else "There is none yet: uplift source add"
        raise LiveRefused(f"There is no source {either(unknown)}", known)
    return [found[name] for name in dict.fromkeys(names)] if names else list(found.values())


def secret_of(source: Source) -> str:
    """The source's secret from the environment, or "". Raises LiveRefused where it should be there and is not."""
    if source.secret_from is None:
        return ""
    secret = os.environ.get(source.secret_from, "").strip()
    if not secret:
        raise LiveRefused(
            f"{source.name}: the environment variable {source.secret_from} is not set, which holds its secret",
            "Set it where the sync runs",
        )
    if not secret.isascii() or not secret.isprintable():
        raise LiveRefused(
            f"{source.name}: the secret in {source.secret_from} holds characters that cannot be sent",
            "Copy it again, on one line",
        )
    return secret


def keep_state(connection: Connection, source: Source, state: State, import_id: int | None = None) -> None:
    """How far the source is read: in the transaction of the import that brought it, if there was one."""
    values: dict[str, Any] = {"state": json.dumps(state, sort_keys=True)}
    if import_id is not None:
        values["import_id"] = import_id
        of_import = update(imports).where(imports.c.import_id == import_id)
        connection.execute(of_import.values(source_id=source.source_id))
    connection.execute(update(live_sources).where(live_sources.c.source_id == source.source_id).values(**values))


def keep_outcome(
    connection: Connection, source: Source, outcome: str, next_step: str = "", wait_until: datetime | None = None
) -> None:
    """What came of asking, for the list of sources."""
    values = {"asked_at": now(), "outcome": outcome, "next_step": next_step or None, "wait_until": wait_until}
    connection.execute(update(live_sources).where(live_sources.c.source_id == source.source_id).values(**values))


def forget_state(connection: Connection, source: Source) -> None:
    """The source will be read again from its beginning; what was counted from it stays counted once."""
    values = {"state": "{}", "wait_until": None}
    connection.execute(update(live_sources).where(live_sources.c.source_id == source.source_id).values(**values))


def waits_until(connection: Connection, source: Source) -> datetime | None:
    """Until when the server asked to be left alone, if that is still to come."""
    statement = select(live_sources.c.wait_until).where(live_sources.c.source_id == source.source_id)
    until: datetime | None = connection.execute(statement).scalar()
    return until if until is not None and until > now() else None


def sources_in_words(connection: Connection) -> list[str]:
    """Each source with its address, what came of asking it last, and what to do next."""
    lines = []
    for row in connection.execute(select(live_sources).order_by(live_sources.c.name)):
        secret = f", secret from {row.secret_from}" if row.secret_from else ""
        private = ", private network allowed" if row.allow_private else ""
        said = ", ".join(f"{name}={value}" for name, value in json.loads(row.settings).items())
        lines.append(f"{row.name}: {KINDS[row.kind].format}, {shown(row.address)}{secret}{private}")
        if said:
            lines.append(f"  {said}")
        asked = f"asked {row.asked_at:%Y-%m-%d %H:%M} UTC: {row.outcome}" if row.asked_at else "not asked yet"
        lines.append(f"  {asked}{' ' + row.next_step if row.next_step else ''}")
    return lines
