"""What is told in words: counts of people (one number inside, a range outside), shares, and amounts to two figures."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from dashboard.words.numbers import locale_of_request, money_in_figures, number, percent
from dashboard.words.sentences import say


def people_words(at_least: int, at_most: int) -> str:
    """`12`, `10 to 14`, or `fewer than 5`."""
    return _range_words(at_least, at_most, locale_of_request())


@lru_cache(maxsize=10_000)
def _range_words(at_least: int, at_most: int, locale: str) -> str:
    """Long tables hold the same few ranges again and again; `locale` is the request's."""
    if at_least == at_most:
        return number(at_least)
    if at_least == 0:
        return say("fewer than {n}", n=at_most + 1)
    return say("{low} to {high}", low=at_least, high=at_most)


def share_words(low: float, high: float) -> str:
    """`54% to 61%`, or `21%` where both ends are written alike."""
    first, last = percent(low), percent(high)
    return first if first == last else say("{low} to {high}", low=first, high=last)


def about_money(amount: Decimal | float, currency: str) -> str:
    """`about $120,000`; nothing is told as it is."""
    written = money_in_figures(amount, currency)
    return say("about {amount}", amount=written) if amount else written
