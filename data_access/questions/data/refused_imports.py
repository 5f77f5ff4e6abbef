"""Imports of files that were refused: when, by whom, and how much was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Count, Moment, Text, fetch
from data_access.database import schema
from data_access.questions.registry import NOTHING, question
from data_access.selection import INSIDE, Scope, Selection


class RefusedImport(NamedTuple):
    refused_at: Annotated[datetime, Moment("Refused (UTC)")]
    imported_by: Annotated[str, Text("By")]
    source: Annotated[str, Text("Files")]
    errors: Annotated[int, Count("Errors", "errors", help="0: they could not be read at all, or held no row")]


@question(roles=INSIDE, counts=NOTHING, columns=RefusedImport, live=True)
def refused_imports(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Imports of files that were refused, the newest first: when, by whom, with how many errors (PM and board only).

    Whatever the selection. Nothing was changed by them, and nothing out of the files is kept.
    """
    columns = schema.refused_imports.c
    statement = select(*(columns[name] for name in RefusedImport._fields)).order_by(columns.refused_id.desc())
    return fetch(connection, statement, RefusedImport)
