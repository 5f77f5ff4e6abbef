"""The queue of requests that wait for a decision, those that wait for their payment, and the decisions made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, and_, or_, select

from data_access.answers import Amount, Code, Count, Day, Flag, Key, Moment, Number, Share, Text, table
from data_access.database.schema import audit, events, funding_requests, people
from data_access.money.ledger import EVERYTHING, Standing, fiscal_year_of, standings
from data_access.money.rates import Rates
from data_access.program import load_program
from data_access.questions.members.standing import NAMED
from data_access.questions.registry import MONEY, NOTHING, question
from data_access.recorded import REQUEST, in_words
from data_access.selection import Scope, Selection, SelectionError

PENDING, TO_PAY = "pending", "to pay"
MOST_DECISIONS = 100


class QueuedRequest(NamedTuple):
    request_key: Annotated[str, Key("Request")]
    person_key: Annotated[str, Key("Member’s key")]
    name: Annotated[str | None, Text("Member")]
    age_days: Annotated[
        int | None, Count("Age in days", "days", help="Since the request; of those to pay since the approval")
    ]
    requested_on: Annotated[date, Day("Requested on")]
    category: Annotated[str | None, Code("For")]
    requested_amount: Annotated[Decimal, Amount("Requested", help="In its own currency")]
    approved_amount: Annotated[Decimal | None, Amount("Approved", help="In its own currency")]
    currency: Annotated[str, Code("Currency", help="Its own")]
    amount: Annotated[
        Decimal | None,
        Amount("Amount", help="In the program’s currency at the rate of the day; empty: no rate is known"),
    ]
    share_after: Annotated[
        float | None,
        Share(
            "Of the ceiling",
            help="With all that is recorded and this request; 100% is exactly the ceiling; empty: no ceiling or no "
            "rate",
        ),
    ]
    over: Annotated[bool | None, Flag("Over the ceiling")]
    event_key: Annotated[str | None, Key("Event’s key")]
    title: Annotated[str | None, Text("Event")]
    starts_on: Annotated[date | None, Day("Event’s first day")]
    days_to_event: Annotated[int | None, Number("Days to event", help="Negative: it is over")]
    country: Annotated[str | None, Key("Country code", help="Where the event takes place; ISO 3166")]


@question(roles=NAMED, counts=MONEY, columns=QueuedRequest)
def request_queue(
    connection: Connection, selection: Selection, scope: Scope, *, waiting: str = PENDING, limit: int = 500
) -> pd.DataFrame:
    """Requests that wait for a decision, oldest first, with their age and what they would take of the ceiling.

    With `waiting` "to pay" those that are approved and wait for their payment. Requested up to `as_of`. Filters do not
    apply. At most `limit` rows (0: all).
    """
    if waiting not in (PENDING, TO_PAY):
        raise SelectionError(f"{waiting!r} is not one of pending or to pay.")
    requests = funding_requests.c
    since = requests.requested_on if waiting == PENDING else requests.decided_on
    if waiting == PENDING:
        condition = or_(requests.decision == "pending", requests.decision.is_(None))
    else:
        condition = and_(requests.decision == "approved", requests.paid_amount.is_(None))
    statement = (
        select(
            requests.request_key,
            requests.person_key,
            people.c.name,
            since.label("since"),
            requests.requested_on,
            requests.category,
            requests.requested_amount,
            requests.approved_amount,
            requests.currency,
            requests.event_key,
            events.c.title,
            events.c.starts_on,
            events.c.located_country.label("country"),
        )
        .join_from(funding_requests, people, people.c.person_key == requests.person_key)
        .join(events, events.c.event_key == requests.event_key, isouter=True)
        .where(condition, requests.requested_on <= selection.as_of)
        .order_by(since, requests.request_key)
    )
    rows = connection.execute(statement.limit(limit) if limit > 0 else statement).all()
    return table(QueuedRequest, _against_ceilings(connection, selection.as_of, rows, waiting))


def _against_ceilings(connection: Connection, as_of: date, rows: Sequence[Any], waiting: str) -> list[QueuedRequest]:
    program = load_program(connection)
    rates = Rates(connection, program.currency) if program.currency and rows else None
    found: dict[str, Standing] = {}
    if rates:
        keys = list(dict.fromkeys(row.person_key for row in rows))
        for first in range(0, len(keys), 200):
            part = keys[first : first + 200]
            found |= standings(connection, program, fiscal_year_of(as_of, program), EVERYTHING, part)
    queued = []
    for row in rows:
        wanted = row.requested_amount if waiting == PENDING else row.approved_amount
        amount = rates.convert(wanted, row.currency, as_of) if rates else None
        share, over = None, None
        own = found.get(row.person_key)
        if own is not None and own.ceiling and amount is not None:
            after = own.paid + own.committed + (amount if waiting == PENDING else 0)
            share, over = float(after / own.ceiling), after > own.ceiling
        queued.append(
            QueuedRequest(
                row.request_key,
                row.person_key,
                row.name,
                age_days=(as_of - row.since).days if row.since else None,
                requested_on=row.requested_on,
                category=row.category,
                requested_amount=row.requested_amount,
                approved_amount=row.approved_amount,
                currency=row.currency,
                amount=amount,
                share_after=share,
                over=over,
                event_key=row.event_key,
                title=row.title,
                starts_on=row.starts_on,
                days_to_event=(row.starts_on - as_of).days if row.starts_on else None,
                country=row.country,
            )
        )
    return queued


class RequestDecision(NamedTuple):
    entry_id: Annotated[int, Key("Entry")]
    happened_at: Annotated[datetime, Moment("When (UTC)")]
    author: Annotated[str, Text("By")]
    request_key: Annotated[str, Key("Request")]
    name: Annotated[str | None, Text("Member")]
    words: Annotated[str, Text("What")]
    note: Annotated[str | None, Text("Reason")]
    undone: Annotated[bool, Flag("Undone", help="By a later entry")]
    newest: Annotated[
        bool, Flag("Newest", help="What it wrote was written last of its request: only then can it be undone")
    ]


@question(roles=NAMED, counts=NOTHING, columns=RequestDecision)
def request_decisions(connection: Connection, selection: Selection, scope: Scope, *, request: str = "") -> pd.DataFrame:
    """What was decided at the request desk, newest first, with its author and reason, from the append-only audit.

    At most 100, whatever `as_of`; with `request` only those of one request.
    """
    statement = (
        select(audit, people.c.name)
        .join_from(audit, funding_requests, funding_requests.c.request_key == audit.c.subject_key, isouter=True)
        .join(people, people.c.person_key == funding_requests.c.person_key, isouter=True)
        .where(audit.c.subject == REQUEST)
        .order_by(audit.c.entry_id.desc())
        .limit(MOST_DECISIONS)
    )
    if request:
        statement = statement.where(audit.c.subject_key == request)
    rows, undone = [], set()
    last: dict[str, str] = {}
    for row in connection.execute(statement):
        undone.add(row.undoes)
        words = in_words(REQUEST, json.loads(row.before), json.loads(row.after), names_people=True)
        rows.append(
            RequestDecision(
                row.entry_id,
                row.happened_at,
                row.author,
                row.subject_key,
                row.name,
                words[:1].upper() + words[1:],
                row.note,
                undone=row.entry_id in undone,
                newest=last.setdefault(row.subject_key, row.after) == row.after,
            )
        )
    return table(RequestDecision, rows)
