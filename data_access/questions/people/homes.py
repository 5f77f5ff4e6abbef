"""Members by the country in which they live."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Count, Key, empty, table
from data_access.questions.people.counts import counts_of, shown
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import STAFF, Scope, Selection


class MembersAtHome(NamedTuple):
    country: Annotated[str, Key("Country code", help="ISO 3166; empty: not known; …: countries of too few members")]
    people: Annotated[int | None, Count("Members", "members", help="The middle of the range; empty: too few to show")]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]


@question(roles=STAFF, counts=PEOPLE, columns=MembersAtHome, released=Released((Windows.ROLLING,)))
def member_homes(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Members (on at least a day of the period) by the country of their home, by name of its code.

    Released are ranges, for four quarters; countries of fewer than the minimum group are told together.
    """
    found = counts_of(connection, selection, scope, "members", "country")
    if found is None:
        return empty(MembersAtHome)
    groups = found.groups("country")
    ranges = [found.range("country", group, "", "") for group in groups]
    counts = zip(groups, shown(ranges), strict=True)
    return table(MembersAtHome, [(group, *people) for group, people in counts])
