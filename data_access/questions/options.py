"""What the filters can offer: the values that occur in the program's events, with their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.sql.selectable import FromClause

from data_access.database.schema import (
    contributor_areas,
    countries,
    event_languages,
    event_topics,
    events,
    people,
    regions,
    spaces,
    teams,
)
from data_access.geography.language_reach import base_language

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """`values[filter]` lists (value, name) of events, `people[filter]` of homes and what people have, where it differs.

    By name, topics the most frequent first; `first` and `last` are the outermost event dates, if any.
    """

    values: dict[str, Pairs]
    first: date | None
    last: date | None
    people: dict[str, Pairs] = field(default_factory=dict)

    def names(self) -> dict[str, dict[str, str]]:
        """Names for `Selection.in_words`."""
        return {name: dict(self.of(name)) | dict(self.of(name, people=True)) for name in self.values}

    def of(self, name: str, *, people: bool = False) -> Pairs:
        """What a filter offers on a page of events, or of people."""
        return (self.people.get(name) if people else None) or self.values.get(name, ())


def filter_options(connection: Connection, *, of_people: bool = True) -> FilterOptions:
    """The values of every filter that occur; languages without country or script, to be named by the caller.

    Without those of people they are made of facts alone: nobody outside may know where single people live.
    """
    first, last = connection.execute(select(func.min(events.c.starts_on), func.max(events.c.starts_on))).one()
    often = func.count().label("often")
    topics = connection.execute(
        select(event_topics.c.topic, often).group_by(event_topics.c.topic).order_by(often.desc(), event_topics.c.topic)
    ).scalars()
    areas = connection.execute(
        select(events.c.area).where(events.c.area.is_not(None)).distinct().order_by(events.c.area)
    ).scalars()
    tags = connection.execute(select(event_languages.c.language).distinct()).scalars()
    values = {
        **_places(connection, select(events.c.located_country).distinct()),
        "area": _same(areas),
        "topic": _same(topics),
        "language": _same(sorted({base_language(tag) for tag in tags})),
        "space": _pairs(connection, spaces, spaces.c.space_key, spaces.c.name),
        "team": _pairs(connection, teams, teams.c.team_key, teams.c.name),
    }
    if not of_people:
        return FilterOptions(values, first, last)
    done = connection.execute(select(contributor_areas.c.area).distinct().order_by(contributor_areas.c.area)).scalars()
    homes = {**_places(connection, select(people.c.home_country).distinct()), "area": _same(done)}
    return FilterOptions(values, first, last, homes)


def _same(values: Iterable[str]) -> Pairs:
    return tuple((value, value) for value in values)


def _places(connection: Connection, occurring: Select[Any]) -> dict[str, Pairs]:
    """The countries that occur, and their regions and continents."""
    here = countries.c.country.in_(occurring)
    region = func.coalesce(regions.c.region, countries.c.region)
    rows = connection.execute(
        select(region.label("region"), countries.c.continent)
        .join_from(countries, regions, regions.c.country == countries.c.country, isouter=True)
        .where(here)
        .distinct()
    ).all()
    named = sorted({name for row in rows for name in row})
    return {
        "country": _pairs(connection, countries, countries.c.country, countries.c.name, here),
        "region": _same(named),
    }


def _pairs(
    connection: Connection,
    source: FromClause,
    key: ColumnElement[Any],
    name: ColumnElement[Any],
    *where: ColumnElement[bool],
) -> Pairs:
    rows = connection.execute(select(key, name).select_from(source).where(*where).order_by(name, key))
    return tuple((row[0], row[1]) for row in rows)
