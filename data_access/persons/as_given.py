"""Rows as they came, of everybody with more than one key, and the rows of the program that are made of them.

Where the person is part of a row's key, two rows become one: amounts of contributions are added up, of the rest the row
under the kept key is taken, and what it lacks from the others. Elsewhere a row only names somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from data_access.contract.tables import TABLES
from data_access.database.bulk import BulkInserter
from data_access.database.images import driver_rows
from data_access.database.schema import metadata, rows_as_given
from data_access.persons.aliases import Aliases
from data_access.persons.belonging import CONTRACT_KEYS

Content = dict[str, Any]
_T = TypeVar("_T")
# Tables of which the person's key is a part of each row's key, people first; and the others, with the column.
KEYED: dict[str, tuple[str, ...]] = {
    name: columns for name, columns in CONTRACT_KEYS.items() if set(columns) <= set(TABLES[name].key)
}
REFERRING: dict[str, str] = {name: columns[0] for name, columns in CONTRACT_KEYS.items() if name not in KEYED}
_AT_ONCE = 500
_HOME = tuple(name for name in TABLES["people"].column_names if name.startswith("home_"))


class Given(NamedTuple):
    """A row as it came, under one of the keys that it names."""

    table_name: str
    row_hash: str
    member_key: str
    stands_as: str | None
    content: Content

    def stored(self) -> dict[str, Any]:
        return {**self._asdict(), "content": json.dumps(self.content, ensure_ascii=False, sort_keys=True)}


def row_hash(name: str, content: Mapping[str, Any]) -> str:
    """What stands for a row: a hash of its key, empty columns as ""."""
    key = ["" if content[column] is None else str(content[column]) for column in TABLES[name].key]
    return blake2b(json.dumps(key).encode(), digest_size=16).hexdigest()


def standing(name: str, content: Content, aliases: Aliases) -> Content | None:
    """The row under the keys of the persons it means; None where one of them is nobody, or both are one."""
    columns = KEYED[name]
    means = {column: aliases.stands_as(content[column]) if content[column] else "" for column in columns}
    if None in means.values():
        return None
    given = {content[column] for column in columns}
    if len(given) > len(set(means.values())):
        return None  # who mentors themselves has no tie
    return content | {column: key or None for column, key in means.items()}


def given_rows(name: str, contents: Iterable[Content], aliases: Aliases, members: Collection[str]) -> Iterator[Given]:
    """One of each row and member that it names."""
    for content in contents:
        stands = standing(name, content, aliases)
        stands_as = None if stands is None else row_hash(name, stands)
        for member in {content[column] for column in KEYED[name]} & set(members):
            yield Given(name, row_hash(name, content), member, stands_as, content)


def combined(name: str, rows: Sequence[Content], aliases: Aliases) -> Content:
    """The row of the program that these rows, which stand as one, are together."""

    def rank(content: Content) -> tuple[list[bool], list[str]]:
        keys = [content[column] for column in KEYED[name]]
        return [key in aliases for key in keys], keys

    first, *others = sorted(rows, key=rank)
    whole = standing(name, first, aliases)
    if whole is None:
        raise ValueError(f"a row of {name} that stands nowhere")
    if name == "contributions":
        whole["quantity"] = sum(row["quantity"] for row in rows)
    elif name == "people":
        _one_person(whole, [first, *others])
    elif name == "participations":
        for column in ("language", "rating"):
            whole[column] = _first(row[column] for row in (first, *others))
    elif name == "person_attributes":
        consented = next((row for row in (first, *others) if row["consented_on"]), first)
        whole |= {column: consented[column] for column in ("value", "consented_on")}
    return whole


def _one_person(whole: Content, rows: Sequence[Content]) -> None:
    """Of the person's own row: the earliest day, the languages of all, and one home, which is not put together."""
    at_home = next((row for row in rows if any(row[column] is not None for column in _HOME)), rows[0])
    spoken = dict.fromkeys(tag for row in rows for tag in (row["languages"] or "").split(";") if tag)
    whole |= {column: at_home[column] for column in _HOME}
    whole["name"] = _first(row["name"] for row in rows)
    whole["joined_on"] = min((row["joined_on"] for row in rows if row["joined_on"]), default=None)
    whole["languages"] = ";".join(spoken) or None
    whole["entry_channel"] = _first(row["entry_channel"] for row in rows)


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def together(name: str, rows: Iterable[Given], aliases: Aliases) -> dict[str, Content]:
    """The rows of the program, by their hashes, that these are together; what stands nowhere is left out."""
    found: dict[str, dict[str, Content]] = {}
    for row in rows:
        if row.stands_as is not None:
            found.setdefault(row.stands_as, {})[row.row_hash] = row.content
    return {stands: combined(name, list(contents.values()), aliases) for stands, contents in found.items()}


# ---- the database ----------------------------------------------------------------------------------------------------


def contents_of(connection: Connection, statement: Any, names: Sequence[str]) -> Iterator[Content]:
    """Rows by column, as the driver has them, days as ISO text."""
    for rows in driver_rows(connection, statement):
        for row in json.loads(json.dumps([list(row) for row in rows], default=str)):
            yield dict(zip(names, row, strict=False))


def load_given(connection: Connection, *where: ColumnElement[bool]) -> list[Given]:
    own = rows_as_given.c
    statement = select(rows_as_given).where(*where).order_by(own.table_name, own.row_hash, own.member_key)
    return [
        Given(row.table_name, row.row_hash, row.member_key, row.stands_as, json.loads(row.content))
        for row in connection.execute(statement)
    ]


def load_in_pieces(
    connection: Connection, column: ColumnElement[Any], values: Iterable[str], *where: ColumnElement[bool]
) -> list[Given]:
    """All rows for which the column is among many values, asked for some at a time."""
    return [row for some in pieces(sorted(values)) for row in load_given(connection, column.in_(some), *where)]


def keep_given(connection: Connection, rows: Iterable[Given]) -> None:
    """Write the rows, in the place of what was kept of them."""
    new = {(row.table_name, row.row_hash, row.member_key): row for row in rows}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(rows_as_given)
    changes = {name: statement.excluded[name] for name in ("stands_as", "content")}
    statement = statement.on_conflict_do_update(index_elements=rows_as_given.primary_key.columns, set_=changes)
    if new:
        connection.execute(statement, [row.stored() for row in new.values()])


def forget_given(connection: Connection, members: Iterable[str], names: Collection[str]) -> None:
    """Forget the rows of these tables that came under these keys."""
    own = rows_as_given.c
    for some in pieces(sorted(members)):
        connection.execute(delete(rows_as_given).where(own.member_key.in_(some), own.table_name.in_(sorted(names))))


def write_rows(connection: Connection, name: str, contents: Iterable[Content]) -> None:
    """Add rows to a table of the contract."""
    table = metadata.tables[name]
    names = table.columns.keys()
    BulkInserter(connection, table).stream(tuple(content[column] for column in names) for content in contents)


def pieces(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
