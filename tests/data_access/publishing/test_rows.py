"""The typed rows are those of the published tables: the same columns, in the same order, of the same types."""

from __future__ import annotations

import pytest
from sqlalchemy import Date, Float, Integer

from data_access.answers import columns_of
from data_access.publishing.rows import ROWS
from data_access.publishing.tables import public


def test_every_table_has_its_row() -> None:
    assert list(ROWS) == list(public.tables)


@pytest.mark.parametrize("name", ROWS)
def test_a_row_has_the_columns_of_its_table(name: str) -> None:
    dtypes = {Integer: "Int64", Float: "Float64", Date: None}
    expected = [(column.name, dtypes.get(type(column.type), "str")) for column in public.tables[name].columns]
    assert [(column.name, column.dtype) for column in columns_of(ROWS[name])] == expected


@pytest.mark.parametrize("name", ROWS)
def test_what_a_table_may_leave_out_may_be_missing_in_the_row(name: str) -> None:
    hints = ROWS[name].__annotations__
    optional = {column.name for column in public.tables[name].columns if column.nullable}
    assert {
        field for field, hint in hints.items() if "| None" in str(getattr(hint, "__forward_arg__", hint))
    } == optional
