"""Lists inside cells (topics, languages), a row for each entry, so that they can be joined and filtered."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, select

from data_access.database import schema

# One row for each entry of a `;`-separated cell. SQLite splits through JSON: the quoted text becomes a quoted list.
_SPLIT = {
    "sqlite": "SELECT {key}, entries.value FROM {staged}, "
    "json_each('[' || replace(json_quote({column}), ';', '\",\"') || ']') AS entries",
    "postgresql": "SELECT {key}, unnest(string_to_array({column}, ';')) FROM {staged}",
}


def refresh_lists(connection: Connection, staged: Table, owner: str, column: str, *, replacing: bool) -> None:
    """One row for each entry of a list cell (topics, languages) of the staged rows.

    `replacing` says that some of those rows are known already: their older entries go first.
    """
    target = schema.LIST_TABLES[owner, column]
    key = target.columns[0]
    if replacing:
        connection.execute(delete(target).where(key.in_(select(staged.c[key.name]))))
    split = _SPLIT[connection.dialect.name].format(key=key.name, staged=staged.name, column=column)
    connection.exec_driver_sql(
        f"INSERT INTO {target.name} {split} WHERE {column} IS NOT NULL ORDER BY {key.name}"  # our own names
    )
