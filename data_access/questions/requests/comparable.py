"""Events to compare the cost of an event with: of its scale and region, held lately, with attendance and money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from data_access.database.schema import countries, events, funding_conversions, funding_requests, regions

MOST_COMPARED, COMPARED_DAYS = 200, 730


@dataclass(frozen=True, slots=True)
class Compared:
    """A held event with its attendance and what was paid or approved for it, in the program's currency."""

    attendance: int
    cost: Decimal


def comparable_events(connection: Connection, row: Row[Any], as_of: date) -> list[Compared]:
    """The latest held events of the same scale and region with attendance and money, each with its cost."""
    approved = (
        select(funding_requests.c.request_key)
        .where(funding_requests.c.event_key == events.c.event_key, _approved_by(as_of))
        .exists()
    )
    statement = (
        select(events.c.event_key, events.c.attendance)
        .where(
            events.c.starts_on > as_of - timedelta(days=COMPARED_DAYS),
            events.c.starts_on <= as_of,
            events.c.event_key != row.event_key,
            events.c.attendance > 0,
            events.c.status == "held",
            *_same_kind(connection, row),
            approved,
        )
        .order_by(events.c.starts_on.desc(), events.c.event_key)
        .limit(MOST_COMPARED)
    )
    attendances = {found.event_key: found.attendance for found in connection.execute(statement)}
    costs = event_costs(connection, list(attendances), as_of)
    return [Compared(attendances[key], cost) for key in attendances if (cost := costs.get(key, Decimal(0))) is not None]


def _same_kind(connection: Connection, row: Row[Any]) -> list[ColumnElement[bool]]:
    alike: list[ColumnElement[bool]] = [] if row.scale is None else [events.c.scale == row.scale]
    if row.mode == "online":
        return [*alike, events.c.mode == "online"]
    if row.located_country is None:
        return alike
    return [*alike, events.c.located_country.in_(_same_region(connection, row.located_country))]


def _same_region(connection: Connection, country: str) -> list[str]:
    own = select(countries.c.country, countries.c.region.label("usual"), regions.c.region.label("own")).join_from(
        countries, regions, regions.c.country == countries.c.country, isouter=True
    )
    region = {row.country: row.own or row.usual for row in connection.execute(own)}
    return sorted(code for code, name in region.items() if name == region.get(country)) or [country]


def _approved_by(as_of: date) -> ColumnElement[bool]:
    """Approved on a day, or on an unknown one of a request that was made by then."""
    decided_on = func.coalesce(funding_requests.c.decided_on, funding_requests.c.requested_on)
    return and_(funding_requests.c.decision == "approved", decided_on <= as_of)


def event_costs(
    connection: Connection, event_keys: list[str], as_of: date, without: str = ""
) -> dict[str, Decimal | None]:
    """What was paid, or else approved, for each event in the program's currency; None with an amount without a rate."""
    requests, converted = funding_requests, funding_conversions
    paid = and_(requests.c.paid_amount.is_not(None), requests.c.paid_on <= as_of)
    amount = case((paid, converted.c.paid), else_=converted.c.approved)
    statement = (
        select(requests.c.event_key, amount.label("amount"))
        .join_from(requests, converted, converted.c.request_key == requests.c.request_key, isouter=True)
        .where(requests.c.event_key.in_(event_keys), _approved_by(as_of), requests.c.request_key != without)
    )
    found: dict[str, Decimal | None] = {}
    for key, cost in connection.execute(statement):
        before = found.get(key, Decimal(0))
        found[key] = None if before is None or cost is None else before + cost
    return found
