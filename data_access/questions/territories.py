"""The countries a geographic question is about, with name, region and inhabitants: those without events included."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data_access.database.schema import countries, regions
from data_access.narrowing import countries_in
from data_access.selection import Selection


@dataclass(frozen=True, slots=True)
class Territory:
    """One country or territory; `region` is the program's own where it has one; `population` None: not known, or 0."""

    code: str
    name: str
    region: str
    population: int | None


def territories(connection: Connection, selection: Selection) -> list[Territory]:
    """All countries and territories that the selection's country and region filters leave, by code."""
    conditions = [countries.c.country.in_(selection.country)] if selection.country else []
    if selection.region:
        conditions.append(countries.c.country.in_(countries_in(selection.region)))
    statement = (
        select(
            countries.c.country,
            countries.c.name,
            func.coalesce(regions.c.region, countries.c.region),
            countries.c.population,
        )
        .join_from(countries, regions, regions.c.country == countries.c.country, isouter=True)
        .where(*conditions)
        .order_by(countries.c.country)
    )
    return [Territory(code, name, where, people or None) for code, name, where, people in connection.execute(statement)]


def anywhere(selection: Selection) -> Selection:
    """The selection without its country and region filters."""
    return selection.without("country").without("region")
