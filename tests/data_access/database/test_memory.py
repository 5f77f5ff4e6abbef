"""What is kept in the process is made again when the data change that it is made of, and not before."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, select

from data_access.database.memory import until_change, until_import
from data_access.database.schema import imports
from tests.builders import ProgramBuilder


def changes(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(imports)).scalar_one()


def test_a_recording_makes_again_what_depends_on_it_and_leaves_the_rest(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    built.add_import()

    def seen() -> tuple[int, int]:
        with built.database.reading() as connection:
            return until_import(connection, changes), until_change(connection, changes)

    assert seen() == (1, 1)
    built.add_import("payment of r1", kind="edit")
    assert seen() == (1, 2)
    built.add_import()
    assert seen() == (3, 3)
