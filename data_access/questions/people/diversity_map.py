"""Diversity on the map: what people say about themselves, country by country, as their region has it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, Key, Share, Text, table
from data_access.questions.contributors.populations import check_population
from data_access.questions.people.diversity import (
    HIGH,
    LOW,
    OF_PEOPLE,
    UNDISCLOSED,
    VALUE,
    VALUE_SAID,
    WINDOW,
    AttributeShare,
    shares_with,
)
from data_access.questions.registry import PEOPLE, question
from data_access.questions.territories import territories
from data_access.selection import STAFF, Scope, Selection

# Outside, a region of nobody is not told from one of few.
SHOWN, FEW, NOBODY = "shown", "few", "nobody"
# A share of fewer people who disclosed it says more than is known.
LEAST_DISCLOSED = 10


class CountryDiversity(NamedTuple):
    country: Annotated[str, Key("Country code")]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region", help="All its countries have the same figures")]
    dimension: Annotated[str, Text("Dimension")]
    value: Annotated[str, VALUE_SAID]
    at_least: Annotated[int, Count("At least", "people")]
    at_most: Annotated[int, Count("At most", "people")]
    of_people: Annotated[int | None, OF_PEOPLE]
    share: Annotated[float | None, Share("Share", help="Of the people of the region who disclosed the dimension")]
    low: Annotated[float | None, LOW]
    high: Annotated[float | None, HIGH]
    state: Annotated[str, Code("State", help="shown; few: too few for a share; nobody: told inside only")]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=CountryDiversity)
def diversity_by_country(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    population: str = "speakers",
    dimension: str = "gender",
    value: str = "",
) -> pd.DataFrame:
    """The share of one value among the people of each country's region, for every country and territory.

    Made of `attribute_shares` by region: exact for the period and filters inside, outside as released. Without `value`
    it is the one that most people of the population said; “not disclosed” may be asked for. A share over fewer than 10
    people who disclosed the dimension is not shown (“few”); outside a region that the release does not name is “few”
    too, whether anybody lives there or not. Empty where nothing of the dimension may be told.
    """
    check_population(population)
    whole, by_region = shares_with(connection, selection, scope, population, "region")
    said = [row.value for row in whole if row.dimension == dimension and row.kind in (VALUE, UNDISCLOSED)]
    value = value or next(iter(said), "")
    if value not in said:
        return table(CountryDiversity, [])
    found = {
        row.member_of: row
        for row in by_region
        if (row.dimension, row.value) == (dimension, value) and row.kind in (VALUE, UNDISCLOSED)
    }
    made = []
    for land in territories(connection, selection):
        figures = _figures(found.get(land.region), scope)
        made.append((land.code, land.name, land.region, dimension, value, *figures, whole[0].window))
    return table(CountryDiversity, made)


def _figures(of: AttributeShare | None, scope: Scope) -> tuple[object, ...]:
    """What is told of a region: people at least and at most, of how many, share, from, to, state."""
    nothing = (None, None, None)
    if of is None or not of.at_most + (of.of_people or 0):
        return (0, 0, None, *nothing, NOBODY) if scope.inside else (0, scope.min_group_size - 1, None, *nothing, FEW)
    if of.share is None or (of.of_people or 0) < LEAST_DISCLOSED:
        return (of.at_least, of.at_most, of.of_people if scope.inside else None, *nothing, FEW)
    return (of.at_least, of.at_most, of.of_people, of.share, of.low, of.high, SHOWN)
