"""Who is missing, in a sentence: against the population at large, or where no such share is set against equal parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from dashboard.subjects.people.words import dimensions_of, heading_of, with_interval
from dashboard.words.numbers import percent
from dashboard.words.sentences import listed, say
from data_access.answers import rows
from data_access.questions.people.diversity import VALUE, AttributeShare

MOST_NAMED = 3
_AT_LARGE = "“{value}” at {share}, where {reference} are at large"
_FEWEST = "{dimension} “{value}” at {share}"


def missing(population: str, shares: pd.DataFrame) -> str:
    """Who is missing most; "" where nothing can be shown that could be compared.

    A group is missing where the whole of its interval lies below its share at large. Where no share at large is set,
    the smallest group of each dimension is named whose interval lies below an equal part of it.
    """
    known = [row for row in rows(AttributeShare, shares) if row.kind == VALUE and row.share is not None]
    if not known:
        return ""
    people: dict[str, object] = {"people": population}
    if any(row.reference is not None for row in known):
        below = sorted((row for row in known if _is_below(row, row.reference)), key=_gap)[:MOST_NAMED]
        if not below:
            return say("None of these groups is clearly missing among the {people}.", **people)
        groups = listed([say(_AT_LARGE, value=row.value, share=with_interval(row), **_at_large(row)) for row in below])
        return say("Missing among the {people}: {groups}.", groups=groups, **people)
    fewest = sorted(_fewest(known), key=lambda found: found[0])[:MOST_NAMED]
    if not fewest:
        return say("No group stands out as missing among the {people}.", **people)
    groups = listed(
        [
            say(_FEWEST, value=row.value, dimension=heading_of(row.dimension).lower(), share=with_interval(row))
            for _, row in fewest
        ]
    )
    return say("Fewest among the {people}: {groups}.", groups=groups, **people)


def compared(shares: pd.DataFrame) -> str:
    """That nobody said how many there are at large, where it is so; else ""."""
    said = [row for row in rows(AttributeShare, shares) if row.reference is not None]
    return "" if said else "No shares at large are set to compare with."


def _at_large(row: AttributeShare) -> dict[str, object]:
    return {"reference": percent(row.reference or 0)}


def _is_below(row: AttributeShare, mark: float | None) -> bool:
    return mark is not None and row.high is not None and row.high < mark


def _gap(row: AttributeShare) -> float:
    return (row.share or 0) - (row.reference or 0)


def _fewest(known: Sequence[AttributeShare]) -> Iterable[tuple[float, AttributeShare]]:
    """The smallest group of each dimension where it is clearly below an equal part, and how much of that it has."""
    for dimension in dimensions_of(known):
        own = [row for row in known if row.dimension == dimension]
        smallest = min(own, key=lambda row: row.share or 0)
        if _is_below(smallest, 1 / len(own)):
            yield (smallest.share or 0) * len(own), smallest
