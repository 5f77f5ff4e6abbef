"""The subscriptions of who is erased: they end, and the address is struck out with the person."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from data_access.database.schema import deliveries, subscription_looks, subscriptions, told_items
from data_access.persons.naming import Persons
from data_access.subscriptions import WEBHOOK


def end_subscriptions(connection: Connection, persons: Persons) -> list[str]:
    """End those that are for one of the persons, or whose address names one; returns the addresses."""
    own = subscriptions.c
    rows = connection.execute(select(own.subscription_key, own.address, own.person_key).where(own.channel != WEBHOOK))
    theirs: Mapping[str, str] = {
        row.subscription_key: row.address
        for row in rows
        if row.person_key in persons.keys or persons.are_named_in(row.address)
    }
    for table in (subscriptions, subscription_looks, told_items, deliveries):
        connection.execute(delete(table).where(table.c.subscription_key.in_(list(theirs))))
    return sorted(set(theirs.values()))
