"""What the program itself says of its records and figures: whole sentences with named places, in English.

Pages have `dashboard.words.sentences`, which also knows the reader's locale; this room may not import that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal


def say(template: str, **values: object) -> str:
    """The template with its places filled; days are written `3 March 2019`, whole numbers `1,200`."""
    return template.format(**{name: _written(value) for name, value in values.items()})


def _written(value: object) -> str:
    if isinstance(value, bool) or value is None:
        raise TypeError(f"{value!r} has no place in a sentence: choose between two templates")
    if isinstance(value, int):
        return f"{value:,}"
    return day_in_words(value) if isinstance(value, date) else str(value)


def day_in_words(day: date) -> str:
    """`3 March 2019`."""
    return f"{day.day} {day:%B} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """`3 March 2019 at 14:05 UTC`."""
    return say("{day} at {time} UTC", day=moment.date(), time=f"{moment:%H:%M}")


def either(items: Iterable[str]) -> str:
    """`a or b`, `a, b or c`; of more than four, `a, b, c or 4 more`."""
    listed = list(items)
    if len(listed) > 4:
        return say("{first} or {n} more", first=", ".join(listed[:3]), n=len(listed) - 3)
    if len(listed) < 2:
        return "".join(listed)
    return say("{first} or {last}", first=", ".join(listed[:-1]), last=listed[-1])


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
