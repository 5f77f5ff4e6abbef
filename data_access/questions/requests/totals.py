"""How many requests wait, since when, for how much: counted over all of them, whatever a list of them shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Amount, Code, Count, Day, table
from data_access.database.schema import events, funding_requests, ledger
from data_access.money.ledger import as_money
from data_access.questions.registry import MONEY, question
from data_access.questions.requests.queue import PENDING, TO_PAY, effects, waits
from data_access.selection import INSIDE, Scope, Selection


class WaitingTotal(NamedTuple):
    waiting: Annotated[str, Code("Waits for", help="pending: a decision; to pay: the payment")]
    requests: Annotated[int, Count("Requests", "requests")]
    oldest_on: Annotated[date | None, Day("Oldest since", help="Of those to pay, approved on; empty: none waits")]
    amount: Annotated[
        Decimal | None,
        Amount("Amount", help="In the program’s currency, each at the rate of its day; empty: no rate is known"),
    ]
    without_rate: Annotated[int, Count("Without a rate", "requests", help="They are not in the amount")]
    over: Annotated[int, Count("Over the ceiling", "requests", help="Each on its own, with all that is recorded")]
    exceptions: Annotated[int, Count("By others than graduated members", "requests", help="For the board to confirm")]
    past: Annotated[int, Count("Event is over", "requests")]


@question(roles=INSIDE, counts=MONEY, columns=WaitingTotal)
def request_totals(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many requests wait on `as_of` for a decision and for their payment, and what they come to; a row each.

    Of those to pay, none is over or an exception: they are decided. Filters do not apply.
    """
    return table(WaitingTotal, [_total(connection, selection.as_of, waiting) for waiting in (PENDING, TO_PAY)])


def _total(connection: Connection, as_of: date, waiting: str) -> WaitingTotal:
    requests, conditions = funding_requests.c, waits(waiting, as_of)
    joined = ledger.join(funding_requests, requests.request_key == ledger.c.request_key)
    whole = connection.execute(
        select(
            func.count().label("requests"),
            func.min(ledger.c.starts_on).label("oldest_on"),
            as_money(func.sum(ledger.c.amount)).label("amount"),
            func.count().filter(ledger.c.amount.is_(None)).label("without_rate"),
            func.count().filter(func.coalesce(events.c.ends_on, events.c.starts_on) < as_of).label("past"),
        )
        .select_from(joined.join(events, events.c.event_key == requests.event_key, isouter=True))
        .where(*conditions)
    ).one()
    over = exceptions = 0
    if waiting == PENDING:
        # Equal amounts of a person do the same: one of them is looked at for all.
        same = (requests.person_key, requests.requested_amount, requests.currency)
        alike = connection.execute(
            select(*same, func.count()).select_from(joined).where(*conditions).group_by(*same)
        ).all()
        who = select(ledger.c.person_key).select_from(joined).where(*conditions).distinct()
        found = effects(connection, as_of, who, [(person, amount, code) for person, amount, code, _ in alike])
        for (*_, count), effect in zip(alike, found, strict=True):
            over += count if effect.over else 0
            exceptions += count if effect.position.why_no_ceiling else 0
    amount = whole.amount if whole.requests > whole.without_rate else None if whole.requests else Decimal(0)
    return WaitingTotal(
        waiting,
        whole.requests,
        whole.oldest_on,
        amount,
        whole.without_rate,
        over,
        exceptions,
        whole.past,
    )
