"""Payments one by one: what a month's money went to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Amount, Count, Day, Key, Text, fetch
from data_access.database.schema import events, funding_conversions, funding_requests, people
from data_access.questions.impact.windows import SAME_REQUEST, paid_conditions
from data_access.questions.registry import MONEY, question
from data_access.selection import INSIDE, Scope, Selection

MOST_ROWS = 1_000


class ListedPayment(NamedTuple):
    request_key: Annotated[str, Key("Request key")]
    paid_on: Annotated[date, Day("Paid on")]
    person_key: Annotated[str | None, Key("Person key")]
    name: Annotated[str | None, Text("Paid to")]
    event: Annotated[str | None, Text("Event")]
    paid: Annotated[Decimal | None, Amount("Paid", help="In the program’s currency; empty: no exchange rate")]
    total: Annotated[int, Count("Payments in all", "payments", help="Listed or not")]


@question(roles=INSIDE, counts=MONEY, columns=ListedPayment)
def payments_list(
    connection: Connection, selection: Selection, scope: Scope, *, limit: int = MOST_ROWS
) -> pd.DataFrame:
    """The payments that `spend_by_month` adds up, newest first, `limit` at most (0: all)."""
    own = funding_requests.c
    statement = (
        select(
            own.request_key,
            own.paid_on,
            own.person_key,
            people.c.name,
            events.c.title.label("event"),
            funding_conversions.c.paid,
            func.count().over().label("total"),
        )
        .join_from(funding_requests, funding_conversions, SAME_REQUEST)
        .join(people, people.c.person_key == own.person_key, isouter=True)
        .join(events, events.c.event_key == own.event_key, isouter=True)
        .where(*paid_conditions(selection))
        .order_by(own.paid_on.desc(), own.request_key)
    )
    return fetch(connection, statement.limit(limit) if limit > 0 else statement, ListedPayment)
