"""How many people speak, belong, apply and contribute: the totals of the counts by what they say about themselves."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, Key, table
from data_access.privacy.attributes import EVERYBODY as ALL_OF_THEM
from data_access.privacy.attributes import POPULATIONS
from data_access.questions.people.counts import counts_of, shown
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, Scope, Selection


class PopulationSize(NamedTuple):
    population: Annotated[str, Code("Population", help="speakers, members, applicants, contributors")]
    people: Annotated[int | None, Count("People", "people", help="The middle of the range; empty: too few to show")]
    at_least: Annotated[int, Count("At least", "people")]
    at_most: Annotated[int, Count("At most", "people")]
    window: Annotated[str, Key("Days", help="Such as 2025-07-01..2026-07-01; the last day is not included")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=PopulationSize, released=Released((Windows.ROLLING,)))
def population_sizes(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many people spoke, were members, applied and contributed in the period, each person once.

    A population of nobody has no row. The counts are those that the shares of `attribute_shares` are made of.
    """
    rows = []
    for population in POPULATIONS:
        found = counts_of(connection, selection, scope, population, "")
        if found is not None:
            [count] = shown([found.range(*ALL_OF_THEM)])
            rows.append(PopulationSize(population, *count, str(found.window)))
    return table(PopulationSize, rows)
