"""Asks questions of small programs that are imported as bundles."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.questions import QUESTIONS
from data_access.selection import Scope, Selection
from tests.bundles import EVENT, write_table


def ask(
    database: Database, question: str, selection: Selection, scope: Scope | None = None, **options: object
) -> pd.DataFrame:
    with database.reading() as connection:
        return QUESTIONS[question].ask(connection, selection, scope or Scope.everything(), **options)


def import_events(database: Database, folder: Path, *rows: dict[str, str]) -> None:
    """Each row is an event with a key of its own, held on 1 March 2024 unless it says otherwise."""
    write_table(folder, "events", *(EVENT | {"event_key": f"e{number}"} | row for number, row in enumerate(rows)))
    assert run_import(database, [folder]).committed


def held(*countries_and_counts: tuple[str, int]) -> list[dict[str, str]]:
    """So many events per country."""
    return [{"country": code} for code, count in countries_and_counts for _ in range(count)]
