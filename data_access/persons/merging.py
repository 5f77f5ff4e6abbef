"""Making one person of two, and two again of one; and setting apart what is no person. In the caller's transaction.

Nothing is lost: the rows of everybody with more than one key are kept as they came (`as_given`), and what is counted is
made of them again whenever a key is merged or split.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import Column, Connection, Date, MetaData, String, Table, Text, delete, insert, or_, select, update

from data_access.contract.tables import TABLES
from data_access.database.schema import (
    budgets,
    different_people,
    funding_requests,
    metadata,
    organizer_starts,
    people,
    person_aliases,
    person_languages,
    rows_as_given,
    team_contributors,
)
from data_access.derived.levels import CONTRIBUTOR_TABLES, refresh_contributors
from data_access.derived.lists import refresh_lists
from data_access.derived.money import refresh_budgets, refresh_money
from data_access.derived.organizers import refresh_organizers
from data_access.derived.team_contributors import refresh_team_contributors
from data_access.persons.aliases import Aliases, is_erased, load_aliases
from data_access.persons.as_given import (
    KEYED,
    REFERRING,
    Content,
    Given,
    contents_of,
    forget_given,
    given_rows,
    keep_given,
    load_in_pieces,
    pieces,
    row_hash,
    standing,
    together,
    write_rows,
)

_own = rows_as_given.c


class NotMergeable(ValueError):
    """Two keys that cannot be one person; the message says why."""


def require_mergeable(connection: Connection, merged: str, kept: str) -> None:
    """Raise NotMergeable unless both are persons who are known, and two."""
    if merged == kept:
        raise NotMergeable("A person cannot be merged with themselves.")
    aliases = load_aliases(connection)
    for key in (merged, kept):
        if is_erased(connection, key):
            raise NotMergeable("Who was erased is not merged with anybody: nobody may learn who it was.")
        if key in aliases:
            now = aliases.stands_as(key)
            if now is None:
                raise NotMergeable(f"{key} stands on the list of those who are no people. Take it off first.")
            raise NotMergeable(f"{key} is merged into {now} already.")
        if connection.execute(select(people.c.person_key).where(people.c.person_key == key)).first() is None:
            raise NotMergeable(f"Nobody has the key {key[:80]!r}.")
    if pairs_kept_apart(connection, aliases.with_merged(merged), aliases.with_merged(kept)):
        raise NotMergeable(f"Somebody said that {merged} and {kept} are not the same. Undo that first.")


def pairs_kept_apart(connection: Connection, some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether somebody said of one of these keys and one of the others that they are not the same."""
    apart = set(connection.execute(select(different_people.c.one_key, different_people.c.other_key)))
    return any((min(pair), max(pair)) in apart for pair in product(some, others))


def merge(connection: Connection, merged: Sequence[str], kept: str | None) -> None:
    """From now on these keys, each of one person or of nobody yet, mean `kept`, who is known; with None, nobody."""
    aliases = load_aliases(connection)
    new = sorted(set(merged) - aliases.merged_into.keys())
    if not new:
        return
    touched = {*new, *([] if kept is None else [kept])}
    _take_note(connection, sorted(key for key in touched if not aliases.concern(key)), aliases)
    connection.execute(insert(person_aliases), [{"alias_key": key, "kept_key": kept} for key in new])
    _stand_again(connection, touched)


def split(connection: Connection, merged: Iterable[str]) -> None:
    """These keys are persons of their own again, with what came under them, before they were merged and since."""
    before = load_aliases(connection)
    gone = sorted(set(merged) & before.merged_into.keys())
    if not gone:
        return
    stood_as = {kept for key in gone if (kept := before.stands_as(key)) is not None}
    for some in pieces(gone):
        connection.execute(delete(person_aliases).where(person_aliases.c.alias_key.in_(some)))
    _stand_again(connection, {*gone, *stood_as})


def _take_note(connection: Connection, keys: Sequence[str], aliases: Aliases) -> None:
    """Keep the rows of persons with one key as they came, because they are about to have more."""
    for name, columns in KEYED.items():
        table = metadata.tables[name]
        for some in pieces(keys):
            wanted = select(table).where(or_(*(table.c[column].in_(some) for column in columns)))
            contents = list(contents_of(connection, wanted, table.columns.keys()))
            if len(columns) > 1:
                contents = _as_they_came(connection, name, contents)
            keep_given(connection, given_rows(name, contents, aliases, some))


def _as_they_came(connection: Connection, name: str, contents: list[Content]) -> list[Content]:
    """Rows that name two persons: as they came, where the other one has several keys already."""
    by_hash = {row_hash(name, content): content for content in contents}
    kept = load_in_pieces(connection, _own.stands_as, by_hash, _own.table_name == name)
    known = {row.stands_as for row in kept}
    return [row.content for row in kept] + [content for digest, content in by_hash.items() if digest not in known]


# ---- making the program's rows again ---------------------------------------------------------------------------------


def _stand_again(connection: Connection, touched: Collection[str]) -> None:
    """Make the rows of these persons again from what came under their keys, as the aliases are now."""
    aliases = load_aliases(connection)
    stand = sorted({key for each in touched if (key := aliases.stands_as(each)) is not None})
    members = sorted({member for each in touched for member in aliases.with_merged(each)})
    going = sorted(set(touched) - set(stand))
    _forget_derived(connection, sorted(touched))
    for name, columns in KEYED.items():
        rows = together(name, _standing_now(connection, name, members, aliases), aliases).values()
        if name == people.name:
            # First of all: others refer to them.
            _write_people(connection, rows, stand)
            _refer_again(connection, members, touched, aliases)
            continue
        table = metadata.tables[name]
        for some in pieces(sorted(touched)):
            connection.execute(delete(table).where(or_(*(table.c[column].in_(some) for column in columns))))
        write_rows(connection, name, rows)
    for some in pieces(going):
        connection.execute(delete(people).where(people.c.person_key.in_(some)))
    forget_given(connection, [key for key in stand if not aliases.concern(key)], KEYED)
    _derive(connection, stand)


def _standing_now(connection: Connection, name: str, members: Sequence[str], aliases: Aliases) -> list[Given]:
    """What came under these keys, with what it stands as now, which is kept."""
    found = load_in_pieces(connection, _own.member_key, members, _own.table_name == name)
    # A row that names a second person is kept under their key too.
    digests = {row.row_hash for row in found}
    before = load_in_pieces(connection, _own.row_hash, digests, _own.table_name == name)
    now = []
    for row in before:
        content = standing(name, row.content, aliases)
        now.append(row._replace(stands_as=None if content is None else row_hash(name, content)))
    keep_given(connection, (new for new, old in zip(now, before, strict=True) if new != old))
    return now


def _write_people(connection: Connection, rows: Iterable[Content], stand: Sequence[str]) -> None:
    """The persons' own rows; who was only ever referred to has a bare one."""
    known: set[str] = set()
    for some in pieces(stand):
        known.update(connection.scalars(select(people.c.person_key).where(people.c.person_key.in_(some))))
    by_key = {content["person_key"]: content for content in rows}
    bare = dict.fromkeys(people.columns.keys())
    write_rows(
        connection, people.name, [by_key.get(key) or bare | {"person_key": key} for key in stand if key not in known]
    )
    for key in sorted(known & by_key.keys()):
        values = {name: _typed(people.c[name], value) for name, value in by_key[key].items()}
        connection.execute(update(people).where(people.c.person_key == key).values(**values))


def _typed(column: Column[Any], value: Any) -> Any:
    return date.fromisoformat(value) if value is not None and isinstance(column.type, Date) else value


def _refer_again(connection: Connection, members: Sequence[str], touched: Collection[str], aliases: Aliases) -> None:
    """Let rows that only name them name who they are now, and keep under which key each came that was merged."""
    for name, column in REFERRING.items():
        table = metadata.tables[name]
        refers, key = table.c[column], table.c[TABLES[name].key[0]]
        came = load_in_pieces(connection, _own.member_key, members, _own.table_name == name)
        ours = refers.in_(sorted(touched))
        for row in came:
            # Unless somebody else is named there by now.
            named = ours if TABLES[name].column(column).required else or_(ours, refers.is_(None))
            means = aliases.stands_as(row.member_key)
            connection.execute(update(table).where(key == row.content[key.name], named).values({refers: means}))
        forget_given(connection, [each for each in touched if each not in aliases], [name])
        for each in sorted(key for key in touched if key in aliases):
            found = connection.execute(select(key).where(refers == each)).scalars().all()
            keep_given(connection, [reference(name, row, each) for row in found])
            connection.execute(update(table).where(refers == each).values({refers: aliases.stands_as(each)}))


def reference(name: str, key: str, member: str) -> Given:
    """That the row of this key came with this person."""
    content = {TABLES[name].key[0]: key}
    digest = row_hash(name, content)
    return Given(name, digest, member, digest, content)


# ---- what follows from the rows --------------------------------------------------------------------------------------


def _forget_derived(connection: Connection, keys: Sequence[str]) -> None:
    for table in (*CONTRIBUTOR_TABLES, team_contributors, organizer_starts, person_languages):
        for some in pieces(keys):
            connection.execute(delete(table).where(table.c.person_key.in_(some)))


def _derive(connection: Connection, keys: Sequence[str]) -> None:
    """Derive again what follows from the rows of these persons."""
    columns = (Column("person_key", String(200), primary_key=True), Column("languages", Text))
    table = Table("standing_again", MetaData(), *columns, prefixes=["TEMPORARY"])
    table.create(connection)
    for some in pieces(keys):
        theirs = select(people.c.person_key, people.c.languages).where(people.c.person_key.in_(some))
        connection.execute(insert(table).from_select(["person_key", "languages"], theirs))
    each = select(table.c.person_key)
    refresh_lists(connection, table, people.name, "languages", replacing=True)
    refresh_contributors(connection, each)
    refresh_team_contributors(connection, table)
    refresh_organizers(connection, each)
    asked = select(funding_requests.c.request_key).where(funding_requests.c.person_key.in_(each))
    if connection.execute(asked.limit(1)).first():
        refresh_money(connection, asked)
    if connection.execute(select(budgets.c.person_key).where(budgets.c.person_key.is_not(None)).limit(1)).first():
        refresh_budgets(connection)
    table.drop(connection)
