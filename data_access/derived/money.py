"""Money, converted and dated: what each request and budget is in the program's currency, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Select,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    true,
    type_coerce,
)

from data_access.database.bulk import BulkInserter
from data_access.database.column_types import Money
from data_access.database.schema import (
    budget_conversions,
    budgets,
    funding_conversions,
    funding_requests,
    ledger,
)
from data_access.money.ledger import COMMITTED, PAID, PENDING, PROGRAM, fiscal_year, fiscal_year_in_sql
from data_access.money.rates import Rates
from data_access.program import Program, load_program

STREAM_ROWS = 10_000


def refresh_money(connection: Connection, requests: Select[Any] | None) -> None:
    """Conversions and ledger of the requests whose keys are selected; of all (None) when rates changed."""
    program = load_program(connection)
    rates = Rates(connection, program.currency)
    wanted: Select[Any] = select(
        *(type_coerce(column, BigInteger) if isinstance(column.type, Money) else column for column in _CONVERTED)
    )
    gone = delete(funding_conversions)
    if requests is not None:
        wanted = wanted.where(funding_requests.c.request_key.in_(requests))
        gone = gone.where(funding_conversions.c.request_key.in_(requests))
    connection.execute(gone)
    rows = connection.execute(wanted, execution_options={"yield_per": STREAM_ROWS})
    BulkInserter(connection, funding_conversions).stream(_converted(rows, rates))
    refresh_ledger(connection, program, requests)


_CONVERTED = tuple(
    funding_requests.c[name]
    for name in (
        *("request_key", "currency", "requested_amount", "requested_on", "approved_amount", "decided_on"),
        *("paid_amount", "paid_on"),
    )
)


def _converted(rows: Any, rates: Rates) -> Iterator[tuple[Any, ...]]:
    for key, currency, requested, requested_on, approved, decided_on, paid, paid_on in rows:
        yield (
            key,
            *_conversion(rates, requested, currency, requested_on),
            *_conversion(rates, approved, currency, decided_on or requested_on),
            *_conversion(rates, paid, currency, paid_on),
        )


_NOTHING = (None, None, None, None)


def _conversion(rates: Rates, amount: int | None, currency: str, day: date | None) -> tuple[Any, ...]:
    """Amount (as the database stores it), rate, its day and its source."""
    if amount is None or day is None:
        return _NOTHING
    rate = rates.at(currency, day)
    if rate is None:
        return _NOTHING
    return rate.convert_stored(amount), str(rate.value), rate.on.isoformat(), rate.source


def refresh_ledger(connection: Connection, program: Program, requests: Select[Any] | None) -> None:
    """The states of the requests whose keys are selected, or of all (None), from their dates and converted amounts.

    A request that was decided or paid is no longer pending from that day on; one that was paid is no longer committed.
    An approval without a day counts from the day of the request; a payment without a day is not one yet.
    """
    request, converted = funding_requests.c, funding_conversions.c
    gone = delete(ledger)
    if requests is not None:
        gone = gone.where(ledger.c.request_key.in_(requests))
    connection.execute(gone)
    is_paid = and_(request.paid_amount.is_not(None), request.paid_on.is_not(None))
    is_pending = or_(request.decision.is_(None), request.decision == "pending")
    is_approved = request.decision == "approved"
    paid_on = case((is_paid, request.paid_on))
    approved_on = func.coalesce(request.decided_on, request.requested_on)
    # What was decided on an unknown day was never pending as far as we know, and is from the start what it is now.
    decided_on = case((is_pending, null()), else_=approved_on)
    paid_first = and_(is_paid, or_(decided_on.is_(None), request.paid_on < decided_on))
    closed_on = case((paid_first, request.paid_on), else_=decided_on)
    states = (
        (PENDING, true(), request.requested_on, closed_on, converted.requested),
        (COMMITTED, is_approved, approved_on, paid_on, converted.approved),
        (PAID, is_paid, request.paid_on, null(), converted.paid),
    )
    for state, holds, starts_on, ends_on, amount in states:
        lasting = or_(ends_on.is_(None), ends_on > starts_on)
        rows = (
            select(
                request.request_key,
                literal_column(f"'{state}'"),
                request.person_key,
                fiscal_year_in_sql(starts_on, program),
                starts_on,
                cast(ends_on, Date) if state == PAID else ends_on,
                amount,
            )
            .join_from(
                funding_requests, funding_conversions, converted.request_key == request.request_key, isouter=True
            )
            .where(holds, lasting)
        )
        if requests is not None:
            rows = rows.where(request.request_key.in_(requests))
        connection.execute(insert(ledger).from_select(ledger.columns.keys(), rows))


def refresh_budgets(connection: Connection) -> None:
    """Budgets and ceilings in the program's currency, at the rate of their fiscal year's first day."""
    program = load_program(connection)
    rates = Rates(connection, program.currency)
    connection.execute(delete(budget_conversions))
    own = budgets.c
    wanted = select(own.fiscal_year, own.person_key, own.currency, type_coerce(own.amount, BigInteger))
    rows = [
        (year, person or PROGRAM, *_conversion(rates, amount, currency, fiscal_year(year, program).start))
        for year, person, currency, amount in connection.execute(wanted)
    ]
    BulkInserter(connection, budget_conversions).stream(rows)
