"""What was imported, when, by whom, and which hints were left."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Count, Key, Moment, Text, fetch, table
from data_access.database.schema import import_counts, import_problems, imports
from data_access.questions.registry import NOTHING, question
from data_access.selection import INSIDE, STAFF, Scope, Selection


class LoggedImport(NamedTuple):
    import_id: Annotated[int, Key("Import")]
    finished_at: Annotated[datetime, Moment("Finished (UTC)")]
    imported_by: Annotated[str, Text("By", help="Empty outside")]
    kind: Annotated[str, Code("What")]
    source: Annotated[str, Text("Source", help="Empty outside")]
    format: Annotated[str, Text("Format")]
    rows: Annotated[int, Count("Rows", "rows")]
    created: Annotated[int, Count("Created", "rows")]
    changed: Annotated[int, Count("Changed", "rows")]
    unchanged: Annotated[int, Count("Unchanged", "rows")]
    rejected: Annotated[int, Count("Rejected", "rows")]
    hints: Annotated[int, Count("Hints", "hints")]


@question(roles=INSIDE, counts=NOTHING, columns=LoggedImport)
def imports_log(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The newest 100 imports: when, by whom, from what, and how many rows they changed (PM and board only)."""
    counted = import_counts
    statement = (
        select(
            imports.c.import_id,
            imports.c.finished_at,
            imports.c.imported_by,
            imports.c.kind,
            imports.c.source,
            imports.c.format,
            *(
                func.coalesce(func.sum(counted.c[name]), 0).label(label)
                for name, label in (
                    ("rows_read", "rows"),
                    ("created", "created"),
                    ("changed", "changed"),
                    ("unchanged", "unchanged"),
                    ("rejected", "rejected"),
                )
            ),
            imports.c.hints,
        )
        .join_from(imports, counted, counted.c.import_id == imports.c.import_id, isouter=True)
        .group_by(
            imports.c.import_id,
            imports.c.finished_at,
            imports.c.imported_by,
            imports.c.kind,
            imports.c.source,
            imports.c.format,
            imports.c.hints,
        )
        .order_by(imports.c.import_id.desc())
        .limit(100)
    )
    return fetch(connection, statement, LoggedImport)


class ImportTotal(NamedTuple):
    imports: Annotated[int, Count("Changes of the data", "imports", help="Imports, and what was recorded here")]
    hints: Annotated[
        int | None, Count("Hints and errors", "hints", help="Of the last import, listed or not; inside only")
    ]


@question(roles=STAFF, counts=NOTHING, columns=ImportTotal)
def imports_total(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many imports there were, and how many hints and errors the last one left: one row."""
    if not scope.exact:
        return table(ImportTotal, [(connection.execute(select(func.count()).select_from(imports)).scalar_one(), None)])
    newest = select(func.max(imports.c.import_id)).where(imports.c.kind == "import").scalar_subquery()
    problems = import_problems.c
    errors = select(func.count()).where(problems.import_id == newest, problems.severity == "error").scalar_subquery()
    hints = select(imports.c.hints).where(imports.c.import_id == newest).scalar_subquery()
    number = select(func.count()).select_from(imports).scalar_subquery()
    return fetch(
        connection, select(number.label("imports"), (func.coalesce(hints, 0) + errors).label("hints")), ImportTotal
    )


class ImportHint(NamedTuple):
    file: Annotated[str, Text("File")]
    line: Annotated[int | None, Key("Line")]
    table: Annotated[str, Text("Table")]
    column: Annotated[str | None, Text("Column")]
    value: Annotated[str, Text("Value")]
    problem: Annotated[str, Text("Problem")]
    remedy: Annotated[str, Text("Remedy")]
    severity: Annotated[str, Code("Severity")]


@question(roles=INSIDE, counts=NOTHING, columns=ImportHint, names_people=True)
def import_hints(connection: Connection, selection: Selection, scope: Scope, *, import_id: int = 0) -> pd.DataFrame:
    """Hints and rejected rows of one import (0 = the newest): where, what is wrong, the remedy (PM and board only)."""
    newest = select(func.max(imports.c.import_id)).where(imports.c.kind == "import")
    chosen = import_id or newest.scalar_subquery()
    columns = [import_problems.c[name] for name in ImportHint._fields]
    statement = select(*columns).where(import_problems.c.import_id == chosen).order_by(import_problems.c.number)
    return fetch(connection, statement, ImportHint)
