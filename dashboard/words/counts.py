"""Counts of people and their shares in words, where some are ranges and some may not be shown."""

from __future__ import annotations

from dashboard.words.numbers import percent
from dashboard.words.ranges import people_words
from dashboard.words.sentences import PEOPLE, say

NOT_SHOWN = "–"
RANGES = "Counts of people are ranges, or the middles of ranges, up to the last whole quarter."


def shown_range(at_least: int | None, at_most: int | None) -> str:
    """`12`, `10 to 14`, `fewer than 5`, or a dash."""
    return NOT_SHOWN if at_least is None or at_most is None else people_words(at_least, at_most)


def counted_people(at_least: int | None, at_most: int | None) -> str:
    """The same with its noun: `1 person`, `10 to 14 people`."""
    if at_least is not None and at_least == at_most:
        return PEOPLE(at_least)
    return say("{range} people", range=shown_range(at_least, at_most))


def shown_percent(share: float | None) -> str:
    """`12%`, or a dash."""
    return NOT_SHOWN if share is None else percent(share)
