"""Who read what about persons."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Code, Count, Day, Key, Text, fetch
from data_access.database.schema import reads
from data_access.questions.registry import NOTHING, question
from data_access.selection import INSIDE, Scope, Selection


class PersonalRead(NamedTuple):
    day: Annotated[date, Day("Day")]
    author: Annotated[str, Text("By")]
    role: Annotated[str, Code("As")]
    question: Annotated[str, Code("What", help="The question, or what was done with everything held about a person")]
    about: Annotated[str, Key("About", help="The person’s key where it was one; empty: several were listed")]
    people: Annotated[int, Count("Rows", "rows", help="How many were listed when it was read first on that day")]


@question(roles=INSIDE, counts=NOTHING, columns=PersonalRead, live=True)
def personal_reads(connection: Connection, selection: Selection, scope: Scope, *, limit: int = 500) -> pd.DataFrame:
    """Who read what about persons in the last year, newest first: once a viewer, question and day.

    Whatever the selection: the record is kept by the clock.
    """
    columns = [reads.c[name] for name in PersonalRead._fields]
    return fetch(connection, select(*columns).order_by(reads.c.read_id.desc()).limit(limit), PersonalRead)
