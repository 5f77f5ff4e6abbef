"""Where the money of the fiscal year goes: by category, member's region or cohort, or scale of the event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from data_access.answers import Amount, Code, Day, Parts, Share, Text, table
from data_access.database.schema import events, funding_requests, ledger
from data_access.money import ledger as book
from data_access.questions.budget.division import Division, newest_division
from data_access.questions.budget.year import OVERSEERS, Year, released_days, requested_year
from data_access.questions.contributors.populations import group_of
from data_access.questions.registry import MONEY, question
from data_access.selection import Period, Scope, Selection, SelectionError

BREAKDOWNS = ("category", "region", "cohort", "scale")
ELSEWHERE = "all others"


class MoneyPart(NamedTuple):
    part: Annotated[str, Text("Part", help="Empty: not given")]
    paid: Annotated[Decimal | None, Amount("Paid")]
    committed: Annotated[Decimal | None, Amount("Committed", help="Approved, not yet paid")]
    pending: Annotated[Decimal | None, Amount("Pending", help="Waits for a decision")]
    burnt: Annotated[Decimal, Amount("Burnt", help="Paid + committed; for leadership what is paid")]
    share: Annotated[float | None, Share("Share", help="Of everything burnt", of_whole=Parts())]
    currency: Annotated[str, Code("Currency")]
    as_of: Annotated[date, Day("As of")]


@question(roles=OVERSEERS, counts=MONEY, columns=MoneyPart)
def budget_by(connection: Connection, selection: Selection, scope: Scope, *, by: str = "category") -> pd.DataFrame:
    """Where the fiscal year's money goes, by category, member's region or cohort, or scale of the event; most first.

    For leadership `burnt` is what is paid, the other sums are missing, `as_of` is the last end of a quarter that may be
    released, and parts in which too few members were paid are shown together ("all others").
    """
    if by not in BREAKDOWNS:
        raise SelectionError(f"Money is not broken down by {by!r}. Choose from {', '.join(BREAKDOWNS)}.")
    year = requested_year(connection, selection, scope)
    if year.least:
        division = released_division(connection, year, by)
        parts = list(_released_parts(division, year))
    else:
        parts = _parts(connection, year, by)
    everything = sum((part.burnt for part in parts), Decimal(0))
    parts.sort(key=lambda part: (part.part == ELSEWHERE, -part.burnt, part.part))
    shares = (float(part.burnt / everything) if everything else None for part in parts)
    return table(MoneyPart, [part._replace(share=share) for part, share in zip(parts, shares, strict=True)])


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


def _released_parts(division: Division, year: Year) -> Iterator[MoneyPart]:
    named = list(division.alone.items())
    if division.others is not None:
        named.append((ELSEWHERE, division.others))
    for name, paid in named:
        yield MoneyPart(name, None, None, None, paid, None, year.program.currency, division.day)


def released_division(connection: Connection, year: Year, by: str) -> Division:
    """What leadership may see of how the money paid in the year divides."""
    # As of the year's last day, whatever the day: a member who changes cohorts must not seem to be paid.
    part, link = _divided_by(by, replace(year, as_of=year.fiscal.last_day))
    return newest_division(connection, year.fiscal.number, released_days(connection, year), year.least, part, link)


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
