"""From single things that count to contributions: rows with a day's whole number, which an import replaces.

Each thing is kept as counted once (`source_items`), so that neither what comes twice nor a day that comes in two
pieces makes a number wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, and_, func, insert, select

from data_access.contract.labels import label_key
from data_access.database.schema import areas, people, person_aliases, source_items
from data_access.imports.live.parts import CountedAs, CountedItem, Part, Row, Source
from data_access.persons.stop_list import load_stop_list

_AT_ONCE = 500
_T = TypeVar("_T")
# Person, day, area: what is one row of contributions, as project and team are the source's. Parts may share an area.
_Key = tuple[str, str, str]


def tables_of(connection: Connection, source: Source, part: Part) -> dict[str, list[Row]]:
    """The part's tables, with what it counts as rows of contributions, and who and what is new beside them."""
    tables = {name: list(rows) for name, rows in part.tables.items()}
    if part.counted and part.counted_as:
        fresh = new_items(connection, source, part.counted)
        tables["contributions"] = list(_contributions(connection, source, fresh, part.counted_as))
        tables["people"] = _new_people(connection, part, fresh)
        tables["areas"] = _new_areas(connection, part.counted_as, {each.part for each in fresh})
    return {name: rows for name, rows in tables.items() if rows}


def new_items(connection: Connection, source: Source, counted: Iterable[CountedItem]) -> list[CountedItem]:
    """What was not counted yet, each once."""
    by_item = {each.item: each for each in counted}
    known: set[int] = set()
    for some in _pieces(list(by_item)):
        same = and_(source_items.c.source_id == source.source_id, source_items.c.item.in_(some))
        known.update(connection.execute(select(source_items.c.item).where(same)).scalars())
    return [each for item, each in by_item.items() if item not in known]


def _contributions(
    connection: Connection, source: Source, fresh: Sequence[CountedItem], counted_as: CountedAs
) -> Iterator[Row]:
    area_of = {part: area for part, (area, _) in counted_as.areas.items()}
    numbers = Counter[_Key]((each.person_key, each.day, area_of[each.part]) for each in fresh)
    days = sorted(each.on for each in fresh if each.on is not None)
    for some in _pieces(sorted({each.person_key for each in fresh})) if days else ():
        for (person, day, part), before in _counted_before(connection, source, some, days[0], days[-1]):
            if (key := (person, day, area_of[part])) in numbers:
                numbers[key] += before
    for (person, day, area), quantity in numbers.items():
        row = {
            "person_key": person,
            "contributed_on": day,
            "area": area,
            "quantity": str(quantity),
            "project": counted_as.project,
        }
        yield {**row, "team_key": counted_as.team_key} if counted_as.team_key else row


def _counted_before(
    connection: Connection, source: Source, persons: Sequence[str], first: date, last: date
) -> Iterator[tuple[tuple[str, str, int], int]]:
    items = source_items.c
    statement = (
        select(items.person_key, items.day, items.part, func.count())
        .where(items.source_id == source.source_id, items.person_key.in_(persons), items.day.between(first, last))
        .group_by(items.person_key, items.day, items.part)
    )
    for person, day, part, number in connection.execute(statement):
        yield (person, day.isoformat(), part), number


def _new_people(connection: Connection, part: Part, fresh: Sequence[CountedItem]) -> list[Row]:
    """People who are not known: a name that the program has already is not overwritten with another spelling."""
    keys = sorted({each.person_key for each in fresh})
    known: set[str] = set()
    for some in _pieces(keys):
        known.update(connection.execute(select(people.c.person_key).where(people.c.person_key.in_(some))).scalars())
        known.update(connection.scalars(select(person_aliases.c.alias_key).where(person_aliases.c.alias_key.in_(some))))
    return [{"person_key": key, "name": part.names.get(key, "")} for key in keys if key not in known]


def _new_areas(connection: Connection, counted_as: CountedAs, parts: set[int]) -> list[Row]:
    known = {label_key(area) for area in connection.execute(select(areas.c.area)).scalars()}
    wanted = dict(counted_as.areas[part] for part in sorted(parts, reverse=True))
    return [
        {"area": area, "is_code": "yes" if is_code else "no"}
        for area, is_code in wanted.items()
        if label_key(area) not in known
    ]


def keep_counted(
    connection: Connection, source: Source, counted: Sequence[CountedItem], import_id: int | None = None
) -> None:
    """From now on these are counted; in the transaction of their import. People who were erased leave no trace here."""
    stopped = load_stop_list(connection)
    rows = [
        {
            "source_id": source.source_id,
            "item": each.item,
            "person_key": each.person_key,
            "day": each.on,
            "part": each.part,
            "import_id": import_id,
        }
        for each in new_items(connection, source, counted)
        if each.on is not None and each.person_key not in stopped
    ]
    if rows:
        connection.execute(insert(source_items), rows)


def _pieces(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
