"""Amounts in their own currencies: those that no sum counts for want of a rate, and requested against approved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, and_, func, or_, select

from data_access.answers import Amount, Code, Count, Day, Key, Share, table
from data_access.database.schema import funding_conversions, funding_requests, ledger
from data_access.money import ledger as book
from data_access.questions.budget.year import requested_year
from data_access.questions.registry import MONEY, question
from data_access.selection import INSIDE, Scope, Selection


class AmountWithoutRate(NamedTuple):
    request_key: Annotated[str, Key("Request")]
    person_key: Annotated[str, Key("Member")]
    state: Annotated[str, Code("State", help="pending, committed or paid")]
    amount: Annotated[Decimal, Amount("Amount")]
    currency: Annotated[str, Code("Currency", help="Its own")]
    day: Annotated[date, Day("No rate for")]


@question(roles=INSIDE, counts=MONEY, columns=AmountWithoutRate)
def unconverted_amounts(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Amounts of the fiscal year that no sum counts, because no exchange rate is known for their day (PM and board).

    Newest first.
    """
    year = requested_year(connection, selection)
    requests = funding_requests.c
    rows = connection.execute(
        select(
            ledger.c.request_key,
            ledger.c.person_key,
            ledger.c.state,
            *_OWN_AMOUNTS,
            requests.currency,
            ledger.c.starts_on,
        )
        .join_from(ledger, funding_requests, requests.request_key == ledger.c.request_key)
        .where(book.in_year(year.fiscal, year.as_of), ledger.c.amount.is_(None))
        .order_by(ledger.c.starts_on.desc(), ledger.c.request_key)
    )
    own = {book.PENDING: "requested_amount", book.COMMITTED: "approved_amount", book.PAID: "paid_amount"}
    found = [
        AmountWithoutRate(
            row.request_key, row.person_key, row.state, row._mapping[own[row.state]], row.currency, row.starts_on
        )
        for row in rows
    ]
    return table(AmountWithoutRate, found)


_OWN_AMOUNTS = tuple(funding_requests.c[name] for name in ("requested_amount", "approved_amount", "paid_amount"))


class CurrencyRequests(NamedTuple):
    currency: Annotated[str, Code("Currency")]
    requests: Annotated[int, Count("Requests", "requests")]
    requested: Annotated[Decimal | None, Amount("Requested")]
    decided: Annotated[int, Count("Decided", "requests", help="With both amounts")]
    requested_of_decided: Annotated[Decimal | None, Amount("Requested, of those decided")]
    approved: Annotated[Decimal | None, Amount("Approved")]
    approved_share: Annotated[float | None, Share("Approved ÷ requested", help="Of those decided")]
    converted: Annotated[int, Count("With a rate", "requests", help="For the day of the request")]


@question(roles=INSIDE, counts=MONEY, columns=CurrencyRequests)
def requested_and_approved(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What was requested and approved in the period, in each currency by itself (PM and board).

    Counted are the requests made in the period up to `as_of`; one that was decided later is not decided yet.
    """
    requests = funding_requests.c
    by_then = or_(requests.decided_on.is_(None), requests.decided_on <= selection.as_of)
    both = and_(requests.approved_amount.is_not(None), by_then)
    statement = (
        select(
            requests.currency,
            func.count().label("requests"),
            book.as_money(func.sum(requests.requested_amount)).label("requested"),
            func.count().filter(both).label("decided"),
            book.as_money(func.sum(requests.requested_amount).filter(both)).label("requested_of_decided"),
            book.as_money(func.sum(requests.approved_amount).filter(both)).label("approved"),
            func.count(funding_conversions.c.requested).label("converted"),
        )
        .join_from(
            funding_requests,
            funding_conversions,
            funding_conversions.c.request_key == requests.request_key,
            isouter=True,
        )
        .where(
            requests.requested_on >= selection.period.start,
            requests.requested_on < selection.period.end,
            requests.requested_on <= selection.as_of,
        )
        .group_by(requests.currency)
        .order_by(func.count().desc(), requests.currency)
    )
    rows = []
    for row in connection.execute(statement).mappings():
        requested, approved = row["requested_of_decided"], row["approved"]
        share = float(approved / requested) if approved is not None and requested else None
        rows.append(CurrencyRequests(**row, approved_share=share))
    return table(CurrencyRequests, rows)
