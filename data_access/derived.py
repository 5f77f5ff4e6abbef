"""Derived tables: computed when data changes, for what changed only, so that questions stay small and fast."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select

from data_access import schema
from data_access.bulk import BulkInserter
from data_access.column_types import MONEY_SCALE, Money
from data_access.program import load_program
from data_access.schema import (
    contributions,
    contributor_spans,
    funding_conversions,
    funding_requests,
    team_contributors,
)

STREAM_ROWS = 10_000


# One row for each entry of a `;`-separated cell. SQLite splits through JSON: the quoted text becomes a quoted list.
_SPLIT = {
    "sqlite": "SELECT {key}, entries.value FROM {staged}, "
    "json_each('[' || replace(json_quote({column}), ';', '\",\"') || ']') AS entries",
    "postgresql": "SELECT {key}, unnest(string_to_array({column}, ';')) FROM {staged}",
}


def refresh_lists(connection: Connection, staged: Table, owner: str, column: str, *, replacing: bool) -> None:
    """One row for each entry of a list cell (topics, languages) of the staged rows.

    `replacing` says that some of those rows are known already: their older entries go first.
    """
    target = schema.LIST_TABLES[owner, column]
    key = target.columns[0]
    if replacing:
        connection.execute(delete(target).where(key.in_(select(staged.c[key.name]))))
    split = _SPLIT[connection.dialect.name].format(key=key.name, staged=staged.name, column=column)
    connection.exec_driver_sql(
        f"INSERT INTO {target.name} {split} WHERE {column} IS NOT NULL ORDER BY {key.name}"  # our own names
    )


def refresh_spans(connection: Connection, staged: Table | None) -> None:
    """First and last day and total quantity of the people whose contributions were staged (None: of everybody)."""
    spans = select(
        contributions.c.person_key,
        func.min(contributions.c.contributed_on),
        func.max(contributions.c.contributed_on),
        func.sum(contributions.c.quantity),
    ).group_by(contributions.c.person_key)
    if staged is None or connection.execute(select(contributor_spans).limit(1)).first() is None:
        connection.execute(delete(contributor_spans))
    else:
        touched = select(staged.c.person_key)
        connection.execute(delete(contributor_spans).where(contributor_spans.c.person_key.in_(touched)))
        spans = spans.where(contributions.c.person_key.in_(touched))
    connection.execute(insert(contributor_spans).from_select(contributor_spans.columns.keys(), spans))


def refresh_team_contributors(connection: Connection, staged: Table | None) -> None:
    """First day in each team of the people whose contributions were staged (None: of everybody)."""
    firsts = (
        select(contributions.c.team_key, contributions.c.person_key, func.min(contributions.c.contributed_on))
        .where(contributions.c.team_key.is_not(None))
        .group_by(contributions.c.team_key, contributions.c.person_key)
    )
    if staged is None or connection.execute(select(team_contributors).limit(1)).first() is None:
        connection.execute(delete(team_contributors))
    else:
        touched = select(staged.c.person_key)
        connection.execute(delete(team_contributors).where(team_contributors.c.person_key.in_(touched)))
        firsts = firsts.where(contributions.c.person_key.in_(touched))
    connection.execute(insert(team_contributors).from_select(team_contributors.columns.keys(), firsts))


class Rates:
    """Exchange rates to the program's currency, each in force from its date until the next one."""

    def __init__(self, connection: Connection, currency: str) -> None:
        self.currency = currency
        self._rates: dict[str, tuple[list[date], list[Decimal]]] = defaultdict(lambda: ([], []))
        rates = schema.exchange_rates
        for code, day, rate in connection.execute(
            select(rates.c.currency, rates.c.on, rates.c.rate_to_program_currency).order_by(
                rates.c.currency, rates.c.on
            )
        ):
            days, values = self._rates[code]
            days.append(day)
            values.append(rate)

    def at(self, currency: str, day: date) -> tuple[Decimal, date] | None:
        """The rate and its date, or None where none is known on that day: never a guess."""
        if currency == self.currency:
            return Decimal(1), day
        days, values = self._rates.get(currency, ([], []))
        index = bisect_right(days, day) - 1
        return (values[index], days[index]) if index >= 0 else None

    def convert(self, amount: Decimal | None, currency: str, day: date | None) -> Decimal | None:
        """The amount in the program's currency, to the ten-thousandth; None where amount, day or rate is unknown."""
        found = self.at(currency, day) if amount is not None and day is not None else None
        if found is None or amount is None:
            return None
        return (amount * found[0]).quantize(Decimal(1) / MONEY_SCALE, ROUND_HALF_EVEN)


def refresh_conversions(connection: Connection, staged: Table | None) -> None:
    """Requested, approved and paid amounts in the program's currency, each at its own date's rate.

    For the staged requests only, or for all (None) when rates or the program's currency changed.
    """
    currency = load_program(connection).currency
    requests = funding_requests
    wanted: Select[Any] = select(requests)
    if staged is None:
        connection.execute(delete(funding_conversions))
    else:
        touched = select(staged.c.request_key)
        connection.execute(delete(funding_conversions).where(funding_conversions.c.request_key.in_(touched)))
        wanted = wanted.where(requests.c.request_key.in_(touched))
    rates = Rates(connection, currency)
    rows = connection.execute(wanted, execution_options={"yield_per": STREAM_ROWS})
    BulkInserter(connection, funding_conversions).stream(_converted(rows, rates))


def _converted(rows: Any, rates: Rates) -> Iterator[tuple[Any, ...]]:
    stored = Money().process_bind_param
    for row in rows:
        requested = rates.convert(row.requested_amount, row.currency, row.requested_on)
        approved = rates.convert(row.approved_amount, row.currency, row.decided_on)
        paid = rates.convert(row.paid_amount, row.currency, row.paid_on)
        rate = rates.at(row.currency, row.paid_on) if paid is not None else None
        amounts = [stored(amount, None) for amount in (requested, approved, paid)]  # type: ignore[arg-type]  # unused
        yield (row.request_key, *amounts, *((str(rate[0]), rate[1].isoformat()) if rate else (None, None)))
