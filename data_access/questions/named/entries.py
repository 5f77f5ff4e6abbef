"""The entries of a time line: one row type for everything with a name, and the one way to put them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, select

from data_access.answers import Amount, Code, Count, Day, Key, Text, table
from data_access.database.schema import events, people
from data_access.database.sql import bytewise, month_of
from data_access.selection import status_on

PERSON, TEAM, EVENT, COUNTRY, SPACE = KINDS = ("person", "team", "event", "country", "space")
MOST = 50
# A statement answers some of these; what it leaves out is missing.
_CELLS = ("name", "key", "words", "people", "number", "amount", "currency")


class TimelineEntry(NamedTuple):
    happened_on: Annotated[date, Day("Day")]
    what: Annotated[str, Code("What", help="What happened, in a word or two")]
    name: Annotated[str | None, Text("With, at or for", help="The person, team, event or space besides")]
    kind: Annotated[str | None, Code("Kind of that", help="person, team, event, country or space")]
    key: Annotated[str | None, Key("Key of that")]
    words: Annotated[str | None, Text("More", help="A stage, cohort, decision, category or note")]
    people: Annotated[int | None, Count("People", "people")]
    number: Annotated[int | None, Count("How many", "things", help="Contributions, visits, events, days, months")]
    amount: Annotated[Decimal | None, Amount("Amount", help="In the currency beside it")]
    currency: Annotated[str | None, Text("Currency")]
    team: Annotated[str | None, Key("Team key", help="On a team’s own time line")]
    in_all: Annotated[int, Count("Of its kind", "entries", help="Entries of this kind in all, listed or not")]


@dataclass(frozen=True, slots=True)
class Branch:
    """The entries of one kind: `what` happened, on which `day`, and the cells that a row has besides, all in SQL.

    With `by` they are of several kinds in one statement: `what` is followed by its value, as in `event_held`.

    `of` is the kind of thing that `name` and `key` are of. With `by_month` a row is a month, dated by its last day with
    an entry; its cells are then aggregates.
    """

    what: str
    day: ColumnElement[Any]
    tables: FromClause
    where: tuple[ColumnElement[bool], ...]
    cells: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    of: str = ""
    by_month: bool = False
    by: ColumnElement[Any] | None = None

    def statement(self, most: int) -> Select[Any]:
        """The newest `most` of them, each with the number of all."""
        day = func.max(self.day) if self.by_month else self.day
        named = [cell.label(name) for name, cell in self.cells.items()]
        kinds = [] if self.by is None else [self.by.label("which")]
        in_all = func.count().over(partition_by=self.by)
        on = day.label("happened_on")
        counted = select(on, *named, *kinds, in_all.label("in_all"))
        wanted = counted.select_from(self.tables).where(*self.where)
        if self.by_month:
            wanted = wanted.group_by(month_of(self.day))
        ties = [bytewise(self.cells["key"])] if "key" in self.cells else []
        return wanted.order_by(on.desc(), *ties).limit(most)


def person_name() -> ColumnElement[str]:
    """The name of a person, or the key of whom no name is recorded."""
    return func.coalesce(people.c.name, people.c.person_key)


def of_person() -> dict[str, ColumnElement[Any]]:
    """The cells that name a person."""
    return {"name": person_name(), "key": people.c.person_key}


def of_event() -> dict[str, ColumnElement[Any]]:
    """The cells that name an event."""
    return {"name": events.c.title, "key": events.c.event_key}


def rows_of(connection: Connection, branches: Iterable[Branch], most: int) -> list[TimelineEntry]:
    """The entries of all branches, the newest of each; `most` of each at the most."""
    found = []
    for branch in branches:
        for row in connection.execute(branch.statement(most)):
            cells: dict[str, Any] = {name: getattr(row, name) if name in branch.cells else None for name in _CELLS}
            for name in ("people", "number"):
                cells[name] = None if cells[name] is None else int(cells[name])
            found.append(
                TimelineEntry(
                    happened_on=row.happened_on,
                    what=branch.what if branch.by is None else f"{branch.what}{row.which}",
                    kind=branch.of or None,
                    team=None,
                    in_all=row.in_all,
                    **cells,
                )
            )
    return found


def newest_first(found: Iterable[TimelineEntry], most: int) -> pd.DataFrame:
    """The newest entries of a time line; of one day in the reverse order in which they were put together."""
    listed = list(found)
    listed.reverse()
    listed.sort(key=lambda entry: entry.happened_on, reverse=True)
    return table(TimelineEntry, listed[:most])


def of_events(whose: ColumnElement[bool], as_of: date) -> Branch:
    """The events of a team or space, each with its attendance where it was held by the day."""
    status = status_on(as_of)
    cells = {**of_event(), "number": case((status == "held", events.c.attendance))}
    return Branch("event_", events.c.starts_on, events, (whose,), cells, EVENT, by=status)
