"""The year that a question about spaces is about, and what each space should have held in it by the day.

A target of a year is spread evenly over the year's days; a space owes those on which it was open. Days on which it
closes are known from that day on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection, func, select

from data_access.database.schema import events, spaces
from data_access.money.ledger import fiscal_year_of
from data_access.program import Program, load_program
from data_access.selection import Period, Selection

WEEK = 7
_TARGETS = ("target_events_per_week", "target_events_per_year", "target_new_contributors_per_event")
_COLUMNS = ("space_key", "name", "city", "country", "opened_on", "closed_on", *_TARGETS)


@dataclass(frozen=True)
class SpaceYear:
    """A space in a year: `days` is how long the year is, `open` the days on which the space is or was open in it."""

    key: str
    name: str
    city: str | None
    country: str | None
    opened_on: date | None
    closed_on: date | None
    days: int
    open: Period | None
    gone: Period | None  # of `open`, the days that are over, today included
    per_week: int
    per_year: int
    per_event: int

    @property
    def days_open(self) -> int:
        return _days(self.open)

    @property
    def days_gone(self) -> int:
        return _days(self.gone)

    @property
    def due_in_year(self) -> int:
        """The events that it owes in this year: its share of a year's target."""
        return _whole(Fraction(self.per_year * self.days_open, self.days))

    @property
    def due_now(self) -> int:
        """The events that it should have held by the day."""
        return _whole(Fraction(self.per_year * self.days_gone, self.days))


def _days(period: Period | None) -> int:
    return (period.end - period.start).days if period else 0


def _whole(number: Fraction) -> int:
    """Halves are rounded up, on every machine."""
    return int(number + Fraction(1, 2))


@dataclass(frozen=True)
class SpacesYear:
    """The spaces of a fiscal year as of a day, and the selection of the events that they held in it so far."""

    program: Program
    period: Period
    as_of: date
    spaces: Sequence[SpaceYear]
    held: Selection


def spaces_year(connection: Connection, selection: Selection) -> SpacesYear:
    """The fiscal year of the selection's last day (or of `as_of`, if earlier); of the filters `space` chooses spaces.

    Spaces that had closed before it, or open after it, are left out.
    """
    program = load_program(connection)
    day = min(selection.period.end - timedelta(days=1), selection.as_of)
    fiscal = fiscal_year_of(day, program)
    period = Period(fiscal.start, fiscal.end)
    # Named one by one: outside there are no coordinators.
    statement = select(*(spaces.c[name] for name in _COLUMNS)).order_by(spaces.c.space_key)
    if selection.space:
        statement = statement.where(spaces.c.space_key.in_(selection.space))
    found = []
    for row in connection.execute(statement):
        closed = row.closed_on if row.closed_on and row.closed_on <= selection.as_of else None
        opened = row.opened_on or (closed and min(closed, period.start)) or period.start
        is_open = _shared(Period(opened, max(closed or period.end, opened + timedelta(days=1))), period)
        if (closed and closed <= period.start) or is_open is None:
            continue
        today = selection.as_of + timedelta(days=1)
        gone = _shared(is_open, Period(period.start, today)) if today > period.start else None
        found.append(
            SpaceYear(
                key=row.space_key,
                name=row.name,
                city=row.city,
                country=row.country,
                opened_on=row.opened_on,
                closed_on=closed,
                days=(period.end - period.start).days,
                open=is_open,
                gone=gone,
                per_week=row.target_events_per_week,
                per_year=row.target_events_per_year,
                per_event=row.target_new_contributors_per_event,
            )
        )
    found.sort(key=lambda space: (space.name.casefold(), space.key))
    return SpacesYear(program, period, selection.as_of, found, held_in(selection, period))


def held_in(selection: Selection, period: Period) -> Selection:
    """The events that were held in the period, with the filters of the selection."""
    return replace(selection, period=period, status=("held",))


def _shared(one: Period, other: Period) -> Period | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Period(start, end) if start < end else None


def held_days(connection: Connection, held: Selection) -> dict[str, list[date]]:
    """For each space the days of its events, oldest first; a day stands there once for each event."""
    counted = (
        select(events.c.space_key, events.c.starts_on, func.count())
        .where(*held.conditions(), events.c.space_key.is_not(None))
        .group_by(events.c.space_key, events.c.starts_on)
        .order_by(events.c.starts_on)
    )
    found: dict[str, list[date]] = {}
    for key, day, number in connection.execute(counted):
        found.setdefault(key, []).extend([day] * number)
    return found
