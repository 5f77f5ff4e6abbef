"""What the filters can offer: the values that occur in the program's events, with their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.sql.selectable import FromClause

from data_access.database.schema import countries, event_languages, event_topics, events, regions, spaces, teams

MOST_TOPICS = 200


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """`values[filter]` lists (value, name), by name; `first` and `last` are the outermost event dates, if any."""

    values: dict[str, tuple[tuple[str, str], ...]]
    first: date | None
    last: date | None

    def names(self) -> dict[str, dict[str, str]]:
        """Names for `Selection.in_words`."""
        return {name: dict(pairs) for name, pairs in self.values.items()}


def filter_options(connection: Connection) -> FilterOptions:
    """The values of every filter that occur; languages are tags, to be named by the caller."""
    first, last = connection.execute(select(func.min(events.c.starts_on), func.max(events.c.starts_on))).one()
    occurring = select(events.c.located_country).distinct()
    country_pairs = _pairs(
        connection, countries, countries.c.country, countries.c.name, countries.c.country.in_(occurring)
    )
    region = func.coalesce(regions.c.region, countries.c.region)
    region_rows = connection.execute(
        select(region.label("region"))
        .join_from(countries, regions, regions.c.country == countries.c.country, isouter=True)
        .where(countries.c.country.in_(occurring))
        .distinct()
        .order_by("region")
    ).scalars()
    topics = connection.execute(
        select(event_topics.c.topic)
        .group_by(event_topics.c.topic)
        .order_by(func.count().desc(), event_topics.c.topic)
        .limit(MOST_TOPICS)
    ).scalars()
    areas = connection.execute(
        select(events.c.area).where(events.c.area.is_not(None)).distinct().order_by(events.c.area)
    ).scalars()
    languages = connection.execute(
        select(event_languages.c.language).distinct().order_by(event_languages.c.language)
    ).scalars()
    values = {
        "country": country_pairs,
        "region": tuple((name, name) for name in region_rows),
        "area": tuple((name, name) for name in areas),
        "topic": tuple((name, name) for name in sorted(topics)),
        "language": tuple((tag, tag) for tag in languages),
        "space": _pairs(connection, spaces, spaces.c.space_key, spaces.c.name),
        "team": _pairs(connection, teams, teams.c.team_key, teams.c.name),
    }
    return FilterOptions(values, first, last)


def _pairs(
    connection: Connection,
    source: FromClause,
    key: ColumnElement[Any],
    name: ColumnElement[Any],
    *where: ColumnElement[bool],
) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(select(key, name).select_from(source).where(*where).order_by(name, key))
    return tuple((row[0], row[1]) for row in rows)
