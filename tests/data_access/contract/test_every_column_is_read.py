"""Every column of the contract is read by a question, or is named here with the reason why it is only kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ColumnClause, Connection, Engine, Insert, Select, Table, event
from sqlalchemy.sql import visitors

from data_access.answers import rows
from data_access.contract.kept import UNREAD
from data_access.contract.tables import TABLES
from data_access.database.prepared import Prepared
from data_access.derived.levels import refresh_contributors
from data_access.questions import QUESTIONS, Question
from data_access.questions.requests.queue import QueuedRequest, request_queue
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.data_access.questions.asking import ways
from tests.data_access.questions.test_canary import CHOICES
from tests.full_program import AS_OF, full_program

pytestmark = pytest.mark.slow

NARROWED = {
    "country": "DE",
    "region": "Western Europe",
    "area": "docs",
    "topic": "python",
    "language": "en",
    "space": "s",
    "team": "docs",
}


def columns_in(statement: Any) -> Iterator[str]:
    """The contract's columns that a statement selects, compares or groups by; not those that it fills."""
    parts = [statement.select] if isinstance(statement, Insert) else [statement]
    for part in parts:
        elements = list(visitors.iterate(part)) if hasattr(part, "get_children") else []
        # A table that is selected whole holds its columns without being their parent.
        whole = [column for found in elements if isinstance(found, Select) for column in found.selected_columns]
        for found in (*elements, *whole):
            element = found
            if isinstance(found, ColumnClause) and isinstance(found.table, Prepared):
                element = found.table.definition.selected_columns[found.name]
            if isinstance(element, Column) and isinstance(element.table, Table) and element.table.name in TABLES:
                yield f"{element.table.name}.{element.name}"


@contextmanager
def noting(read: set[str]) -> Iterator[None]:
    """Whatever is read meanwhile, by whichever connection."""

    def note(_: Connection, statement: Any, *rest: object) -> None:
        read.update(columns_in(statement))

    event.listen(Engine, "before_execute", note)
    yield
    event.remove(Engine, "before_execute", note)


def each_way(question: Question, request: str) -> Iterator[tuple[Selection, dict[str, Any]]]:
    """Its options one by one, then all filters at once."""
    whole = Selection(Period.parse("2026"), AS_OF)
    choices = CHOICES | {"search": ("a",), "kind": ("slides",)}
    needed, *others = ways(question, choices, {"team": "docs", "request": request})
    yield from ((whole, options) for options in (needed, *others))
    yield Selection.from_query({"period": "2026", "as_of": AS_OF.isoformat(), **NARROWED}), needed


def test_every_column_is_read_by_a_question_or_named_with_its_reason(tmp_path: Path) -> None:
    """Columns that only tables derived from them hold, such as topics split into rows, count as read by those."""
    read: set[str] = set()
    with noting(read):
        built = full_program(f"sqlite:///{tmp_path / 'full.db'}")
        # The program may be a copy of one that another test built: what is derived is computed while it is noted.
        with built.database.writing() as connection:
            refresh_contributors(connection, None)
        scope = Scope(Role.PM)
        with built.database.reading() as connection:
            waiting = rows(QueuedRequest, request_queue(connection, Selection(as_of=AS_OF), scope))
            for question in QUESTIONS.values():
                for selection, options in each_way(question, waiting[0].request_key):
                    try:
                        question.ask(connection, selection, scope, **options)
                    except (SelectionError, NotAllowed):
                        continue
    built.database.close()
    every = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    unread = sorted(every - read - set(UNREAD))
    assert not unread, "\n".join(unread)
    assert set(UNREAD) - (every - read) == set(), "these are read, or are no columns: they need no reason"
