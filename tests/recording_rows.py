"""What tests of recorded rows share: who acts, what a form was opened on, two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.database.engine import Database
from data_access.selection import Role, Scope

TODAY = date(2026, 9, 15)
ADA, BO = Author("Ada", Scope(Role.PM)), Author("Bo", Scope(Role.PM))
BOARD = Author("Bea", Scope(Role.BOARD))


def seen(database: Database, *rows: tuple[str, str]) -> Snapshot:
    """What a form about these rows (subject, key) is opened on."""
    with database.program.connect() as connection:
        return actions.row_snapshot(connection, *rows)


def stored(database: Database, table: Table) -> list[dict[str, Any]]:
    """Every row of the table, by its first key."""
    with database.program.connect() as connection:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
    return [dict(row._mapping) for row in rows]


def together(*attempts: Callable[[], int]) -> list[str]:
    """The kind of what each attempt returned or raised, sorted; all started at the same moment."""
    start = threading.Barrier(len(attempts))
    found: list[Any] = [None] * len(attempts)

    def run(place: int, attempt: Callable[[], int]) -> None:
        start.wait()
        try:
            found[place] = attempt()
        except Exception as problem:
            found[place] = problem

    threads = [threading.Thread(target=run, args=item) for item in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(type(each).__name__ for each in found)
