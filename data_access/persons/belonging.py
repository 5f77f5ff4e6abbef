"""What belongs to a person: found from the schema and the contract, so that no table that is added can be forgotten.

Closed by default: of a table that names a person every free text goes with them, and of `people` everything but what
is listed here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, String, Table

from data_access.contract.strategy_tables import PARTS
from data_access.contract.tables import TABLES, Kind
from data_access.database.schema import metadata, people, person_aliases, rows_as_given, stop_list, stop_list_salt

# Of the person's own row: what counts of people are made from and that says nothing of who it is.
KEPT_OF_PEOPLE = frozenset({"person_key", "joined_on", "entry_channel"})
# Tables whose rows name a person and are about something else.
OUTLIVES_THEM = {
    "teams": "a team outlives its coordinator: its name and partner stay",
    "spaces": "a space outlives its coordinators: its name and targets stay",
}
# What may be rewritten where it names somebody: remarks, and the product's own records. Titles and places are not.
REMARKS = frozenset({"note", "risk", "outcome", "what", *PARTS})
RECORDS = (
    *("audit", "import_problems", "imports", "refused_imports", "reads"),
    *("time_notes", "inside_time_notes", "saved_views"),
)
ERASED_TEXT = "Erased"
ERASED_NAME = "Erased person"

# Unlinkable by design, or found by keys alone (`several_keys`), and so searched by nobody.
_SECRET = frozenset({stop_list, stop_list_salt, person_aliases, rows_as_given})


def names_person(column: Column[Any]) -> bool:
    """Whether the column holds the key of a person: a reference to people, or what is named as one."""
    refers = any(key.column is people.c.person_key for key in column.foreign_keys)
    return refers or column.name == "person_key"


def person_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that hold keys of persons."""
    return [column for column in table.columns if names_person(column)]


# Every table with a person's key, people first, then as the schema has them.
PERSON_TABLES: dict[Table, list[Column[Any]]] = {
    table: columns
    for table in sorted(metadata.sorted_tables, key=lambda table: table is not people)
    if (columns := person_columns(table))
}
# Tables without one whose rows belong to a row of those: conversions and payments of a request.
DEPENDENT: dict[Table, Column[Any]] = {
    table: column
    for table in metadata.sorted_tables
    if table not in PERSON_TABLES
    for column in table.primary_key.columns
    for key in column.foreign_keys
    if key.column.table in PERSON_TABLES and key.column.table is not people
    if key.column.table.name not in OUTLIVES_THEM
}
# Columns of the contract that hold a person's key, by table.
CONTRACT_KEYS: dict[str, tuple[str, ...]] = {
    table.name: found
    for table in TABLES.values()
    if (found := tuple(name for name in table.column_names if names_person(metadata.tables[table.name].c[name])))
}


def is_about(table: Table) -> bool:
    """Whether the rows that name a person are about them."""
    return table in PERSON_TABLES and table.name not in OUTLIVES_THEM


def free_texts(table: Table) -> dict[str, str | None]:
    """What the free texts of a person's rows become, by column: nothing, or a word where there must be one."""
    if table.name not in TABLES or not is_about(table) or table is people:
        return {}
    kinds = (Kind.TEXT, Kind.URL)
    found = [column for column in TABLES[table.name].columns if column.kind in kinds]
    return {column.name: ERASED_TEXT if column.required else None for column in found}


def searched_texts(table: Table) -> list[Column[Any]]:
    """Where a person may be named in words: every text of a table but keys of persons."""
    if table in _SECRET:
        return []
    return [column for column in table.columns if isinstance(column.type, String) and not names_person(column)]


def rewritten_texts(table: Table) -> list[Column[Any]]:
    """The texts in which a name or key is struck out."""
    if table.name in RECORDS:
        return searched_texts(table)
    return [column for column in searched_texts(table) if table.name in TABLES and column.name in REMARKS]
