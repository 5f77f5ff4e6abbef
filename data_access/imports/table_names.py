"""Which table of the contract a file or a sheet holds: by its name as browsers write it, or by its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from data_access.contract.tables import TABLES
from data_access.imports.csv_rows import column_id

_COPY = re.compile(r"^copy of\s+|[\s_-]*\(\d+\)$|[\s_-]+copy(?:[\s_-]*\(?\d+\)?)?$|^\d[\d\s_.-]*|[\s_-]+\d[\d_-]*$")
_TABLES_BY_ID = {column_id(name): name for name in TABLES}


def named_table(name: str) -> str | None:
    """The table that a name without ending means: "events (1)", "Copy of events", "Program 2026 - Funding Requests"."""
    parts = re.split(r"\s+[-–—]\s+|:", name.casefold())
    for part in (name.casefold(), *reversed(parts)):
        before = ""
        while part != before:
            before, part = part, _COPY.sub("", part.strip())
        if (table := _TABLES_BY_ID.get(column_id(part))) is not None:
            return table
    return None


def table_of_columns(names: Sequence[str]) -> str | None:
    """The one table that has most of the columns, all that it needs among them; None where two are as likely."""
    given = {column_id(name) for name in names} - {""}
    fitting: dict[str, int] = {}
    for table in TABLES.values():
        known = {column_id(name) for name in table.column_names}
        needed = {column_id(column.name) for column in table.columns if column.required}
        shared = len(known & given)
        if needed <= given and shared >= 2 and 2 * shared >= len(given):
            fitting[table.name] = shared
    most = max(fitting.values(), default=0)
    best = [name for name, shared in fitting.items() if shared == most]
    return best[0] if len(best) == 1 else None


def table_of(name: str, names_for: Callable[[str], Sequence[str]]) -> str | None:
    """The table of a file or sheet: that of its name where its header fits it, else that of its columns, else by name.

    `names_for(table)` is the header as it is found when looked for that table's columns.
    """
    named = named_table(name)
    if named is not None and fits(named, names_for(named)):
        return named
    found = {names: table_of_columns(names) for names in {tuple(names_for(table)) for table in TABLES}}
    by_columns = {table for table in found.values() if table is not None}
    return by_columns.pop() if len(by_columns) == 1 else named


def fits(table: str, names: Sequence[str]) -> bool:
    """Whether a header has every column that the table needs."""
    needed = {column_id(column.name) for column in TABLES[table].columns if column.required}
    return needed <= {column_id(name) for name in names}
