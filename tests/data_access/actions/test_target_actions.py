"""Targets are set by the program manager: audited, undone, kept from files, and never written over unseen.

Actions run on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data_access import actions
from data_access.actions import ActionRefused, Author, Changed
from data_access.database.engine import Database
from data_access.database.schema import audit, targets
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.selection import NotAllowed, Role, Scope
from tests.bundles import PROGRAM, write_table

PM = Author("pm@example.org", Scope(Role.PM))
DAYS: dict[str, Any] = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
FROM_FILE = {"metric": "events", "period_start": "2026-01-01", "period_end": "2026-12-31", "value": "850"}


def imported(database: Database, folder: Path, *, overwrite: bool = False, **row: str) -> list[str]:
    """Import one target; the clashes with what was recorded, by their values."""
    write_table(folder, "program", PROGRAM)
    write_table(folder, "targets", FROM_FILE | row)
    report = run_import(database, [folder], ImportOptions(as_of=date(2026, 9, 15), overwrite_recorded=overwrite))
    assert report.committed, report.in_words()
    return [problem.value for problem in report.clashes]


def opened(database: Database) -> Any:
    with database.program.connect() as connection:
        return actions.targets_snapshot(connection)


def values(database: Database) -> list[tuple[str, str | None, float]]:
    with database.program.connect() as connection:
        return [(row.metric, row.scope, row.value) for row in connection.execute(select(targets))]


def last_entry(database: Database) -> int:
    with database.program.connect() as connection:
        return int(
            connection.execute(select(audit.c.entry_id).order_by(audit.c.entry_id.desc())).scalars().first() or 0
        )


def test_a_target_is_set_changed_and_undone(either: Database) -> None:
    done = actions.set_target(either, PM, metric="events", value=100, **DAYS, opened=opened(either))
    assert done == "target for events from 1 January 2026 to 31 December 2026 set to 100"
    done = actions.set_target(either, PM, metric="events", value=120, **DAYS, opened=opened(either))
    assert done.endswith("set to 120, was 100")
    actions.set_target(either, PM, metric="events", value=7, scope="team:docs", **DAYS, opened=opened(either))
    assert sorted(values(either), key=str) == [("events", "team:docs", 7.0), ("events", None, 120.0)]
    actions.undo(either, PM, last_entry(either))
    assert values(either) == [("events", None, 120.0)]
    with either.program.connect() as connection:
        changes = actions.target_changes(connection)
    assert {change.author for change in changes} == {"pm@example.org"}
    assert [change.undone for change in changes] == [False, True, False, False]
    assert [change.newest for change in changes] == [True, False, True, False]


def test_what_somebody_else_changed_meanwhile_is_not_written_over(either: Database) -> None:
    before = opened(either)
    actions.set_target(either, PM, metric="events", value=100, **DAYS, opened=before)
    with pytest.raises(Changed, match=r"pm@example.org changed this .* set to 100"):
        actions.set_target(either, PM, metric="events", value=90, **DAYS, opened=before)
    actions.set_target(either, PM, metric="attendance", value=90, **DAYS, opened=before)
    assert sorted(values(either)) == [("attendance", None, 90.0), ("events", None, 100.0)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PM])
def test_nobody_else_sets_or_undoes_one(either: Database, role: Role) -> None:
    actions.set_target(either, PM, metric="events", value=100, **DAYS)
    other = Author("x@example.org", Scope(role))
    with pytest.raises(NotAllowed):
        actions.set_target(either, other, metric="events", value=1, **DAYS)
    with pytest.raises(NotAllowed):
        actions.undo(either, other, last_entry(either))
    assert values(either) == [("events", None, 100.0)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"metric": ""}, "Target"),
        ({"value": None}, "a number is needed"),
        ({"value": 0}, "more than nothing"),
        ({"value": -3}, "more than nothing"),
        ({"value": float("nan")}, "Aim"),
        ({"period_end": date(2025, 1, 1)}, "before the first"),
        ({"period_start": None}, "both days"),
        ({"value": 100}, "already"),
        ({"scope": "topic:" + "x" * 190}, "too long"),
    ],
)
def test_what_cannot_be_a_target_is_refused_and_nothing_changes(
    either: Database, given: dict[str, Any], why: str
) -> None:
    actions.set_target(either, PM, metric="events", value=100, **DAYS)
    with pytest.raises(ActionRefused, match=why):
        actions.set_target(either, PM, **({"metric": "events", "value": 50, **DAYS} | given))
    assert values(either) == [("events", None, 100.0)]


@pytest.mark.parametrize("scope", ["", "team:docs"])
def test_a_file_does_not_take_back_what_was_set_unless_it_is_told_to(
    either: Database, tmp_path: Path, scope: str
) -> None:
    write_table(tmp_path, "teams", {"team_key": "docs", "name": "Docs"})
    assert imported(either, tmp_path, scope=scope) == []
    actions.set_target(either, PM, metric="events", value=900, scope=scope, **DAYS, opened=opened(either))
    assert imported(either, tmp_path, scope=scope) == ["value: 900.0 recorded, 850.0 in the file"]
    assert values(either) == [("events", scope or None, 900.0)]
    assert imported(either, tmp_path, overwrite=True, scope=scope) != []
    assert values(either) == [("events", scope or None, 850.0)]
    assert imported(either, tmp_path, scope=scope) == []


def test_an_import_is_not_undone_under_a_target_that_was_changed_since(either: Database, tmp_path: Path) -> None:
    imported(either, tmp_path)
    actions.set_target(either, PM, metric="events", value=900, **DAYS, opened=opened(either))
    with either.program.connect() as connection:
        [kept, *_] = actions.newest_imports(connection)
    with pytest.raises(ActionRefused, match="target for events"):
        actions.undo_import(either, PM, kept.import_id)
    actions.undo(either, PM, last_entry(either))
    actions.undo_import(either, PM, kept.import_id)
    assert values(either) == []
