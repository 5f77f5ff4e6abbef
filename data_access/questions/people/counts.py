"""Counts of people by what they say about themselves: exact for who is inside, ranges of whole years in a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    CTE,
    Connection,
    Select,
    String,
    Subquery,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from data_access.answers import Count, rows
from data_access.consent import disclosed_by
from data_access.database.schema import person_attributes
from data_access.privacy.attributes import BREAKDOWNS, NOT_DISCLOSED, Cell, ReleasedCounts, exactly, released
from data_access.privacy.book import Book
from data_access.privacy.small_groups import in_ranges
from data_access.questions.contributors.populations import group_of, in_years, members_of, without_meaning
from data_access.selection import Scope, Selection


class ShownPeople(NamedTuple):
    """A count of people as a range, with its middle."""

    people: Annotated[int | None, Count("People", "people", help="The middle of the range; empty: too few to show")]
    at_least: Annotated[int, Count("At least", "people")]
    at_most: Annotated[int, Count("At most", "people")]


def shown(ranges: npt.ArrayLike) -> list[ShownPeople]:
    """The ranges (low, high) with their middles."""
    low, high = np.asarray(ranges, dtype=np.int64).reshape(-1, 2).T
    return rows(ShownPeople, in_ranges(low, high))


def counts_of(
    connection: Connection, selection: Selection, scope: Scope, population: str, by: str
) -> ReleasedCounts | None:
    """The people of the selection by what they say: exact for who is inside, as ranges for a release; None: nobody.

    A release tells every breakdown of a population and window together, so that all of its answers agree.
    """
    if scope.book is None:
        counts = exact_counts(connection, selection, population, by)
        return ReleasedCounts(population, selection.period, exactly(counts)) if counts else None
    book: Book = scope.book
    return book.once(lambda: _released(connection, selection, book, population), "people", population, selection)


def _released(connection: Connection, selection: Selection, book: Book, population: str) -> ReleasedCounts | None:
    counts: dict[Cell, int] = {}
    for breakdown in (*BREAKDOWNS[population], *(("country",) if population == "members" else ())):
        counts |= exact_counts(connection, selection, population, breakdown)
    return released(counts, population, selection.period, book) if counts else None


def exact_counts(connection: Connection, selection: Selection, population: str, by: str) -> dict[Cell, int]:
    """The people of the selection by dimension and value, and by group. Exact: inside only.

    Filters that say nothing about the population are left out; `without_meaning` names them.
    """
    for name in without_meaning(population, selection):
        selection = selection.without(name)
    people = members_of(population, selection).cte("who")
    if by:
        people = _with_groups(people, group_of(population, by, selection).subquery()).cte("grouped")
    group = [people.c.member_of] if by else []
    named = group or [cast(null(), String).label("member_of")]
    nothing, said = literal_column("''", String), person_attributes.c
    told = (
        select(*named, said.dimension, said.value, func.count())
        .join_from(people, person_attributes, said.person_key == people.c.person_key)
        .where(disclosed_by(selection.as_of))
        .group_by(*group, said.dimension, said.value)
    )
    everyone = select(*named, nothing, nothing, func.count()).select_from(people).group_by(*group)
    counts: dict[Cell, int] = {}
    # In one statement, so that who they are is found out once. Nobody is in two groups: together they are all people.
    for member_of, dimension, value, number in connection.execute(union_all(everyone, told)):
        if not number:
            continue
        counts["", "", dimension, value] = counts.get(("", "", dimension, value), 0) + number
        if by:
            counts[by, member_of or "", dimension, value] = number
    return counts | _undisclosed(counts)


def yearly_counts(
    connection: Connection, years: Sequence[Selection], population: str, dimension: str
) -> list[dict[Cell, int]]:
    """What `exact_counts` says of each year, of one dimension and without groups. Years are made of whole quarters.

    No filter applies. They lie within few years, and share most of their quarters: who was there in which is found out
    once.
    """
    who = in_years(population, years).cte("who")
    nothing, said = literal_column("''", String), person_attributes.c
    numbers = [func.sum(who.c[f"in_{number}"]) for number in range(len(years))]
    everyone = select(nothing.label("dimension"), nothing, *numbers)
    told = (
        select(said.dimension, said.value, *numbers)
        .join_from(who, person_attributes, said.person_key == who.c.person_key)
        .where(said.dimension == dimension, disclosed_by(years[0].as_of))
        .group_by(said.dimension, said.value)
    )
    counts: list[dict[Cell, int]] = [{} for _ in years]
    parts: list[Any] = [everyone, told]
    for of, value, *people in connection.execute(union_all(*parts)):
        for each, number in zip(counts, people, strict=True):
            if number:
                each["", "", of, value] = int(number)
    return [each | _undisclosed(each) for each in counts]


def _with_groups(who: CTE, grouped: Subquery) -> Select[Any]:
    """One row a person: person_key, member_of (NULL for no known group), from at most one group a person.

    Without an outer join, for which SQLite may read all groups for each person.
    """
    nobody = select(who.c.person_key, cast(null(), String).label("member_of"))
    theirs = select(grouped.c.person_key, grouped.c.member_of).where(grouped.c.person_key.in_(select(who.c.person_key)))
    both = union_all(nobody, theirs).subquery()
    return select(both.c.person_key, func.max(both.c.member_of).label("member_of")).group_by(both.c.person_key)


def _undisclosed(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """In every group, who disclosed nothing of a dimension that somebody in the population disclosed."""
    disclosed: dict[tuple[str, str, str], int] = {}
    for (breakdown, group, dimension, _), count in counts.items():
        disclosed[breakdown, group, dimension] = disclosed.get((breakdown, group, dimension), 0) + count
    dimensions = {dimension for _, _, dimension in disclosed if dimension}
    silent = {
        (breakdown, group, dimension, NOT_DISCLOSED): count - disclosed.get((breakdown, group, dimension), 0)
        for (breakdown, group, total, _), count in counts.items()
        if not total
        for dimension in dimensions
    }
    return {cell: count for cell, count in silent.items() if count}
