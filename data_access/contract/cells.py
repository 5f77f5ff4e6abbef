"""One parser for each kind of cell: from the source's text to the value to store, or what is wrong and the remedy.

Values that repeat (dates, areas, countries) are parsed once and remembered: this is what makes validation fast.
Dates stay ISO text and amounts become whole ten-thousandths, as the database's drivers take them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import list_currencies

from data_access.contract.labels import Spellings, family
from data_access.contract.numbers import BadCell, degrees, integer, money, number, rate
from data_access.contract.tables import Column, Kind
from data_access.geography.countries import country_code, nearest_countries
from data_access.geography.languages import language_tag, nearest_languages

MAX_KEY, MAX_LABEL, MAX_TEXT, MAX_URL = 200, 200, 20_000, 2_000
REMEMBERED = 50_000
REMEMBERED_CHARACTERS = 60

__all__ = ["BadCell", "Forgetting", "Remembering", "batch_parser", "parse_cell"]

Parser = Callable[[str], Any]


class Remembering(dict[str, Any]):
    """A parser with a bounded memory: `memory[text]` is the parsed value, or the BadCell that the text earns.

    `saw_bad` says whether any text ever earned one: while none did, no result needs to be looked through.
    """

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self.parse = parse
        self.saw_bad = False

    def each(self, texts: tuple[str, ...]) -> list[Any]:
        """The results for one column of a batch."""
        return list(map(self.__getitem__, texts))

    def __missing__(self, text: str) -> Any:
        value = self.attempt(text)
        if len(text) <= REMEMBERED_CHARACTERS:
            if len(self) >= REMEMBERED:
                self.clear()
            self[text] = value
        return value

    def attempt(self, text: str) -> Any:
        """The parsed value, or the BadCell instead of raising it: a batch must not stop at its first bad cell."""
        try:
            return self.parse(text)
        except BadCell as bad:
            self.saw_bad = True
            return bad


class Forgetting(Remembering):
    """The same without a memory, for columns in which nearly every value is new."""

    def each(self, texts: tuple[str, ...]) -> list[Any]:
        return list(map(self.attempt, texts))


def batch_parser(column: Column, table: str, spellings: Spellings) -> Remembering:
    """The parser for one column of a table's batches; each result is a value, None, or a BadCell."""
    name = family(table, column)
    parse = _spelled(column, name, spellings) if name else partial(parse_cell, column)
    unique = column.kind in (Kind.URL, Kind.DATETIME) or (column.kind is Kind.KEY and not column.references)
    return Forgetting(parse) if unique else Remembering(parse)


def _spelled(column: Column, name: str, spellings: Spellings) -> Parser:
    """The parser of a label, or of a list of labels, that gives each as it was first spelled."""

    def parse(text: str) -> str | None:
        value = parse_cell(column, text)
        labels = value.split(";") if value and column.kind is Kind.TOPICS else [value] if value else []
        return _joined([spellings.first(name, label) for label in labels])

    return parse


def parse_cell(column: Column, text: str) -> Any:
    """The value of one cell; raises BadCell. Empty cells give the column's default."""
    if not (text := text.strip()):
        if column.required:
            raise BadCell("it is empty", "It must be filled in every row.")
        return _default(column)
    return _PARSERS[column.kind](column, text)


def _default(column: Column) -> Any:
    return bool(column.default) if column.kind is Kind.FLAG else column.default


def clean_text(text: str, most: int) -> str:
    """NFC text without control characters other than line ends and tabs; raises BadCell."""
    if len(text) > most:
        raise BadCell(f"it has {len(text):,} characters", f"At most {most:,} are kept; shorten it.")
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in "\n\r\t"):
            raise BadCell(f"it holds the control character U+{ord(character):04X}", "Remove it.")
    return text


def _key(column: Column, text: str) -> str:
    if not (text.isascii() and text.isprintable()) and any(character in text for character in "\n\r\t"):
        raise BadCell("a key spans several lines", "Keys are short ids on one line.")
    return clean_text(text, MAX_KEY)


def _text(column: Column, text: str) -> str:
    return clean_text(text, MAX_TEXT)


def _label(column: Column, text: str) -> str:
    return " ".join(clean_text(text, MAX_LABEL).split())


_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DATE_REMEDY = "Write it as YYYY-MM-DD, like 2026-08-23."


def _date(column: Column, text: str) -> str:
    if not _DATE.match(text):
        raise BadCell("not a date", _DATE_REMEDY)
    if len(text) > 10:
        # A time may follow; the day is the local one, as written.
        _datetime(column, text, offset_needed=False)
        text = text[:10]
    try:
        day = date.fromisoformat(text)
    except ValueError as cause:
        raise BadCell("no such day", "Check day and month.") from cause
    if day.year < 1900:
        raise BadCell("before 1900", "Check the year.")
    return text


def _datetime(column: Column, text: str, *, offset_needed: bool = True) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise BadCell("not a date and time", "Write it like 2026-08-23T18:30:00+02:00.") from cause
    if offset_needed and moment.tzinfo is None:
        raise BadCell("a time without its offset from UTC", "Write it like 2026-08-23T18:30:00+02:00.")
    return moment.isoformat(timespec="seconds")[:32]


def _month_day(column: Column, text: str) -> str:
    remedy = "Write month and day as MM-DD, like 04-01 for the first of April."
    if text == "02-29":
        raise BadCell("29 February does not exist in most years", "Start the fiscal year on 02-28 or 03-01.")
    if not re.fullmatch(r"\d{2}-\d{2}", text):
        raise BadCell("not a day of the year", remedy)
    try:
        date.fromisoformat(f"2001-{text}")
    except ValueError as cause:
        raise BadCell("no such day", remedy) from cause
    return text


def _fiscal_year(column: Column, text: str) -> int:
    if not re.fullmatch(r"(19|20|21)\d{2}", text):
        raise BadCell("not a fiscal year", "Write the year in which it starts, like 2026.")
    return int(text)


def _country(column: Column, text: str) -> str:
    if code := country_code(text):
        return code
    raise BadCell("not a known country", _nearest(nearest_countries(text), "an ISO 3166 code such as DE"))


def _language(column: Column, text: str) -> str:
    if column.kind is Kind.LANGUAGE and text.casefold() in ("und", "mul"):
        return text.casefold()  # BCP-47's own "undetermined" and "several": said, and not a guess
    if tag := language_tag(text):
        return tag
    raise BadCell(f"{text!r} is not a known language", _nearest(nearest_languages(text), "a BCP-47 tag such as pt-BR"))


def _nearest(names: list[str], example: str) -> str:
    return f"Did you mean {' or '.join(names)}? Else give {example}." if names else f"Give {example}."


def _languages(column: Column, text: str) -> str | None:
    return _joined([_language(column, part.strip()) for part in text.split(";") if part.strip()])


def _topics(column: Column, text: str) -> str | None:
    return _joined([_label(column, part) for part in text.split(";") if part.strip()])


def _joined(parts: list[str]) -> str | None:
    return ";".join(dict.fromkeys(parts)) or None


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _currency(column: Column, text: str) -> str:
    if (code := text.upper()) in _currencies():
        return code
    raise BadCell("not a currency", "Use the ISO 4217 code, like EUR or KES.")


_FLAGS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


def _flag(column: Column, text: str) -> bool:
    if (flag := _FLAGS.get(text.casefold())) is None:
        raise BadCell("neither yes nor no", "Write yes or no.")
    return flag


def _choice(column: Column, text: str) -> str:
    choice = re.sub(r"[\s-]+", "_", text.casefold())
    if choice in column.choices:
        return choice
    near = get_close_matches(choice, column.choices, n=2)
    listed = f"Did you mean {' or '.join(near)}? " if near else ""
    listed += "" if near and len(column.choices) > 12 else f"Choose from {', '.join(column.choices)}."
    raise BadCell(f"not a valid {column.name}", listed.strip())


_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?(?:[/?#][!-~]{0,1500})?")


def _url(column: Column, text: str) -> str:
    if _PLAIN_URL.fullmatch(text):
        return text
    # Browsers and people leave spaces in addresses; written as %20 they mean the same.
    text = re.sub(r"\s", "%20", clean_text(text, MAX_URL))
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise BadCell("not a web address", "Write it with http:// or https:// in front.")
    return text


_PARSERS: dict[Kind, Callable[[Column, str], Any]] = {
    Kind.KEY: _key,
    Kind.TEXT: _text,
    Kind.LABEL: _label,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.MONTH_DAY: _month_day,
    Kind.FISCAL_YEAR: _fiscal_year,
    Kind.COUNTRY: _country,
    Kind.LANGUAGE: _language,
    Kind.LANGUAGES: _languages,
    Kind.TOPICS: _topics,
    Kind.CURRENCY: _currency,
    Kind.MONEY: money,
    Kind.RATE: rate,
    Kind.INTEGER: integer,
    Kind.NUMBER: number,
    Kind.LATITUDE: degrees,
    Kind.LONGITUDE: degrees,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.URL: _url,
}
