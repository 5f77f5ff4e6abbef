"""Rows that are recorded one by one: many are read in one statement, and each as it is read alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, select

from data_access.actions import row_snapshot
from data_access.actions.row_states import kept_row
from data_access.actions.subjects import read_state, text_of
from data_access.database.engine import Database
from data_access.database.schema import metadata, person_aliases
from data_access.kept_rows import KEPT_ROWS, key_text
from tests.full_program import full_program


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("kept") / "uplift.db"
    return full_program(f"sqlite:///{path}").database


def keys_of(database: Database, subject: str) -> list[str]:
    kept = KEPT_ROWS[subject]
    table = metadata.tables[kept.table]
    with database.reading() as connection:
        found = connection.execute(select(*(table.c[name] for name in kept.keys))).all()
    return [key_text(*("" if part is None else str(part) for part in row)) for row in found]


@pytest.mark.parametrize("subject", KEPT_ROWS)
def test_many_rows_are_read_in_few_statements_and_each_as_alone(full: Database, subject: str) -> None:
    keys = [*keys_of(full, subject), key_text("1", *("nowhere" for _ in KEPT_ROWS[subject].keys[1:]))]
    if subject == "thanks":
        keys[-1] = key_text("nobody", "first_talk", "2026-01-01")
    asked: list[str] = []
    with full.program.connect() as connection:
        event.listen(full.program, "before_cursor_execute", lambda *given: asked.append(given[2]))
        found = row_snapshot(connection, *((subject, key) for key in keys))
        assert len(asked) <= 2, "the rows, and who was merged into whom"
        alone = {key: read_state(connection, "", subject, key) for key in keys}
    assert found == {(subject, key): text_of(state) for key, state in alone.items() if state is not None}
    assert len(found) == len(keys) - 1, "all but the one that is not there"


def test_a_person_who_was_merged_is_read_by_both_keys(full: Database) -> None:
    [key, *_] = keys_of(full, "code of conduct")
    with full.program.connect() as connection:
        connection.execute(person_aliases.insert().values(alias_key="before", kept_key=key))
        found = row_snapshot(connection, ("code of conduct", "before"), ("code of conduct", key))
        assert len(found) == 2
        assert len(set(found.values())) == 1
        assert kept_row(connection, "code of conduct", "before") == kept_row(connection, "code of conduct", key)
        connection.rollback()
