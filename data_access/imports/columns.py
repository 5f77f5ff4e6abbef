"""Checked values, column by column: lists of Python's values, or columns of Arrow where rows were read by blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import pyarrow as pa
from sqlalchemy import Column, Connection, func, select

from data_access.contract import tables
from data_access.contract.tables import Kind

# Keys of a column that are held in memory, and how many of them are looked up at once.
MOST_HELD, AT_ONCE = 500_000, 5_000

# Dates are ISO text here as everywhere in an import.
_TYPES = {
    **dict.fromkeys((Kind.INTEGER, Kind.FISCAL_YEAR, Kind.MONEY), pa.int64()),
    **dict.fromkeys((Kind.NUMBER, Kind.LATITUDE, Kind.LONGITUDE), pa.float64()),
    Kind.FLAG: pa.bool_(),
}


def arrow_type(column: tables.Column) -> pa.DataType:
    """The type of a column's checked values."""
    return _TYPES.get(column.kind, pa.string())


Values: TypeAlias = Sequence[Any] | pa.Array


def as_list(values: Values) -> Sequence[Any]:
    """The values as Python has them."""
    if isinstance(values, pa.DictionaryArray):
        # Of each text there is one object then, as the parsers' memory gives it.
        return list(map(values.dictionary.to_pylist().__getitem__, values.indices.to_numpy().tolist()))
    if isinstance(values, pa.Array):
        own: list[Any] = values.to_pylist()
        return own
    return values


class Named:
    """The keys that a column names, each once, while they are few enough to be held."""

    def __init__(self) -> None:
        self._keys: set[str | None] | None = set()

    def add(self, values: Values) -> None:
        """Take note of what more rows name."""
        if self._keys is None:
            return
        if isinstance(values, pa.DictionaryArray):
            values = values.dictionary
        self._keys.update(values.unique().to_pylist() if isinstance(values, pa.Array) else values)
        if len(self._keys) > MOST_HELD:
            self._keys = None

    def are_known(self, connection: Connection, key: Column[Any]) -> bool:
        """Whether each of them is surely a key of its table; else each row must be looked at."""
        if self._keys is None:
            return False
        keys = sorted(filter(None, self._keys))
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            if connection.execute(select(func.count()).where(key.in_(some))).scalar_one() < len(some):
                return False
        return True
