"""What was imported, when, by whom, and which hints were left."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.database.schema import import_counts, import_problems, imports
from data_access.questions.frames import TEXT, WHOLE, frame
from data_access.questions.registry import question
from data_access.selection import STAFF, Role, Scope, Selection


@question(STAFF)
def imports_log(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The newest 100 imports: number, moment (UTC), by whom, source, format, and counts of rows.

    Whose e-mail address it was, the program manager alone is told; for everybody else it is “staff”.
    """
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
    whole = dict.fromkeys(("import_id", "rows", "created", "changed", "unchanged", "rejected", "hints"), WHOLE)
    table = frame(connection, statement, imported_by=TEXT, **whole)
    if scope.role is not Role.PM:
        table["imported_by"] = table["imported_by"].mask(table["imported_by"].str.contains("@", regex=False), "staff")
    return table


@question(STAFF)
def import_hints(connection: Connection, selection: Selection, scope: Scope, *, import_id: int = 0) -> pd.DataFrame:
    """Hints and rejected rows of one import (0 = the newest): where, what is wrong, and the remedy."""
    newest = select(func.max(imports.c.import_id)).where(imports.c.kind == "import")
    chosen = import_id or newest.scalar_subquery()
    columns = [column for column in import_problems.c if column.name not in ("import_id", "number")]
    statement = select(*columns).where(import_problems.c.import_id == chosen).order_by(import_problems.c.number)
    return frame(connection, statement, file=TEXT, line=WHOLE)
