"""Beginning a program: an empty one with its own settings, in an empty database or in the place of the sample."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from data_access.actions.record import RULES, ActionRefused, Author, Rules, checked, keep_entry, writing
from data_access.contract.kinds import MONEY_SCALE
from data_access.contract.tables import TABLES
from data_access.database.engine import Database
from data_access.database.private_files import create_private, sqlite_file
from data_access.database.schema import (
    APPEND_ONLY,
    access_tokens,
    audit,
    countries,
    metadata,
    program,
    stop_list_salt,
    viewers,
)
from data_access.program import is_sample, load_program
from data_access.recorded import PROGRAM, VIEWER, State
from data_access.release.project import write_release_schema
from data_access.selection import NotAllowed, Role
from data_access.wording import paragraph, say

# What is no sample's: who may look, and what the product itself knows.
_STAYS = frozenset({viewers, access_tokens, stop_list_salt, countries, audit})
_LABELS = {
    "name": "Name",
    "currency": "Currency",
    "fiscal_year_start": "Fiscal year start",
    "floor_events_per_quarter": "Floor of events per quarter",
    "member_ceiling": "Member ceiling",
}


class SampleStands(ActionRefused):
    """The database holds the sample program: whether it may go has to be asked first."""


@dataclass(frozen=True, slots=True)
class NewProgram:
    """The settings of a program that begins, as somebody typed them; what is empty takes the contract's default."""

    name: str
    currency: str
    fiscal_year_start: str = ""
    floor_events_per_quarter: str = ""
    member_ceiling: str = ""


def start_program(database: Database, author: Author, wanted: NewProgram, *, today: date, replace: bool = False) -> str:
    """Begin an empty program; returns what was done, in words.

    With `replace` the sample program goes; its database file is kept aside where it is one. Raises ActionRefused where
    another program is there, SampleStands where the sample is and `replace` was not said, NotAllowed.
    """
    if author.scope.role is not Role.PM:
        raise NotAllowed("A program is begun by the program manager. Nothing was changed.")
    settings = _settings(wanted)
    kept = None
    with writing(database) as connection:
        sample = is_sample(connection)
        if sample and not replace:
            raise SampleStands(
                "The sample program is here. Say that it may go: `uplift start --replace-sample`. Nothing was changed."
            )
        if not sample and holds_data(connection):
            raise ActionRefused(
                f"This database holds a program already: {load_program(connection).name}. Another one needs a database "
                "of its own: set UPLIFT_DATABASE_URL. Nothing was changed."
            )
        if sample:
            kept = _keep_aside(database, today)
            _clear(connection)
        else:
            connection.execute(delete(program))
        connection.execute(insert(program).values(program_id=1, **settings))
        after: dict[str, Any] = {name: None if value is None else str(value) for name, value in settings.items()}
        keep_entry(connection, author, "", "program started", PROGRAM, settings["name"][:200], None, after)
        if sample:
            write_release_schema(connection)
    begun = say("{name} has begun, and is empty.", name=settings["name"])
    aside = say("The sample’s database is kept as {file}.", file=kept.name) if kept else ""
    return paragraph((begun, aside, "Import your files next."))


def holds_data(connection: Connection) -> bool:
    """Whether anything was imported or recorded besides the program's own settings."""
    tables = [metadata.tables[name] for name in TABLES if name != "program"]
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)


def _settings(wanted: NewProgram) -> dict[str, Any]:
    found = {name: checked("program", name, getattr(wanted, name), label) for name, label in _LABELS.items()}
    ceiling = found["member_ceiling"]
    # Money is checked as the database stores it, and written as an amount.
    return found | {"member_ceiling": None if ceiling is None else Decimal(ceiling) / MONEY_SCALE}


def _keep_aside(database: Database, today: date) -> Path | None:
    """Copy the database file beside itself; returns where, None where there is no file. Raises ActionRefused."""
    file = sqlite_file(database.url)
    if file is None:
        return None
    names = [f"{file.stem}.sample-{today.isoformat()}{more}.db" for more in ("", *(f"-{n}" for n in range(2, 100)))]
    aside = next(path for name in names if not (path := file.with_name(name)).exists())
    try:
        create_private(aside)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(aside)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as cause:
        aside.unlink(missing_ok=True)
        raise ActionRefused(
            f"The sample’s database could not be kept aside as {aside} ({cause}). Make room there. Nothing was changed."
        ) from cause
    return aside


def _clear(connection: Connection) -> None:
    """All that is the sample's, and what was recorded, told and read of it; who may look stays, with its record."""
    for table in reversed(metadata.sorted_tables):
        if table not in _STAYS:
            connection.execute(delete(table))
    _clear_audit(connection)


def _clear_audit(connection: Connection) -> None:
    """What was recorded of the sample's rows: keys of one's own may be the same."""
    gone = delete(audit).where(audit.c.subject != VIEWER)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.execute(gone)
        connection.exec_driver_sql(next(each for each in APPEND_ONLY["sqlite"] if "audit_no_delete" in each))
    else:
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER audit_no_change")
        connection.execute(gone)
        connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER audit_no_change")


def never_undone(why: str) -> Rules:
    """The rules of what is recorded and cannot be undone by its entry."""

    def who(connection: Connection, author: Author, key: str) -> None:
        raise ActionRefused(why)

    def afterwards(
        connection: Connection, author: Author, key: str, now: State, before: State, confirmed: Collection[str]
    ) -> None:
        raise ActionRefused(why)

    return Rules(who, afterwards)


RULES[PROGRAM] = never_undone("The beginning of a program is not undone. Import the table program to change it.")
