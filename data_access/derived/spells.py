"""When somebody was active: the spells of days on which the window that ends then holds enough contributions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    case,
    cast,
    func,
    literal_column,
    select,
)

from data_access.database.sql import day_number

_FIRST = date(1970, 1, 1)
Spell = tuple[str, str, str]


def spells_of(done: Iterable[tuple[str, int, int]], window_days: int, enough: int) -> Iterator[Spell]:
    """Each spell as person, first and last day (ISO), of rows (person, day since 1970, quantity) by person and day.

    Read row by row: windows in SQL would sort every row several times, which takes three times as long.
    """
    whose, begins, ends, held = "", None, 0, 0
    recent: deque[tuple[int, int]] = deque()  # the fewest last days that hold enough
    for person, day, quantity in done:
        if person != whose:
            if begins is not None:
                yield _spell(whose, begins, ends)
            whose, begins, held = person, None, 0
            recent.clear()
        recent.append((day, quantity))
        held += quantity
        while held - recent[0][1] >= enough:
            held -= recent.popleft()[1]
        if held < enough or recent[0][0] <= day - window_days:
            continue
        if begins is not None and day > ends + 1:
            yield _spell(whose, begins, ends)
            begins = None
        begins = day if begins is None else begins
        ends = recent[0][0] + window_days - 1
    if begins is not None:
        yield _spell(whose, begins, ends)


def _spell(person: str, begins: int, ends: int) -> Spell:
    return person, (_FIRST + timedelta(days=begins)).isoformat(), (_FIRST + timedelta(days=ends)).isoformat()


def spells_at_once(days: FromClause, who: Select[Any], window_days: int, enough: int) -> Select[Any]:
    """The same of all persons that `who` selects, for an engine that is fast with windows.

    `days` has a row for each day of each person: `quantity`, and the `total` of the window that ends on it.
    """
    person, day = days.c.person_key, day_number(days.c.contributed_on)
    each: dict[str, Any] = {"partition_by": person, "order_by": day}
    upto = cast(func.sum(days.c.quantity).over(**each, rows=(None, 0)), BigInteger)
    first = func.first_value(day).over(**each)
    after = func.lead(day).over(**each)
    done: Any = select(
        person, day.label("day"), days.c.total, upto.label("upto"), first.label("first"), after.label("after")
    )
    done = done.where(person.in_(who)).subquery("done")
    # The fewest last days that hold enough begin after the last day up to which all but enough was done.
    begins = func.max(done.c.after).over(partition_by=done.c.person_key, order_by=done.c.upto, range_=(None, -enough))
    lasting = select(
        done.c.person_key,
        done.c.day,
        done.c.total,
        (func.coalesce(begins, done.c.first) + window_days - 1).label("ends"),
    ).subquery("lasting")
    own = lasting.c
    before = func.lag(own.ends).over(partition_by=own.person_key, order_by=own.day)
    active = (
        select(own.person_key, own.day, own.ends, case((own.day <= before + 1, 0), else_=1).label("is_new"))
        .where(own.total >= enough)
        .subquery("active")
    )
    number = func.sum(active.c.is_new).over(partition_by=active.c.person_key, order_by=active.c.day, rows=(None, 0))
    numbered = select(active.c.person_key, active.c.day, active.c.ends, number.label("number")).subquery("numbered")
    return select(numbered.c.person_key, _date(func.min(numbered.c.day)), _date(func.max(numbered.c.ends))).group_by(
        numbered.c.person_key, numbered.c.number
    )


def _date(number: ColumnElement[int]) -> ColumnElement[Any]:
    return literal_column("DATE '1970-01-01'", Date()) + cast(number, Integer)
