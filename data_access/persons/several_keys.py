"""A person's rights over all the keys that they ever had: what is held under them, and that none of it is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, delete, or_

from data_access.database.schema import different_people, people, person_aliases, rows_as_given
from data_access.persons.aliases import load_aliases
from data_access.persons.as_given import Given, keep_given, load_in_pieces, pieces, row_hash, standing

_own = rows_as_given.c


def merged_into(connection: Connection, keys: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Whatever was merged into these persons: by key, the person's key and the name under which it came."""
    aliases = load_aliases(connection)
    found = {alias: key for key in keys for alias in aliases.with_merged(key)[1:]} if aliases else {}
    rows = load_in_pieces(connection, _own.member_key, found, _own.table_name == people.name)
    names = {row.member_key: row.content["name"] for row in rows}
    return {alias: (key, names.get(alias)) for alias, key in found.items()}


def forget_keys(connection: Connection, renamed: Mapping[str, str]) -> None:
    """Nothing of these keys is left: what others share with them is kept under their new ones."""
    theirs = load_in_pieces(connection, _own.member_key, renamed)
    for some in pieces(sorted(renamed)):
        connection.execute(delete(rows_as_given).where(_own.member_key.in_(some)))
        alias = person_aliases.c
        connection.execute(delete(person_aliases).where(or_(alias.alias_key.in_(some), alias.kept_key.in_(some))))
        pair = different_people.c
        connection.execute(delete(different_people).where(or_(pair.one_key.in_(some), pair.other_key.in_(some))))
    aliases = load_aliases(connection)
    shared = load_in_pieces(connection, _own.row_hash, {row.row_hash for row in theirs})
    for some in pieces([row.row_hash for row in shared]):
        connection.execute(delete(rows_as_given).where(_own.row_hash.in_(some)))
    keep_given(connection, [_renamed(row, renamed, aliases) for row in shared])


def _renamed(row: Given, renamed: Mapping[str, str], aliases: Any) -> Given:
    content = {name: renamed.get(str(value), value) for name, value in row.content.items()}
    stands = standing(row.table_name, content, aliases)
    stands_as = None if stands is None else row_hash(row.table_name, stands)
    return Given(row.table_name, row_hash(row.table_name, content), row.member_key, stands_as, content)


def under_other_keys(connection: Connection, key: str) -> dict[str, list[dict[str, Any]]]:
    """The keys that were merged into a person, and what came under each as it came."""
    aliases = load_aliases(connection)
    members = aliases.with_merged(key)
    if len(members) == 1:
        return {}
    rows = load_in_pieces(connection, _own.member_key, members)
    return {
        person_aliases.name: [{"alias_key": each, "kept_key": aliases.merged_into[each]} for each in members[1:]],
        rows_as_given.name: [{"table": row.table_name, "came_under": row.member_key, **row.content} for row in rows],
    }
