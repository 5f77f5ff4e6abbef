"""The last trace of each person: the latest day in any row about them, by which a retention period is counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Date, Select, Table, func, select

from data_access.contract.tables import TABLES, Kind
from data_access.database.schema import budgets, memberships, metadata, people
from data_access.persons.belonging import ERASED_NAME, OUTLIVES_THEM, PERSON_TABLES


def gone_for(connection: Connection, years: int, as_of: date) -> list[str]:
    """Who left their last trace longer ago than that many years, sorted.

    Members and coordinators are here, whenever their last day was. Who left no day at all cannot be judged and stays,
    and who was erased is gone already.
    """
    limit = _years_before(as_of, years)
    last: dict[str, date] = {}
    for statement in _traces():
        for key, day in connection.execute(statement).all():
            if day is not None and (key not in last or day > last[key]):
                last[key] = day
    erased = select(people.c.person_key).where(people.c.name == ERASED_NAME, people.c.person_key.startswith("erased-"))
    here = set(connection.execute(erased).scalars())
    here |= set(connection.execute(select(memberships.c.person_key).where(memberships.c.ended_on.is_(None))).scalars())
    for name in OUTLIVES_THEM:
        for column in PERSON_TABLES[metadata.tables[name]]:
            here |= set(connection.execute(select(column).where(column.is_not(None))).scalars())
    return sorted(key for key, day in last.items() if day < limit and key not in here)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _traces() -> Iterator[Select[Any]]:
    """For each column that names a person and each day in its row, or of what the row refers to: the latest day."""
    for table, columns in PERSON_TABLES.items():
        if table.name not in TABLES or table.name in OUTLIVES_THEM:
            continue
        days = [column for column in table.columns if isinstance(column.type, Date)]
        for column in columns:
            for day in days:
                yield select(column, func.max(day)).where(column.is_not(None)).group_by(column)
            if not days and table is not budgets:
                yield from _days_elsewhere(table, column)


def _days_elsewhere(table: Table, column: Column[Any]) -> Iterator[Select[Any]]:
    """Days of what the row is about, where it has none itself: of the event that somebody took part in."""
    for name in TABLES[table.name].column_names:
        for key in table.c[name].foreign_keys:
            target = key.column.table
            if target is people or target.name not in TABLES:
                continue
            required = [each.name for each in TABLES[target.name].columns if each.kind is Kind.DATE and each.required]
            for day in required:
                joined = select(column, func.max(target.c[day])).join_from(table, target, table.c[name] == key.column)
                yield joined.group_by(column)
