"""Erasing a person, and everybody whose retention period is over: confirmed, audited, and not to be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from data_access.actions.record import ActionRefused, Author, writing
from data_access.database.engine import Database
from data_access.persons.erase import ASKED, RETENTION, By, erase
from data_access.persons.held import UnknownPerson, require_person
from data_access.persons.leftovers import clear_leftovers
from data_access.persons.naming import Persons
from data_access.persons.traces import gone_for
from data_access.program import load_program
from data_access.selection import NotAllowed, Role
from data_access.wording import paragraph, say

STAYS = (
    "What was counted stays counted, under a key that leads nowhere; home, languages and attributes count as unknown."
)
_BUSY = "The freed pages of the database could not be cleared while it is in use: run `uplift init` when it is idle."


def erase_person(
    database: Database, author: Author, key: str, *, typed: str, today: date, rejected: Path | None = None
) -> str:
    """Erase one person, whose key was typed once more; returns what was done, in words.

    The read copy, if there is one, has to be written again. Raises ActionRefused, NotAllowed.
    """
    _require_manager(author)
    with writing(database) as connection:
        try:
            require_person(connection, key)
        except UnknownPerson as unknown:
            raise ActionRefused(str(unknown)) from unknown
        if typed.strip() != key:
            raise ActionRefused("Type the person’s key once more to confirm: it cannot be undone. Nothing was changed.")
        persons = erase(connection, [key], By(author.name, str(author.scope.role), ASKED), today)
    return _cleared(database, persons, "The person was erased.", rejected)


def expire(
    database: Database, author: Author, keys: Sequence[str], *, today: date, rejected: Path | None = None
) -> str:
    """Erase those of the people whose retention period is over."""
    _require_manager(author)
    with writing(database) as connection:
        still = set(whose_time_is_over(connection, today))
        persons = erase(
            connection, [key for key in keys if key in still], By(author.name, str(author.scope.role), RETENTION), today
        )
    return _cleared(database, persons, say("{n} people were erased.", n=len(set(persons.keys.values()))), rejected)


def whose_time_is_over(connection: Connection, today: date) -> list[str]:
    """Keys of the people whose last trace is older than the program keeps. Raises ActionRefused without a period."""
    years = load_program(connection).retention_years
    if years is None:
        raise ActionRefused(
            "The program keeps people without limit. Set `retention_years` in program.csv and import it first."
        )
    return gone_for(connection, years, today)


def _require_manager(author: Author) -> None:
    if author.scope.role is not Role.PM:
        raise NotAllowed("People are erased by the program manager. Nothing was changed.")


def _cleared(database: Database, persons: Persons, done: str, rejected: Path | None) -> str:
    rows, cleared = clear_leftovers(database, persons, rejected)
    files = say("{n} rows were taken out of the rejected files.", n=rows) if rows else ""
    return paragraph((done, STAYS, files, "" if cleared else _BUSY))
