"""What the tests of live sources share: a program, its sources, and syncs that wait for nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from data_access.database.engine import Database
from data_access.imports.live.client import Pace
from data_access.imports.live.named import add_source
from data_access.imports.live.sync import Synced, SyncOptions, sync
from data_access.imports.options import ImportOptions

QUICK = SyncOptions(ImportOptions(as_of=date(2026, 8, 23)), pace=Pace(tries=2, first_wait=0.01, most_wait=0.02))
Syncing = Callable[..., Synced]
Adding = Callable[..., None]


@pytest.fixture
def add(database: Database) -> Adding:
    """Adds a source on this machine, with its settings as keywords."""

    def added(name: str, kind: str, address: str, secret_from: str | None = None, **settings: str) -> None:
        with database.writing() as connection:
            add_source(connection, name, kind, address, secret_from=secret_from, allow_private=True, settings=settings)

    return added


@pytest.fixture
def synced(database: Database) -> Syncing:
    """Syncs the one source there is."""

    def done(again: bool = False, **options: Any) -> Synced:
        [found] = sync(database, (), replace(QUICK, again=again, options=replace(QUICK.options, **options)))
        return found

    return done
