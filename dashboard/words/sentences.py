"""Sentences: each is one template with named places, so that it can be translated whole and read in one piece.

    say("{events} in {countries}, {change} than in {before}.", events=EVENTS(12), countries=COUNTRIES(3), …)

No sentence is put together from pieces: where the words differ, there are two templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale

from dashboard.words.numbers import day, locale_of_request, number


def say(template: str, **values: object) -> str:
    """The template with its places filled; numbers and days are written in the request's locale."""
    return template.format(**{name: _written(value) for name, value in values.items()})


def _written(value: object) -> str:
    if isinstance(value, bool) or value is None:
        raise TypeError(f"{value!r} has no place in a sentence: choose between two templates")
    if isinstance(value, int | float | Decimal):
        return number(value)
    return day(value) if isinstance(value, date) else str(value)


def sentence_case(words: str) -> str:
    """The words as the beginning of a sentence: `All time`."""
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, in the plural forms that a language may have (CLDR); `{n}` is the number.

    `EVENTS(1)` is `1 event`, `EVENTS(2000)` is `2,000 events`.
    """

    one: str
    other: str
    zero: str = ""
    two: str = ""
    few: str = ""
    many: str = ""

    def __call__(self, count: int) -> str:
        return say(self.form(count), n=count)

    def form(self, count: int) -> str:
        """The template for this count, by the rules of the request's language."""
        category = Locale.parse(locale_of_request()).plural_form(count)
        return getattr(self, category) or self.other


def listed(items: Sequence[str], most: int = 0) -> str:
    """`a`, `a and b`, `a, b and c`; with `most`, the rest is counted: `a, b and 3 more`."""
    shown = list(items)
    if most and len(shown) > most:
        shown = [*shown[:most], say("{n} more", n=len(shown) - most)]
    if len(shown) < 2:
        return "".join(shown)
    return say("{first} and {last}", first=", ".join(shown[:-1]), last=shown[-1])


def either(items: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(items) < 2:
        return "".join(items)
    return say("{first} or {last}", first=", ".join(items[:-1]), last=items[-1])


EVENTS = Counted("{n} event", "{n} events")
REGIONS = Counted("{n} region", "{n} regions")
COUNTRIES = Counted("{n} country", "{n} countries")
LANGUAGES = Counted("{n} language", "{n} languages")
PEOPLE = Counted("{n} person", "{n} people")
MEMBERS = Counted("{n} member", "{n} members")
TEAMS = Counted("{n} team", "{n} teams")
SPACES = Counted("{n} space", "{n} spaces")
MATERIALS = Counted("{n} material", "{n} materials")
QUARTERS = Counted("{n} quarter", "{n} quarters")
MONTHS = Counted("{n} month", "{n} months")
YEARS = Counted("{n} year", "{n} years")
DAYS = Counted("{n} day", "{n} days")
ROWS = Counted("{n} row", "{n} rows")
