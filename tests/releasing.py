"""Releases for tests: made as an import makes them, and read as somebody outside reads them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from data_access.database.connecting import DatabaseError
from data_access.database.engine import EMPTY, Database
from data_access.derived.levels import refresh_contributors
from data_access.derived.money import refresh_ledger
from data_access.derived.team_contributors import refresh_team_contributors
from data_access.program import load_program
from data_access.questions import QUESTIONS
from data_access.release.make import due_on, make_release
from data_access.release.project import have_release, write_release, write_release_schema
from data_access.selection import Role, Scope, Selection


def release(database: Database, day: date) -> None:
    """Make the release of a day, the first after a quarter, and write the release's own database.

    What follows from contributions and payments is brought up to date first, as an import does.
    """
    with database.writing() as connection:
        refresh_contributors(connection, None)
        refresh_team_contributors(connection, None)
        refresh_ledger(connection, load_program(connection), None)
        make_release(connection, day, 0)
        if connection.dialect.name == "postgresql":
            write_release_schema(connection)
    write_release(database)


def released_by(url: str, as_of: date) -> None:
    """Make the release that is due on a day, if one is, and bring its database up to date."""
    database = Database(url)
    try:
        if database.version() == EMPTY:
            return
        with database.reading() as connection:
            due = due_on(connection, as_of)
        if due:
            release(database, due)
        else:
            have_release(database)
    except DatabaseError:  # no program yet
        return
    finally:
        database.close()


def ask_outside(
    database: Database, name: str, selection: Selection, role: Role = Role.LEADERSHIP, **options: Any
) -> pd.DataFrame:
    """The answer that somebody outside gets."""
    with database.outside() as connection:
        scope = Scope(role, min_group_size=load_program(connection).min_group_size)
        return QUESTIONS[name].ask(connection, selection, scope, **options)
