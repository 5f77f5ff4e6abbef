"""Counts of people and their shares in words, where some are ranges and some may not be shown."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.words.numbers import percent
from dashboard.words.ranges import people_words
from dashboard.words.sentences import PEOPLE, say

NOT_SHOWN = "–"
# A percentage of fewer says more than is known: counts stand instead.
LEAST_BASE = 10
RANGES = "Counts of people are ranges, or the middles of ranges, up to the last whole quarter."


def shown_range(at_least: int | None, at_most: int | None) -> str:
    """`12`, `10 to 14`, `fewer than 5`, or a dash."""
    return NOT_SHOWN if at_least is None or at_most is None else people_words(at_least, at_most)


def counted_people(at_least: int | None, at_most: int | None) -> str:
    """The same with its noun: `1 person`, `10 to 14 people`."""
    if at_least is not None and at_least == at_most:
        return PEOPLE(at_least)
    return say("{range} people", range=shown_range(at_least, at_most))


def share_of(n: int, base: int) -> str:
    """`44% (221 of 500)`; of fewer than LEAST_BASE the counts alone: `1 of 1`."""
    template = "{n} of {base}" if base < LEAST_BASE else "{share} ({n} of {base})"
    return say(template, n=n, base=base, share=percent(n / base) if base else "")


def with_share(n: int, base: int) -> str:
    """`221 (44%)`, in a sentence that names the base; of fewer than LEAST_BASE the count alone: `1`."""
    return say("{n}" if base < LEAST_BASE else "{n} ({share})", n=n, share=percent(n / base) if base else "")


def percent_range(low: float, high: float) -> str:
    """`52–64%`."""
    return say("{low}–{high}", low=percent(low).removesuffix("%"), high=percent(high))


def stands_out(own: tuple[float | None, float | None], others: Iterable[tuple[float | None, float | None]]) -> bool:
    """Whether an interval lies wholly below, or wholly above, each of the others: only then is a rank said in words."""
    low, high = own
    if low is None or high is None:
        return False
    ends = [(bottom, top) for bottom, top in others if bottom is not None and top is not None]
    return all(high < bottom for bottom, _ in ends) or all(low > top for _, top in ends)


def shown_percent(share: float | None) -> str:
    """`12%`, or a dash."""
    return NOT_SHOWN if share is None else percent(share)
