"""Which table's rows the rows of another refer to, by which column, and what messages call them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column

from data_access.contract import tables
from data_access.database import schema


def referenced_key(column: tables.Column) -> Column[Any]:
    """The column that a reference points at."""
    table = tables.TABLES[column.references or ""]
    return schema.metadata.tables[table.name].c[table.key[0]]


def singular(table: str) -> str:
    """The word for one row of a table, for messages."""
    return {"people": "person", "spaces": "space"}.get(table, table.removesuffix("s").replace("_", " "))


def in_order_of_references(names: Iterable[str]) -> list[str]:
    """Tables after those they refer to."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in ordered:
            return
        for column in tables.TABLES[name].columns:
            if column.references and column.references != name:
                visit(column.references)
        ordered.append(name)

    for name in tables.TABLES:
        visit(name)
    wanted = set(names)
    return [name for name in ordered if name in wanted]
