"""Notes on the time line: days that explain a trend, in the program manager's words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select, union_all

from data_access.answers import Day, Text, fetch
from data_access.database.schema import inside_time_notes, time_notes
from data_access.questions.registry import NOTHING, question
from data_access.selection import EVERYBODY, Scope, Selection


class TimeNote(NamedTuple):
    noted_on: Annotated[date, Day("Day")]
    note: Annotated[str, Text("Note")]


@question(roles=EVERYBODY, counts=NOTHING, columns=TimeNote)
def time_notes_list(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Notes on days up to `as_of`, the oldest first: those for everybody, inside also those that stay inside.

    Period and filters do not apply.
    """
    tables = [time_notes, inside_time_notes] if scope.inside else [time_notes]
    every = union_all(
        *(select(table.c.marked_on.label("noted_on"), table.c.words.label("note")) for table in tables)
    ).subquery()
    statement = select(every).where(every.c.noted_on <= selection.as_of)
    return fetch(connection, statement.order_by(every.c.noted_on, every.c.note), TimeNote)
