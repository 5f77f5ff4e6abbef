"""What the program itself says of its records and figures: whole sentences with named places, in English.

Pages have `dashboard.words.sentences`, which also knows the reader's locale; this room may not import that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from data_access.selection import day_in_words


def say(template: str, **values: object) -> str:
    """The template with its places filled; days are written `3 March 2019`, whole numbers `1,200`."""
    return template.format(**{name: _written(value) for name, value in values.items()})


def _written(value: object) -> str:
    if isinstance(value, bool) or value is None:
        raise TypeError(f"{value!r} has no place in a sentence: choose between two templates")
    if isinstance(value, int):
        return f"{value:,}"
    return day_in_words(value) if isinstance(value, date) else str(value)


def counted(count: int, one: str, other: str) -> str:
    """`1 event`, `2,000 events`; `{n}` is the number."""
    return say(one if count == 1 else other, n=count)


def amount_words(amount: Decimal | str, currency: str = "") -> str:
    """`1,200 EUR`, `85.50 EUR`: every digit that matters."""
    exact = Decimal(amount)
    digits = max(2, -int(exact.normalize().as_tuple().exponent)) if exact % 1 else 0
    return f"{exact:,.{digits}f} {currency}".rstrip()


def paragraph(sentences: Iterable[str]) -> str:
    """The sentences one after the other, without those that are empty."""
    return " ".join(filter(None, sentences))
