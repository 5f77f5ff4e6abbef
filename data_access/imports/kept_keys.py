"""Rows under keys that were merged are taken in as the person's who was kept; rows of bots and placeholders are not.

What comes is kept as it came (`data_access.persons.as_given`), so that the same files change nothing after a merge, and
a file that has one of the keys alone changes that key's part alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, or_, select, union, update

from data_access.contract.tables import PERSON_REFERENCES
from data_access.database.bulk import BulkInserter
from data_access.database.images import ADDED, BEFORE
from data_access.database.schema import people, person_aliases, rows_as_given
from data_access.imports.before import Before
from data_access.imports.staging import FILE, LINE, ROW, Stage
from data_access.persons.aliases import load_aliases
from data_access.persons.as_given import (
    KEYED,
    REFERRING,
    Content,
    Given,
    contents_of,
    given_rows,
    keep_given,
    load_given,
    load_in_pieces,
    pieces,
    row_hash,
    together,
)
from data_access.persons.merging import merge, reference, split
from data_access.persons.not_people import PERSONS_ALONE, load_not_people, persons_alone

_own = rows_as_given.c
# Where a staged row stands: its number, file and line.
Place = tuple[int, int, int]


class KeptKeys:
    """The keys of one import: `changed_people` says whether somebody who was known was set apart, or came back."""

    def __init__(self, connection: Connection, stages: Mapping[str, Stage], before: Before) -> None:
        self.connection, self.stages, self.before = connection, stages, before
        self.listed = load_not_people(connection)
        self.aliases = load_aliases(connection)
        self.changed_people = False

    # ---- who is no person ---------------------------------------------------------------------------------------

    def set_apart(self) -> None:
        """Look through the people who come in, before any of them is written."""
        back = sorted(set(self.aliases.nobodys()) & self._persons_alone(self.aliases.nobodys()))
        if back:
            split(self.connection, back)
            self.aliases, self.changed_people = load_aliases(self.connection), True
        if "people" in self.stages:
            staged = self.stages["people"].table.c
            rows = self.connection.execute(select(staged.person_key, staged.name))
            self._apart({key for key, name in rows if (key, name) in self.listed})

    def _apart_where_bare(self, stage: Stage) -> None:
        """The same for keys that no file of people names."""
        if "people" in self.stages or stage.name in PERSONS_ALONE or not PERSON_REFERENCES & stage.given:
            return
        for column in stage.contract.columns:
            if column.references == "people" and column.name in stage.given:
                self._apart({key for key in stage.unknown_keys(column) if (key, None) in self.listed})

    def _apart(self, found: Collection[str]) -> None:
        keys = sorted({key for key in found if not self.aliases.concern(key)} - self._persons_alone(sorted(found)))
        if not keys:
            return
        known = select(people.c.person_key).where(people.c.person_key.in_(keys[:500])).limit(1)
        self.changed_people = self.changed_people or self.connection.execute(known).first() is not None
        merge(self.connection, keys, None)
        self.before.note_rows(ADDED, person_aliases, ["alias_key"], [(key,) for key in keys])
        self.aliases = load_aliases(self.connection)

    def _persons_alone(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that are persons, whatever they are called: by what is known, and by what comes in."""
        found = persons_alone(self.connection, keys) if keys else set()
        for name, column in PERSONS_ALONE.items():
            if keys and name in self.stages and column in self.stages[name].given:
                own = self.stages[name].table.c[column]
                for some in pieces(keys):
                    found.update(self.connection.scalars(select(own).where(own.in_(some)).distinct()))
        return found

    # ---- rows under several keys --------------------------------------------------------------------------------

    def withdraw(self, stage: Stage) -> None:
        """Where consent is withdrawn under one key of a person, none of their keys keeps the attribute."""
        if not self.aliases or stage.name != "person_attributes" or "consented_on" not in stage.given:
            return
        staged = stage.table.c
        without = staged.consented_on.is_(None)
        for key, dimension in self.connection.execute(
            select(staged.person_key, staged.dimension).where(without, self._concerned(staged.person_key))
        ):
            person = self.aliases.stands_as(key)
            stands = row_hash(stage.name, {"person_key": person or key, "dimension": dimension})
            ours = (_own.table_name == stage.name, or_(_own.stands_as == stands, _own.row_hash == stands))
            self._note(load_given(self.connection, *ours), [])
            self.connection.execute(delete(rows_as_given).where(*ours))
            own = stage.target.c
            self.connection.execute(delete(stage.target).where(own.person_key == person, own.dimension == dimension))

    def __call__(self, stage: Stage) -> tuple[int, int]:
        """Let the staged rows stand as they are counted; returns how many became part of another, or were set apart."""
        self._apart_where_bare(stage)
        if not self.aliases or not stage.rows:
            return 0, 0
        if stage.name in KEYED:
            return self._together(stage)
        if REFERRING.get(stage.name, "") in stage.given:
            self._refer(stage, REFERRING[stage.name])
        return 0, 0

    def _concerned(self, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that one of the columns holds a key of somebody with several, or of nobody."""
        kept = select(person_aliases.c.kept_key).where(person_aliases.c.kept_key.is_not(None))
        keys = union(select(person_aliases.c.alias_key), kept).subquery()
        return or_(*(column.in_(select(keys.c.alias_key)) for column in columns))

    def _together(self, stage: Stage) -> tuple[int, int]:
        name, came = stage.name, self._as_they_came(stage)
        digests = {row_hash(name, content) for _, content in came}
        kept = load_in_pieces(self.connection, _own.row_hash, digests, _own.table_name == name)
        old = {row.row_hash: row.content for row in kept}
        new = [_over(stage, old.get(row_hash(name, content)), content) for _, content in came]
        members = {content[column] for content in new for column in KEYED[name] if content[column]}
        given = list(given_rows(name, new, self.aliases, set(filter(self.aliases.concern, members))))
        before = {row[:3]: row for row in kept}
        fresh = [row for row in given if before.get(row[:3]) != row]
        keep_given(self.connection, fresh)
        self._note(
            [before[row[:3]] for row in fresh if row[:3] in before], [row for row in fresh if row[:3] not in before]
        )
        stand_as = {row.row_hash: row.stands_as for row in given}
        return self._restage(stage, [(place, content, stand_as[row_hash(name, content)]) for place, content in came])

    def _as_they_came(self, stage: Stage) -> list[tuple[Place, Content]]:
        own, names = stage.table.c, [ROW, FILE, LINE, *stage.contract.column_names]
        concerned = self._concerned(*(own[column] for column in KEYED[stage.name]))
        wanted = select(*(own[name] for name in names)).where(concerned).order_by(own[ROW])
        return [
            ((content.pop(ROW), content.pop(FILE), content.pop(LINE)), content)
            for content in contents_of(self.connection, wanted, names)
        ]

    def _restage(self, stage: Stage, came: Sequence[tuple[Place, Content, str | None]]) -> tuple[int, int]:
        """Put what the rows are together into the place of the first of each."""
        first: dict[str, Place] = {}
        for place, _, stands in came:
            if stands is not None:
                first.setdefault(stands, place)
        name, columns = stage.name, KEYED[stage.name]
        rows = load_in_pieces(self.connection, _own.stands_as, first, _own.table_name == name)
        whole = together(name, rows, self.aliases)
        stage.remove([place[0] for place, _, _ in came])
        names = stage.contract.column_names
        BulkInserter(self.connection, stage.table)(
            (*place, *(whole[stands][column] for column in names)) for stands, place in first.items()
        )
        stage.rows += len(first)
        apart = sum(
            any(content[column] and self.aliases.stands_as(content[column]) is None for column in columns)
            for _, content, _ in came
        )
        return len(came) - len(first) - apart, apart

    def _refer(self, stage: Stage, column: str) -> None:
        """Rows that only name somebody name the person who was kept, and it is kept under which key they came."""
        refers, key = stage.table.c[column], stage.table.c[stage.contract.key[0]]
        merged = refers.in_(select(person_aliases.c.alias_key))
        now = dict(self.connection.execute(select(key, refers).where(merged)).all())
        kept = {row.content[key.name]: row for row in load_given(self.connection, _own.table_name == stage.name)}
        staged: set[str] = set()
        for some in pieces(sorted(kept)):
            staged.update(self.connection.scalars(select(key).where(key.in_(some))))
        gone = [kept[each] for each in sorted(staged) if kept[each].member_key != now.get(each)]
        fresh = [
            reference(stage.name, each, alias)
            for each, alias in sorted(now.items())
            if each not in kept or kept[each].member_key != alias
        ]
        for row in gone:
            same = (_own.table_name == row.table_name, _own.row_hash == row.row_hash)
            self.connection.execute(delete(rows_as_given).where(*same))
        keep_given(self.connection, fresh)
        self._note(gone, fresh)
        for alias in sorted(set(now.values())):
            person = self.aliases.stands_as(alias)
            self.connection.execute(update(stage.table).where(refers == alias).values({refers: person}))

    def _note(self, before: Iterable[Given], added: Iterable[Given]) -> None:
        """What was kept of rows as they came, so that the import can be undone."""
        names = rows_as_given.columns.keys()
        rows = [tuple(row.stored()[name] for name in names) for row in before]
        self.before.note_rows(BEFORE, rows_as_given, names, rows)
        self.before.note_rows(ADDED, rows_as_given, names[:3], [row[:3] for row in added])


def _over(stage: Stage, old: Content | None, content: Content) -> Content:
    """What is known under this key once the staged row has come: only what its files have is changed."""
    if old is None:
        written = stage.given | {name for name, value in content.items() if value is not None}
        return {column.name: content[column.name] if column.name in written else column.default
                for column in stage.contract.columns}  # fmt: skip
    taken = {
        name: value
        for name, value in content.items()
        # A blank cell of people's own lists says nothing.
        if value is not None or (name in stage.given and name not in stage.blank_keeps)
    }
    taken = {name: value for name, value in taken.items() if name in stage.given | stage.filled}
    return old | taken
