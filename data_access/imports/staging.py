"""Staging: validated rows wait in temporary tables, where duplicates, references and changes are found set by set.

A temporary table lives in the writing connection only. What is wrong is found with SQL over all rows at once, so
memory does not grow with the file; what is right is merged by one INSERT … SELECT a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, repeat
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite

from data_access.contract import tables
from data_access.database import schema
from data_access.database.bulk import BulkInserter, indexes_aside
from data_access.imports.columns import Named, Values, as_list
from data_access.imports.references import referenced_key, singular
from data_access.imports.rows import Problem
from data_access.imports.validate import extra_columns

ROW, FILE, LINE = "_row", "_file", "_line"
# Rows from which on a wrong plan costs more than counting them.
MANY = 1_000


class Stage:
    """The staged rows of one contract table.

    `given` are the columns that some source of the import has: only these are written to rows that exist already, and
    of the others those in `filled` where a row has them.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self.connection = connection
        self.name = name
        self.contract = tables.TABLES[name]
        self.target = schema.metadata.tables[name]
        self.given: set[str] = set()
        self.filled: set[str] = set()
        self.blank_keeps: set[str] = set()
        self.rows = 0
        self.withdrawn = 0  # rows that were known and went because of what is staged
        self._named = {column.name: Named() for column in self.contract.columns if column.references}
        self.table = self._create()
        self._insert = BulkInserter(connection, self.table)

    def _create(self) -> Table:
        columns = [Column(column.name, self.target.c[column.name].type) for column in self.contract.columns]
        columns += [Column(name, String(700)) for name in extra_columns(self.name)]
        numbers = [
            Column(ROW, Integer, primary_key=True, autoincrement=False),
            Column(FILE, Integer),
            Column(LINE, Integer),
        ]
        table = Table(f"stage_{self.name}", MetaData(), *numbers, *columns, prefixes=["TEMPORARY"])
        self.connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
        table.create(self.connection)
        return table

    def add(self, columns: Sequence[Values], lines: Sequence[int], file: int) -> None:
        """Stage validated rows, given column by column; their numbers keep the order in which they came."""
        number = len(lines)
        if number:
            for name, values in zip(self.contract.column_names, columns, strict=False):
                if name in self._named:
                    self._named[name].add(values)
            numbers, lists = range(self.rows, self.rows + number), map(as_list, columns)
            self._insert(zip(numbers, repeat(file, number), lines, *lists, strict=True))
            self.rows += number

    def key(self, table: Table | None = None) -> list[ColumnElement[Any]]:
        """What identifies a row: its key columns, empty ones as ''."""
        columns = (self.table if table is None else table).c
        return [
            columns[name] if self.contract.column(name).required else func.coalesce(columns[name], literal_column("''"))
            for name in self.contract.key
        ]

    def prepare(self) -> None:
        """Index the staged keys: every step that follows looks rows up by them."""
        if self.contract.key:
            Index(f"ix_stage_{self.name}", *self.key()).create(self.connection)
            if self.connection.dialect.name == "postgresql":
                self.connection.exec_driver_sql(f'ANALYZE "{self.table.name}"')

    # ---- rows that stand twice ----------------------------------------------------------------------------------

    def add_up(self, files: Sequence[str]) -> Iterator[Problem]:
        """Contributions have no key of their own: rows of one file that agree are added up.

        What several files hold is counted once, as the file with most of it says: their spans overlap.
        """
        columns, keys = self.table.c, self.key()
        twice = (
            select(
                *(key.label(f"k{index}") for index, key in enumerate(keys)), func.min(columns[ROW]).label("first_row")
            )
            .group_by(*keys)
            .having(func.count() > 1)
            .cte("twice")
        )
        same = and_(*(key == twice.c[f"k{index}"] for index, key in enumerate(keys)))
        found = self.connection.execute(
            select(columns[ROW], twice.c.first_row, columns[FILE], columns.quantity).join_from(self.table, twice, same)
        ).all()
        totals: dict[int, Counter[int]] = {}
        for _, first, file, quantity in found:
            totals.setdefault(first, Counter())[file] += quantity
        if totals:
            self.connection.execute(
                self.table.update().where(columns[ROW] == bindparam("first")).values(quantity=bindparam("total")),
                [{"first": first, "total": max(by_file.values())} for first, by_file in totals.items()],
            )
            self.remove([row for row, first, _, _ in found if row != first])
        shared = Counter(tuple(sorted(by_file)) for by_file in totals.values() if len(by_file) > 1)
        for together, number in sorted(shared.items()):
            first, *others = (files[index] for index in together)
            remedy = "If the files count different things, give the rows of each its project; else all is well."
            says = f"{number:,} of its counts (person, day, area, project) stand in {first} too: each was taken once"
            for other in others:
                yield Problem(other, None, self.name, "quantity", "", says, remedy, "hint")

    def repeated(self, files: Sequence[str]) -> Iterator[Problem]:
        """Merge rows that agree wholly; a key that is repeated with different values is an error."""
        if self.name == "program":
            yield from self._more_than_one_program(files)
            return
        columns = self.table.c
        keys = self.key()
        labels = [key.label(f"k{index}") for index, key in enumerate(keys)]
        twice = select(*labels).group_by(*keys).having(func.count() > 1).subquery()
        joined = and_(*(key == twice.c[f"k{index}"] for index, key in enumerate(keys)))
        statement = select(self.table).join_from(self.table, twice, joined).order_by(*keys, columns[ROW])
        gone: list[int] = []
        values = [self.table.c[name].name for name in self.contract.column_names]
        key_of = [self.contract.column_names.index(name) for name in self.contract.key]

        def contents(row: Any) -> tuple[Any, ...]:
            return tuple(row._mapping[name] for name in values)

        for _, rows in groupby(
            self.connection.execute(statement), lambda row: tuple(contents(row)[index] for index in key_of)
        ):
            first, *others = rows
            for row in others:
                gone.append(row._mapping[ROW])
                if contents(row) != contents(first):
                    shown = ", ".join(str(contents(row)[index]) for index in key_of)
                    yield Problem(
                        files[row._mapping[FILE]],
                        row._mapping[LINE],
                        self.name,
                        self.contract.key[0],
                        shown,
                        f"the key stands already in {files[first._mapping[FILE]]}, line {first._mapping[LINE]}, "
                        "with other values",
                        "Keep one of the two rows, or give each its own key.",
                    )
        self.remove(gone)

    def _more_than_one_program(self, files: Sequence[str]) -> Iterator[Problem]:
        rows = self.connection.execute(select(self.table).order_by(self.table.c[ROW])).all()
        for row in rows[1:]:
            problem, remedy = "a second program", "Keep one row; one database holds one program."
            yield Problem(files[row._mapping[FILE]], row._mapping[LINE], self.name, "name", row.name, problem, remedy)
        self.remove([row._mapping[ROW] for row in rows[1:]])

    # ---- references ---------------------------------------------------------------------------------------------

    def missing(self, column: tables.Column) -> ColumnElement[bool]:
        """The condition that a staged row refers to what neither the database nor, for its own table, the stage has."""
        reference, target_key = self.table.c[column.name], referenced_key(column)
        condition = and_(reference.is_not(None), not_(exists(select(target_key).where(target_key == reference))))
        if column.references == self.name:
            twin = self.table.alias("twin")
            condition = and_(condition, not_(exists(select(twin.c[ROW]).where(twin.c[target_key.name] == reference))))
        return condition

    def unknown_keys(self, column: tables.Column) -> list[str]:
        """What the staged rows refer to and nobody has, each once."""
        if self._all_known(column):
            return []
        return list(self.connection.scalars(self._unknown(column)))

    def _unknown(self, column: tables.Column) -> Select[tuple[str]]:
        return select(self.table.c[column.name]).where(self.missing(column)).distinct()

    def _all_known(self, column: tables.Column) -> bool:
        """Whether that nobody is missing can be said without looking at each row."""
        return self._named[column.name].are_known(self.connection, referenced_key(column))

    def create_referenced(self, column: tables.Column) -> list[str]:
        """Create bare rows (a person, an area) for what the staged rows refer to; returns their keys."""
        if self._all_known(column):
            return []
        key = referenced_key(column)
        bare = insert(key.table).from_select([key], self._unknown(column), include_defaults=False).returning(key)
        created = list(self.connection.execute(bare).scalars())
        self._analyze(key.table, len(created))
        return created

    def _analyze(self, table: Table, rows: int) -> None:
        """Refresh PostgreSQL's statistics: they may be those of the empty table, and joins would be planned by them."""
        if rows >= MANY and self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(f'ANALYZE "{table.name}"')

    def dangling(self, column: tables.Column, files: Sequence[str], why: str) -> Iterator[Problem]:
        """Remove the rows that refer to an unknown key; each is an error."""
        if self._all_known(column):
            return
        columns = self.table.c
        found = select(columns[ROW], columns[FILE], columns[LINE], columns[column.name]).where(self.missing(column))
        rows = self.connection.execute(found.order_by(columns[ROW])).all()
        for _, file, line, value in rows:
            problem = f"no {singular(column.references or '')} has the key {value!r}"
            yield Problem(files[file], line, self.name, column.name, value, problem, why)
        self.remove([row[0] for row in rows])

    # ---- what changes -------------------------------------------------------------------------------------------

    def remove(self, rows: Sequence[int]) -> None:
        """Take rows out by number."""
        numbers = list(rows)
        for start in range(0, len(numbers), 500):
            chosen = self.table.c[ROW].in_(numbers[start : start + 500])
            self.connection.execute(delete(self.table).where(chosen))
        self.rows -= len(numbers)

    def count(self) -> int:
        return self.connection.execute(select(func.count()).select_from(self.table)).scalar_one()

    def same_key(self) -> ColumnElement[bool]:
        """The condition that a staged row and one of the target are the same."""
        if self.name == "program":
            return self.target.c.program_id == 1
        return and_(*(own == theirs for own, theirs in zip(self.key(), self.key(self.target), strict=True)))

    def nothing_is_known(self) -> bool:
        """Whether the program has no row of this table."""
        return self.connection.execute(select(self.target).limit(1)).first() is None

    def drop_unchanged(self) -> int:
        """Drop the rows that would change nothing; returns how many."""
        if self.nothing_is_known():
            return 0
        agree = [self.table.c[name].is_not_distinct_from(self.target.c[name]) for name in sorted(self.given)]
        agree += [
            or_(self.table.c[name].is_(None), self.table.c[name].is_not_distinct_from(self.target.c[name]))
            for name in sorted(self.filled - self.given)
        ]
        same = exists(select(literal_column("1")).select_from(self.target).where(self.same_key(), *agree))
        unchanged = self.connection.execute(delete(self.table).where(same)).rowcount
        self.rows -= unchanged
        return unchanged

    def count_known(self) -> int:
        """How many of the rows are known already, by their keys."""
        known = exists(select(literal_column("1")).select_from(self.target).where(self.same_key()))
        return self.connection.execute(select(func.count()).select_from(self.table).where(known)).scalar_one()

    def merge(self) -> None:
        """Write the staged rows: new ones whole, known ones in the given columns."""
        names = [name for name in self.contract.column_names if name in self.given | self.filled]
        source: list[ColumnElement[Any]] = [self.table.c[name] for name in names]
        written = list(names)
        origin: Any = self.table
        if self.name == "program":
            written.append("program_id")
            source.append(literal_column("1"))
        if self.name == "events":
            places = schema.places
            origin = self.table.join(places, places.c.place_key == self.table.c.place_key, isouter=True)
            country = func.coalesce(self.table.c.country, places.c.located_country)
            written += ["place_id", "located_country", "fingerprint"]
            source += [
                places.c.place_id,
                case((self.table.c.mode == "online", null()), else_=country),
                self.table.c.fingerprint,
            ]
        # SQLite cannot distinguish ON CONFLICT from a join's ON without a WHERE before it.
        rows = select(*source).select_from(origin).where(true())
        if self.contract.key:
            # In key order: the target's own index then grows at its end, which is several times faster.
            rows = rows.order_by(*self.key())
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(self.target).from_select(written, rows, include_defaults=False)
        keys = [self.target.c.program_id] if self.name == "program" else schema.key_expressions(self.name)
        changes = {name: statement.excluded[name] for name in written if name not in self.contract.key}
        for name in self.filled - self.given:
            changes[name] = func.coalesce(changes[name], self.target.c[name])
        with indexes_aside(self.connection, self.target, self.rows) as has_keys:
            # Else the target is empty: no key is known, and the stage has each once.
            if has_keys and changes:
                statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
            elif has_keys:
                statement = statement.on_conflict_do_nothing(index_elements=keys)
            self.connection.execute(statement)
        self._analyze(self.target, self.rows)

    def drop(self) -> None:
        self.table.drop(self.connection)


def known_labels(connection: Connection, name: str) -> list[str]:
    """The labels that the program has of a family of `data_access.contract.labels`, in a fixed order."""
    table, _, column = name.partition(".")
    own = schema.metadata.tables[table].c[column or {"areas": "area", "event_topics": "topic"}[table]]
    return list(connection.scalars(select(own).where(own.is_not(None)).distinct().order_by(own)))
