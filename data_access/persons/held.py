"""Everything that is held about a person: their rows of every table, and where else they are named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process
from sqlalchemy import Column, Connection, Table, func, or_, select

from data_access.database.schema import metadata, people
from data_access.persons.aliases import load_aliases
from data_access.persons.belonging import DEPENDENT, OUTLIVES_THEM, PERSON_TABLES, searched_texts
from data_access.persons.naming import Persons, searchable
from data_access.persons.several_keys import under_other_keys
from data_access.persons.stop_list import load_stop_list

Rows = list[dict[str, Any]]
MOST_SUGGESTED = 3
MOST_FOUND = 20
NAMED = "named elsewhere"


class UnknownPerson(LookupError):
    """Nobody has this key; the message names the nearest."""


class Mention(NamedTuple):
    """A text of a row that is not the person's own and names them: the row by its key, and the text."""

    table: str
    row: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonFile:
    """`tables`: rows by table, those that are empty left out; `named_in`: where else the person is named."""

    key: str
    name: str | None
    tables: Mapping[str, Rows]
    named_in: tuple[Mention, ...]

    def as_json(self) -> str:
        """All of it, for the person to take along: days as ISO text, amounts as exact text."""
        whole = {"person_key": self.key, "tables": self.tables, "named_in": [m._asdict() for m in self.named_in]}
        return json.dumps(whole, ensure_ascii=False, indent=2, default=_plain)

    @property
    def shown(self) -> str:
        """The name, or the key of whom no name is recorded."""
        return self.name or self.key

    def lines(self) -> Iterator[tuple[str, str]]:
        """Table and row as text, what is empty left out; at last the texts that name the person."""
        for table, rows in self.tables.items():
            for row in rows:
                yield table, "; ".join(f"{name}: {_read(value)}" for name, value in row.items() if value is not None)
        for found in self.named_in:
            yield NAMED, f"{found.table} {found.row}, {found.column}: {_read(found.text)}"

    def as_text(self) -> str:
        """The same to be read: a heading for each table, a line for each row."""
        lines = [f"{self.key}: {self.name}" if self.name else self.key]
        for table, found in groupby(self.lines(), key=itemgetter(0)):
            rows = list(found)
            lines += ["", f"{table} ({len(rows)})", *(f"  {row}" for _, row in rows)]
        return "\n".join(lines) + "\n"


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


def _read(value: Any) -> str:
    return " ".join((_plain(value) if isinstance(value, (Decimal, date, datetime)) else str(value)).split())


def held_about(connection: Connection, key: str) -> PersonFile:
    """Everything about one person. Raises UnknownPerson."""
    person = require_person(connection, key)
    tables: dict[str, Rows] = {}
    for table, columns in PERSON_TABLES.items():
        tables[table.name] = _rows(connection, table, or_(*(column == key for column in columns)))
    for table, column in DEPENDENT.items():
        tables[table.name] = _rows(connection, table, column.in_(_own_keys(column, key)))
    tables |= under_other_keys(connection, key)
    return PersonFile(
        key=key,
        name=person,
        tables={name: rows for name, rows in tables.items() if rows},
        named_in=tuple(named_in(connection, key, person)),
    )


def _rows(connection: Connection, table: Table, which: Any) -> Rows:
    ordered = select(table).where(which).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(ordered)]


def _own_keys(column: Column[Any], key: str) -> Any:
    """The keys, as `column` refers to them, of the person's rows."""
    target = next(iter(column.foreign_keys)).column
    return select(target).where(or_(*(own == key for own in PERSON_TABLES[target.table])))


def require_person(connection: Connection, key: str) -> str | None:
    """The person's name, or None where none is recorded. Raises UnknownPerson with the nearest keys and names."""
    found = connection.execute(select(people.c.name).where(people.c.person_key == key)).first()
    if found:
        name: str | None = found[0]
        return name
    if key in load_stop_list(connection):
        raise UnknownPerson("The person with this key was erased. Nothing is held about them.")
    if key in (aliases := load_aliases(connection)):
        person = aliases.stands_as(key)
        if person is None:
            raise UnknownPerson(f"{key} stands on the list of those who are no people, on the Data page.")
        raise UnknownPerson(f"{key} was merged into {person}, under which everything is held.")
    everybody = dict(connection.execute(select(people.c.person_key, people.c.name)).all())
    said = {known: f"{known} {name or ''}".casefold() for known, name in everybody.items()}
    near = process.extract(key.casefold(), said, scorer=fuzz.WRatio, limit=MOST_SUGGESTED, score_cutoff=60)
    words = [f"{known} ({everybody[known]})" if everybody[known] else known for _, _, known in near]
    shown = repr(key[:80])
    if not words:
        raise UnknownPerson(f"Nobody has the key {shown}. Write it as the table `people` has it.")
    raise UnknownPerson(f"Nobody has the key {shown}. Did you mean {' or '.join(words)}?")


def named_in(connection: Connection, key: str, name: str | None) -> Iterator[Mention]:
    """Where else the texts of the database name the person: by key, and by name if it has two words or more."""
    sought = [key, *([name] if name and searchable(name) else [])]
    persons = Persons({key: key}, {key: name})
    for table in metadata.sorted_tables:
        texts = searched_texts(table)
        if not texts:
            continue
        own = PERSON_TABLES.get(table, []) if table.name not in OUTLIVES_THEM else []
        keys = list(table.primary_key.columns)
        likely = or_(*(func.lower(text).contains(word.lower(), autoescape=True) for text in texts for word in sought))
        wanted = select(table).where(likely).order_by(*keys)
        for row in connection.execute(wanted):
            found = row._mapping
            if any(found[column.name] == key for column in own):
                continue
            which = ", ".join(str(found[column.name]) for column in keys)
            for text in texts:
                if found[text.name] and persons.are_named_in(found[text.name]):
                    yield Mention(table.name, which, text.name, found[text.name])


def known_people(connection: Connection) -> int:
    """How many people the program knows."""
    return connection.execute(select(func.count()).select_from(people)).scalar_one()


def find_people(connection: Connection, text: str) -> list[tuple[str, str | None]]:
    """Keys and names of those whose key or name holds the text, in any case of ASCII letters; at most 20, by name."""
    sought = text.strip().lower()
    holds = (func.lower(column).contains(sought, autoescape=True) for column in (people.c.person_key, people.c.name))
    exact = people.c.person_key != text.strip()
    wanted = select(people.c.person_key, people.c.name).where(or_(*holds)).limit(MOST_FOUND)
    return [(key, name) for key, name in connection.execute(wanted.order_by(exact, people.c.name, people.c.person_key))]
