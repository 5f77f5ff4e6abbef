"""Dates and amounts as people type them into a free-text table: "30May - 2Jun 2018", "1.133,32 USD"."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", re.ASCII)
_DATE_TOKEN = re.compile(r"(?P<year>(?:19|20)\d\d)(?!\d)|(?P<day>\d{1,2})(?!\d)|(?P<word>[a-z]+)", re.ASCII)
_ORDINALS = {"st", "nd", "rd", "th"}

_NUMBER = re.compile(r"\d[\d.,]*", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*", re.ASCII)
_DECIMAL = re.compile(r"(?P<whole>\d+|\d{1,3}(?:[.,]\d{3})+)[.,](?P<fraction>\d+)", re.ASCII)
_CODES = re.compile(
    r"(?<![A-Z])(?:USD|EUR|CAD|GBP|AUD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CNY|INR|BRL|MXN|NGN|KES|ZAR)(?![A-Z])"
)
_SYMBOLS = {"US$": "USD", "US $": "USD", "CA$": "CAD", "A$": "AUD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_SYMBOL = re.compile("|".join(map(re.escape, (*_SYMBOLS, "$"))))


class Flaw(StrEnum):
    """Why a text is not one amount."""

    NONE = ""
    EMPTY = "there is no amount"
    DATE = "a date stands where an amount is expected, so columns of this row are probably shifted"
    SUM = "this is a sum of several amounts, which is not added up here"
    UNCLEAR = "this can be read as more than one amount"
    NO_CURRENCY = "the amount has no currency"


class ReadAmount(NamedTuple):
    """A plain decimal and its ISO 4217 code, as far as the text has them."""

    number: str
    currency: str
    flaw: Flaw


def read_amount(text: str) -> ReadAmount:
    """One amount, written with a symbol or a code, decimal point or comma; a bare `$` is the US dollar's."""
    if _NUMERIC_DATE.search(text) or _ISO_DATE.search(text) or _holds_a_month(text):
        return ReadAmount("", "", Flaw.DATE)
    numbers = [number.strip(".,") for number in _NUMBER.findall(text)]
    if not numbers:
        return ReadAmount("", "", Flaw.EMPTY)
    currencies = _currencies(text)
    if len(numbers) > 1 or len(currencies) > 1:
        return ReadAmount("", "", Flaw.SUM)
    currency = "".join(currencies)
    number = _plain(numbers[0])
    if number is None:
        return ReadAmount("", currency, Flaw.UNCLEAR)
    return ReadAmount(number, currency, Flaw.NONE if currency else Flaw.NO_CURRENCY)


def _holds_a_month(text: str) -> bool:
    return any(_month(word) for word in re.findall(r"\d\s*([A-Za-z]{3,9})\.?\s*\d", text))


def _month(word: str) -> int:
    """The month that a name or its beginning ("Sept") stands for; 0 for any other word."""
    if len(word) < 3:
        return 0
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word.casefold())), 0)


def _currencies(text: str) -> set[str]:
    codes = set(_CODES.findall(text))
    symbols = set(_SYMBOL.findall(text))
    codes |= {_SYMBOLS[symbol] for symbol in symbols - {"$"}}
    # A code next to a bare $ says which dollar it is.
    return codes or ({"USD"} if "$" in symbols else set())


def _plain(number: str) -> str | None:
    """The number with `.` as decimal mark and no grouping; None where a mark could be either ("1.500")."""
    grouped = _GROUPED.fullmatch(number)
    if grouped and grouped["mark"] == "." and number.count(".") == 1:
        return None
    if grouped:
        return number.replace(grouped["mark"], "")
    decimal = _DECIMAL.fullmatch(number)
    if decimal:
        return f"{re.sub('[.,]', '', decimal['whole'])}.{decimal['fraction']}"
    return number if number.isdecimal() else None


def read_days(text: str, year: int | None) -> tuple[date, date] | None:
    """First and last day of a span; `year` where the text names none. None where it cannot be read.

    Numeric dates with slashes are month first, as the sources that use them write them, unless that is impossible.
    """
    days = _exact_days(text)
    if days is None:
        return None
    if days:
        return days[0], days[-1]
    return _spoken_days(text, year)


def _exact_days(text: str) -> list[date] | None:
    """Dates written in numbers only; None where one is impossible."""
    try:
        days = [date.fromisoformat(found) for found in _ISO_DATE.findall(text)]
        for first, second, year in _NUMERIC_DATE.findall(text):
            month, day = (int(first), int(second)) if int(first) <= 12 else (int(second), int(first))
            days.append(date(int(year), month, day))
    except ValueError:
        return None
    return days


def _spoken_days(text: str, year: int | None) -> tuple[date, date] | None:
    """Dates with the month's name, in any order: the first month goes with the first day, the last with the last."""
    days: list[int] = []
    months: list[int] = []
    years: list[int] = []
    for token in _DATE_TOKEN.finditer(text.casefold()):
        word = token["word"]
        if token["year"]:
            years.append(int(token["year"]))
        elif token["day"]:
            days.append(int(token["day"]))
        elif month := _month(word):
            months.append(month)
        elif word not in _ORDINALS and word != "to":
            return None
    if not days or not months or (year is None and not years):
        return None
    last_year = years[-1] if years else year or 0
    first_year = years[0] if len(years) > 1 else last_year
    try:
        first, last = date(first_year, months[0], days[0]), date(last_year, months[-1], days[-1])
        # "30 Dec - 2 Jan 2019" begins in the year before.
        return (first, last) if first <= last else (first.replace(year=first.year - 1), last)
    except ValueError:
        return None
