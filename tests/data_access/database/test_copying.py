"""A columnar copy of a table holds what the table holds: line ends, marks of its own, empty texts, all digits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Float, Integer, MetaData, String, Table, create_engine, insert

from data_access.database import copying
from data_access.database.column_types import Money
from data_access.database.read_copy import write_copy

THINGS = Table(
    "things",
    MetaData(),
    Column("thing_id", Integer, primary_key=True),
    Column("note", String),
    Column("amount", Money),
    Column("latitude", Float),
    Column("seen_on", Date),
)
NOTES = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1d\x1f"), max_size=12)
ROWS = st.lists(
    st.tuples(NOTES, st.none() | st.decimals(-(10**9), 10**9, places=4), st.none() | st.floats(-180, 180), st.dates()),
    max_size=12,
)


def copied(rows: list[tuple[Any, ...]], ids: list[int]) -> list[tuple[Any, ...]]:
    """The rows as the copy has them, with the ids that they were given."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/program.db")
        with engine.begin() as connection:
            THINGS.create(connection)
            for number, row in zip(ids, rows, strict=True):
                connection.execute(insert(THINGS).values((number, *row)))
            path = Path(folder) / "copy.duckdb"
            assert write_copy(connection, [THINGS], path) == len(rows)
        engine.dispose()
        with duckdb.connect(str(path), read_only=True) as copy:
            return copy.execute("SELECT * FROM things ORDER BY thing_id").fetchall()


@given(ROWS)
@example([("null", None, None, None), ("[0,", None, None, None)])
@example([("", None, 0.1 + 0.2, None), (None, None, -0.0, None)])
@example([('a "quoted", one', None, 1e-17, None), ("two\nlines\r\n", None, 52.520007, None)])
def test_every_value_is_copied_as_it_is(rows: list[tuple[Any, ...]]) -> None:
    """Missing is not empty, a float keeps its last digit, an amount its ten-thousandths."""
    found = copied(rows, list(range(1, len(rows) + 1)))
    assert [row[1] for row in found] == [note for note, *_ in rows]
    assert [row[2] for row in found] == [None if amount is None else int(amount * 10_000) for _, amount, *_ in rows]
    assert [row[3] for row in found] == [latitude for *_, latitude, _ in rows]
    assert [row[4] for row in found] == [day for *_, day in rows]


def test_chunks_with_gaps_between_them_are_copied_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """One chunk of texts on one line, none where rows were deleted, one with line ends."""
    monkeypatch.setattr(copying, "CHUNK_ROWS", 3)
    notes = ["one", "two", "three", "four", "five\nlines", "six"]
    found = copied([(note, None, None, None) for note in notes], [1, 2, 3, 40, 41, 50])
    assert [row[:2] for row in found] == list(zip([1, 2, 3, 40, 41, 50], notes, strict=True))
