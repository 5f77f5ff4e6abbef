"""The live sources: what is asked for news, what came of it last, and what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Key, Moment, Text, fetch
from data_access.database import schema
from data_access.questions.registry import NOTHING, question
from data_access.selection import INSIDE, Scope, Selection


class LiveSource(NamedTuple):
    name: Annotated[str, Key("Source")]
    kind: Annotated[str, Code("Kind")]
    asked_at: Annotated[datetime | None, Moment("Asked last (UTC)")]
    outcome: Annotated[str, Text("What came of it")]
    next_step: Annotated[str | None, Text("Next step")]


@question(roles=INSIDE, counts=NOTHING, columns=LiveSource, live=True)
def live_sources(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The addresses that `uplift sync` asks, by name: when last, what came of it, what to do next (PM and board only).

    Whatever the selection. Whoever wants the addresses themselves asks `uplift source list`.
    """
    columns = schema.live_sources.c
    statement = select(
        columns.name,
        columns.kind,
        columns.asked_at,
        func.coalesce(columns.outcome, "not asked yet").label("outcome"),
        columns.next_step,
    )
    return fetch(connection, statement.order_by(columns.name), LiveSource)
