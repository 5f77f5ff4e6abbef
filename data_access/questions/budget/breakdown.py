"""Where the money of the fiscal year goes: by category, member's region or cohort, or scale of the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from data_access.answers import Amount, Code, Day, Parts, Share, Text, table
from data_access.database.schema import events, funding_requests, ledger
from data_access.money import ledger as book
from data_access.privacy.amounts import FIGURES
from data_access.privacy.small_groups import Payment, shown_amount
from data_access.questions.budget.year import (
    OVERSEERS,
    Year,
    paid_name,
    payments_by_part,
    requested_year,
    shown_paid,
)
from data_access.questions.contributors.populations import group_of
from data_access.questions.registry import MONEY, question
from data_access.questions.released import Released, Windows
from data_access.selection import Period, Scope, Selection, SelectionError

BREAKDOWNS = ("category", "region", "cohort", "scale")


class MoneyPart(NamedTuple):
    part: Annotated[str, Text("Part", help="Empty: not given")]
    paid: Annotated[Decimal | None, Amount("Paid")]
    committed: Annotated[Decimal | None, Amount("Committed", help="Approved, not yet paid")]
    pending: Annotated[Decimal | None, Amount("Pending", help="Waits for a decision")]
    burnt: Annotated[Decimal, Amount("Burnt", help="Paid + committed; released is what is paid")]
    share: Annotated[float | None, Share("Share", help="Of everything burnt", of_whole=Parts())]
    currency: Annotated[str, Code("Currency")]
    as_of: Annotated[date, Day("As of")]


@question(
    roles=OVERSEERS,
    counts=MONEY,
    columns=MoneyPart,
    released=Released((Windows.FISCAL,), tuple({"by": by} for by in BREAKDOWNS)),
)
def budget_by(connection: Connection, selection: Selection, scope: Scope, *, by: str = "category") -> pd.DataFrame:
    """Where the fiscal year's money goes, by category, member's region or cohort, or scale of the event; most first.

    Released is what is paid, to two figures; parts that few members or mostly one member were paid for are left out.
    """
    if by not in BREAKDOWNS:
        raise SelectionError(f"Money is not broken down by {by!r}. Choose from {', '.join(BREAKDOWNS)}.")
    year = requested_year(connection, selection)
    if scope.inside:
        parts = _parts(connection, year, by)
        everything: Decimal | None = sum((part.burnt for part in parts), Decimal(0))
    else:
        parts = _released_parts(connection, year, scope, by)
        everything = shown_paid(connection, year.gone, scope)
    parts.sort(key=lambda part: (-part.burnt, part.part))
    digits = None if scope.inside else FIGURES
    shares = (_share(part.burnt, everything, digits) for part in parts)
    return table(MoneyPart, [part._replace(share=share) for part, share in zip(parts, shares, strict=True)])


def _share(part: Decimal, everything: Decimal | None, digits: int | None) -> float | None:
    if not everything:
        return None
    share = float(part / everything)
    return share if digits is None else round(share, digits)


def _parts(connection: Connection, year: Year, by: str) -> list[MoneyPart]:
    part, link = _divided_by(by, year)
    statement = select(part.label("part"), *book.sums(year.as_of)).select_from(link)
    return [
        MoneyPart(
            row.part or "",
            row.paid,
            row.committed,
            row.pending,
            burnt=row.paid + row.committed,
            share=None,
            currency=year.program.currency,
            as_of=year.as_of,
        )
        for row in connection.execute(statement.where(book.in_year(year.fiscal, year.as_of)).group_by("part"))
    ]


def _released_parts(connection: Connection, year: Year, scope: Scope, by: str) -> list[MoneyPart]:
    parts = []
    for name, payments in payments_of_each(connection, year, by).items():
        paid = shown_amount(payments, scope, paid_name(year.gone, by, name))
        if paid is not None:
            parts.append(MoneyPart(name, None, None, None, paid, None, year.program.currency, year.as_of))
    return parts


def payments_of_each(connection: Connection, year: Year, by: str) -> Mapping[str, Sequence[Payment]]:
    """What was paid in the year, part by part."""
    return payments_by_part(connection, year.gone, *_divided_by(by, year))


def _divided_by(by: str, year: Year) -> tuple[ColumnElement[Any], Any]:
    """The column to group by, and what to select it from, ledger included."""
    requests = ledger.join(funding_requests, funding_requests.c.request_key == ledger.c.request_key)
    if by == "category":
        return func.coalesce(funding_requests.c.category, ""), requests
    if by == "scale":
        joined = requests.join(events, events.c.event_key == funding_requests.c.event_key, isouter=True)
        return func.coalesce(events.c.scale, ""), joined
    period = Selection(Period(year.fiscal.start, year.fiscal.end), year.as_of)
    group = group_of("members", by, period).subquery("grouped")
    return func.coalesce(group.c.member_of, ""), ledger.join(
        group, group.c.person_key == ledger.c.person_key, isouter=True
    )
