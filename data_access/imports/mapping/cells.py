"""Cells of any table as the data contract writes them, by the kind of the column that they are for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from data_access.contract.tables import TABLES, Column, Kind
from data_access.geography.countries import country_code
from data_access.imports.mapping.mapping import SheetMapping
from data_access.imports.mapping.values import (
    currency_of,
    plain_number,
    read_amount,
    read_date,
    read_languages,
    read_word,
    topics_in,
)
from data_access.imports.readers.places import country_of, read_place

# Targets whose cells are words that mean one of a few → the family of these words.
WORDED = {
    "events.status": "events.status",
    "events.mode": "events.mode",
    "funding_requests.category": "funding_requests.category",
    "funding_requests.decision": "funding_requests.decision",
    "participations.role": "participations.role",
    "participations.attended": "attended",
}
# A number, and what is counted: "25 people". A text before it, as in "about 25", makes it another number.
_COUNTED = re.compile(r"(-?[\d.,'’\s\u00a0\u202f]*\d[.,'’\s\u00a0\u202f]*)(?:\s+[^\W\d_]{2,20})?")
_DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", re.ASCII)
Converter = Callable[[str], str]


def column_of(target: str) -> Column | None:
    """The contract's column that a target names; None for what only this reader has, such as `people.place`."""
    table, _, name = target.partition(".")
    if table not in TABLES:
        return None
    return next((column for column in TABLES[table].columns if column.name == name), None)


def converter(target: str, reading: SheetMapping) -> Converter:
    """From a cell's text to what the contract takes. What cannot be read stays, and the import says so."""
    if target in WORDED:
        return lambda text: read_word(WORDED[target], text) or text
    column = column_of(target)
    if column is None:
        return str
    kind = column.kind
    if kind is Kind.DATE:
        return lambda text: read_date(text, reading.dates) or text
    if kind in (Kind.MONEY, Kind.RATE, Kind.NUMBER):
        return lambda text: read_amount(text, reading.decimal)[0] or text
    if kind is Kind.INTEGER:
        return lambda text: plain_number(found[1], reading.decimal) if (found := _COUNTED.fullmatch(text)) else text
    if kind in (Kind.LANGUAGE, Kind.LANGUAGES):
        return _languages
    if kind is Kind.TOPICS:
        return topics_in
    if kind is Kind.CURRENCY:
        return lambda text: currency_of(text) or text
    if kind is Kind.FLAG:
        return lambda text: read_word("yes or no", text) or text
    if kind is Kind.URL:
        return lambda text: f"https://{text}" if _DOMAIN.fullmatch(text) else text
    if kind in (Kind.LABEL, Kind.KEY):
        return lambda text: " ".join(text.split())
    return str


def _languages(text: str) -> str:
    tags, _ = read_languages(text)
    return ";".join(tags) if tags else text


@lru_cache(maxsize=20_000)
def home(text: str, country: str = "") -> tuple[str, str, str, str]:
    """City, state and country of where somebody lives, and what is doubtful about it ("")."""
    read = read_place(f"{text}, {country}" if country and country.casefold() not in text.casefold() else text)
    values = read.values
    city, state = values.get("city", ""), values.get("state", "")
    found = values.get("country", "") or country or country_of(city, state)
    found = country_code(found) or found
    if not city and not found:
        return text, "", "", read.doubt
    return city, state, found, read.doubt
