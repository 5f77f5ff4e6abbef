"""The queue of requests that wait for a decision, those that wait for their payment, and the decisions made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, String, func, literal_column, select

from data_access.answers import Amount, Code, Count, Day, Flag, Key, Moment, Number, Share, Text, table
from data_access.database.schema import audit, events, funding_requests, ledger, people
from data_access.money.effect import AS_EXCEPTION, OVER_THE_CEILING, Effect, positions
from data_access.money.ledger import COMMITTED, fiscal_year_of, in_force
from data_access.money.rates import Rates
from data_access.program import load_program
from data_access.questions.registry import MONEY, NOTHING, question
from data_access.recorded import REQUEST, in_words
from data_access.selection import INSIDE, Scope, Selection, SelectionError
from data_access.wording import say

PENDING, TO_PAY = "pending", "to pay"
_STATES = {PENDING: "pending", TO_PAY: COMMITTED}
MOST_DECISIONS = 100
# So many people are named in a statement; more are looked for as the list was.
MOST_NAMED = 500
_AS_RECORDED = {OVER_THE_CEILING: "{change}, over the ceiling", AS_EXCEPTION: "{change}, as an exception"}


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
        Amount(
            "Amount",
            help="In the program’s currency at the rate of the day of the request, once approved of the decision; "
            "empty: no rate is known",
        ),
    ]
    ceiling: Annotated[Decimal | None, Amount("Ceiling", help="In the program’s currency; empty: none, or not known")]
    share_after: Annotated[
        float | None,
        Share(
            "Of the ceiling",
            help="With all that is paid and committed and this request at the rate of `as_of`; 100% is exactly the "
            "ceiling; empty: no ceiling, one of zero, or no rate",
        ),
    ]
    over: Annotated[bool | None, Flag("Over the ceiling")]
    membership: Annotated[
        str,
        Code("Membership", help="On that day; only graduated members have a ceiling"),
    ]
    for_board: Annotated[bool, Flag("For the board", help="Only the board can approve it")]
    event_key: Annotated[str | None, Key("Event’s key")]
    title: Annotated[str | None, Text("Event")]
    starts_on: Annotated[date | None, Day("Event’s first day")]
    days_to_event: Annotated[int | None, Number("Days to event", help="Negative: it is over")]
    country: Annotated[str | None, Key("Country code", help="Where the event takes place; ISO 3166")]
    city: Annotated[str | None, Text("City", help="Where the event takes place")]


@question(roles=INSIDE, counts=MONEY, columns=QueuedRequest)
def request_queue(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    waiting: str = PENDING,
    request: str = "",
    limit: int = 500,
) -> pd.DataFrame:
    """Requests that wait for a decision, oldest first, with their age and what they would take of the ceiling.

    With `waiting` "to pay" those that are approved and wait for their payment; with `request` only that one. As of
    `as_of`: what was decided later still waits. Filters do not apply. At most `limit` rows (0: all); `request_totals`
    counts them all.
    """
    own = [funding_requests.c.request_key == request] if request else []
    return table(QueuedRequest, queued(connection, selection.as_of, waiting, *own, limit=limit))


def queued(
    connection: Connection,
    as_of: date,
    waiting: str,
    *conditions: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] = (),
    limit: int = 0,
) -> list[QueuedRequest]:
    """What waits on a day and meets the conditions (of requests, events and the ledger); the oldest first."""
    requests = funding_requests.c
    since = requests.requested_on if waiting == PENDING else requests.decided_on
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
            ledger.c.amount,
            requests.event_key,
            events.c.title,
            events.c.starts_on,
            events.c.located_country.label("country"),
            events.c.city,
        )
        .join_from(ledger, funding_requests, requests.request_key == ledger.c.request_key)
        .join(people, people.c.person_key == requests.person_key)
        .join(events, events.c.event_key == requests.event_key, isouter=True)
        .where(*waits(waiting, as_of), *conditions)
        .order_by(*order, ledger.c.starts_on, requests.request_key)
    )
    if limit > 0:
        statement = statement.limit(limit)
    rows = connection.execute(statement).all()
    # The standings of those who are listed, not of everybody who waits.
    keys, own = {row.person_key for row in rows}, people.c.person_key
    who = select(own).where(own.in_(keys if len(keys) <= MOST_NAMED else select(statement.subquery().c.person_key)))
    return _against_ceilings(connection, as_of, who, rows, waiting)


def waits(waiting: str, as_of: date) -> list[ColumnElement[bool]]:
    """The conditions that a state in the ledger waits on a day, for a decision or for its payment.

    Raises SelectionError for anything else.
    """
    if waiting not in _STATES:
        raise SelectionError(f"{waiting!r} is not one of pending or to pay.")
    # Written into the statement: an index of this state alone is used for no parameter.
    state = literal_column(f"'{_STATES[waiting]}'", String)
    return [ledger.c.state == state, in_force(as_of), funding_requests.c.requested_on <= as_of]


def _against_ceilings(
    connection: Connection, as_of: date, who: Select[Any], rows: Sequence[Any], waiting: str
) -> list[QueuedRequest]:
    found = effects(connection, as_of, who, [(row.person_key, _wanted(row, waiting), row.currency) for row in rows])
    return [
        QueuedRequest(
            row.request_key,
            row.person_key,
            row.name,
            age_days=(as_of - row.since).days if row.since else None,
            requested_on=row.requested_on,
            category=row.category,
            requested_amount=row.requested_amount,
            approved_amount=row.approved_amount if waiting == TO_PAY else None,
            currency=row.currency,
            amount=row.amount,
            ceiling=effect.position.ceiling,
            share_after=effect.share,
            over=effect.over,
            membership=effect.position.membership,
            for_board=waiting == PENDING and effect.needs_board,
            event_key=row.event_key,
            title=row.title,
            starts_on=row.starts_on,
            days_to_event=(row.starts_on - as_of).days if row.starts_on else None,
            country=row.country,
            city=row.city,
        )
        for row, effect in zip(rows, found, strict=True)
    ]


def _wanted(row: Any, waiting: str) -> Decimal:
    """What would be added to the member's money: what is approved already is in it."""
    return row.requested_amount if waiting == PENDING else Decimal(0)


def effects(
    connection: Connection, as_of: date, who: Select[Any], wanted: Sequence[tuple[str, Decimal, str]]
) -> list[Effect]:
    """What each of the waiting amounts (person, amount, currency) would do on its own, in their order.

    `who` selects the keys of at least the people among them.
    """
    program = load_program(connection)
    rates = Rates(connection, program.currency) if program.currency else None
    year = fiscal_year_of(as_of, program)
    found = positions(connection, program, who, year=year, day=as_of, as_of=as_of) if wanted else {}
    return [
        Effect(found[person], rates.convert(amount, currency, as_of) if rates else None, currency)
        for person, amount, currency in wanted
    ]


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
    in_all: Annotated[int, Count("Decisions in all", "decisions", help="How many there are, listed or not")]


@question(roles=INSIDE, counts=NOTHING, columns=RequestDecision, names_people=True)
def request_decisions(connection: Connection, selection: Selection, scope: Scope, *, request: str = "") -> pd.DataFrame:
    """What was decided at the request desk, newest first, with its author and reason, from the append-only audit.

    At most 100, whatever `as_of`: the record is kept by the clock. With `request` only those of one request.
    """
    wanted = [audit.c.subject == REQUEST]
    if request:
        wanted.append(audit.c.subject_key == request)
    in_all = connection.execute(select(func.count()).select_from(audit).where(*wanted)).scalar_one()
    statement = (
        select(audit, people.c.name)
        .join_from(audit, funding_requests, funding_requests.c.request_key == audit.c.subject_key, isouter=True)
        .join(people, people.c.person_key == funding_requests.c.person_key, isouter=True)
        .where(*wanted)
        .order_by(audit.c.entry_id.desc())
        .limit(MOST_DECISIONS)
    )
    rows, undone = [], set()
    last: dict[str, str] = {}
    for row in connection.execute(statement):
        undone.add(row.undoes)
        change = in_words(REQUEST, json.loads(row.before), json.loads(row.after), names_people=True)
        words = say(_AS_RECORDED.get(row.action, "{change}"), change=change)
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
                in_all=in_all,
            )
        )
    return table(RequestDecision, rows)
