"""What was paid in each fiscal year: the one sum of money that everybody may know."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Amount, Code, Day, Flag, Key, table
from data_access.database.schema import ledger
from data_access.money import ledger as book
from data_access.privacy.small_groups import Payment, shown_amount
from data_access.program import load_program
from data_access.questions.registry import MONEY, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, Period, Scope, Selection


class YearSpending(NamedTuple):
    fiscal_year: Annotated[int, Key("Fiscal year", help="The calendar year in which it starts")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("First day after", help="Of the year, or of what is counted of it")]
    over: Annotated[bool, Flag("Year over")]
    currency: Annotated[str, Code("Currency")]
    paid: Annotated[
        Decimal | None,
        Amount("Paid", help="Released: to two figures. Empty: too few were paid, or one of them got more than half"),
    ]


# Told anew by each release under the same names: so the sums of all years are always protected beside each other.
@question(
    roles=EVERYBODY,
    counts=MONEY,
    columns=YearSpending,
    released=Released((Windows.EVERYTHING,), narrowed_by="starts_on"),
)
def spending_by_year(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What was paid to members in each fiscal year, at the rate of each payment's day; the first year first.

    The last year runs until `as_of`. Amounts without a known rate are in no sum; filters do not apply, and a program
    without a currency has no rows.
    """
    program = load_program(connection)
    until = min(selection.period.end, selection.as_of + timedelta(days=1))
    paid = select(ledger.c.fiscal_year, ledger.c.request_key, ledger.c.person_key, ledger.c.amount).where(
        ledger.c.state == book.PAID,
        ledger.c.amount.is_not(None),
        ledger.c.starts_on < until,
    )
    payments: defaultdict[int, list[Payment]] = defaultdict(list)
    for number, *payment in connection.execute(paid.order_by(ledger.c.request_key)) if program.currency else ():
        payments[number].append(Payment(*payment))
    rows = []
    for number, of_year in sorted(payments.items()):
        year = book.fiscal_year(number, program)
        if year.end <= selection.period.start:
            continue
        span = Period(year.start, min(year.end, until))
        rows.append(
            YearSpending(
                fiscal_year=number,
                starts_on=year.start,
                ends_on=span.end,
                over=span.end == year.end and year.end <= selection.over_by,
                currency=program.currency,
                paid=shown_amount(of_year, scope, paid_name(span)),
            )
        )
    return table(YearSpending, rows)


def paid_name(span: Period) -> tuple[str, str]:
    """How the release names what was paid in a span of days."""
    return ("paid", str(span))
