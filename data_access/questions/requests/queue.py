"""The queue of requests that wait for a decision, those that wait for their payment, and the decisions made."""

from __future__ import annotations

import json
from decimal import Decimal

import pandas as pd
from sqlalchemy import Connection, and_, or_, select

from data_access.database.schema import audit, events, funding_requests, people
from data_access.money.ledger import EVERYTHING, Standing, fiscal_year_of, standings
from data_access.money.rates import Rates
from data_access.program import load_program
from data_access.questions.frames import TEXT, WHOLE, frame, typed
from data_access.questions.members.standing import NAMED
from data_access.questions.registry import question
from data_access.recorded import REQUEST, in_words
from data_access.selection import Scope, Selection, SelectionError

PENDING, TO_PAY = "pending", "to pay"
MOST_DECISIONS = 100


@question(NAMED)
def request_queue(
    connection: Connection, selection: Selection, scope: Scope, *, waiting: str = PENDING, limit: int = 500
) -> pd.DataFrame:
    """Requests that wait for a decision, oldest first, with their age and what they would take of the ceiling.

    Columns: request_key, person_key, name, age_days (since the request, or with `waiting` "to pay" since the approval),
    requested_on, category, requested_amount, approved_amount, currency, amount (in the program's currency at the rate
    of `as_of`; missing: no rate is known), share_after (of the ceiling, with all that is recorded and this one; 1 is
    exactly the ceiling; missing: no ceiling or no rate), over (more than the ceiling), event_key, title, starts_on,
    days_to_event (negative: it is over), country. Requested up to `as_of`. Filters do not apply. At most `limit` rows
    (0: all).
    """
    if waiting not in (PENDING, TO_PAY):
        raise SelectionError(f"{waiting!r} is not one of pending or to pay.")
    asked = funding_requests
    since = asked.c.requested_on if waiting == PENDING else asked.c.decided_on
    if waiting == PENDING:
        condition = or_(asked.c.decision == "pending", asked.c.decision.is_(None))
    else:
        condition = and_(asked.c.decision == "approved", asked.c.paid_amount.is_(None))
    statement = (
        select(
            asked.c.request_key,
            asked.c.person_key,
            people.c.name,
            since.label("since"),
            asked.c.requested_on,
            asked.c.category,
            asked.c.requested_amount,
            asked.c.approved_amount,
            asked.c.currency,
            asked.c.event_key,
            events.c.title,
            events.c.starts_on,
            events.c.located_country.label("country"),
        )
        .join_from(asked, people, people.c.person_key == asked.c.person_key)
        .join(events, events.c.event_key == asked.c.event_key, isouter=True)
        .where(condition, asked.c.requested_on <= selection.as_of)
        .order_by(since, asked.c.request_key)
    )
    table = frame(connection, statement.limit(limit) if limit > 0 else statement)
    return _against_ceilings(connection, selection, table, waiting)


_COLUMNS = ["request_key", "person_key", "name", "age_days", "requested_on", "category", "requested_amount"]
_COLUMNS += ["approved_amount", "currency", "amount", "share_after", "over", "event_key", "title", "starts_on"]
_COLUMNS += ["days_to_event", "country"]


def _against_ceilings(connection: Connection, selection: Selection, table: pd.DataFrame, waiting: str) -> pd.DataFrame:
    program, as_of = load_program(connection), selection.as_of
    amounts: list[Decimal | None] = [None] * len(table)
    shares: list[float | None] = [None] * len(table)
    over: list[bool | None] = [None] * len(table)
    if program.currency and len(table):
        rates = Rates(connection, program.currency)
        column = "requested_amount" if waiting == PENDING else "approved_amount"
        amounts = [
            rates.convert(amount, currency, as_of)
            for amount, currency in zip(table[column], table["currency"], strict=True)
        ]
        people_now = list(dict.fromkeys(table["person_key"]))
        found: dict[str, Standing] = {}
        for first in range(0, len(people_now), 200):
            part = people_now[first : first + 200]
            found |= standings(connection, program, fiscal_year_of(as_of, program), EVERYTHING, part)
        for place, (person, amount) in enumerate(zip(table["person_key"], amounts, strict=True)):
            own = found[person]
            if own.ceiling and amount is not None:
                after = own.paid + own.committed + (amount if waiting == PENDING else 0)
                shares[place], over[place] = float(after / own.ceiling), after > own.ceiling
    table["age_days"] = [(as_of - day).days if day else None for day in table["since"]]
    table["days_to_event"] = [(day - as_of).days if day else None for day in table["starts_on"]]
    table["amount"] = pd.Series(amounts, dtype=object)
    table["share_after"], table["over"] = pd.Series(shares, dtype="Float64"), pd.Series(over, dtype="boolean")
    return typed(table[_COLUMNS], request_key=TEXT, person_key=TEXT, currency=TEXT, age_days=WHOLE, days_to_event=WHOLE)


@question(NAMED)
def request_decisions(connection: Connection, selection: Selection, scope: Scope, *, request: str = "") -> pd.DataFrame:
    """What was decided at the request desk, newest first, with its author and reason, from the append-only audit.

    Columns: entry_id, happened_at (UTC), author, request_key, name, words, note, undone (by a later entry), newest
    (what it wrote is what was written last of its request: only then can it be undone). At most 100, whatever `as_of`;
    with `request` only those of one request.
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
        what = (row.entry_id, row.happened_at, row.author, row.subject_key, row.name, words[:1].upper() + words[1:])
        newest = last.setdefault(row.subject_key, row.after) == row.after
        rows.append((*what, row.note, row.entry_id in undone, newest))
    columns = ["entry_id", "happened_at", "author", "request_key", "name", "words", "note", "undone", "newest"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    texts = dict.fromkeys(("author", "request_key", "words"), TEXT)
    return typed(table, entry_id=WHOLE, **texts, undone="boolean", newest="boolean")
